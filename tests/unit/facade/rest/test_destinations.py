"""Destinations over REST: how they stand, and pausing one."""

from datetime import timedelta

import pytest

from gateway.domain.breaker import Breaker, BreakerState

KEY = "stockholm/avvikelse"
INBOX = "/destinations/stockholm/inbox"
WHY = {"reason": "Nya certifikat på söndag"}


@pytest.fixture
def one(asked):
    """Read how one destination stands."""

    def one(key):
        items = asked("operator", "GET", "/destinations").json()["items"]
        return next(item for item in items if item["destination"] == key)

    return one


def test_every_destination_of_the_table_is_listed(one):
    """DOMAIN G1: also when nothing is the matter."""
    assert one("stockholm/inbox") == {
        "destination": "stockholm/inbox",
        "title": "inbox",
        "standing": "CALLED",
        "reason": "it is called",
        "waiting": 0,
    }


def test_what_is_no_longer_in_the_table_is_listed_while_something_waits_for_it(asked, case, one):
    """DOMAIN C2, G1: shut, and what waits is kept."""
    asked("e-service", "POST", "/cases", json=case)
    told = one(KEY)
    assert (told["standing"], told["waiting"]) == ("UNROUTED", 1)
    assert told["reason"] == "it is not in the route table any more"
    assert "title" not in told
    assert told["waitingSince"].startswith("2026-03-02T08:30")


def test_destinations_are_read_page_by_page(asked, case):
    """INTEROP §7: lists are read a page at a time."""
    asked("e-service", "POST", "/cases", json=case)
    first = asked("operator", "GET", "/destinations?limit=1").json()
    rest = asked("operator", "GET", f"/destinations?after={first['next']}").json()
    keys = [item["destination"] for item in first["items"] + rest["items"]]
    assert (keys[0], keys) == (KEY, sorted(keys))
    assert "stockholm/inbox" in keys
    assert "next" not in rest


def test_a_destination_is_paused_with_a_reason_and_resumed(asked, one):
    """DOMAIN C2: by whom, why, since when."""
    paused = asked("operator", "POST", f"{INBOX}/pause", json=WHY)
    assert (paused.status_code, paused.json()["standing"]) == (200, "PAUSED")
    pause = one("stockholm/inbox")["pause"]
    assert (pause["reason"], pause["pausedBy"]) == (WHY["reason"], "SE5560000000-OP")
    resumed = asked("operator", "POST", f"{INBOX}/resume")
    assert (resumed.status_code, resumed.json()["standing"]) == (200, "CALLED")


def test_a_pause_is_not_written_over_and_what_is_not_paused_is_not_resumed(asked):
    """AESTHETICS 4.5: what changes nothing says so."""
    assert asked("operator", "POST", f"{INBOX}/resume").status_code == 409
    asked("operator", "POST", f"{INBOX}/pause", json=WHY)
    again = asked("operator", "POST", f"{INBOX}/pause", json=WHY)
    assert (again.status_code, again.json()["title"]) == (409, "Step not legal")
    assert "is paused already" in again.json()["detail"]


@pytest.mark.parametrize("name", ["stockholm/nobody", "stockholm/191212121212", "A/B"])
def test_an_unknown_destination_cannot_be_paused(asked, name):
    """A word that was mistyped stops nothing."""
    assert asked("operator", "POST", f"/destinations/{name}/pause", json=WHY).status_code == 404


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "a\nb"}])
def test_a_pause_needs_a_reason_of_one_line(asked, body):
    """Others read it in a list."""
    assert asked("operator", "POST", f"{INBOX}/pause", json=body).status_code == 400


@pytest.mark.parametrize("caller", ["e-service", "system", "staff"])
def test_only_operators_look_and_pause(asked, caller):
    """DOMAIN G1."""
    assert asked(caller, "GET", "/destinations").status_code == 403
    assert asked(caller, "POST", f"{INBOX}/pause", json=WHY).status_code == 403
    assert asked(caller, "POST", f"{INBOX}/resume").status_code == 403


def test_what_waits_tells_that_its_destination_does_not_answer(asked, unit_case, store, clock):
    """DOMAIN G1: why, since when, and when it is tried again."""
    asked("e-service", "POST", "/cases", json=unit_case)
    since, until = clock(), clock() + timedelta(minutes=5)
    opened = Breaker(5, BreakerState.OPEN, 5, 1, since, until)
    store.destinations.move("stockholm/inbox", Breaker(), opened)
    [item] = asked("operator", "GET", "/deliveries?state=WAITING").json()["items"]
    assert item["reason"].startswith("the destination does not answer since ")
    assert "one delivery finds out again at 2026-03-02T09:35" in item["reason"]
    read = asked("operator", "GET", f"/deliveries/{item['deliveryId']}").json()
    assert read["reason"] == item["reason"]
