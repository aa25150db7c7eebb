"""What the store in memory keeps of notices."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.flow.notices import (
    OVERLAP,
    Citizen,
    ClaimedNotice,
    EndedAttempt,
    NoticeStanding,
    NoticeState,
    first_id_at,
)
from gateway.testing.books import Books
from gateway.testing.memory_rows import CaseRow

_BEGINS_BEFORE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Notice:
    case: CaseRow
    made_at: datetime
    due_at: datetime
    attempts: int = 0
    state: NoticeState = NoticeState.WAITING


class MemoryNotices:
    """The outbox of notices, over the inboxes of citizens."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._notices: dict[UUID, _Notice] = {}
        self._began: UUID | None = None
        self._reached = UUID(int=0)

    def make(self, now: datetime, oldest: datetime, *, far: bool = False) -> int:
        """Make notices of the messages that have none."""
        with self._books as books:
            self._began = self._began or first_id_at(now - _BEGINS_BEFORE)
            back = UUID(
                int=max(0, self._reached.int - (OVERLAP // timedelta(milliseconds=1) << 80))
            )
            since = max(self._began, first_id_at(oldest), UUID(int=0) if far else back)
            landed = {
                UUID(message.message_id): case
                for case in books.cases.values()
                for message in case.inbox
            }
            found = sorted(one for one in landed if one > since and one not in self._notices)
            for one in found:
                self._notices[one] = _Notice(landed[one], now, now)
                self._reached = max(self._reached, min(one, first_id_at(now)))
            return len(found)

    def claim(self, now: datetime, lease: timedelta) -> ClaimedNotice | None:
        """Claim the notice that has been due longest."""
        with self._books:
            due = [(n.due_at, one) for one, n in self._notices.items() if _is_due(n, now)]
            if not due:
                return None
            _, first = min(due)
            notice = self._notices[first]
            taken = replace(notice, attempts=notice.attempts + 1, due_at=now + lease)
            self._notices[first] = taken
            said = notice.case.new.case.submitter
            citizen = Citizen(said.person_id, said.email, said.phone)
            return ClaimedNotice(first, taken.attempts, taken.made_at, citizen)

    def end(self, claimed: ClaimedNotice, ended: EndedAttempt) -> bool:
        """Write what an attempt came to, unless it is no longer the latest."""
        with self._books:
            notice = self._notices.get(claimed.id)
            if notice is None or notice.attempts != claimed.attempt:
                return False
            if notice.state is not NoticeState.WAITING:
                return False
            due_at = ended.due_at or notice.made_at
            self._notices[claimed.id] = replace(notice, state=ended.state, due_at=due_at)
            return True

    def standing(self) -> NoticeStanding:
        """Tell what waits and what is parked."""
        with self._books:
            all_of_them = self._notices.values()
            waiting = [n.made_at for n in all_of_them if n.state is NoticeState.WAITING]
            parked = sum(n.state is NoticeState.PARKED for n in all_of_them)
            return NoticeStanding(len(waiting), min(waiting, default=None), parked)


def _is_due(notice: _Notice, now: datetime) -> bool:
    return notice.state is NoticeState.WAITING and notice.due_at <= now
