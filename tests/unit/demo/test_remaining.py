"""What the demo still waits for, in words."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from gateway.demo import witnesses
from gateway.demo.books import Evidence
from gateway.demo.cases import Path, planned
from gateway.demo.phone import calls
from gateway.demo.remaining import Plan, remaining

ALL = planned(date(2026, 3, 2))
CASE = next(
    case for case in ALL if not (case.again or case.supplement or case.path is Path.FEEDBACK)
)
UNKNOWN = next(case for case in ALL if case.path is Path.UNKNOWN)
PLAN = Plan([CASE, UNKNOWN])
NUMBER = "2026-7F3K-9QWM2X"
KINDS = ["RECEIVED", "IN_PROGRESS", "PARTIAL_REPLY", "FINAL_REPLY", "CLOSED"]
DONE = witnesses.Testimony(
    sent=[
        {"what": "case", "id": CASE.case.case_id, "door": "SOAP", "number": NUMBER},
        {"what": "case", "id": UNKNOWN.case.case_id, "door": "SOAP", "rule": "VP004"},
    ],
    accounts={"avvikelse": {"replies_refused": 0}},
    deliveries=[{"state": "DELIVERED"}],
    evidence=Evidence(
        receipts={CASE.case.case_id: frozenset({NUMBER})},
        said=Counter((NUMBER, kind) for kind in KINDS),
    ),
    early=0,
    files=0,
    archived=[],
    closed=1,
)
CALL = calls("SE2321009101-HCBJ", date(2026, 3, 2))[0]


def test_nothing_remains_when_everything_has_come():
    """C1, D1."""
    assert (PLAN.accepted, PLAN.sendings, PLAN.deliveries, PLAN.replies) == (1, 2, 1, 5)
    assert remaining(PLAN, DONE) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sent": DONE.sent[:1]}, "1 of 2 sendings have no answer"),
        ({"deliveries": [{"state": "SENDING"}]}, "1 of 1 deliveries have not arrived (1 SENDING)"),
        ({"evidence": replace(DONE.evidence, said=Counter())}, "5 of 5 replies have no receipt"),
        ({"accounts": {"avvikelse": {"replies_refused": 2}}}, "2 replies were refused"),
        ({"early": 1}, "1 supplements came before their case"),
        ({"closed": None}, "the statistics count too few to say of 1 closed cases"),
    ],
)
def test_what_has_not_come_is_told(change, words):
    """G5: a stuck demo says what it waits for."""
    assert remaining(PLAN, replace(DONE, **change)) == [words]


def test_a_refusal_that_was_not_planned_is_told():
    """INTEROP §2.6: only the unknown unit is refused."""
    wrong = {"what": "case", "id": "demo-01", "door": "REST", "rule": "not-permitted"}
    told = replace(DONE, sent=[wrong, DONE.sent[1]])
    assert remaining(PLAN, told) == ["demo-01 was refused as not-permitted"]


def test_a_parked_delivery_is_not_waited_for():
    """C4: a human looks at it."""
    assert remaining(PLAN, replace(DONE, deliveries=[{"state": "PARKED"}])) == []


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        (Path.ROUND_TRIP, ["FORWARDED", "FORWARDED", *KINDS]),
        (Path.ONWARD, ["FORWARDED", *KINDS]),
        (Path.ASKED, ["RECEIVED", "SUPPLEMENT_REQUEST", "FINAL_REPLY", "CLOSED"]),
    ],
)
def test_all_that_its_holders_say_of_a_case_is_waited_for(path, kinds):
    """D4, D6: each holder on its way says its part."""
    case = next(case for case in ALL if case.path is path)
    owed = Plan([case]).owed({case.case.case_id: frozenset({NUMBER})})
    assert owed == Counter((NUMBER, kind) for kind in kinds)


def test_cases_that_came_by_phone_and_the_archive_are_waited_for():
    """A12, E3."""
    plan = Plan(PLAN.cases, [CALL], archived=1)
    assert (plan.accepted, plan.deliveries, plan.replies) == (2, 1, 9)
    assert remaining(plan, DONE) == [
        "1 of 1 cases that came by phone are not registered",
        "1 of 1 cases have not been taken to the archive",
    ]
