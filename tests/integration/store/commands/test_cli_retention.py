"""`vaxel retention`, on a database with cases that ended long ago."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.domain.lifecycle import CaseState
from gateway.flow.ports import Change, UnmatchedMessage
from gateway.testing.builders import CASE_SYSTEM, NOW, make_case_message, make_entry
from gateway.testing.store_contract.acts import accept, change, deliver_one


@pytest.fixture
def numbers(store):
    """The numbers of a case that ended ten years ago, and of one that ended a day ago."""
    return [_ended(store, days) for days in (3650, 1)]


def test_what_is_due_is_listed_without_personal_data(vaxel, numbers):
    """DOMAIN E4: the number, the kind, when it ended, since when it is due."""
    due = vaxel("retention", "due")
    assert f"{numbers[0]} nordmark COMPLAINT ended 2016-11-" in due
    assert "due 2018-11-" in due
    assert "1 case due." in due
    assert "191212121212" not in due
    assert "Tolvan" not in due


def test_nothing_goes_without_a_yes(vaxel, numbers, store):
    """DOMAIN E4: what is gone cannot be brought back."""
    assert "--yes" in vaxel("retention", "dispose")
    assert store.cases.content(numbers[0])


def test_what_is_due_goes_and_a_proof_stays(vaxel, numbers, store):
    """DOMAIN E4: and nothing that is not due."""
    done = vaxel("retention", "dispose", "--yes")
    assert f"{numbers[0]} disposed of: COMPLAINT 24 months" in done
    assert "1 disposed of, 0 kept." in done
    assert [store.cases.content(number) is None for number in numbers] == [True, False]
    proof = vaxel("retention", "disposed")
    assert store.cases.timeline(numbers[0])[-1].hash in proof
    assert "0 disposed of, 0 kept." in vaxel("retention", "dispose", "--yes")


def test_a_held_case_stays(vaxel, numbers, store):
    """DOMAIN E4: until its hold is lifted."""
    assert "legal hold since" in vaxel("retention", "hold", numbers[0], "--reason", "Domstol")
    assert "stopped: legal hold by" in vaxel("retention", "due")
    assert f"{numbers[0]} kept: legal hold" in vaxel("retention", "dispose", "--yes")
    assert "no legal hold" in vaxel("retention", "lift", numbers[0], "--reason", "Avgjort")
    assert "1 disposed of" in vaxel("retention", "dispose", "--yes")


def test_proofs_are_listed_page_by_page(vaxel, store):
    """DOMAIN E4."""
    numbers = sorted(_ended(store, 3650) for _ in range(2))
    vaxel("retention", "dispose", "--yes")
    assert f"--after {numbers[0]}" in vaxel("retention", "disposed", "--limit", 1)
    rest = vaxel("retention", "disposed", "--after", numbers[0])
    assert (numbers[1] in rest, numbers[0] in rest) == (True, False)


def test_old_messages_without_a_case_go_with_a_proof(vaxel, store, monkeypatch, url):
    """DOMAIN D2, E4: when the operator has said how long they are kept."""
    message = make_case_message(external_case_id="A-1", text="om Tolvan")
    old = NOW - timedelta(days=3650)
    store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, old, "why"))
    assert "0 unmatched messages disposed of." in vaxel("retention", "dispose", "--yes")
    monkeypatch.setenv("VAXEL_UNMATCHED_MONTHS", "12")
    due = vaxel("retention", "due")
    assert f"from {CASE_SYSTEM} received 2016-11-" in due
    assert "1 unmatched message due." in due
    assert "1 unmatched message disposed of." in vaxel("retention", "dispose", "--yes")
    assert "rule unmatched 12 months" in vaxel("retention", "disposed", "--unmatched")
    assert b"om Tolvan" not in Path(url.removeprefix("sqlite:///")).read_bytes()
    assert "0 unmatched messages due." in vaxel("retention", "due")


def _ended(store, days_ago):
    number = accept(store, region="nordmark").number
    deliver_one(store)
    entry = make_entry(at=NOW - timedelta(days=days_ago))
    change(store, number, lambda _: Change(CaseState.CLOSED, entry))
    return number
