"""`vaxel deliveries` and `vaxel replays`: what waits where and why, and trying it again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from gateway import app as wiring
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import ORIGINAL, Replay, ReplayStep, Selection
from gateway.flow.ports import DeliveryRecord
from gateway.settings import read_settings
from gateway.terminal import age, counted, errors, instant, line, moment, operator, stop

deliveries = typer.Typer(help="What waits where, since when and why.", no_args_is_help=True)
replays = typer.Typer(help="Replays of many deliveries.", no_args_is_help=True)

Destination = Annotated[str | None, typer.Option(help="<region>/<name>")]


@deliveries.command("list")
def deliveries_list(
    state: Annotated[DeliveryState | None, typer.Option(case_sensitive=False)] = None,
    destination: Destination = None,
    after: Annotated[UUID | None, typer.Option(help="The last one of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    *,
    grouped: Annotated[
        bool, typer.Option("--grouped", help="What is parked, a line for each cause.")
    ] = False,
) -> None:
    """List deliveries in the order they were made, a line each; or what is parked, by cause."""
    if grouped:
        _check_grouped(state, after)
        _list_groups(destination, limit)
        return
    settings = read_settings()
    outbox = wiring.open_outbox(settings)
    found = outbox.listed(operator(settings), state, destination, after, limit + 1)
    now = outbox.clock()
    for record in found[:limit]:
        line(_told(record, now))
    if len(found) > limit:
        errors.print(f"There are more: --after {found[limit - 1].id}")


@deliveries.command("show")
def deliveries_show(delivery: UUID) -> None:
    """Show one delivery with all its attempts."""
    settings = read_settings()
    outbox = wiring.open_outbox(settings)
    record, attempts = outbox.delivery(delivery, operator(settings))
    line(f"case {record.case_number}: {record.event} to {record.destination}, {record.state}")
    line(f"{_waits(record, outbox.clock())}{record.why or ''}")
    for a in attempts:
        took = (a.ended_at - a.started_at).total_seconds()
        when = moment(a.started_at)
        line(f"{a.number}. {when} {a.outcome} after {took:.2f} s {a.reason or ''}")


@deliveries.command("hurry")
def deliveries_hurry(delivery: UUID) -> None:
    """Try a delivery that waits at once; where that cannot be, tell why and until when."""
    settings = read_settings()
    record = wiring.open_outbox(settings).hurry(delivery, operator(settings))
    if record.is_next:
        line(f"case {record.case_number}: is tried at {record.destination} at once")
    else:
        line(f"case {record.case_number}: is due, and waits all the same: {record.why}")


@deliveries.command("replay")
def deliveries_replay(  # noqa: PLR0913, PLR0917 an option each, as operators write them
    delivery: Annotated[UUID | None, typer.Argument(help="One alone.")] = None,
    destination: Destination = None,
    fault: Annotated[str | None, typer.Option(help="As --grouped tells.")] = None,
    region: Annotated[str | None, typer.Option(help="Of the cases.")] = None,
    created_from: Annotated[
        str | None, typer.Option(help="A day, or a time, in Sweden: made then or later.")
    ] = None,
    created_to: Annotated[str | None, typer.Option(help="Made before then.")] = None,
    route: Annotated[
        str, typer.Option(help="original, today (as the routes are now), or <region>/<name>")
    ] = ORIGINAL,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Try what is parked again: one at once, or all that fits, in steps."""
    chosen = Selection(
        delivery=delivery,
        destination=destination,
        fault=fault,
        region=region,
        created_from=instant(created_from, "--created-from") if created_from else None,
        created_to=instant(created_to, "--created-to") if created_to else None,
    )
    if delivery is not None and (chosen, route) == (Selection(delivery), ORIGINAL):
        settings = read_settings()
        record = wiring.open_outbox(settings).replay(delivery, operator(settings))
        told = f"case {record.case_number}: waits for {record.destination} again"
        line(told if record.is_next else f"{told}, and is not tried yet: {record.why}")
        return
    _replay_many(chosen, route, yes=yes)


@replays.command("list")
def replays_list(
    after: Annotated[UUID | None, typer.Option(help="The last one of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List replays, newest first, and how far each has come."""
    settings = read_settings()
    found = wiring.open_replaying(settings).listed(operator(settings), after, limit + 1)
    for replay in found[:limit]:
        _show(replay)
    if len(found) > limit:
        errors.print(f"There are more: --after {found[limit - 1].id}")


@replays.command("show")
def replays_show(replay: UUID) -> None:
    """Show how far a replay has come."""
    settings = read_settings()
    _show(wiring.open_replaying(settings).find(replay, operator(settings)))


@replays.command("pause")
def replays_pause(replay: UUID) -> None:
    """Take nothing more until it is resumed."""
    _move(replay, ReplayStep.PAUSE)


@replays.command("resume")
def replays_resume(replay: UUID) -> None:
    """Go on where it was paused."""
    _move(replay, ReplayStep.RESUME)


@replays.command("cancel")
def replays_cancel(replay: UUID) -> None:
    """Take nothing more; what was taken is tried all the same."""
    _move(replay, ReplayStep.CANCEL)


def _check_grouped(state: DeliveryState | None, after: UUID | None) -> None:
    if state not in (None, DeliveryState.PARKED):
        words = f"tells only what is parked: leave it out to list what is {state}"
        stop(f"--grouped {words}, or leave out --state", code=2)
    if after is not None:
        stop("--grouped has no pages: leave out --after, and give a larger --limit", code=2)


def _list_groups(destination: str | None, limit: int) -> None:
    settings = read_settings()
    replaying = wiring.open_replaying(settings)
    now, found = replaying.clock(), replaying.groups(operator(settings), destination, None, limit)
    for group in found:
        oldest = f"oldest {age(now - group.oldest)}"
        cause = f"{group.blame or '-'} {group.fault or '-'}"
        line(f"{group.count} {group.destination} {cause} {oldest}: {group.reason}")


def _replay_many(chosen: Selection, route: str, *, yes: bool) -> None:
    settings = read_settings()
    replaying, caller = wiring.open_replaying(settings), operator(settings)
    preview = replaying.preview(chosen, route, caller)
    destinations = counted(preview.destinations, "destination")
    line(f"{preview.count} chosen at {destinations}; route: {route}")
    for warning in preview.warnings:
        line(f"warning: {warning}")
    if not yes:
        typer.confirm("Replay them?", abort=True)
    replay = replaying.start(chosen, route, caller)
    line(f"replay {replay.id} has begun; workers take it in steps: vaxel replays show {replay.id}")


def _move(replay: UUID, step: ReplayStep) -> None:
    settings = read_settings()
    _show(wiring.open_replaying(settings).move(replay, step, operator(settings)))


def _show(replay: Replay) -> None:
    told = f"{replay.done} of {replay.total} wait again, {replay.skipped} skipped"
    begun = f"begun {moment(replay.made_at)} by {replay.made_by}"
    line(f"replay {replay.id} to {replay.route}: {replay.state}, {told}, {begun}")


def _told(record: DeliveryRecord, now: datetime) -> str:
    d = record
    return (
        f"{d.id} {d.case_number} {d.event} {d.destination} {d.state} "
        f"made {moment(d.created_at)} {_waits(d, now)}{d.why or ''}"
    )


def _waits(record: DeliveryRecord, now: datetime) -> str:
    due = f"next {moment(record.next_at)} " if record.next_at else ""
    return f"age {age(now - record.created_at)} attempts {record.attempts} {due}"
