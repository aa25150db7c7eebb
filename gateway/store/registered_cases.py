"""Cases that their holders have registered, in SQL: kept as all others, but sent to nobody."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gateway.domain.lifecycle import CaseState
from gateway.flow.ports import Ambiguous, Conflicting, Kept
from gateway.flow.registering import RegisteredCase
from gateway.flow.timeline import GENESIS, link
from gateway.store import files, naming, timelines, unit_inboxes
from gateway.store.engine import Database, NotKept
from gateway.store.inbox_messages import message_row
from gateway.store.new_cases import case_row, file_rows, known, told_apart
from gateway.store.outgoing import event_row
from gateway.store.rows import insert_rows
from gateway.store.tables import case_events, cases, inbox_messages, timeline


@dataclass(frozen=True, slots=True)
class SqlRegisteredCases:
    """What the methods promise stands in the port."""

    database: Database

    def add(self, registered: RegisteredCase) -> Kept | Conflicting | Ambiguous:
        """Keep one; a repeat gets the first receipt."""
        try:
            return self._add(registered)
        except NotKept:
            # Another node may have kept the same since we looked.
            return self._add(registered)

    def _add(self, registered: RegisteredCase) -> Kept | Conflicting | Ambiguous:
        with self.database.writing() as connection:
            naming.name_alone(connection, registered.name)
            batch = [registered.new]
            fresh, [answer] = told_apart(batch, known(connection, batch))
            if fresh:
                if naming.is_taken(connection, registered.name):
                    return Ambiguous()
                _insert(connection, registered)
        return answer


def _insert(connection: Connection, registered: RegisteredCase) -> None:
    new = registered.new
    linked = link(new.entry, 1, GENESIS)
    told = {
        "state": CaseState.RECEIVED.value,
        "channel": registered.channel.value,
        "external_case_id": registered.external_case_id,
    }
    insert_rows(connection, cases, [case_row(new, linked) | told])
    insert_rows(connection, case_events, [event_row(new.id, 1, new.delivery, new.content)])
    files.keep(connection, file_rows(new))
    insert_rows(connection, timeline, [timelines.row_of(new.id, linked)])
    insert_rows(connection, inbox_messages, [message_row(new.id, new.confirmation)])
    if registered.lies_in_inbox:
        unit_inboxes.lay(connection, new.number, new.confirmation.sent_at)
