"""Handling a case over REST: who is told what, and the lists of codes."""

import pytest

CLASSIFIED = {"problems": ["3.4"], "fieldOfOperation": "SOMATIC_CARE"}
HANDLER = {"handlerHsaId": "SE2321000016-NURSE", "handlerName": "Sköterskan"}


@pytest.fixture
def number(asked, claim, store, unit_case):
    """The number of a case in the unit's inbox."""
    asked("e-service", "POST", "/cases", json=unit_case).raise_for_status()
    [claimed] = claim()
    return store.unit_inboxes.put(claimed.message)


@pytest.fixture
def act(asked, number):
    """Do something to the case: `act("staff", "assignments", HANDLER)`."""

    def act(caller, what, body, key="k-1"):
        headers = {"Idempotency-Key": key}
        return asked(caller, "POST", f"/unit-inbox/{number}/{what}", headers, json=body)

    return act


def test_a_distributor_assigns_a_case_that_they_cannot_read(asked, act, number):
    """DOMAIN E1: and sees who has it, and nothing of what it says."""
    distributor, path = "case-distributor of own", f"/unit-inbox/{number}"
    assert asked(distributor, "GET", path).status_code == 403
    first, again = (act(distributor, "assignments", HANDLER) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    act("staff", "classifications", CLASSIFIED)
    shown = asked(distributor, "GET", f"{path}/handling").json()
    assert (shown["assignedName"], "classification" in shown) == ("Sköterskan", False)
    assert asked("staff", "GET", f"{path}/handling").json()["classification"] == CLASSIFIED


def test_a_case_is_left_to_nobody_by_an_empty_body(asked, act, number):
    """DOMAIN E2."""
    act("staff", "assignments", HANDLER)
    act("staff", "assignments", {}, key="k-2")
    assert "assignedHsaId" not in asked("staff", "GET", f"/unit-inbox/{number}/handling").json()
    assert act("staff", "assignments", {"handlerName": "x"}, key="k-3").status_code == 400


def test_the_second_is_told_what_the_first_did(asked, act, number):
    """DOMAIN E2: two handlers at once."""
    seen = asked("staff", "GET", f"/unit-inbox/{number}/handling").json()["version"]
    act("coordinator of own", "assignments", HANDLER)
    reply = {"messageKind": "FINAL_REPLY", "text": "Tack.", "version": seen}
    problem = act("staff", "messages", reply, key="k-2").json()
    assert (problem["status"], problem["type"]) == (409, "urn:vaxel:problem:case-overtaken")
    assert "case.assigned by SE2321000016-COORDINATOR-own" in problem["detail"]


def test_a_case_goes_through_every_verb_to_its_end_and_back(asked, act, number):
    """DOMAIN A6, D3, E2: the whole way of one case, over REST."""
    act("staff", "classifications", CLASSIFIED, "k-1").raise_for_status()
    reply = {"messageKind": "FINAL_REPLY", "standardText": "ANSWERED_BY_PHONE"}
    act("staff", "messages", reply, "k-2").raise_for_status()
    act("staff", "messages", {"messageKind": "CLOSED"}, "k-3").raise_for_status()
    act("staff", "reopenings", {"text": "Vi har fått veta mer."}, "k-4").raise_for_status()
    shown = asked("staff", "GET", f"/unit-inbox/{number}/handling").json()
    assert (shown["caseState"], "closedTime" in shown) == ("IN_PROGRESS", False)
    assert "reopenedTime" in shown


def test_files_wait_until_they_are_asked_for(asked, act, number):
    """DOMAIN A10, D4."""
    file = {"fileName": "mer.txt", "mediaType": "text/plain", "content": "TWVy"}
    added, path = {"text": "Mer.", "attachments": [file]}, f"/cases/{number}/supplements"
    send = {"headers": {"Idempotency-Key": "s-1"}, "json": added}
    problem = asked("e-service", "POST", path, **send).json()
    assert (problem["status"], problem["title"]) == (422, "Attachments not allowed")
    asks = {"messageKind": "SUPPLEMENT_REQUEST", "text": "Vad mer?", "attachmentsAllowed": True}
    act("staff", "messages", asks).raise_for_status()
    assert asked("e-service", "POST", path, **send).status_code == 201


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/standard-texts", "WILL_CALL"),
        ("/problem-categories", "3.4"),
        ("/fields-of-operation", "DENTAL_CARE"),
    ],
)
def test_the_codes_are_listed(asked, path, code):
    """DOMAIN D3, E2: in Swedish and English, for any known caller."""
    items = {item["code"]: item for item in asked("system", "GET", path).json()["items"]}
    assert items[code]["swedish"] != items[code]["english"]
