"""`vaxel retention`: what is due for disposal, disposing of it, the proofs, and legal holds."""

from typing import Annotated

import typer

from gateway import app as wiring
from gateway.domain.keeping import Keeping
from gateway.flow.retention import Disposal, Due
from gateway.flow.unmatched_retention import OldMessage
from gateway.settings import Settings, read_settings
from gateway.terminal import counted, errors, line, moment, operator, stop

retention = typer.Typer(help="What ended cases are kept, and how long.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The case number.")]
After = Annotated[str | None, typer.Option(help="The last one of the page before.")]
Limit = Annotated[int, typer.Option(min=1, max=1000)]
Reason = Annotated[str, typer.Option(help="Why, on the case's timeline; nothing personal.")]


@retention.command("due")
def retention_due() -> None:
    """List what is over its time: cases by their regions' rules, messages without a case."""
    settings = read_settings()
    found = 0
    for due in wiring.open_retaining(settings).due(operator(settings)):
        line(_told(due))
        found += 1
    errors.print(f"{counted(found, 'case')} due.")
    messages = 0
    for message, since in wiring.open_retaining_unmatched(settings).due(operator(settings)):
        line(f"{_message(message)} due {moment(since)}")
        messages += 1
    errors.print(f"{counted(messages, 'unmatched message')} due.")


@retention.command("dispose")
def retention_dispose(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, nothing is done.")] = False,
) -> None:
    """Remove content and citizen of all that is due, for good; the proofs stay."""
    if not yes:
        stop("what is disposed of cannot be brought back: see `vaxel retention due`, then --yes")
    settings = read_settings()
    retaining, caller = wiring.open_retaining(settings), operator(settings)
    gone = kept = 0
    for due, disposal in retaining.dispose(caller):
        if disposal is None:
            kept += 1
            line(f"{due.case.number} kept: {due.stopped_by or 'it has changed since'}")
        else:
            gone += 1
            line(f"{due.case.number} disposed of: {due.rule}")
    line(f"{gone} disposed of, {kept} kept.")
    messages = 0
    for one in wiring.open_retaining_unmatched(settings).dispose(caller):
        messages += 1
        line(f"{_message(one.message)} disposed of: {one.rule}")
    line(f"{counted(messages, 'unmatched message')} disposed of.")
    if not retaining.wipe(caller):
        stop("The database file is being read and still holds what was deleted; run this again")


@retention.command("disposed")
def retention_disposed(
    after: After = None,
    limit: Limit = 50,
    *,
    unmatched: Annotated[bool, typer.Option("--unmatched", help="Of messages.")] = False,
) -> None:
    """List the proofs of cases disposed of, by their numbers, or of messages without a case."""
    settings = read_settings()
    if unmatched:
        _messages_disposed(settings, after, limit)
        return
    found = wiring.open_retaining(settings).disposals(operator(settings), after, limit + 1)
    for disposal in found[:limit]:
        line(_proof(disposal))
    if len(found) > limit:
        errors.print(f"There are more: --after {found[limit - 1].number}")


def _messages_disposed(settings: Settings, after: str | None, limit: int) -> None:
    retaining = wiring.open_retaining_unmatched(settings)
    found = retaining.disposals(operator(settings), after, limit + 1)
    for disposal in found[:limit]:
        told = f"disposed {moment(disposal.disposed_at)} by {disposal.by} rule {disposal.rule}"
        line(f"{_message(disposal.message)} {told}")
    if len(found) > limit:
        errors.print(f"There are more: --after {found[limit - 1].message.key}")


@retention.command("hold")
def retention_hold(number: Number, reason: Reason) -> None:
    """Keep a case from disposal, however long ago it ended."""
    settings = read_settings()
    keeping = wiring.open_keeping(settings)
    _show(number, keeping.hold(number, reason, operator(settings)))


@retention.command("lift")
def retention_lift(number: Number, reason: Reason) -> None:
    """Let a case be disposed of when it is due."""
    settings = read_settings()
    keeping = wiring.open_keeping(settings)
    _show(number, keeping.lift(number, reason, operator(settings)))


def _show(number: str, keeping: Keeping) -> None:
    hold = keeping.hold
    if hold is None:
        line(f"case {number}: no legal hold")
    else:
        line(f"case {number}: legal hold since {moment(hold.since)} by {hold.by}: {hold.reason}")


def _message(message: OldMessage) -> str:
    return f"message {message.key} from {message.sender} received {moment(message.received_at)}"


def _told(due: Due) -> str:
    case = due.case
    stopped = f" stopped: {due.stopped_by}" if due.stopped_by else ""
    times = f"ended {moment(case.ended_at)} due {moment(due.since)}"
    return f"{case.number} {case.region} {case.kind} {times} rule {due.rule}{stopped}"


def _proof(disposal: Disposal) -> str:
    d = disposal
    return (
        f"{d.number} {d.region} {d.kind} ended {moment(d.ended_at)} "
        f"disposed {moment(d.disposed_at)} by {d.by} rule {d.rule} "
        f"timeline {d.timeline_entries} {d.timeline_hash}"
    )
