"""Note a case's diary number, keep it from disposal; the timeline tells only that (E3, E4)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.keeping import Hold, Keeping
from gateway.domain.person import without_numbers
from gateway.flow.access import (
    UNKNOWN_CASE,
    Verb,
    admit,
    may,
    refuse_disposed,
    require_on_case,
)
from gateway.flow.caller import Caller, Role
from gateway.flow.ports import CaseRecord, Cases
from gateway.flow.timeline import Entry, Step

# What is recorded from now on, and the entry that tells of it; None when it is recorded already.
Recorded = tuple[Keeping, Entry] | None
DecideKeeping = Callable[[CaseRecord, Keeping], Recorded]


class Keepings(Protocol):
    """What is recorded about the keeping of cases; each method is one transaction."""

    def find(self, number: str) -> Keeping:
        """Read what is recorded; nothing of a case that is unknown."""
        ...

    def change(self, number: str, decide: DecideKeeping) -> Keeping | None:
        """
        Record what is decided under the case's lock, and give it; None when it is unknown.

        Whatever `decide` raises leaves everything as it was.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeepingCases:
    """The verbs: each may be said again, and then changes nothing."""

    cases: Cases
    keepings: Keepings
    clock: Callable[[], datetime]

    def read(self, number: str, caller: Caller) -> Keeping:
        """
        Read what is recorded of a case, also after it was disposed of.

        Why it is held, or no longer, is for those who may hold it: it may tell what the case is
        about, which whoever only assigns cases may not know (E1).
        """
        admit(caller, Verb.SEE_TIMELINE)
        record = self.cases.find(number)
        if record is None:
            raise Refusal(UNKNOWN_CASE)
        _require(caller, Verb.SEE_TIMELINE, record)
        keeping = self.keepings.find(number)
        return keeping if may(caller.role, Verb.HOLD_CASE) else _without_reasons(keeping)

    def record_diary_number(self, number: str, diary_number: str, caller: Caller) -> Keeping:
        """Note the number that the case has in the official diary, kept elsewhere (E3)."""
        admit(caller, Verb.EXPORT_CASE)
        return self._changed(number, _Registering(diary_number, caller, self.clock()).decide)

    def hold(self, number: str, reason: str, caller: Caller) -> Keeping:
        """Keep a case from disposal, whenever it would be due (E4)."""
        return self._holding(number, reason, caller, held=True)

    def lift(self, number: str, reason: str, caller: Caller) -> Keeping:
        """Let a case be disposed of when it is due; what an operator holds, an operator lifts."""
        return self._holding(number, reason, caller, held=False)

    def _holding(self, number: str, reason: str, caller: Caller, *, held: bool) -> Keeping:
        admit(caller, Verb.HOLD_CASE)
        by_operator = caller.role is Role.OPERATOR
        hold = Hold(without_numbers(reason), caller.acts_as, self.clock(), by_operator)
        return self._changed(number, _Holding(hold, caller, held).decide)

    def _changed(self, number: str, decide: DecideKeeping) -> Keeping:
        keeping = self.keepings.change(number, decide)
        if keeping is None:
            raise Refusal(UNKNOWN_CASE)
        return keeping


@dataclass(frozen=True, slots=True)
class _Registering:
    """A diary number, decided when the case is known and locked."""

    diary_number: str
    caller: Caller
    at: datetime

    def decide(self, case: CaseRecord, now: Keeping) -> Recorded:
        require_on_case(self.caller, Verb.EXPORT_CASE, case)
        if now.diary_number == self.diary_number:
            return None
        # It may look like a personal number, and the timeline is never disposed of.
        caller = self.caller
        entry = Entry(Step.DIARY_NUMBER_RECORDED, self.at, caller.acts_as, caller.behind)
        return replace(now, diary_number=self.diary_number), entry


@dataclass(frozen=True, slots=True)
class _Holding:
    """A legal hold that is set or lifted, decided when the case is known and locked."""

    hold: Hold
    caller: Caller
    held: bool

    def decide(self, case: CaseRecord, now: Keeping) -> Recorded:
        _require(self.caller, Verb.HOLD_CASE, case)
        refuse_disposed(case)
        if self.held == (now.hold is not None) and self._says_the_same(now):
            return None
        if now.hold is not None and now.hold.by_operator and not self.hold.by_operator:
            raise Refusal(_HELD_BY_OPERATOR)
        step = Step.HOLD_SET if self.held else Step.HOLD_LIFTED
        # Why is for those who keep the case: others read the timeline, which outlives it.
        entry = Entry(step, self.hold.since, self.hold.by, self.caller.behind)
        if self.held:
            return replace(now, hold=self.hold, lift_reason=None), entry
        return replace(now, hold=None, lift_reason=self.hold.reason), entry

    def _says_the_same(self, now: Keeping) -> bool:
        # An operator who says what staff have said makes it the operators' hold.
        if now.hold is None:
            return True
        is_as_strong = now.hold.by_operator or not self.hold.by_operator
        return is_as_strong and now.hold.reason == self.hold.reason


def _without_reasons(keeping: Keeping) -> Keeping:
    hold = replace(keeping.hold, reason="") if keeping.hold else None
    return replace(keeping, hold=hold, lift_reason=None)


def _require(caller: Caller, verb: Verb, case: CaseRecord) -> None:
    # Operators see where any case stands and keep any from disposal, and read none.
    if caller.role is not Role.OPERATOR:
        require_on_case(caller, verb, case)


_HELD_BY_OPERATOR = Fault(
    Rule.NOT_PERMITTED,
    "held",
    "an operator has set this hold; only an operator changes or lifts it",
)
