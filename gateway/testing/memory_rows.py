"""What the store in memory keeps of one case, and of one delivery."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from gateway.domain.blame import Cause, cause_of
from gateway.domain.case import BRINGING_EVENTS, CaseEvent
from gateway.domain.forwarding import Past
from gateway.domain.handling import UNHANDLED, Handling
from gateway.domain.hsa import HsaId
from gateway.domain.keeping import NOTHING_RECORDED, Keeping
from gateway.domain.lifecycle import ENDED_STATES, CaseState, DeliveryState
from gateway.domain.message import InboxMessage, Message
from gateway.domain.statistics import Fact
from gateway.flow.parked import Blocker
from gateway.flow.ports import (
    Abandoned,
    Attempt,
    Attempted,
    CaseRecord,
    Claimed,
    DeliveryRecord,
    NewCase,
    NewDelivery,
)
from gateway.flow.timeline import GATEWAY, GENESIS, Entry, Link, Step, link
from gateway.flow.unit_list import Due
from gateway.testing.memory_history import past

# What nothing more becomes of.
DONE = frozenset({DeliveryState.DELIVERED, DeliveryState.MOVED})


@dataclass(slots=True, eq=False)
class CaseRow:
    """One case with all that belongs to it."""

    new: NewCase
    record: CaseRecord
    timeline: list[Link] = field(default_factory=list)
    inbox: list[InboxMessage] = field(default_factory=list)
    deliveries: list["DeliveryRow"] = field(default_factory=list)
    handling: Handling = UNHANDLED
    keeping: Keeping = NOTHING_RECORDED
    ended_at: datetime | None = None
    reminded: Due | None = None
    fact: Fact | None = None

    @property
    def called(self) -> tuple[HsaId, str | None]:
        """Whose it is, and what that holder calls it."""
        return self.record.holder, self.record.external_case_id

    @property
    def first_undone(self) -> "DeliveryRow | None":
        """The delivery that all later ones of the case wait for."""
        return next((d for d in self.deliveries if d.state not in DONE), None)

    def note(self, entry: Entry) -> None:
        """Put an entry at the head of the timeline."""
        previous = self.timeline[-1].hash if self.timeline else GENESIS
        self.timeline.append(link(entry, len(self.timeline) + 1, previous))

    @property
    def is_open(self) -> bool:
        """Tell whether anything can still happen to it."""
        return self.record.state not in {*ENDED_STATES, CaseState.DISPOSED}

    @property
    def is_disposed(self) -> bool:
        """Tell whether nothing is left of it but its proof."""
        return self.record.state is CaseState.DISPOSED

    def move(self, state: CaseState, at: datetime) -> None:
        """Let it stand there; when it ends, that was when."""
        if state is not self.record.state:
            self.ended_at = at if state in ENDED_STATES else None
        self.record = replace(self.record, state=state)

    def call_it(self, external_case_id: str | None, *, anew: bool = False) -> None:
        """Keep what the holder calls the case, as it said first; `anew` when for good."""
        before = None if anew and external_case_id else self.record.external_case_id
        self.record = replace(self.record, external_case_id=before or external_case_id)

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether it was sent to a holder whose answer is not here."""
        return any(d.is_on_its_way for d in self.deliveries if d.new.event in BRINGING_EVENTS)

    def past(self, before: "DeliveryRow | None" = None) -> tuple[Past, ...]:
        """Tell what was said about it, by both sides; all, or what came before that delivery."""
        said = self.inbox[: before.said] if before else self.inbox
        told = takewhile(lambda row: row is not before, self.deliveries)
        return past(said, (row.new for row in told))

    def messages_since(self, since: datetime | None) -> tuple[InboxMessage, ...]:
        """Tell the messages in the citizen's inbox sent at or after `since`."""
        return tuple(m for m in self.inbox if since is None or m.sent_at >= since)


