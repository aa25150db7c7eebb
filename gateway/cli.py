"""
The command line: serve, work, demo, check, routes, deliveries, replays, retention, db, keys.

What only long-lived processes need is loaded by their commands: it takes longer than most others.
"""

import hashlib
import secrets
import sys
from typing import Annotated

import typer

from gateway import app as wiring
from gateway import cli_destinations, cli_import, cli_routes, log
from gateway.cli_deliveries import deliveries, replays
from gateway.cli_retention import retention
from gateway.domain.errors import Refusal, StartRefused, Unavailable
from gateway.settings import read_settings
from gateway.terminal import check_written, out, stop

app = typer.Typer(
    help="Växel: takes in complaint and feedback cases, and brings each to its one handler.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="API keys of callers.", no_args_is_help=True)
app.add_typer(cli_routes.routes, name="routes")
cli_routes.routes.command("import-tak")(cli_import.import_tak)
cli_destinations.add_to(deliveries)
app.add_typer(deliveries, name="deliveries")
app.add_typer(replays, name="replays")
app.add_typer(retention, name="retention")
app.add_typer(database, name="db")
app.add_typer(keys, name="keys")


def main() -> None:
    """
    Run a command; what cannot go on is told in plain words, with exit code 1.

    With 2, it was not written as it must be, and has done nothing.
    """
    # What is logged on the way is no output of the command.
    log.configure()
    check_written(sys.argv[1:])
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
    from gateway import processes

    processes.serve(read_settings(), with_worker=with_worker)


@app.command()
def work() -> None:
    """Deliver what waits in the outbox."""
    from gateway import processes

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
    from gateway import processes

    settings = read_settings()
    wiring.check_database(settings)
    wiring.check_contents(settings)
    processes.check_files(settings)
    cli_routes.checked(settings, here=True)


@database.command("upgrade")
def database_upgrade() -> None:
    """Bring the database to this version's schema."""
    is_clean = wiring.upgrade(read_settings())
    out.print("The database is up to date.")
    if not is_clean:
        stop("its file still holds what was moved out: it is read, or has no room; run this again")


@keys.command("new")
def keys_new() -> None:
    """Make an API key; give the key to the caller, and its digest to the settings."""
    key = secrets.token_urlsafe(32)
    out.print(f"key         {key}\nkeys_sha256 {hashlib.sha256(key.encode()).hexdigest()}")
