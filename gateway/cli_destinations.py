"""`vaxel deliveries destinations · pause · resume`: how destinations stand, and stopping one."""

from typing import Annotated

import typer

from gateway import app as wiring
from gateway.flow.health import DestinationRecord
from gateway.settings import read_settings
from gateway.terminal import line, moment, operator

Destination = Annotated[str, typer.Argument(help="<region>/<name>")]


def add_to(deliveries: typer.Typer) -> None:
    """Add the commands to `vaxel deliveries`."""
    deliveries.command("destinations")(destinations)
    deliveries.command("pause")(pause)
    deliveries.command("resume")(resume)


def destinations() -> None:
    """List how each destination stands, and what waits for it, a line each."""
    settings = read_settings()
    for record in wiring.open_outbox(settings).health.listed(operator(settings)):
        line(_told(record))


def pause(
    destination: Destination,
    reason: Annotated[str, typer.Option(help="For other operators to read; nothing personal.")],
) -> None:
    """Stop the deliveries to a destination; what comes for it is kept."""
    settings = read_settings()
    health = wiring.open_outbox(settings).health
    line(_told(health.pause(destination, " ".join(reason.split()), operator(settings))))


def resume(destination: Destination) -> None:
    """Let the deliveries to a destination go on."""
    settings = read_settings()
    health = wiring.open_outbox(settings).health
    line(_told(health.resume(destination, operator(settings))))


def _told(record: DestinationRecord) -> str:
    backlog = record.backlog
    waits = f"{backlog.waiting} waiting since {moment(backlog.oldest)}" if backlog else "0 waiting"
    return f"{record.key} {record.standing} {waits}: {record.reason}"