@dataclass(slots=True, eq=False)
class DeliveryRow:
    """One delivery in the outbox."""

    case: CaseRow
    new: NewDelivery
    due_at: datetime
    waiting_since: datetime
    claimed_at: datetime
    lease_until: datetime
    # How many messages its citizen had got by then.
    said: int
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    reason: str | None = None
    remote_id: str | None = None
    cause: Cause | None = None
    attempts_before: int = 0
    history: list[Attempt] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The same as its message's."""
        return UUID(self.new.message_id)

    @property
    def record(self) -> DeliveryRecord:
        """Where it stands."""
        return DeliveryRecord(
            id=self.id,
            case_number=self.case.record.number,
            event=self.new.event,
            destination=self.new.destination,
            state=self.state,
            created_at=self.new.created_at,
            due_at=self.due_at,
            attempts=self.attempts,
            reason=self.reason,
            remote_id=self.remote_id,
            fault=self.cause.fingerprint if self.cause else None,
            blame=self.cause.blame if self.cause else None,
            blocker=self._blocker,
            attempts_before=self.attempts_before,
        )

    @property
    def _blocker(self) -> Blocker | None:
        first = self.case.first_undone
        number = self.case.deliveries.index(self)
        for n, earlier in enumerate(self.case.deliveries[:number], 1):
            if earlier is first:
                return Blocker(n, earlier.state, earlier.reason)
        return None

    @property
    def message(self) -> Message:
        """What its destination is told."""
        record, new, case = self.case.record, self.new, self.case.new.case
        is_forwarded = new.event is CaseEvent.FORWARDED
        if new.event not in BRINGING_EVENTS:
            case = replace(case, attachments=())
        return Message(
            message_id=new.message_id,
            event=new.event,
            case_number=record.number,
            created_at=new.created_at,
            unit=record.unit,
            case=case,
            supplement=new.supplement,
            reason=new.reason,
            forwarded_to=record.at.hsa_id if record.forwards else None,
            history=self.case.past(self) if is_forwarded else (),
        )

    def claim(self, now: datetime, lease: timedelta) -> Claimed:
        """Let one worker alone try it until the lease ends."""
        self.state, self.claimed_at, self.lease_until = DeliveryState.SENDING, now, now + lease
        self.attempts += 1
        return Claimed(
            id=self.id,
            destination=self.new.destination,
            attempt=self.attempts,
            claimed_at=now,
            waiting_since=self.waiting_since,
            message=self.message,
            attempts_before=self.attempts_before,
        )

    def abandoned(self) -> Abandoned:
        """Tell of the attempt whose worker stopped on the way."""
        return Abandoned(
            self.id,
            self.new.destination,
            self.attempts,
            self.claimed_at,
            self.waiting_since,
            self.attempts_before,
        )

    def end(self, attempted: Attempted, at: datetime) -> None:
        """Write what the latest attempt came to; an attempt to be repeated makes no entry."""
        ended = Attempt(self.attempts, self.claimed_at, at, attempted.outcome, attempted.reason)
        self.history.append(ended)
        self.state, self.due_at = attempted.state, attempted.due_at or at
        self.reason, self.remote_id = attempted.reason, attempted.remote_id
        self.case.call_it(attempted.remote_id, anew=self.new.event in BRINGING_EVENTS)
        if self.state is DeliveryState.DELIVERED:
            self._note(Step.DELIVERY_DELIVERED, at, {"external_case_id": attempted.remote_id})
        self.cause = None
        if self.state is DeliveryState.PARKED:
            self.cause = cause_of(self.new.destination, attempted.outcome, attempted.reason)
            self._note(Step.DELIVERY_PARKED, at, {"reason": attempted.reason})

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether it was sent and its answer is not here."""
        return self.attempts > 0 and self.state in {DeliveryState.WAITING, DeliveryState.SENDING}

    def wait_again(self, at: datetime) -> None:
        """Wait, due at once, with its patience and its waits new."""
        self.state, self.due_at, self.waiting_since = DeliveryState.WAITING, at, at
        self.attempts_before, self.cause = self.attempts, None

    def _note(self, step: Step, at: datetime, told: dict[str, str | None]) -> None:
        details = {"destination": self.new.destination, "attempt": self.attempts, **told}
        self.case.note(Entry(step, at, GATEWAY, details))
