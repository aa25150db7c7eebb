"""How a case is named: by Växel's number, or by the id that its holder gave it."""

import hashlib
from uuid import UUID

from sqlalchemy import BigInteger, Connection, bindparam, func, select, update

from gateway.domain.case import BRINGING_EVENTS
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import ENDED_STATES, CaseState, DeliveryState
from gateway.flow.ports import Ambiguous, CaseName
from gateway.store.records import Found
from gateway.store.tables import case_events, cases, outbox, standing


def lock(connection: Connection, name: CaseName) -> Found | Ambiguous | None:
    """Read a case and keep others from changing it until the end; None when it is unknown."""
    called = _called(connection, name)
    if name.number is None:
        return called[0] if len(called) == 1 else _only_open(called)
    case = connection.execute(_BY_NUMBER, {"number": name.number}).one_or_none()
    if case is None or case.id in {row.id for row in called}:
        return case
    # The id belongs to somebody else's case: one of the two names is wrong.
    return Ambiguous() if any(map(_is_open, called)) else case


def lock_by_delivery(connection: Connection, delivery: UUID) -> None:
    """
    Keep others from changing the case of a delivery until the end.

    Whoever changes a case locks it before what waits for it, so that no two wait for each other.
    """
    connection.execute(_BY_DELIVERY, {"delivery": delivery})


def keep_external_id(
    connection: Connection, case_id: UUID, external_case_id: str | None, *, anew: bool = False
) -> None:
    """Keep what the holder calls a case, as it said first; `anew` when it says so for good."""
    if external_case_id is not None:
        values = {"case": case_id, "external": external_case_id}
        connection.execute(_KEEP_ANEW if anew else _KEEP, values)


def is_taken(connection: Connection, name: CaseName) -> bool:
    """Tell whether a holder calls an open case so, and keep that case from changing meanwhile."""
    return any(map(_is_open, _called(connection, name)))


def name_alone(connection: Connection, name: CaseName) -> None:
    """
    Let nobody else give a case this name alone, until the end.

    Where rows are locked, none is there yet that could be; an SQLite file has one writer.
    """
    if name.external is not None and connection.dialect.name == "postgresql":
        holder, external_case_id = name.external
        named = hashlib.sha256(f"{holder.key} {external_case_id}".encode()).digest()
        key = int.from_bytes(named[:8], signed=True)
        connection.execute(_ALONE, {"name": key})


def awaited(connection: Connection, holder: HsaId) -> bool:
    """Tell whether a case was sent to this holder whose answer we do not have."""
    return connection.execute(_ON_ITS_WAY, {"holder": holder.key}).one_or_none() is not None


def _called(connection: Connection, name: CaseName) -> list[Found]:
    if name.external is None:
        return []
    holder, external_case_id = name.external
    values = {"holder": holder.key, "external": external_case_id}
    return [*connection.execute(_BY_EXTERNAL_ID, values)][::-1]


def _only_open(called: list[Found]) -> Found | Ambiguous | None:
    """Choose the open one: some systems begin to count anew, and older cases are closed."""
    still_open = [row for row in called if _is_open(row)]
    if len(still_open) > 1:
        return Ambiguous()
    return next(iter(still_open or called), None)


def _is_open(row: Found) -> bool:
    return row.state not in _OVER


_OVER = {*ENDED_STATES, CaseState.DISPOSED}
_ALONE = select(func.pg_advisory_xact_lock(bindparam("name", type_=BigInteger)))
_BY_NUMBER = select(cases).where(cases.c.case_number == bindparam("number")).with_for_update()
_BY_DELIVERY = (
    select(cases.c.id)
    .where(
        cases.c.id
        == select(outbox.c.case_id).where(outbox.c.id == bindparam("delivery")).scalar_subquery()
    )
    .with_for_update()
)
_BY_EXTERNAL_ID = (
    select(cases)
    .where(
        cases.c.holder_key == bindparam("holder"),
        cases.c.external_case_id == bindparam("external"),
    )
    # Always in the same order, so that two who write do not wait for each other.
    .order_by(cases.c.id)
    .with_for_update()
)
_KEEP_ANEW = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(external_case_id=bindparam("external"))
)
_KEEP = _KEEP_ANEW.where(cases.c.external_case_id.is_(None))
_ON_ITS_WAY = (
    select(outbox.c.id)
    .join(cases, cases.c.id == outbox.c.case_id)
    .join(case_events, case_events.c.id == outbox.c.id)
    .where(
        outbox.c.state.in_([standing(DeliveryState.WAITING), standing(DeliveryState.SENDING)]),
        # Says no more, but leads SQLite to the index of the few that are not delivered.
        outbox.c.state != standing(DeliveryState.DELIVERED),
        case_events.c.event.in_([event.value for event in BRINGING_EVENTS]),
        # What was never tried cannot have told its holder anything.
        outbox.c.attempts > 0,
        cases.c.holder_key == bindparam("holder"),
    )
    .limit(1)
)
