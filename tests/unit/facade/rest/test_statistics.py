"""Statistics over REST: JSON and CSV, and what is asked wrongly."""

import pytest

from gateway.shapes.case_message import CaseMessageBody


@pytest.fixture
def closed(asked, case):
    """Six cases that an external system has closed."""
    for one in range(6):
        answer = asked("e-service", "POST", "/cases", json=case | {"caseId": f"s-{one}"})
        closing = CaseMessageBody.EXAMPLE | {"messageId": f"m-{one}", "messageKind": "CLOSED"}
        number = answer.json()["caseNumber"]
        told = asked("system", "POST", "/case-messages", json=closing | {"caseNumber": number})
        assert told.status_code == 201


def test_the_nation_is_told_as_json(asked, closed):
    """CONTRACT: `/statistics`; DOMAIN F1: also of what an external system has closed."""
    found = asked("national", "GET", "/statistics?period=2026-Q1&parameter=SEX").json()
    assert (found["level"], found["period"], found["periodBefore"]) == (
        "NATION",
        "2026-Q1",
        "2025-Q4",
    )
    assert found["total"] == {"cases": 6, "casesBefore": 0}
    [table] = found["tables"]
    assert {"code": "MALE", "name": "Man", "cases": 6, "casesBefore": 0} in table["lines"]


def test_the_same_is_told_as_csv(asked, closed):
    """DOMAIN F2."""
    told = asked(
        "national", "GET", "/statistics?period=2026&parameter=SEX", {"Accept": "text/csv"}
    )
    assert told.headers["content-type"].startswith("text/csv")
    assert told.text.splitlines()[1] == "NATION,,2026,2025,ALL,ALL,ALL,,Sverige,6,0"


@pytest.mark.parametrize("query", ["", "?period=2026-Q5", "?period=2026&level=UNIT"])
def test_what_is_asked_wrongly_is_told_so(asked, query):
    """DOMAIN F2."""
    answer = asked("national", "GET", f"/statistics{query}")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:vaxel:problem:schema")


def test_a_unit_that_nobody_knows_is_none(asked):
    """DOMAIN F2."""
    answer = asked("national", "GET", "/statistics?period=2026&level=UNIT&key=SE2321000016-NO")
    assert answer.json()["type"] == "urn:vaxel:problem:unknown-unit"


def test_another_unit_than_ones_own_is_not_for_staff(asked, closed):
    """DOMAIN E1."""
    answer = asked("staff", "GET", "/statistics?period=2026&level=UNIT&key=SE2321000016-1A2B")
    assert answer.status_code == 403
