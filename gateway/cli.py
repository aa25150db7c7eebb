"""The command line: vaxel serve · work · demo · check · routes · deliveries · db · keys."""

import hashlib
import secrets
import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console

from gateway import app as wiring
from gateway import plugins
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Refusal, StartRefused, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.period import SWEDEN
from gateway.domain.routing import (
    NoRouteNow,
    NotACareUnit,
    NotACommittee,
    RegionNotActive,
    Routed,
    RouteTable,
    UnknownUnit,
    Unrouted,
)
from gateway.flow.caller import Caller, Role
from gateway.settings import Settings, read_settings
from gateway.store import schema

app = typer.Typer(
    help="Växel: takes in complaint and feedback cases, and brings each to its one handler.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
routes = typer.Typer(help="The route table.", no_args_is_help=True)
deliveries = typer.Typer(help="What waits where, since when and why.", no_args_is_help=True)
database = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="API keys of callers.", no_args_is_help=True)
app.add_typer(routes, name="routes")
app.add_typer(deliveries, name="deliveries")
app.add_typer(database, name="db")
app.add_typer(keys, name="keys")

out = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True, highlight=False)


def main() -> None:
    """Run a command; what cannot go on is told in plain words, with exit code 1."""
    try:
        app()
    except (StartRefused, Refusal, Unavailable) as error:
        _stop(str(error))


@app.command()
def serve(
    *,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Deliver in the same process.")
    ] = False,
) -> None:
    """Open the doors: SOAP and REST."""
    wiring.serve(read_settings(), with_worker=with_worker)


@app.command()
def work() -> None:
    """Deliver what waits in the outbox."""
    wiring.work(read_settings())


@app.command()
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop after one round.")] = False,
) -> None:
    """Run the gateway with stand-in systems around it, and real cases through every path."""
    # Only here: the demo brings SOAP and HTTP clients that no serving process needs.
    from gateway.demo import story

    raise typer.Exit(story.run(once=once))


@app.command()
def check() -> None:
    """List everything that is wrong with settings, adapters, destinations, routes, examples."""
    wiring.check_database(read_settings())
    _check_routes()


@routes.command("check")
def routes_check() -> None:
    """List everything that is wrong with the route table."""
    _check_routes()


class ReceiverName(StrEnum):
    """How `--receiver` is written."""

    CARE = "care"
    COMMITTEE = "committee"


class KindName(StrEnum):
    """How `--kind` is written."""

    COMPLAINT = "complaint"
    FEEDBACK = "feedback"


@routes.command()
def explain(
    hsa_id: Annotated[str, typer.Argument(help="The selected unit's or committee's HSA-id.")],
    kind: Annotated[
        KindName, typer.Option(help="What the case asks for.", case_sensitive=False)
    ] = KindName.COMPLAINT,
    receiver: Annotated[
        ReceiverName | None,
        typer.Option(help="Told by the HSA-id when left out.", case_sensitive=False),
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="A day, or a time, in Sweden: 2027-01-01, 2027-01-01T08:00")
    ] = None,
) -> None:
    """Tell where a case would go, and why. Exit code 1 when it would go nowhere."""
    table, address = _table(), HsaId(hsa_id)
    asked = ReceiverType[receiver.name] if receiver else table.receiver_of(address)
    found = table.resolve(address, Kind[kind.name], asked, _instant(at))
    for step in found.trace:
        out.print(step, highlight=False, markup=False)
    if not isinstance(found, Routed):
        _stop(f"{hsa_id}: {_NOWHERE[type(found)]}")
    destination = found.destination
    _line(f"{found.unit_name} → {destination.key} ({destination.adapter}), held by {found.holder}")


@deliveries.command("list")
def deliveries_list(
    state: Annotated[DeliveryState | None, typer.Option(case_sensitive=False)] = None,
    destination: Annotated[str | None, typer.Option(help="<region>/<name>")] = None,
    after: Annotated[UUID | None, typer.Option(help="The last one of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List deliveries in the order they were made, a line each."""
    settings = read_settings()
    outbox = wiring.open_outbox(settings)
    found = outbox.listed(_operator(settings), state, destination, after, limit + 1)
    for d in found[:limit]:
        due = f"next {_moment(d.due_at)} " if d.state is DeliveryState.WAITING else ""
        made = f"made {_moment(d.created_at)} attempts {d.attempts} {due}"
        _line(f"{d.id} {d.case_number} {d.event} {d.destination} {d.state} {made}{d.reason or ''}")
    if len(found) > limit:
        errors.print(f"There are more: --after {found[limit - 1].id}")


@deliveries.command("show")
def deliveries_show(delivery: UUID) -> None:
    """Show one delivery with all its attempts."""
    settings = read_settings()
    record, attempts = wiring.open_outbox(settings).delivery(delivery, _operator(settings))
    _line(f"case {record.case_number}: {record.event} to {record.destination}, {record.state}")
    for a in attempts:
        took = (a.ended_at - a.started_at).total_seconds()
        when = _moment(a.started_at)
        _line(f"{a.number}. {when} {a.outcome} after {took:.2f} s {a.reason or ''}")


@deliveries.command("replay")
def deliveries_replay(delivery: UUID) -> None:
    """Try a parked delivery again at once."""
    settings = read_settings()
    record = wiring.open_outbox(settings).replay(delivery, _operator(settings))
    _line(f"case {record.case_number}: waits for {record.destination} again")


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the database to this version's schema."""
    schema.upgrade(read_settings().database_url.get_secret_value())
    out.print("The database is up to date.")


@keys.command("new")
def keys_new() -> None:
    """Make an API key; give the key to the caller, and its digest to the settings."""
    key = secrets.token_urlsafe(32)
    out.print(f"key         {key}\nkeys_sha256 {hashlib.sha256(key.encode()).hexdigest()}")


def _check_routes() -> None:
    table = _table()
    destinations, units = len(table.destinations), len(table.units)
    out.print(
        f"Nothing wrong: {len(table.regions)} regions, {units} units, {destinations} destinations."
    )


def _table() -> RouteTable:
    loaded = wiring.load_routes(read_settings(), plugins.found())
    if not isinstance(loaded, RouteTable):
        _stop("\n".join(str(finding) for finding in loaded))
    return loaded


def _instant(text: str | None) -> datetime:
    if text is None:
        return wiring.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        _stop(f"--at {text}: write a day or a time, such as 2027-01-01 or 2027-01-01T08:00")
    return at if at.tzinfo else at.replace(tzinfo=SWEDEN)


def _operator(settings: Settings) -> Caller:
    """Whoever may run commands on the machine is an operator."""
    return Caller(HsaId(settings.hsa_id), "command line", Role.OPERATOR)


def _moment(at: datetime) -> str:
    return at.astimezone(SWEDEN).isoformat(timespec="seconds")


def _line(words: str) -> None:
    """Print one whole line, as it is: it may be read by another program."""
    out.print(words.rstrip(), highlight=False, markup=False)


_NOWHERE: dict[type[Unrouted], str] = {
    UnknownUnit: "no such unit or committee",
    RegionNotActive: "the region's committee has no route at this time, so nobody can receive",
    NoRouteNow: "known, but not valid at this time",
    NotACommittee: "a care unit, not a committee",
    NotACareUnit: "a committee, not a care unit",
}


def _stop(words: str) -> NoReturn:
    errors.print(words, markup=False)
    sys.exit(1)
