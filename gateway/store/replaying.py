"""A delivery that stands still let out: to where it was, or elsewhere with its case (C4)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Update, bindparam, update

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import Aim, Move, Parked, Replay, entries
from gateway.store import naming, timelines
from gateway.store.tables import cases, outbox, standing


def let_out(
    connection: Connection, replay: Replay, parked: Parked, aim: Aim, at: datetime
) -> bool:
    """Let a delivery wait anew where `aim` says; False when it no longer stands as it did."""
    naming.lock_by_delivery(connection, parked.id)
    values = {"delivery": parked.id, "at": at}
    waits = parked.state is DeliveryState.WAITING
    again = connection.execute(
        _AWAY if waits else AGAIN, {**values, "from": parked.destination} if waits else values
    ).scalar_one_or_none()
    if again is None:
        return False
    if parked.brings_the_case and aim.case is not None:
        _move_case(connection, again, parked, aim.destination, aim.case)
    elif waits:
        connection.execute(_MOVE_WAITING, {"case": again, "to": aim.destination})
    elif aim.destination != parked.destination:
        connection.execute(_MOVE_ONE, {"delivery": parked.id, "to": aim.destination})
    told = [(again, entry) for entry in entries(replay, parked, aim, at)]
    timelines.append_all(connection, told)
    return True


def _move_case(
    connection: Connection, case_id: UUID, parked: Parked, destination: str, move: Move
) -> None:
    values = {
        "case": case_id,
        "to": destination,
        "of_region": move.region,
        "holder": move.holder.text,
        "holder_is": move.holder.key,
    }
    connection.execute(_MOVE_CASE, values)
    # What waits behind it is for whoever has the case.
    connection.execute(_MOVE_WAITING, {"case": case_id, "to": destination})
    if move.holder != parked.holder:
        # What the one before called it says nothing to the new one.
        connection.execute(_FORGET_NAME, {"case": case_id})


def _wait_anew(state: DeliveryState) -> Update:
    return (
        update(outbox)
        .where(outbox.c.id == bindparam("delivery"), outbox.c.state == standing(state))
        .values(
            state=DeliveryState.WAITING.value,
            due_at=bindparam("at"),
            waiting_since=bindparam("at"),
            attempts_before=outbox.c.attempts,
            fault=None,
            blame=None,
        )
    )


AGAIN = _wait_anew(DeliveryState.PARKED).returning(outbox.c.case_id)
_AWAY = (
    _wait_anew(DeliveryState.WAITING)
    # Another may have moved it already.
    .where(outbox.c.destination == bindparam("from"))
    .returning(outbox.c.case_id)
)
_MOVE_ONE = (
    update(outbox).where(outbox.c.id == bindparam("delivery")).values(destination=bindparam("to"))
)
_MOVE_WAITING = (
    update(outbox)
    .where(
        outbox.c.case_id == bindparam("case"),
        outbox.c.state == standing(DeliveryState.WAITING),
        # Say no more, but lead SQLite to the index of what a case has that is not delivered.
        outbox.c.state != standing(DeliveryState.DELIVERED),
        outbox.c.number > 0,
    )
    .values(destination=bindparam("to"))
)
_MOVE_CASE = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(
        destination=bindparam("to"),
        region=bindparam("of_region"),
        holder_hsa_id=bindparam("holder"),
        holder_key=bindparam("holder_is"),
    )
)
_FORGET_NAME = update(cases).where(cases.c.id == bindparam("case")).values(external_case_id=None)
