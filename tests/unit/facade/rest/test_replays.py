"""Parked work over REST: groups by cause, and replays of many."""

import pytest

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Attempted

PARKED = Attempted(DeliveryState.PARKED, "expired", "HTTP 503")
UNKNOWN = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"
ALL = {"filter": {"destination": "stockholm/avvikelse"}}


@pytest.fixture
def parked(asked, case, claim, clock, store):
    """The ids of two parked deliveries, in the order they were made."""
    for case_id in ("e-1", "e-2"):
        asked("e-service", "POST", "/cases", json=case | {"caseId": case_id})
    claimed = claim()
    assert all(store.deliveries.record(one, PARKED, clock()) for one in claimed)
    return [str(one.id) for one in claimed]


def test_operators_list_what_is_parked_in_groups(asked, parked):
    """DOMAIN C4: count, oldest, whose it is to mend, and why."""
    (group,) = asked("operator", "GET", "/deliveries/groups").json()["items"]
    assert (group["count"], group["blame"], group["reason"]) == (2, "THEIRS", "HTTP 503")
    (item, _) = asked("operator", "GET", "/deliveries").json()["items"]
    assert (item["fault"], item["blame"]) == (group["fault"], "THEIRS")
    assert asked("operator", "GET", "/deliveries/groups?blame=OURS").json() == {"items": []}


def test_a_dry_run_tells_and_changes_nothing(asked, parked):
    """DOMAIN C4: a preview first."""
    answer = asked("operator", "POST", "/replays", json=ALL | {"dryRun": True})
    assert answer.status_code == 200
    assert (answer.json()["count"], answer.json()["destinations"]) == (2, 1)


def test_a_replay_is_started_and_looked_at(asked, parked, doors):
    """DOMAIN C4: it runs in steps, and tells how far it has come."""
    begun = asked("operator", "POST", "/replays", json=ALL)
    assert (begun.status_code, begun.json()["state"]) == (201, "RUNNING")
    place = f"/replays/{begun.json()['replayId']}"
    doors.replaying.step()
    told = asked("operator", "GET", place).json()
    assert (told["state"], told["done"], told["total"]) == ("DONE", 2, 2)


def test_replays_are_listed_newest_first(asked, parked, doors):
    """DOMAIN C4, G1: also those that somebody else began."""
    first, second = (asked("operator", "POST", "/replays", json=ALL).json() for _ in range(2))
    page = asked("operator", "GET", "/replays?limit=1").json()
    assert page == {"items": [second], "next": second["replayId"]}
    rest = asked("operator", "GET", f"/replays?after={page['next']}").json()
    assert rest == {"items": [first]}


def test_a_replay_is_paused_resumed_and_cancelled(asked, parked):
    """DOMAIN C4: while it runs."""
    place = f"/replays/{asked('operator', 'POST', '/replays', json=ALL).json()['replayId']}"
    for verb, state in (("pause", "PAUSED"), ("resume", "RUNNING"), ("cancel", "CANCELLED")):
        assert asked("operator", "POST", f"{place}/{verb}").json()["state"] == state
    again = asked("operator", "POST", f"{place}/resume")
    assert (again.status_code, again.json()["title"]) == (409, "Step not legal")


def test_a_filter_takes_one_delivery_or_a_time(asked, parked):
    """DOMAIN C4: one or many."""
    for chosen, count in (
        ({"deliveryId": parked[0]}, 1),
        ({"region": "stockholm", "createdFrom": "2026-01-01T00:00:00+01:00"}, 2),
    ):
        body = {"filter": chosen, "dryRun": True}
        assert asked("operator", "POST", "/replays", json=body).json()["count"] == count


def test_a_filter_that_matches_nothing_says_so(asked, parked):
    """Issue 3: what bad input gets."""
    answer = asked("operator", "POST", "/replays", json={"filter": {"fault": "another"}})
    assert (answer.status_code, answer.json()["title"]) == (422, "Nothing parked")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"filter": {}},
        {"filter": {"deliveryId": "7"}},
        {"filter": {"createdFrom": "soon"}},
        {"filter": {"destination": "stockholm/nowhere"}},
        {"filter": {"region": "nowhere"}},
        ALL | {"route": "stockholm/nowhere"},
        ALL | {"dryRun": "yes"},
        ALL | {"now": True},
    ],
)
def test_a_replay_that_cannot_be_is_refused(asked, parked, body):
    """AESTHETICS 4.5, rule 13: unsupported is refused, loudly."""
    answer = asked("operator", "POST", "/replays", json=body)
    assert (answer.status_code, answer.json()["title"]) == (400, "Schema")


@pytest.mark.parametrize("verb", ["", "/pause", "/resume", "/cancel"])
def test_an_unknown_replay_is_not_found(asked, verb):
    """RFC 9457: a problem, like everything that goes wrong."""
    method = "POST" if verb else "GET"
    assert asked("operator", method, f"/replays/{UNKNOWN}{verb}").status_code == 404


def test_one_that_waits_is_hurried(asked, parked):
    """DOMAIN G1, C2: due now, or told what holds it; what is parked is replayed instead."""
    refused = asked("operator", "POST", f"/deliveries/{parked[0]}/hurry")
    assert (refused.status_code, refused.json()["title"]) == (409, "Step not legal")
    asked("operator", "POST", f"/deliveries/{parked[0]}/replays")
    hurried = asked("operator", "POST", f"/deliveries/{parked[0]}/hurry")
    assert (hurried.status_code, hurried.json()["state"]) == (200, "WAITING")
    assert "dueTime" not in hurried.json()
    held = "the destination is not in the route table any more; at the last attempt: HTTP 503"
    assert hurried.json()["reason"] == held
