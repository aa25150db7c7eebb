"""Replies in quarantine get out: by themselves, or by an operator's hand."""

from dataclasses import dataclass, replace

import pytest

from gateway.domain.errors import Refusal, Rule, Unavailable
from gateway.domain.law import Limits
from gateway.domain.routing import RouteTable
from gateway.flow.access import UNKNOWN_CASE
from gateway.flow.caller import Caller, Role
from gateway.flow.ports import UnmatchedMessage
from gateway.flow.quarantine import Quarantine
from gateway.flow.replies import Replies
from gateway.testing.builders import CASE_SYSTEM, E_SERVICE, NOW, TOLVAN, make_case_message
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_contents import make_file_intake
from gateway.testing.memory_unmatched import MemoryUnmatchedMessages
from gateway.testing.store_contract.acts import accept, change, close, name_it

OPERATOR = Caller(E_SERVICE, "Drift", Role.OPERATOR)
EMPTY = RouteTable("v1", {}, {}, {})


@pytest.fixture
def store():
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def quarantine(store):
    """The ways out."""
    return Quarantine(lambda: EMPTY, store.cases, store.unmatched, lambda: NOW)


@pytest.fixture
def stray(store):
    """A reply that calls its case A-1, which nobody knows."""
    message = make_case_message(external_case_id="A-1", text="Svaret.")
    words = UNKNOWN_CASE.message
    store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, words))
    return message


def unexpected(key, error):
    """Fail the test: nothing fails here."""
    raise AssertionError(key) from error


def texts(store):
    """What the citizen reads."""
    return [message.text for message in store.cases.inbox_messages(TOLVAN, None, 9)]


def test_a_reply_that_came_before_its_name_reaches_the_citizen(store, quarantine, stray):
    """DOMAIN D2: as soon as our own record of the name is there, and once."""
    number = accept(store).number
    assert quarantine.try_again(unexpected) == 0
    change(store, number, name_it("A-1"))
    assert (quarantine.try_again(unexpected), quarantine.try_again(unexpected)) == (1, 0)
    assert texts(store).count(stray.text) == 1
    assert store.cases.unmatched(None, 9) == []


def test_a_reply_that_its_case_cannot_take_waits_for_an_operator(store, quarantine, stray):
    """DESIGN decision 10: kept, with the reason of today."""
    number = accept(store).number
    change(store, number, name_it("A-1"))
    change(store, number, close(), message_id="closes")
    assert quarantine.try_again(unexpected) == 0
    ((_, found),) = store.cases.unmatched(None, 9)
    assert "CLOSED" in found.reason


def two_known(store, quarantine, trouble):
    """Let two replies find their cases, and the first stumble where it is settled."""
    for name in ("A-1", "A-2"):
        message = make_case_message(message_id=name, external_case_id=name)
        store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "unknown"))
        change(store, accept(store).number, name_it(name), message_id=f"names {name}")
    (first, _), _ = store.unmatched.matching(9)
    return first, replace(quarantine, unmatched=Stumbling(store.unmatched, first, trouble))


@dataclass
class Stumbling:
    """A quarantine that has trouble with one of its messages."""

    quarantine: MemoryUnmatchedMessages
    key: str
    trouble: Exception

    def matching(self, limit):
        """Read as always."""
        return self.quarantine.matching(limit)

    def settle(self, key, refused):
        """Settle the others."""
        if key == self.key:
            raise self.trouble
        self.quarantine.settle(key, refused)


def test_one_that_cannot_be_posted_stops_no_other(store, quarantine):
    """DOMAIN D2: it is told which and why, and it is tried again."""
    trouble, failed = ValueError("oj"), []
    first, stumbling = two_known(store, quarantine, trouble)
    assert stumbling.try_again(lambda *what: failed.append(what)) == 1
    assert failed == [(first, trouble)]
    assert [key for key, _ in store.unmatched.matching(9)] == [first]


