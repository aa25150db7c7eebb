"""Cases over REST: one receipt for a case, a clear no for what cannot be taken."""

from functools import partial

import pytest

STRANGER = "2026-0000-000000"


@pytest.fixture
def submit(asked):
    """Submit as the e-service."""
    return lambda case, **more: asked("e-service", "POST", "/cases", json=case, **more)


@pytest.fixture
def number(submit, case):
    """The number of a submitted case."""
    return submit(case).json()["caseNumber"]


def test_a_case_gets_a_receipt_and_an_address(submit, case):
    """DOMAIN A1, C1: the receipt is given when the case is kept."""
    answer = submit(case)
    assert answer.status_code == 201
    number = answer.json()["caseNumber"]
    assert answer.headers["location"] == f"/api/v1/cases/{number}"
    told = {"caseNumber": number, "receivedTime": "2026-03-02T08:30:00Z", "warnings": []}
    assert answer.json() == told


def test_the_case_that_is_kept_is_the_case_that_was_sent(submit, case, store):
    """DOMAIN A1: every element goes through, bytes and all."""
    case["patient"] = {
        "personId": {"oid": "1.2.752.129.2.1.3.1", "number": "200208012393"},
        "relation": "GUARDIAN",
        "powerOfAttorney": True,
    }
    kept = store.cases.content(submit(case).json()["caseNumber"])
    assert kept.description == case["description"]
    assert kept.attachments[0].read() == b"Hej"
    assert kept.patient.power_of_attorney is True
    assert kept.submitter.phone is None


def test_a_repeat_gets_the_very_same_receipt(submit, case):
    """DESIGN decision 9: the same key with the same content gets the same answer."""
    first, second = submit(case), submit(case)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content


def test_null_says_the_same_as_left_out(submit, case):
    """DESIGN decision 9: a sender that writes null for what there is not repeats itself."""
    submit(case | {"attachments": []})
    nothing = {"desiredOutcome": None, "patient": None, "attachments": None}
    assert submit(case | nothing).status_code == 200


def test_the_same_id_with_other_content_is_a_conflict(submit, case):
    """DESIGN decision 9: with other content a clear conflict."""
    submit(case)
    answer = submit(case | {"description": "Något annat."})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:vaxel:problem:idempotency-conflict"


def test_an_idempotency_key_must_be_the_case_id(submit, case):
    """CONTRACT: one key for one request; two that differ would be a riddle."""
    assert submit(case, headers={"Idempotency-Key": case["caseId"]}).status_code == 201
    answer = submit(case, headers={"Idempotency-Key": "another"})
    assert answer.status_code == 400
    words = "caseId is the key here; send the same in both, or leave this header out"
    told = {"where": "Idempotency-Key", "rule": "schema", "message": words}
    assert answer.json()["errors"] == [told]


def test_an_odd_personal_number_is_taken_with_a_warning(submit, case):
    """INTEROP §6.2: a check digit that does not fit is no ground for refusal."""
    case["submitter"]["personId"]["number"] = "191212121211"
    warnings = submit(case).json()["warnings"]
    assert warnings == ["submitter/personId: the check digit does not fit"]


def test_every_broken_rule_is_told(submit, case):
    """DOMAIN A3, A4: the sender can correct everything at once."""
    receiver = {"type": "CARE", "place": "Solna"}
    answer = submit(case | {"receiver": receiver, "eventDate": "2027-01-01"})
    assert answer.status_code == 422
    rules = [error["rule"] for error in answer.json()["errors"]]
    assert rules == ["care-unit-missing", "place-on-care-case", "event-date-in-future"]


@pytest.mark.parametrize(
    ("receiver", "problem"),
    [
        ({"type": "CARE", "hsaId": "SE2321000016-9X9X"}, "unknown-unit"),
        ({"type": "CARE", "hsaId": "SE2321000016-PN"}, "not-a-care-unit"),
        ({"type": "COMMITTEE", "hsaId": "SE2321000016-1A2B"}, "not-a-committee"),
    ],
)
def test_a_case_that_has_no_way_is_refused(submit, case, receiver, problem):
    """DOMAIN A2, B1: neither guessed nor kept in silence."""
    answer = submit(case | {"receiver": receiver})
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:vaxel:problem:{problem}")


def test_the_sender_and_operators_read_a_case_and_its_way(asked, number):
    """DOMAIN G1: the whole way in one timeline, whose links can be checked."""
    for caller in ("e-service", "operator"):
        told = asked(caller, "GET", f"/cases/{number}").json()
        assert (told["caseState"], told["dueTime"]) == ("SUBMITTED", "2026-03-30T08:30:00Z")
        assert [entry["step"] for entry in told["timeline"]] == ["case.accepted"]


def test_a_read_case_tells_nothing_of_what_was_written(asked, number, case):
    """DESIGN decision 11: operators see where a case is, not what it is about."""
    text = asked("operator", "GET", f"/cases/{number}").text
    secrets = ("191212121212", "Tolvan", case["description"], "brev.txt")
    assert [secret for secret in secrets if secret in text] == []


def test_another_e_service_learns_nothing_of_a_case(asked, number):
    """DOMAIN A1: a case that is somebody else's does not even exist."""
    ask = partial(asked, "other-e-service", "GET")
    mine, nobodys = ask(f"/cases/{number}"), ask(f"/cases/{STRANGER}")
    assert mine.status_code == nobodys.status_code == 404
    assert mine.json()["title"] == nobodys.json()["title"]


@pytest.mark.parametrize("what", ["supplements", "withdrawals"])
def test_a_change_is_done_once(asked, number, what):
    """DOMAIN A10: repeated with its key, it changes nothing more."""
    body = {"json": {"text": "Det var den 1 mars."}} if what == "supplements" else {}
    change = partial(asked, "e-service", "POST", f"/cases/{number}/{what}", **body)
    first, second = (change(headers={"Idempotency-Key": "s-1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert len(asked("operator", "GET", f"/cases/{number}").json()["timeline"]) == 2


@pytest.mark.parametrize("what", ["supplements", "withdrawals"])
def test_a_change_needs_a_key(asked, number, what):
    """DESIGN decision 9: the key comes from the sender."""
    answer = asked("e-service", "POST", f"/cases/{number}/{what}", json={"text": "Mer."})
    assert answer.status_code == 400
    told = {"where": "header/Idempotency-Key", "rule": "schema", "message": "is missing"}
    assert answer.json()["errors"] == [told]


def test_a_withdrawn_case_takes_no_supplement(asked, number):
    """DOMAIN A10: until it is closed, and no longer."""
    post = partial(asked, "e-service", "POST")
    post(f"/cases/{number}/withdrawals", headers={"Idempotency-Key": "w-1"})
    supplement = f"/cases/{number}/supplements"
    answer = post(supplement, headers={"Idempotency-Key": "s-1"}, json={"text": "Mer."})
    assert (answer.status_code, answer.json()["title"]) == (409, "Step not legal")


@pytest.mark.parametrize("path", ["191212121212", "2026-7F3K-9QWM2Xx", "x" * 300])
def test_what_is_no_case_number_is_not_said_again(asked, path):
    """DESIGN decision 11: somebody may have put a person there."""
    answer = asked("operator", "GET", f"/cases/{path}")
    assert answer.status_code == 404
    assert path not in answer.text
