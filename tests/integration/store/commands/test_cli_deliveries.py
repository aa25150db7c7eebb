"""`vaxel deliveries` and `vaxel replays`, on a database with parked work."""

import re
from uuid import UUID

import pytest

from gateway.domain.errors import Refusal
from gateway.testing.builders import DESTINATION
from gateway.testing.store_contract.acts import (
    PARKED,
    accept,
    change,
    deliver_one,
    postponed,
    supplement,
)
from gateway.testing.store_contract.replays import AGAIN_AT


@pytest.fixture
def parked(store):
    """A parked delivery of a case, with a supplement behind it."""
    number = accept(store).number
    change(store, number, supplement())
    return deliver_one(store, PARKED).id


def test_what_waits_behind_a_parked_one_says_so(vaxel, parked):
    """DOMAIN G1: with its age, and why in plain words."""
    listed = vaxel("deliveries", "list", "--state", "waiting")
    assert re.search(
        r"age \d+ \w+ attempts 0 waits for delivery 1 of the same case, which is parked because: ",
        listed,
    )
    assert "next" not in listed
    assert "age" in vaxel("deliveries", "show", parked)


def test_one_is_replayed_by_its_id_at_once(vaxel, parked, store):
    """DOMAIN C4."""
    said = vaxel("deliveries", "replay", parked)
    told = f"waits for {DESTINATION} again, and is not tried yet: the destination is not in the "
    assert told in said
    assert store.deliveries.find(parked)[0].attempts == 1


def test_many_are_replayed_after_a_preview_and_a_yes(vaxel, parked):
    """DOMAIN C4: then it can be looked at, paused and cancelled."""
    said = vaxel("deliveries", "replay", "--destination", DESTINATION, answer="y\n")
    assert "1 chosen at 1 destination; route: original" in said
    assert f"warning: what goes to {DESTINATION} waits: it is not in the route table" in said
    (replay,) = re.findall(r"replay (\S+) has begun", said)
    for verb, state in (("pause", "PAUSED"), ("resume", "RUNNING"), ("cancel", "CANCELLED")):
        told = vaxel("replays", verb, replay)
        begins = f"replay {replay} to original: {state}, 0 of 1 wait again, 0 skipped, begun 2026-"
        assert told.startswith(begins)
    assert vaxel("replays", "show", replay) == vaxel("replays", "list") == told


@pytest.mark.parametrize("command", [("list",), ("list", "--grouped"), ("replay",)])
def test_a_destination_that_was_mistyped_is_told_with_those_there_are(vaxel, parked, command):
    """DOMAIN G1: an empty list would say that nothing waits there."""
    with pytest.raises(Refusal, match=r"no destination has that name; there are .*nordmark/"):
        vaxel("deliveries", *command, "--destination", "nordmark/avvikelser")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--state", "waiting"), "leave it out to list what is WAITING, or leave out --state"),
        (("--after", UUID(int=1)), "leave out --after, and give a larger --limit"),
    ],
)
def test_what_groups_cannot_be_chosen_by_is_refused(vaxel, parked, more, words):
    """DOMAIN G1: groups of what is parked would be taken for those of what waits."""
    assert words in vaxel("deliveries", "list", "--grouped", *more)


def test_groups_are_of_what_is_parked_also_when_that_is_said(vaxel, parked):
    """DOMAIN G1."""
    said = vaxel("deliveries", "list", "--grouped", "--state", "parked")
    assert said == vaxel("deliveries", "list", "--grouped")
    assert said.startswith(f"1 {DESTINATION} ")


def test_nothing_is_replayed_without_a_yes(vaxel, parked):
    """DOMAIN C4: nobody repeats by a slip of the hand."""
    chosen = ("--region", "norr", "--created-to", "2027-01-01")
    assert "Aborted" in vaxel("deliveries", "replay", *chosen, answer="\n")


@pytest.mark.parametrize(
    ("chosen", "words"),
    [(("--fault", "another"), "nothing that is parked fits"), ((), "say which ones")],
)
def test_a_filter_that_matches_nothing_or_says_nothing_is_refused(vaxel, parked, chosen, words):
    """Issue 3: what bad input gets."""
    with pytest.raises(Refusal, match=words):
        vaxel("deliveries", "replay", *chosen)


def test_one_that_waits_is_hurried(vaxel, store):
    """DOMAIN G1, C2: or it is told what holds it."""
    accept(store)
    waiting = deliver_one(store, postponed(AGAIN_AT)).id
    said = vaxel("deliveries", "hurry", waiting)
    words = "is due, and waits all the same: the destination is not in the route table any more"
    assert words in said
    assert "next 2026-" not in vaxel("deliveries", "list")
