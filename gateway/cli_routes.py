"""`vaxel routes`: check, diff, publish, rollback, list, export, explain."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from gateway import app as wiring
from gateway import plugins
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.publication import Publication
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
from gateway.flow.caller import Caller
from gateway.routes import read
from gateway.routes.difference import Difference
from gateway.routes.moves import Move
from gateway.routes.publishing import Edits, Proposal, Publishing
from gateway.settings import Settings, read_settings
from gateway.terminal import counted, errors, instant, line, moment, national, out, stop

routes = typer.Typer(help="The route table.", no_args_is_help=True)

# Of each kind of difference; a whole new table differs in everything.
_MOST_SHOWN = 200

BasedOn = Annotated[
    int,
    typer.Option(
        "--based-on", help="The live publication, as `routes diff` told it; 0 for the first."
    ),
]
Reason = Annotated[str, typer.Option(help="Why, for those who read it later; nothing personal.")]


@routes.command("check")
def check() -> None:
    """List everything that is wrong with the routing rules in the folder."""
    checked(read_settings())


def checked(settings: Settings, *, here: bool = False) -> RouteTable:
    """
    Check the routing rules in the folder; stops with everything that is wrong.

    With `here` the files that destinations name must be good on this machine. What only warns
    stops nothing: a gateway that is started after the check is there for all others.
    """
    table = _in_folder(settings)
    if here and (faults := _faults_here(settings, table)):
        stop("\n".join(faults))
    regions = counted(len(table.regions), "region")
    units = counted(len(table.units), "unit")
    destinations = counted(len(table.destinations), "destination")
    out.print(f"Nothing wrong: {regions}, {units}, {destinations}.")
    for words in _warnings(settings, table) if here else ():
        line(words)
    return table


def _warnings(settings: Settings, table: RouteTable) -> Iterator[str]:
    names = ", ".join(region.name for region in table.regions.values() if region.anonymous)
    if names and settings.anonymous_secret is None:
        yield f"Anonymous cases, which {names} takes, are refused here: set anonymous_secret."
    to, types, now = table.destinations.values(), plugins.found(), datetime.now(UTC)
    yield from plugins.certificate_warnings(to, types, settings.secrets, now)
    yield from plugins.hours_warnings(to, types)


@routes.command("diff")
def diff() -> None:
    """Tell what would be different if the routing rules in the folder were published."""
    settings = read_settings()
    publishing, live = _opened(settings)
    edits = _edits(settings, publishing)
    proposal = publishing.propose(edits, None, live.number, national(settings))
    line(f"Compared with {_told(live)}")
    if not publishing.live.current().regions:
        line("It cannot be used here, so all that it says is told as new.")
    _show(proposal.difference)
    if live.version == proposal.table.version:
        line("Nothing is different.")
    else:
        line(f"To publish: vaxel routes publish --based-on {live.number} --reason …")


@routes.command("publish")
def publish(based_on: BasedOn, reason: Reason) -> None:
    """Make the routing rules in the folder live, on every node within seconds."""
    settings, words = read_settings(), _words(reason)
    caller = national(settings)
    if based_on == 0:
        line(_told(wiring.publish_first_routes(settings, caller.acts_as, words)))
        return
    publishing, _ = _opened(settings)
    edits = _edits(settings, publishing)
    _publish(publishing, publishing.propose(edits, None, based_on, caller), words, caller)


@routes.command("rollback")
def rollback(
    number: Annotated[int, typer.Argument(help="The publication to bring back.")],
    based_on: BasedOn,
    reason: Reason,
) -> None:
    """Bring back any earlier publication, as a new one."""
    settings, words = read_settings(), _words(reason)
    publishing, _ = _opened(settings)
    caller = national(settings)
    _publish(publishing, publishing.propose({}, number, based_on, caller), words, caller)


@routes.command("list")
def list_publications(
    after: Annotated[int | None, typer.Option(help="The last one of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List publications, newest first; the newest of all is live."""
    settings = read_settings()
    publishing, _ = _opened(settings)
    found = publishing.listed(after, limit + 1, national(settings))
    for publication in found[:limit]:
        line(_told(publication))
    if len(found) > limit:
        errors.print(f"There are more: --after {found[limit - 1].number}")


