"""Deliveries over REST: what waits where and why, and trying again."""

import pytest

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Attempted

PARKED = Attempted(DeliveryState.PARKED, "try-later", "HTTP 503")
UNKNOWN = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"


@pytest.fixture
def parked(asked, case, claim, clock, store):
    """The ids of two deliveries that wait for an operator, in the order they were made."""
    for case_id in ("e-1", "e-2"):
        asked("e-service", "POST", "/cases", json=case | {"caseId": case_id})
    claimed = claim()
    assert all(store.deliveries.record(one, PARKED, clock()) for one in claimed)
    return [str(one.id) for one in claimed]


def test_operators_list_what_is_parked(asked, parked):
    """DOMAIN G1: where, since when and why."""
    page = asked("operator", "GET", "/deliveries?state=PARKED&limit=1").json()
    assert [item["reason"] for item in page["items"]] == ["HTTP 503"]
    assert page["next"] == parked[0]
    assert asked("operator", "GET", "/deliveries?state=WAITING").json() == {"items": []}


def test_operators_read_every_attempt(asked, parked):
    """DOMAIN G1: the whole history."""
    told = asked("operator", "GET", f"/deliveries/{parked[0]}").json()
    assert told["history"][0]["outcome"] == "try-later"


def test_a_parked_delivery_is_replayed_once(asked, parked):
    """DOMAIN C4: what is parked can be replayed, and only that."""
    first = asked("operator", "POST", f"/deliveries/{parked[0]}/replays")
    assert (first.status_code, first.json()["state"]) == (200, "WAITING")
    again = asked("operator", "POST", f"/deliveries/{parked[0]}/replays")
    assert (again.status_code, again.json()["title"]) == (409, "Step not legal")


@pytest.mark.parametrize("delivery", [UNKNOWN, "191212121212"])
def test_an_unknown_delivery_is_not_found(asked, delivery):
    """RFC 9457: a problem, like everything that goes wrong."""
    assert asked("operator", "GET", f"/deliveries/{delivery}").status_code == 404


@pytest.mark.parametrize("path", ["/deliveries", "/deliveries/groups"])
def test_a_destination_that_was_mistyped_is_told_with_those_there_are(asked, parked, path):
    """DOMAIN G1: an empty list would say that nothing waits there."""
    answer = asked("operator", "GET", f"{path}?destination=stockholm/avvikelser")
    assert (answer.status_code, answer.json()["title"]) == (400, "Schema")
    assert "there are stockholm/diariet, stockholm/inbox" in answer.text


@pytest.mark.parametrize("query", ["state=LOST", "after=1", "limit=0"])
def test_a_filter_that_cannot_be_is_refused(asked, query):
    """AESTHETICS 4.5, rule 13: unsupported is refused, loudly."""
    answer = asked("operator", "GET", f"/deliveries?{query}")
    assert (answer.status_code, answer.json()["title"]) == (400, "Schema")


def test_a_filter_that_nobody_knows_is_refused(asked, parked):
    """A filter with a slip of the pen would choose all of them; its value is not repeated."""
    answer = asked("operator", "GET", "/deliveries?states=PARKED&191212121212=1")
    told = [(error["where"], error["message"]) for error in answer.json()["errors"]]
    words = "is not known here; leave it out"
    assert answer.status_code == 400
    assert told == [("query/states", words), ("query/(a key that is no name)", words)]


def test_a_filter_that_is_said_twice_is_refused(asked, parked):
    """Which of them was meant, nobody can tell."""
    answer = asked("operator", "GET", "/deliveries?state=PARKED&limit=1&state=WAITING")
    told = [(error["where"], error["message"]) for error in answer.json()["errors"]]
    assert answer.status_code == 400
    assert told == [("query/state", "is said more than once; say it once")]
