"""Which deliveries stand still and are chosen, as conditions in SQL (DOMAIN C4)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, or_

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import Selection
from gateway.store import claims
from gateway.store.tables import cases, outbox, standing


def fits(chosen: Selection, until: datetime, unrouted: list[str]) -> Iterator[ColumnElement[bool]]:
    """Tell of a row of the outbox, joined with its case, whether it stands still and is chosen."""
    # Of what is parked, when it was: so none that fails again is taken again.
    parked = and_(outbox.c.state == standing(DeliveryState.PARKED), outbox.c.due_at <= until)
    yield or_(parked, _waits_in_vain(until, unrouted)) if unrouted else parked
    # Says no more, but leads SQLite to the index of the few that are not delivered.
    yield outbox.c.state != standing(DeliveryState.DELIVERED)
    if chosen.delivery is not None:
        yield outbox.c.id == chosen.delivery
    if chosen.destination is not None:
        yield outbox.c.destination == chosen.destination
    if chosen.fault is not None:
        yield outbox.c.fault == chosen.fault
    if chosen.region is not None:
        yield cases.c.region == chosen.region
    if chosen.created_from is not None:
        yield outbox.c.created_at >= chosen.created_from
    if chosen.created_to is not None:
        yield outbox.c.created_at < chosen.created_to


def unrouted_ones(connection: Connection, routed: frozenset[str] | None) -> list[str]:
    """Tell where something waits that is not in `routed`."""
    if routed is None:
        return []
    return [key for key in claims.destinations(connection, _FAR_OFF) if key not in routed]


def _waits_in_vain(until: datetime, unrouted: list[str]) -> ColumnElement[bool]:
    return and_(
        outbox.c.state == standing(DeliveryState.WAITING),
        outbox.c.destination.in_(unrouted),
        outbox.c.created_at <= until,
        claims.is_first(),
    )


# After every moment at which something can be due.
_FAR_OFF = datetime(9999, 1, 1, tzinfo=UTC)
