"""The built-in inbox of care units, committees and coordinators, in SQL (DOMAIN E1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import Message
from gateway.flow.board import Board, Counting
from gateway.flow.ports import UnitInboxItem
from gateway.flow.unit_list import EVERYTHING, Bookmark, Selection, shelf_of
from gateway.store import boards, unit_lists
from gateway.store.engine import Database
from gateway.store.forwarding import is_moved
from gateway.store.handlings import handlings
from gateway.store.once import insert_once
from gateway.store.shelves import unit_inbox
from gateway.store.tables import cases


@dataclass(frozen=True, slots=True)
class SqlUnitInboxes:
    """Which case lies in whose inbox; what the methods promise stands in the port."""

    database: Database
    clock: Callable[[], datetime]

    def put(self, message: Message) -> str:
        """Put a case before the staff of its holder; one that is there stays where it is."""
        number = message.case_number
        with self.database.writing() as connection:
            # While it is locked it cannot be sent on: only then is the answer one to go by.
            connection.execute(_KEEP_AS_IT_IS, {"number": number})
            if not is_moved(connection, message.message_id):
                lay(connection, number, self.clock())
        return number

    def items(
        self,
        owners: frozenset[HsaId],
        after: Bookmark | None,
        limit: int,
        selection: Selection = EVERYTHING,
    ) -> list[UnitInboxItem]:
        """Read a page of the cases of these inboxes."""
        with self.database.reading() as connection:
            return unit_lists.page(connection, owners, after, limit, selection)

    def board(self, owners: frozenset[HsaId], counting: Counting) -> Board:
        """Count the open cases of these inboxes by unit."""
        with self.database.reading() as connection:
            return boards.board(connection, owners, counting)


def lay(connection: Connection, number: str, arrived_at: datetime) -> None:
    """Lay a case in the inbox of its holder; one that lies there stays where it is."""
    case = connection.execute(_CASE, {"number": number}).one_or_none()
    if case is None:
        raise LookupError(f"no case {number!r} is known here")
    row = {
        "owner_key": case.holder_key,
        "case_id": case.id,
        "arrived_at": arrived_at,
        "shelf": shelf_of(CaseState(case.state)).value,
        "kind": case.kind,
        "due_at": case.due_at,
        "assignee_key": HsaId(case.assigned_to).key if case.assigned_to else None,
        "unit_key": HsaId(case.unit_hsa_id).key,
    }
    insert_once(connection, unit_inbox, row)


_KEEP_AS_IT_IS = (
    select(cases.c.id).where(cases.c.case_number == bindparam("number")).with_for_update(read=True)
)
_CASE = (
    select(
        *(cases.c.id, cases.c.holder_key, cases.c.state, cases.c.kind, cases.c.due_at),
        *(cases.c.unit_hsa_id, handlings.c.assigned_to),
    )
    .join(handlings, isouter=True)
    .where(cases.c.case_number == bindparam("number"))
    # It must not be closed between this look and its place in the inbox.
    .with_for_update(read=True, of=cases)
)
