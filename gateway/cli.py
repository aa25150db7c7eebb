"""The command line: serve, work, demo, check, routes, deliveries, replays, db, keys."""

import hashlib
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from gateway import app as wiring
from gateway import cli_destinations, plugins, processes
from gateway.cli_deliveries import deliveries, replays
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Refusal, StartRefused, Unavailable
from gateway.domain.hsa import HsaId
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
from gateway.settings import read_settings
from gateway.store import schema
from gateway.terminal import counted, instant, line, out, stop

app = typer.Typer(
    help="Växel: takes in complaint and feedback cases, and brings each to its one handler.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
routes = typer.Typer(help="The route table.", no_args_is_help=True)
database = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="API keys of callers.", no_args_is_help=True)
app.add_typer(routes, name="routes")
cli_destinations.add_to(deliveries)
app.add_typer(deliveries, name="deliveries")
app.add_typer(replays, name="replays")
app.add_typer(database, name="db")
app.add_typer(keys, name="keys")


def main() -> None:
    """Run a command; what cannot go on is told in plain words, with exit code 1."""
    try:
        app()
    except (StartRefused, Refusal, Unavailable) as error:
        stop(str(error))


@app.command()
def serve(
    *,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Deliver in the same process.")
    ] = False,
) -> None:
    """Open the doors: SOAP and REST."""
    processes.serve(read_settings(), with_worker=with_worker)


@app.command()
def work() -> None:
    """Deliver what waits in the outbox."""
    processes.work(read_settings())


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
        stop(f"{hsa_id}: {_NOWHERE[type(found)]}")
    destination = found.destination
    line(f"{found.unit_name} → {destination.key} ({destination.adapter}), held by {found.holder}")


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
    regions = counted(len(table.regions), "region")
    units = counted(len(table.units), "unit")
    destinations = counted(len(table.destinations), "destination")
    out.print(f"Nothing wrong: {regions}, {units}, {destinations}.")


def _table() -> RouteTable:
    loaded = wiring.load_routes(read_settings(), plugins.found())
    if not isinstance(loaded, RouteTable):
        stop("\n".join(str(finding) for finding in loaded))
    return loaded


def _instant(text: str | None) -> datetime:
    return datetime.now(UTC) if text is None else instant(text, "--at")


_NOWHERE: dict[type[Unrouted], str] = {
    UnknownUnit: "no such unit or committee",
    RegionNotActive: "the region's committee has no route at this time, so nobody can receive",
    NoRouteNow: "known, but not valid at this time",
    NotACommittee: "a care unit, not a committee",
    NotACareUnit: "a committee, not a care unit",
}