@routes.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty, or not there yet.")],
    number: Annotated[int | None, typer.Option(help="The live one when left out.")] = None,
) -> None:
    """Write the files of a publication into a folder, as they were published."""
    settings = read_settings()
    publishing, live = _opened(settings)
    files = publishing.files(live.number if number is None else number, national(settings))
    if folder.exists() and any(folder.iterdir()):
        stop(f"{folder} is not empty; give another folder")
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    line(f"{counted(len(files), 'file')} written to {folder}{os.sep}")


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
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="Ask the rules in the folder, not what is live.")
    ] = False,
) -> None:
    """Tell where a case would go, and why. Exit code 1 when it would go nowhere."""
    table, address = _asked(read_settings(), draft=draft), HsaId(hsa_id)
    asked = ReceiverType[receiver.name] if receiver else table.receiver_of(address)
    when = _instant(at)
    found = table.resolve(address, Kind[kind.name], asked, when)
    for step in found.trace:
        out.print(step, highlight=False, markup=False)
    line(f"as a platform writes it: {table.platform_trace(address, when)}")
    if not isinstance(found, Routed):
        stop(f"{hsa_id}: {_NOWHERE[type(found)]}")
    destination = found.destination
    line(f"{found.unit_name} → {destination.key} ({destination.adapter}), held by {found.holder}")


def _publish(publishing: Publishing, proposal: Proposal, words: str, caller: Caller) -> None:
    """Make live, and tell what is different now: also what others had added, and is gone."""
    made = publishing.make_live(proposal, words, caller)
    _show(proposal.difference)
    line(_told(made))


def _words(reason: str) -> str:
    return " ".join(reason.split()) or stop(
        "--reason is empty; say why, for those who read it later"
    )


def _opened(settings: Settings) -> tuple[Publishing, Publication]:
    publishing = wiring.open_publishing(settings)
    return publishing, publishing.live.live().publication


def _edits(settings: Settings, publishing: Publishing) -> Edits:
    """Give the folder whole: what is not there any more is taken away."""
    draft = read(settings.routing_rules)
    if draft.findings:
        stop("\n".join(str(finding) for finding in draft.findings))
    gone: dict[str, bytes | None] = dict.fromkeys(publishing.live.live().files)
    return {**gone, **draft.files}


def _in_folder(settings: Settings) -> RouteTable:
    loaded = wiring.load_routes(settings, plugins.found())
    if not isinstance(loaded, RouteTable):
        stop("\n".join(str(finding) for finding in loaded))
    return loaded


def _faults_here(settings: Settings, table: RouteTable) -> list[str]:
    return plugins.trust_faults(table.destinations.values(), plugins.found(), settings.secrets)


def _asked(settings: Settings, *, draft: bool) -> RouteTable:
    live = None if draft else wiring.live_routes(settings)
    if live is None:
        line(f"Asked: the routing rules in {settings.routing_rules}{os.sep}")
        return _in_folder(settings)
    line(f"Asked: {_told(live.publication)}")
    return live.table


def _told(one: Publication) -> str:
    restored = f", brings back {one.restores}" if one.restores else ""
    return f"publication {one.number} ({one.version}), {moment(one.published_at)}, {one.author}: {one.reason}{restored}"  # noqa: E501 one line


def _show(found: Difference) -> None:
    _show_some(
        f"{change.region or 'national'}: {change.what} {change.name} {change.how}: {change.words}"
        for change in found.changes
    )
    _show_some(map(_move, found.moves))
    for name, count in sorted(found.left_behind.items()):
        line(f"{name} would be gone; {counted(count, 'open case')} stay there")


def _show_some(lines: Iterable[str]) -> None:
    lines = iter(lines)
    for words in islice(lines, _MOST_SHOWN):
        line(words.removesuffix(": "))
    if left := sum(1 for _ in lines):
        line(f"… and {left} more")


def _move(move: Move) -> str:
    when = f"from {moment(move.at)}" if move.at else "at once"
    stay = f"; {counted(move.open_cases, 'open case')} stay where they are"
    return (
        f"{move.unit} {move.unit_name}: {move.kind} {move.before or 'nowhere'} → "
        f"{move.after or 'nowhere'} {when}{stay if move.open_cases else ''}"
    )


def _instant(text: str | None) -> datetime:
    return datetime.now(UTC) if text is None else instant(text, "--at")


_NOWHERE: dict[type[Unrouted], str] = {
    UnknownUnit: "no such unit or committee",
    RegionNotActive: "the region's committee has no route at this time, so nobody can receive",
    NoRouteNow: "known, but not valid at this time",
    NotACommittee: "a care unit, not a committee",
    NotACareUnit: "a committee, not a care unit",
}
