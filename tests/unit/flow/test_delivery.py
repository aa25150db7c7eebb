"""One attempt and its judgement: four outcomes, patience, and what a system asks us to wait."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from gateway.adapter import AdapterSettings, Can, Delivered, Outcome, Refused, TryLater, Unclear
from gateway.domain.blame import Blame, cause_of
from gateway.domain.case import Attachment
from gateway.domain.content import Stored
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import Message
from gateway.domain.policy import Policy
from gateway.flow.delivery import (
    LONGEST_ASKED_WAIT_S,
    FileAway,
    FileLost,
    Terms,
    attempt,
    judge,
    tells_of_them,
)
from gateway.flow.ports import Attempted
from gateway.testing.builders import NOW, make_case, make_message
from gateway.testing.memory_contents import MemoryContents

DAY_S = 24 * 3600
POLICY = Policy(first_retry_s=10, retry_factor=3, jitter=0.5, patience_days=2)
TERMS = Terms(POLICY, safe_to_repeat=True, attempt=1, waiting_since=NOW, now=NOW, luck=0)
STRANGE = replace(TERMS, safe_to_repeat=False)

UNREPEATED = "no answer; not repeated, because the system does not recognise repeats"
JUDGED = {
    "delivered": (Delivered("P-1"), TERMS, (DeliveryState.DELIVERED, None, "P-1")),
    "delivered without an id": (Delivered(), TERMS, (DeliveryState.DELIVERED, None, None)),
    "delivered at last": (
        Delivered("P-1"),
        replace(TERMS, now=NOW + timedelta(days=9)),
        (DeliveryState.DELIVERED, None, "P-1"),
    ),
    "refused": (Refused("no such form"), TERMS, (DeliveryState.PARKED, "no such form", None)),
    "try later": (TryLater("busy"), TERMS, (DeliveryState.WAITING, "busy", None)),
    "try later, strange": (TryLater("busy"), STRANGE, (DeliveryState.WAITING, "busy", None)),
    "unclear": (Unclear("no answer"), TERMS, (DeliveryState.WAITING, "no answer", None)),
    "unclear, strange": (Unclear("no answer"), STRANGE, (DeliveryState.PARKED, UNREPEATED, None)),
}
NAMES = {Delivered: "delivered", Refused: "refused", TryLater: "try-later", Unclear: "unclear"}


class Scripted:
    """An adapter that does as it is told."""

    can: ClassVar = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = AdapterSettings

    def __init__(self, settings: Any, tools: Any = None) -> None:
        self.answer = settings
        self.told: list[Message] = []

    def deliver(self, message: Message) -> Outcome:
        self.told.append(message)
        return cast("Outcome", self.answer())


@pytest.mark.parametrize(("outcome", "terms", "wanted"), JUDGED.values(), ids=JUDGED)
def test_an_outcome_decides_where_the_delivery_stands(outcome, terms, wanted):
    """DESIGN decision 2; DOMAIN C4, C6: the whole law of outcomes."""
    attempted = judge(outcome, terms)
    assert (attempted.state, attempted.reason, attempted.remote_id) == wanted
    assert attempted.outcome == NAMES[type(outcome)]
    assert (attempted.due_at is not None) is (attempted.state is DeliveryState.WAITING)


@pytest.mark.parametrize(
    ("number", "luck", "seconds"), [(1, 0, 10), (2, 0, 30), (3, 0, 90), (1, 1, 5), (9, 0, 3600)]
)
@pytest.mark.parametrize("outcome", [TryLater("busy"), Unclear("no answer")])
def test_each_wait_is_longer_until_the_longest(outcome, number, luck, seconds):
    """DOMAIN C2: back-off with limits; luck only makes it shorter."""
    attempted = judge(outcome, replace(TERMS, attempt=number, luck=luck))
    assert attempted.due_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (None, 10),
        (0, 10),
        (-5, 10),
        (9.9, 10),
        (120, 120),
        (LONGEST_ASKED_WAIT_S + 1, DAY_S),
        (float("inf"), DAY_S),
        (float("nan"), 10),
    ],
)
def test_a_system_may_ask_us_to_wait_longer_but_not_for_ever(asked, seconds):
    """DOMAIN C2; RFC 9110 §10.2.3: asked waits count, up to a day."""
    attempted = judge(TryLater("busy", asked), TERMS)
    assert attempted.due_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("outcome", [TryLater("busy"), Unclear("busy")])
def test_what_has_failed_until_the_patience_ended_is_parked(outcome):
    """DOMAIN C2, C4: retries over days, a last one when they are over, and then a human looks."""
    ends = NOW + timedelta(days=2)
    late = replace(TERMS, attempt=9, now=ends - timedelta(microseconds=1))
    assert judge(outcome, late).due_at == ends
    over = Attempted(DeliveryState.PARKED, "expired", "busy; given up after 2 days")
    assert judge(outcome, replace(late, now=ends)) == over


def test_an_asked_wait_beyond_the_patience_ends_with_it():
    """DOMAIN C2, C4: one system's wrong clock parks nothing that has days left."""
    hasty = replace(TERMS, policy=replace(POLICY, patience_days=0.5))
    attempted = judge(TryLater("closed", DAY_S), hasty)
    due_at = NOW + timedelta(days=0.5)
    assert attempted == Attempted(DeliveryState.WAITING, "try-later", "closed", due_at)


