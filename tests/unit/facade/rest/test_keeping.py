"""Packages, diary numbers and legal holds over REST (DOMAIN E3, E4)."""

import io
import json
import zipfile

import pytest


@pytest.fixture
def number(asked, unit_case):
    """The number of a case that the unit's staff hold."""
    return asked("e-service", "POST", "/cases", json=unit_case).json()["caseNumber"]


def test_staff_fetch_a_case_as_a_package(asked, number):
    """DOMAIN E3: a ZIP to be saved under the case's number; the reading is on the timeline."""
    answer = asked("staff", "GET", f"/unit-inbox/{number}/package")
    assert answer.headers["content-type"] == "application/zip"
    assert f"{number}.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert json.loads(package.read("case.json"))["caseNumber"] == number
    timeline = asked("operator", "GET", f"/cases/{number}").json()["timeline"]
    assert (timeline[-1]["step"], timeline[-1]["actor"]) == ("case.exported", "SE2321000016-P1")


def test_a_diary_number_is_recorded_and_shown(asked, number):
    """DOMAIN E3: saying it again changes nothing."""
    path, body = f"/unit-inbox/{number}", {"diaryNumber": "PN 2026-118"}
    answers = [asked("staff", "PUT", f"{path}/diary-number", json=body) for _ in range(2)]
    assert [answer.json() for answer in answers] == [body, body]
    assert asked("staff", "GET", f"{path}/keeping").json() == body
    assert len(asked("operator", "GET", f"/cases/{number}").json()["timeline"]) == 2


@pytest.mark.parametrize("caller", ["staff", "operator"])
def test_a_case_is_held_and_let_go(asked, number, caller):
    """DOMAIN E4: with reasons; by its staff, and by operators."""
    path, reason = f"/unit-inbox/{number}/legal-hold", "Begärd av domstol"
    held = asked(caller, "PUT", path, json={"held": True, "reason": reason}).json()
    assert held["legalHold"]["reason"] == reason
    lifted = asked(caller, "PUT", path, json={"held": False, "reason": "Avgjort"}).json()
    assert lifted == {"liftReason": "Avgjort"}


def test_why_a_case_is_held_is_not_told_to_who_only_assigns(asked, number):
    """DOMAIN E1, E4: that it is, by whom and since when."""
    path, distributor = f"/unit-inbox/{number}", "case-distributor of own"
    wanted = {"held": True, "reason": "Begärd av domstol"}
    hold = asked("staff", "PUT", f"{path}/legal-hold", json=wanted).json()["legalHold"]
    del hold["reason"]
    assert asked(distributor, "GET", f"{path}/keeping").json() == {"legalHold": hold}
    asked("staff", "PUT", f"{path}/legal-hold", json=wanted | {"held": False})
    assert asked(distributor, "GET", f"{path}/keeping").json() == {}


@pytest.mark.parametrize("body", [{}, {"diaryNumber": ""}, {"diaryNumber": "a\nb"}])
def test_what_is_no_diary_number_is_refused(asked, number, body):
    """INTEROP §7: with a problem."""
    answer = asked("staff", "PUT", f"/unit-inbox/{number}/diary-number", json=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:vaxel:problem:schema")


def test_those_who_may_not_are_told_so(asked, number):
    """DOMAIN E1: a system has its own copy, and an operator reads no case."""
    for caller in ("system", "operator", "e-service"):
        answer = asked(caller, "GET", f"/unit-inbox/{number}/package")
        assert (answer.status_code, answer.json()["type"]) == (
            403,
            "urn:vaxel:problem:not-permitted",
        )


def test_a_case_of_another_unit_does_not_exist(asked, case):
    """DOMAIN E1."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    for path in ("package", "keeping"):
        assert asked("staff", "GET", f"/unit-inbox/{number}/{path}").status_code == 404
