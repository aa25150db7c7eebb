"""Cases forwarded over REST: by staff, by systems, and by operators."""

import pytest

from gateway.facade.rest.forwards import ForwardBody
from gateway.testing.builders import TOLVAN
from tests.unit.facade.rest.conftest import INBOX_UNIT, PICKING_SYSTEM, PICKUP_UNIT, UNIT


@pytest.fixture
def number(asked, unit_case):
    """A case in the built-in inbox of the unit."""
    return asked("e-service", "POST", "/cases", json=unit_case).json()["caseNumber"]


@pytest.fixture
def forward(asked, number):
    """Forward as staff of the unit."""

    def forward(to, key="f-1", caller="staff", **more):
        body = {"messageKind": "FORWARD", "forwardTo": to.text, **more}
        headers = {"Idempotency-Key": key}
        return asked(caller, "POST", f"/unit-inbox/{number}/messages", headers, json=body)

    return forward


def _fetch(asked):
    return asked("picking-system", "GET", "/pickups").json()["items"]


def test_from_the_inbox_to_a_system_and_back(asked, forward, number, claim, store):
    """DOMAIN D6: the history goes along, and each holder has it in turn."""
    claim()
    assert forward(PICKUP_UNIT, text="Det är ert.").status_code == 201
    (pickup,) = _fetch(asked)
    message = pickup["message"]
    assert (message["caseEvent"], message["forwardedTo"]) == ("FORWARDED", PICKUP_UNIT.text)
    assert (message["reason"], len(message["history"])) == ("Det är ert.", 1)
    back = {
        "messageId": "m-1",
        "messageKind": "FORWARD",
        "sentTime": "2026-03-02T09:30:00+01:00",
        "caseNumber": number,
        "forwardTo": INBOX_UNIT.text,
    }
    refused = asked("picking-system", "POST", "/case-messages", json=back)
    assert (refused.status_code, refused.json()["title"]) == (409, "Forward loop")
    body, key = {"forwardTo": INBOX_UNIT.text}, {"Idempotency-Key": "op-1"}
    moved = asked("operator", "POST", f"/cases/{number}/forwards", key, json=body)
    assert moved.status_code == 201
    (claimed,) = claim()
    store.unit_inboxes.put(claimed.message)
    history = asked("staff", "GET", f"/unit-inbox/{number}").json()["history"]
    assert [past["historyKind"] for past in history] == ["FORWARDED", "FORWARDED"]
    items = asked("staff", "GET", "/unit-inbox").json()["items"]
    assert [item["caseNumber"] for item in items] == [number]
    kinds = [m.kind.value for m in store.cases.inbox_messages(TOLVAN, None, 9)]
    assert kinds == ["CASE_CONFIRMATION", "FORWARDED", "FORWARDED"]


def test_a_file_that_the_holder_before_sent_can_be_fetched(asked, unit_case):
    """DOMAIN D4, D6: numbered after those of the citizen."""
    number = asked("e-service", "POST", "/cases", json=unit_case).json()["caseNumber"]
    file = {"fileName": "svar.txt", "mediaType": "text/plain", "content": "SGVq"}
    body = {"messageKind": "PARTIAL_REPLY", "text": "Se filen.", "attachments": [file]}
    key = {"Idempotency-Key": "p-1"}
    asked("staff", "POST", f"/unit-inbox/{number}/messages", key, json=body)
    whole = asked("staff", "GET", f"/unit-inbox/{number}").json()
    (listed,) = whole["history"][0]["attachments"]
    path = f"/unit-inbox/{number}/attachments/{listed['number']}"
    assert asked("staff", "GET", path).content == b"Hej"


def test_where_a_case_stands_is_told(asked, forward, number):
    """DOMAIN B3, D6: the selected unit, and the one that has it now."""
    forward(UNIT)
    told = asked("operator", "GET", f"/cases/{number}").json()
    assert (told["unitHsaId"], told["forwardedTo"]) == (INBOX_UNIT.text, UNIT.text)
    assert told["forwardedToName"] == "Akutmottagningen Solna"
    assert told["timeline"][-1]["step"] == "case.forwarded"


def test_a_repeat_gets_the_same_receipt_from_who_is_no_longer_the_holder(forward):
    """DOMAIN D2."""
    first, second = forward(UNIT), forward(UNIT)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert forward(UNIT, key="f-2").status_code == 404


def test_a_fetched_case_that_was_forwarded_takes_no_receipt(asked, forward, number):
    """DOMAIN D6: it is another's now, and the one before is told so."""
    forward(PICKUP_UNIT)
    (pickup,) = _fetch(asked)
    key = {"Idempotency-Key": "op-1"}
    asked("operator", "POST", f"/cases/{number}/forwards", key, json={"forwardTo": UNIT.text})
    path = f"/pickups/{pickup['deliveryId']}/receipt"
    answer = asked("picking-system", "POST", path, json={"externalCaseId": "D-1"})
    assert (answer.status_code, "no longer yours" in answer.text) == (409, True)
    assert _fetch(asked) == []


@pytest.mark.parametrize(
    ("more", "status"),
    [({"forwardTo": None}, 422), ({"forwardTo": "SE2321000016-NOBODY"}, 422)],
)
def test_a_forward_that_leads_nowhere_is_refused(asked, number, more, status):
    """DOMAIN D6: with the rule, and nothing is changed."""
    body = {k: v for k, v in {"messageKind": "FORWARD", **more}.items() if v}
    key = {"Idempotency-Key": "f-1"}
    answer = asked("staff", "POST", f"/unit-inbox/{number}/messages", key, json=body)
    assert answer.status_code == status
    (told,) = answer.json()["errors"]
    assert told["where"] == "forwardTo"


@pytest.mark.parametrize("caller", ["staff", "system", "e-service", "auditor"])
def test_only_operators_forward_what_others_hold(asked, number, caller):
    """DOMAIN E1: deny by default."""
    key = {"Idempotency-Key": "f-1"}
    path = f"/cases/{number}/forwards"
    answer = asked(caller, "POST", path, key, json=ForwardBody.EXAMPLE)
    assert (answer.status_code, answer.json()["title"]) == (403, "Not permitted")
    assert PICKING_SYSTEM.text not in answer.text
