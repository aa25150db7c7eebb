"""The timeline: whole as it was written, and every change in it found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.flow.timeline import GENESIS, Entry, Step, first_break, link

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
words = st.text("åb ", max_size=3)
details = st.dictionaries(words, st.none() | st.integers(-(2**63), 2**63 - 1) | words, max_size=2)
entries = st.builds(
    Entry,
    step=st.sampled_from(Step),
    at=st.integers(0, 10**9).map(lambda passed: NOON + timedelta(microseconds=passed)),
    actor=words,
    details=details,
)
timelines = st.lists(entries, min_size=1, max_size=4)
READ = Entry(Step.CASE_READ, NOON, "SE2321000016-2SG8", {"place": "pages", "files": 2})


def test_an_empty_timeline_is_whole():
    """DOMAIN G3: nothing has happened, nothing is missing."""
    assert first_break([]) is None


@given(timelines)
def test_a_timeline_as_it_was_written_is_whole(happened):
    """DOMAIN G3: every entry is linked to the one before."""
    assert first_break(_written(happened)) is None


@given(timelines, st.data())
def test_a_changed_entry_is_found(happened, data):
    """DOMAIN G3: changes can be detected by a third party."""
    links = _written(happened)
    at = data.draw(st.integers(0, len(links) - 1))
    forged = replace(links[at].entry, actor=links[at].entry.actor + "!")
    links[at] = replace(links[at], entry=forged)
    assert first_break(links) == at + 1


@given(timelines, st.data())
def test_a_removed_entry_is_found(happened, data):
    """DOMAIN G3: gaps can be detected by a third party."""
    links = _written([*happened, READ])
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    assert first_break(links) == at + 1


@given(timelines, st.data())
def test_an_entry_put_in_is_found(happened, data):
    """DOMAIN G3: even one that is rightly linked to the entry before it."""
    links = _written(happened)
    at = data.draw(st.integers(0, len(links) - 1))
    previous = links[at - 1].hash if at else GENESIS
    links.insert(at, link(READ, at + 1, previous))
    assert first_break(links) == at + 2


@pytest.mark.parametrize(
    "forged",
    [
        replace(READ, step=Step.CASE_ACCEPTED),
        replace(READ, at=NOON + timedelta(microseconds=1)),
        replace(READ, actor="SE2321000016-XXXX"),
        replace(READ, details={"place": "pages", "files": 3}),
        replace(READ, details={"place": "pages"}),
    ],
)
def test_every_part_of_an_entry_is_under_the_hash(forged):
    """DOMAIN G3: what, when, by whom, and the details."""
    assert link(forged, 1, GENESIS).hash != link(READ, 1, GENESIS).hash


def test_the_place_in_the_timeline_and_all_before_it_are_under_the_hash():
    """DOMAIN G3: an entry cannot be moved."""
    assert link(READ, 2, GENESIS).hash != link(READ, 1, GENESIS).hash
    assert link(READ, 1, "f" * 64).hash != link(READ, 1, GENESIS).hash


def test_a_timeline_is_whole_in_every_time_zone_and_order_of_keys():
    """DOMAIN G3: a database may give the same instant and details back in another spelling."""
    stockholm = timezone(timedelta(hours=1))
    respelled = replace(
        READ, at=NOON.astimezone(stockholm), details={"files": 2, "place": "pages"}
    )
    assert link(respelled, 1, GENESIS).hash == link(READ, 1, GENESIS).hash


def _written(happened):
    links, previous = [], GENESIS
    for number, entry in enumerate(happened, 1):
        links.append(link(entry, number, previous))
        previous = links[-1].hash
    return links
