"""Pickups over REST: a system that cannot be called fetches, and sends receipts (DOMAIN C5)."""

import json
from pathlib import Path

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from gateway.domain.lifecycle import DeliveryState

GUIDE = Path(__file__).parents[4] / "docs/guide"
UNKNOWN = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"


@pytest.fixture
def send(asked, pickup_case):
    """Submit a case to the unit whose system fetches, under a name; tells its number."""

    def send(case_id):
        answer = asked("e-service", "POST", "/cases", json=pickup_case | {"caseId": case_id})
        return answer.json()["caseNumber"]

    return send


@pytest.fixture
def fetch(asked):
    """Fetch as the system does."""
    return lambda query="": asked("picking-system", "GET", f"/pickups{query}").json()["items"]


@pytest.fixture
def answer(asked):
    """Send a receipt as the system does."""

    def answer(pickup, receipt, caller="picking-system"):
        path = f"/pickups/{pickup['deliveryId']}/receipt"
        return asked(caller, "POST", path, json=receipt)

    return answer


def test_a_system_fetches_what_waits_for_it_as_a_webhook_would_bring_it(
    send, fetch, store, pickup_case
):
    """DOMAIN C5: one notation, files and all."""
    number = send("e-1")
    [pickup] = fetch()
    message = pickup["message"]
    assert (message["caseNumber"], message["caseEvent"]) == (number, "SUBMITTED")
    assert message["case"] == pickup_case | {"caseId": "e-1"}
    assert message["messageId"] == pickup["deliveryId"]


def test_one_whose_file_is_lost_does_not_hold_up_the_others(
    send, fetch, asked, doors, store, pickup_case
):
    """DOMAIN C2, C4: it is parked, and is ours to mend."""
    lost = send("e-1")
    doors.intake.files.contents.there.clear()
    without = asked("e-service", "POST", "/cases", json=pickup_case | {"attachments": []})
    assert [one["message"]["caseNumber"] for one in fetch()] == [without.json()["caseNumber"]]
    [parked] = store.deliveries.listed(DeliveryState.PARKED, None, None, 9)
    assert parked.case_number == lost
    assert "our own place of attachments" in parked.reason


def test_what_is_fetched_is_not_given_to_another(send, fetch):
    """DESIGN decision 4: it is the first fetcher's until the lease ends."""
    numbers = [send(f"e-{n}") for n in range(3)]
    given = [fetch("?limit=2"), fetch(), fetch()]
    assert [[one["message"]["caseNumber"] for one in page] for page in given] == [
        numbers[:2], numbers[2:], [],
    ]  # fmt: skip


def test_a_receipt_tells_what_the_system_calls_the_case(send, fetch, answer, asked):
    """DOMAIN D2: from then on it may use its own name."""
    number = send("e-1")
    [pickup] = fetch()
    told = answer(pickup, {"externalCaseId": "DIA-1"})
    assert told.json() == {
        "deliveryId": pickup["deliveryId"],
        "caseNumber": number,
        "state": "DELIVERED",
        "externalCaseId": "DIA-1",
    }
    case = asked("operator", "GET", f"/cases/{number}").json()
    assert case["externalCaseId"] == "DIA-1"
    assert case["timeline"][-1]["step"] == "delivery.delivered"


def test_a_receipt_may_say_no_more_than_that_it_is_kept(send, fetch, answer):
    """DOMAIN C5: a system without names of its own says nothing."""
    send("e-1")
    assert answer(fetch()[0], {}).json()["state"] == "DELIVERED"


def test_a_refusal_is_parked_with_its_reason(send, fetch, answer, asked):
    """DOMAIN C4: a human looks."""
    send("e-1")
    [pickup] = fetch()
    told = answer(pickup, {"refused": "the unit is closed here"}).json()
    assert (told["state"], told["refused"]) == ("PARKED", "the unit is closed here")
    delivery = asked("operator", "GET", f"/deliveries/{pickup['deliveryId']}").json()
    assert (delivery["reason"], delivery["attempts"]) == ("the unit is closed here", 1)


@pytest.mark.parametrize("receipt", [{"externalCaseId": "DIA-1"}, {"refused": "closed"}])
def test_a_repeat_of_a_receipt_gets_the_same_answer(send, fetch, answer, receipt):
    """DOMAIN C1: also when the first answer was lost on its way."""
    send("e-1")
    [pickup] = fetch()
    first, again = answer(pickup, receipt), answer(pickup, receipt)
    assert (first.status_code, first.content) == (200, again.content)
    assert answer(pickup, {"externalCaseId": "DIA-2"}).status_code == 409


def test_the_next_of_a_case_comes_after_the_receipt_of_the_one_before(send, fetch, answer, asked):
    """DOMAIN C3: the case before its supplements."""
    number, key = send("e-1"), {"Idempotency-Key": "s-1"}
    asked("e-service", "POST", f"/cases/{number}/supplements", key, json={"text": "Mer."})
    [case] = fetch()
    assert fetch() == []
    answer(case, {})
    [added] = fetch()
    assert added["message"]["supplement"] == {"text": "Mer."}


@pytest.mark.parametrize("caller", ["system", "e-service", "staff"])
def test_nobody_else_sees_what_waits_for_a_system(send, fetch, answer, asked, caller):
    """DOMAIN E1: a stranger's delivery does not even exist."""
    send("e-1")
    listed = asked(caller, "GET", "/pickups")
    assert listed.status_code == 403 or listed.json() == {"items": []}
    assert answer(fetch()[0], {}, caller).status_code in (403, 404)


@pytest.mark.parametrize("caller", ["e-service", "staff", "operator"])
def test_only_case_systems_fetch(asked, caller):
    """Deny by default."""
    assert asked(caller, "GET", "/pickups").status_code == 403


@pytest.mark.parametrize("delivery", [UNKNOWN, "1"])
def test_a_receipt_of_nothing_is_not_found(answer, delivery):
    """RFC 9457: a problem, like everything that goes wrong."""
    assert answer({"deliveryId": delivery}, {}).status_code == 404


@pytest.mark.parametrize(
    "receipt",
    [
        {"externalCaseId": "DIA-1", "refused": "closed"},
        {"externalCaseId": ""},
        {"refused": "two\nlines"},
        {"kept": True},
    ],
)
def test_a_receipt_that_cannot_be_is_refused(send, fetch, answer, receipt):
    """AESTHETICS 4.5, rule 13: unsupported is refused, loudly, and nothing is repeated."""
    send("e-1")
    told = answer(fetch()[0], receipt)
    assert (told.status_code, told.json()["title"]) == (400, "Schema")
    assert "191212" not in told.text


def test_the_example_in_the_guide_has_the_shape_that_is_described(described):
    """The examples that partners copy are right."""
    example = json.loads((GUIDE / "examples/pickups.json").read_text())
    schema = {"$ref": "#/components/schemas/PickupList", "components": described["components"]}
    OAS31Validator(schema, format_checker=oas31_format_checker).validate(example)


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_limit_that_cannot_be_is_refused(asked, limit):
    """INTEROP §7.3, FNS.08."""
    assert asked("picking-system", "GET", f"/pickups?limit={limit}").status_code == 400
