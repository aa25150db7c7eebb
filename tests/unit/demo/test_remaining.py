"""What the demo still waits for, in words."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from gateway.demo import witnesses
from gateway.demo.books import Evidence
from gateway.demo.cases import Path, planned
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
)


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