def test_when_the_database_is_gone_all_wait(store, quarantine):
    """DOMAIN D2, C1: it is no fault of any message."""
    _, stumbling = two_known(store, quarantine, Unavailable("gone"))
    with pytest.raises(Unavailable):
        stumbling.try_again(unexpected)


def test_an_operator_finds_the_case(store, quarantine, stray):
    """DOMAIN D2: the timeline tells who did."""
    number = accept(store).number
    ((key, _),) = store.cases.unmatched(None, 9)
    assert quarantine.attach(key, number, OPERATOR).receipt.case_number == number
    assert texts(store)[-1] == stray.text
    entry = store.cases.timeline(number)[-1].entry
    assert (entry.actor, entry.details["attachedBy"]) == (CASE_SYSTEM.text, E_SERVICE.text)


def test_an_operator_who_attaches_again_gets_the_same_answer(store, quarantine, stray):
    """DOMAIN A7: the first answer may have been lost on its way; the citizen reads it once."""
    number, other = accept(store).number, accept(store).number
    ((key, _),) = store.cases.unmatched(None, 9)
    first = quarantine.attach(key, number, OPERATOR)
    again = quarantine.attach(key, number, OPERATOR)
    assert (again.receipt, again.repeated) == (first.receipt, True)
    assert texts(store).count(stray.text) == 1
    with pytest.raises(Refusal, match="another case"):
        quarantine.attach(key, other, OPERATOR)


def test_an_operator_is_told_that_a_message_was_sent_anew(store, quarantine, stray):
    """DOMAIN D2: what its sender has corrected stands; the citizen does not read both."""
    number = accept(store).number
    ((key, _),) = store.cases.unmatched(None, 9)
    system = Caller(CASE_SYSTEM, "Systemet", Role.CASE_SYSTEM)
    replies = Replies(lambda: EMPTY, store.cases, lambda: NOW, Limits(), make_file_intake())
    replies.post(replace(stray, case_number=number, text="Rättat."), system)
    with pytest.raises(Refusal, match="sent another message with its id"):
        quarantine.attach(key, number, OPERATOR)
    assert texts(store)[-1] == "Rättat."
    ((_, kept),) = store.cases.unmatched(None, 9)
    assert "nothing more to do" in kept.reason


def test_a_repeat_of_what_was_put_on_its_case_gets_the_same_answer(store, quarantine, stray):
    """DOMAIN D2: its sender has no answer yet, and the citizen must not read it twice."""
    number = accept(store).number
    ((key, _),) = store.cases.unmatched(None, 9)
    first = quarantine.attach(key, number, OPERATOR)
    system = Caller(CASE_SYSTEM, "Systemet", Role.CASE_SYSTEM)
    replies = Replies(lambda: EMPTY, store.cases, lambda: NOW, Limits(), make_file_intake())
    again = replies.post(stray, system)
    assert (again.receipt, again.repeated) == (first.receipt, True)
    assert texts(store).count(stray.text) == 1


def test_a_message_is_not_put_on_a_case_that_its_sender_does_not_hold(store, quarantine):
    """DOMAIN D2: not even by an operator."""
    words = UNKNOWN_CASE.message
    store.cases.keep_unmatched(UnmatchedMessage(E_SERVICE, make_case_message(), NOW, words))
    number = accept(store).number
    ((key, _),) = store.cases.unmatched(None, 9)
    with pytest.raises(Refusal) as refused:
        quarantine.attach(key, number, OPERATOR)
    assert refused.value.faults[0].rule is Rule.NOT_THE_HOLDER
    assert len(store.cases.unmatched(None, 9)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_operators_put_messages_on_cases(quarantine, role):
    """DOMAIN E1: deny by default."""
    with pytest.raises(Refusal):
        quarantine.attach("1", "2026-7F3K-9QWM2X", replace(OPERATOR, role=role))


def test_a_message_that_is_not_there_is_told(quarantine):
    """It may have found its case meanwhile."""
    with pytest.raises(Refusal, match="on another case already"):
        quarantine.attach("1", "2026-7F3K-9QWM2X", OPERATOR)
