"""The built-in inbox over REST: the staff of a unit list, read and answer its cases."""

from functools import partial

import pytest

from gateway.testing.builders import TOLVAN


@pytest.fixture
def number(arrive, unit_case):
    """The number of a case in the unit's inbox."""
    return arrive(unit_case)


def test_staff_list_the_cases_of_their_units(asked, arrive, number, case):
    """DOMAIN E1: without content, and nobody else's."""
    arrive(case)
    answer = asked("staff", "GET", "/unit-inbox")
    assert [item["caseNumber"] for item in answer.json()["items"]] == [number]
    assert "191212121212" not in answer.text


def test_the_list_comes_a_page_at_a_time(asked, arrive, number, unit_case):
    """CONTRACT: keyset pages."""
    arrive(unit_case | {"caseId": "e-3"})
    page = asked("staff", "GET", "/unit-inbox?limit=1").json()
    assert [item["caseNumber"] for item in page["items"]] == [number]
    rest = asked("staff", "GET", f"/unit-inbox?limit=1&after={page['next']}").json()
    assert len(rest["items"]) == 1
    assert "next" not in rest


def test_staff_read_a_case_and_that_is_told(asked, number, unit_case):
    """DOMAIN E1, G3: whoever reads is on the timeline."""
    case = asked("staff", "GET", f"/unit-inbox/{number}").json()["case"]
    assert case["description"] == unit_case["description"]
    assert case["attachments"] == [
        {"number": 1, "fileName": "brev.txt", "mediaType": "text/plain"}
    ]
    timeline = asked("operator", "GET", f"/cases/{number}").json()["timeline"]
    assert (timeline[-1]["step"], timeline[-1]["actor"]) == ("case.read", "SE2321000016-P1")


def test_another_units_case_does_not_exist(asked, arrive, case):
    """DOMAIN E1: only staff of that unit see anything."""
    number = arrive(case)
    for path in (f"/unit-inbox/{number}", f"/unit-inbox/{number}/attachments/1"):
        assert asked("staff", "GET", path).status_code == 404


def test_staff_fetch_a_file(asked, number):
    """DOMAIN E1: one by one, counted from 1."""
    fetch = partial(asked, "staff", "GET")
    assert fetch(f"/unit-inbox/{number}/attachments/1").content == b"Hej"
    assert fetch(f"/unit-inbox/{number}/attachments/2").status_code == 404


def test_staff_read_what_the_citizen_added_after_the_case(asked, number):
    """DOMAIN A10, E1: its files are numbered after those of the case."""
    file = {"fileName": "mer.txt", "mediaType": "text/plain", "content": "TWVy"}
    added = {"text": "Det var den 1 mars.", "attachments": [file]}
    key = {"Idempotency-Key": "s-1"}
    asks = {"messageKind": "SUPPLEMENT_REQUEST", "text": "Mer?", "attachmentsAllowed": True}
    asked("staff", "POST", f"/unit-inbox/{number}/messages", key, json=asks)
    asked("e-service", "POST", f"/cases/{number}/supplements", json=added, headers=key)
    [supplement] = asked("staff", "GET", f"/unit-inbox/{number}").json()["supplements"]
    assert supplement["text"] == "Det var den 1 mars."
    assert [file["number"] for file in supplement["attachments"]] == [2]
    assert asked("staff", "GET", f"/unit-inbox/{number}/attachments/2").content == b"Mer"


def test_staff_answer_a_case_once(asked, number, store):
    """DOMAIN E2: the key is in the header; a repeat changes nothing."""
    reply = {"messageKind": "FINAL_REPLY", "text": "Vi beklagar."}
    path, key = f"/unit-inbox/{number}/messages", {"Idempotency-Key": "k-1"}
    first, second = (asked("staff", "POST", path, key, json=reply) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    messages = store.cases.inbox_messages(TOLVAN, None, 10)
    assert [message.text for message in messages][1:] == ["Vi beklagar."]


def test_a_body_cannot_say_who_or_when(asked, number):
    """DOMAIN G3: number, key and time are not the body's to tell."""
    reply = {"messageKind": "CLOSED", "caseNumber": "2026-7F3K-9QWM2X"}
    path, key = f"/unit-inbox/{number}/messages", {"Idempotency-Key": "k-1"}
    answer = asked("staff", "POST", path, key, json=reply)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (400, "caseNumber")
