"""The built-in inbox of care units, committees and coordinators, in SQL (DOMAIN E1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, select, tuple_

from gateway.domain.hsa import HsaId
from gateway.domain.message import Message
from gateway.flow.ports import UnitInboxItem
from gateway.store.engine import Database
from gateway.store.once import insert_once
from gateway.store.records import case_record
from gateway.store.tables import cases, unit_inbox


@dataclass(frozen=True, slots=True)
class SqlUnitInboxes:
    """Which case lies in whose inbox; what the methods promise stands in the port."""

    database: Database
    clock: Callable[[], datetime]

    def put(self, message: Message) -> str:
        """Put a case before the staff of its holder; one that is there stays where it is."""
        number = message.case_number
        with self.database.writing() as connection:
            wanted = select(cases.c.id, cases.c.holder_key).where(cases.c.case_number == number)
            case = connection.execute(wanted).one_or_none()
            if case is None:
                raise LookupError(f"no case {number!r} is known here")
            row = {
                "owner_key": case.holder_key,
                "case_id": case.id,
                "arrived_at": self.clock(),
            }
            insert_once(connection, unit_inbox, row)
        return number

    def items(
        self, owners: frozenset[HsaId], after: str | None, limit: int
    ) -> list[UnitInboxItem]:
        """Read a page of the cases of these inboxes, oldest first; `after` is a case number."""
        wanted = (
            select(cases, unit_inbox.c.arrived_at)
            .join(unit_inbox)
            .where(unit_inbox.c.owner_key.in_([owner.key for owner in owners]))
            .order_by(*_PLACE)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(tuple_(*_PLACE) > _place_of(after, owners))
        with self.database.reading() as connection:
            return [
                UnitInboxItem(case_record(row), row.arrived_at)
                for row in connection.execute(wanted)
            ]


_PLACE = (unit_inbox.c.arrived_at, unit_inbox.c.case_id)


def _place_of(number: str, owners: frozenset[HsaId]) -> ScalarSelect[object]:
    return (
        select(*_PLACE)
        .join(cases)
        .where(
            cases.c.case_number == number,
            unit_inbox.c.owner_key.in_([owner.key for owner in owners]),
        )
        .order_by(unit_inbox.c.arrived_at.desc())
        .limit(1)
        .scalar_subquery()
    )
