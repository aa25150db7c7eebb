"""The demo's books: what was sent against what is there."""

from collections import Counter
from dataclasses import replace

import pytest

from gateway.demo.books import DeliverySeen, Evidence, Summary, balance

N, M = "2026-7F3K-9QWM2X", "2026-7F3K-AAAAAA"
CONFIRMED, ANSWERED = (N, "CASE_CONFIRMATION"), (N, "FINAL_REPLY")
GOOD = Evidence(
    receipts={"demo-01": frozenset({N})},
    held=Counter([N]),
    deliveries=(DeliverySeen(N, "SUBMITTED", "DELIVERED"),),
    said=Counter([ANSWERED]),
    read=Counter([CONFIRMED, ANSWERED]),
)

ADDED = Counter([(N, "supplement"), (N, "file")])


def test_what_was_sent_and_is_there_once_balances():
    """C1, D1."""
    summary = balance(GOOD)
    assert summary.balances
    assert summary == Summary(1, 1, 1, parked=0, lost=0, doubled=0)


def test_the_summary_has_the_names_of_the_contract():
    """CONTRACT: the last line of the demo."""
    names = ["accepted", "delivered", "replies_in_inbox", "parked", "lost", "doubled"]
    assert list(balance(GOOD).as_json()) == names


def test_nothing_accepted_is_no_success():
    """C1: a demo that did nothing proves nothing."""
    assert not balance(Evidence()).balances


@pytest.mark.parametrize(
    "missing",
    [
        {"held": Counter()},
        {"added": Counter([(N, "supplement")])},
        {"added": ADDED, "supplemented": Counter([(N, "supplement")])},
        {"read": Counter([CONFIRMED])},
        {"read": Counter([ANSWERED])},
    ],
    ids=["case", "supplement", "file of a supplement", "reply in inbox", "confirmation"],
)
def test_what_should_be_there_and_is_not_is_lost(missing):
    """C1, A10, D1, A7."""
    assert balance(replace(GOOD, **missing)).lost == 1


@pytest.mark.parametrize(
    "too_much",
    [
        {"held": Counter([N, N])},
        {"supplemented": Counter([(N, "supplement")])},
        {"added": ADDED, "supplemented": ADDED + Counter([(N, "file")])},
        {"read": Counter([CONFIRMED, ANSWERED, ANSWERED])},
        {"read": Counter([CONFIRMED, CONFIRMED, ANSWERED])},
    ],
    ids=["case", "supplement", "file of a supplement", "reply in inbox", "confirmation"],
)
def test_what_is_there_twice_is_doubled(too_much):
    """C1, D2."""
    assert balance(replace(GOOD, **too_much)).doubled == 1


def test_one_case_with_two_numbers_is_doubled():
    """A1: both doors give the same receipt for the same case."""
    receipts = {"demo-01": frozenset({N, M})}
    read = Counter([CONFIRMED, ANSWERED, (M, "CASE_CONFIRMATION")])
    assert balance(replace(GOOD, receipts=receipts, held=Counter([N, M]), read=read)).doubled == 1


def test_a_parked_case_is_not_lost():
    """C4: parked is seen by operators."""
    parked = (DeliverySeen(N, "SUBMITTED", "PARKED"),)
    summary = balance(replace(GOOD, held=Counter(), deliveries=parked))
    assert (summary.parked, summary.delivered, summary.lost) == (1, 0, 0)


def test_a_forwarded_case_is_delivered_when_one_of_its_holders_got_it():
    """D6: who sends a case on at once may be faster than our note of the first delivery."""
    moved = (DeliverySeen(N, "SUBMITTED", "MOVED"), DeliverySeen(N, "FORWARDED", "DELIVERED"))
    assert balance(replace(GOOD, deliveries=moved)) == balance(GOOD)


def test_a_registered_case_needs_no_delivery():
    """A12: whoever registers a case holds it from the beginning."""
    registered = replace(GOOD, deliveries=(), registered=frozenset({N}))
    assert balance(registered) == balance(GOOD)
    assert balance(replace(registered, held=Counter())).lost == 1


def test_a_delivery_counts_only_when_its_receiver_confirms_it():
    """C1: our own word is not enough."""
    assert balance(replace(GOOD, held=Counter([M]))).delivered == 0