def test_a_replay_has_its_patience_anew():
    """DOMAIN C4: it runs from the replay, and not from when the case was made."""
    late = NOW + timedelta(days=9)
    replayed = replace(TERMS, attempt=20, waiting_since=late, now=late)
    assert judge(TryLater("busy"), replayed).state is DeliveryState.WAITING


@given(
    st.sampled_from([TryLater("busy"), TryLater("busy", 1e9), Unclear("busy")]),
    st.integers(1, 10_000),
    st.floats(0, 1),
    st.integers(0, 3 * DAY_S),
)
def test_a_next_try_is_always_later_and_always_within_the_patience(outcome, number, luck, passed):
    """DOMAIN C2: whatever happens, the outbox neither spins nor waits for ever."""
    now = NOW + timedelta(seconds=passed)
    attempted = judge(outcome, replace(TERMS, attempt=number, luck=luck, now=now))
    if attempted.due_at is None:
        assert attempted.state is DeliveryState.PARKED
    else:
        assert now < attempted.due_at <= NOW + timedelta(days=POLICY.patience_days)


def test_a_fifth_outcome_is_a_bug_and_is_told_at_once():
    """HOUSE: a union is handled whole, or not at all."""
    with pytest.raises(AssertionError):
        judge(cast("Outcome", "delivered"), TERMS)


@pytest.mark.parametrize(
    "outcome", [Delivered("P-1"), Refused("no"), TryLater("no"), Unclear("?")]
)
def test_an_attempt_gives_what_the_adapter_answered(outcome):
    """CONTRACT, Adapters: one call, one outcome; the message is handed over as it is."""
    message, adapter = make_message(), Scripted(lambda: outcome)
    assert attempt(adapter, message) == outcome
    assert adapter.told == [message]


@pytest.mark.parametrize(
    ("answered", "seen"),
    [
        (Refused("191212 12-1212 is not ours"), Refused("<number> is not ours")),
        (TryLater("191212121212", 5.0), TryLater("<number>", 5.0)),
        (Unclear("after 19 121212-1212"), Unclear("after <number>")),
        # Diary numbers can look the same, and a case that loses its name gets no replies.
        (Delivered("20260302-1234"), Delivered("20260302-1234")),
    ],
)
def test_what_a_system_answers_names_nobody(answered, seen):
    """DOMAIN A8: operators, logs and timelines show it."""
    assert attempt(Scripted(lambda: answered), make_message()) == seen


@pytest.mark.parametrize("error", [ValueError, KeyError, TimeoutError, RecursionError])
def test_an_adapter_that_raises_is_unclear_and_its_words_are_not_told(error):
    """DESIGN decisions 2 and 11: the words may hold anything."""
    adapter = Scripted(lambda: _raise(error("Tolvan, 191212121212")))
    assert attempt(adapter, make_message()) == Unclear(f"Scripted raised {error.__name__}")


@pytest.mark.parametrize("outcome", [FileAway, FileLost])
def test_files_of_ours_that_cannot_be_read_are_no_fault_of_theirs(outcome):
    """DOMAIN C4, G2: nothing was sent; what is away is tried again, what is lost waits for us."""
    contents = MemoryContents(gone=outcome is FileAway)
    stored = Stored("0" * 64, 3, contents.open)
    message = make_message(case=make_case(attachments=(Attachment("a", "b/c", stored),)))
    told = attempt(Scripted(lambda: message.case.attachments[0].read()), message)
    assert isinstance(told, outcome)
    assert not tells_of_them(told)
    assert cause_of("norr/cases", "refused", told.reason).blame is Blame.OURS


@pytest.mark.parametrize("nonsense", [None, True, "delivered", Delivered])
def test_an_adapter_that_answers_nonsense_is_unclear(nonsense):
    """DOMAIN C6: it may have been sent."""
    kind = type(nonsense).__name__
    adapter = Scripted(lambda: nonsense)
    assert attempt(adapter, make_message()) == Unclear(f"Scripted answered {kind}, no outcome")


def _raise(error):
    raise error
