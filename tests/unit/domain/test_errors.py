"""Why something cannot be done, whose fault it is, and what it becomes outside."""

import re

import pytest

from gateway.domain.errors import Fault, Refusal, Rule, Unavailable

FIRST = Fault(Rule.UNKNOWN_UNIT, "receiver/hsaId", "no such unit")
SECOND = Fault(Rule.TEXT_MISSING, "description", "say something")


def test_a_refusal_tells_every_fault_by_its_place():
    """DOMAIN A1: every broken rule is told at once, in plain words."""
    refusal = Refusal(FIRST, SECOND)
    assert refusal.faults == (FIRST, SECOND)
    assert str(refusal) == "receiver/hsaId: no such unit; description: say something"


def test_the_first_fault_decides_what_a_refusal_becomes_outside():
    """DOMAIN A1: the same faults at both doors."""
    assert Refusal(FIRST, SECOND).outside == Rule.UNKNOWN_UNIT.value


def test_unavailable_tells_when_to_ask_again():
    """DESIGN decision 3: 503 with Retry-After, in seconds."""
    assert str(Unavailable("the disk is full")) == "the disk is full"
    assert Unavailable("the disk is full").retry_after == 5
    assert Unavailable("restarting", 30).retry_after == 30


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name)
def test_every_rule_is_told_outside_by_its_own_name(rule):
    """RFC 9457: a problem type for each rule, read as its name; the fault is the sender's."""
    assert rule.value.problem == rule.name.lower().replace("_", "-")
    assert 400 <= rule.value.status < 500


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name)
def test_a_rule_that_has_a_fault_over_soap_names_one_that_a_caller_can_cause(rule):
    """INTEROP §2.6: the client's, and VP014, which it and others cause together."""
    code = rule.value.vp_code
    assert code is None or re.fullmatch(r"VP0(01|02|03|04|07|11|13|14|15)", code)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule.NOT_AUTHENTICATED, "VP002"),
        (Rule.NO_LOGICAL_ADDRESS, "VP003"),
        (Rule.UNKNOWN_UNIT, "VP004"),
        (Rule.NO_ROUTE_NOW, "VP004"),
        (Rule.NOT_PERMITTED, "VP007"),
        (Rule.UNTRUSTED_PEER, "VP011"),
        (Rule.UNREADABLE, "VP015"),
    ],
)
def test_a_rule_of_the_platform_has_the_platforms_code(rule, code):
    """INTEROP §2.6, the table of codes."""
    assert rule.value.vp_code == code
