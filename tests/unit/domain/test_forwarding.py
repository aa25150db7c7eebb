"""How often and where to a case may be sent on."""

from itertools import pairwise

import pytest

from gateway.domain.errors import Rule
from gateway.domain.forwarding import MOST_FORWARDS, Hop, PastKind, Place, hop_faults
from gateway.domain.hsa import HsaId
from gateway.domain.law import LONGEST_REASON, Limits, case_message_faults
from gateway.domain.message import InboxKind, MessageKind
from gateway.testing.builders import NOW, UNIT, make_case_message

A, B, C = (Place(HsaId(f"SE2321000016-{name}"), name) for name in "ABC")


def hop(origin, to, *, declined=True):
    """Build a step of a case's way."""
    return Hop(NOW, origin, to, declined)


def test_a_unit_that_sent_a_case_on_does_not_get_it_back():
    """DOMAIN D6: loops are stopped, however the id is spelt."""
    hops = [hop(A, B), hop(B, C)]
    [fault] = hop_faults(HsaId(A.hsa_id.text.lower()), hops)
    assert (fault.rule, fault.where) == (Rule.FORWARD_LOOP, "forwardTo")


def test_a_unit_that_an_operator_took_a_case_from_has_not_declined_it():
    """DOMAIN D6, B4: the operator does not speak for it."""
    assert hop_faults(A.hsa_id, [hop(A, B, declined=False)]) == []


def test_a_case_goes_on_a_stated_number_of_times():
    """DOMAIN D6: then a human who sees all of its way takes it."""
    places = [Place(HsaId(f"SE2321000016-{n}"), str(n)) for n in range(MOST_FORWARDS + 1)]
    hops = [hop(a, b) for a, b in pairwise(places)]
    assert hop_faults(UNIT, hops[:-1]) == []
    [fault] = hop_faults(UNIT, hops)
    assert (fault.rule, "operator" in fault.message) == (Rule.FORWARDED_TOO_OFTEN, True)


def test_everything_that_citizens_read_is_history():
    """DOMAIN D6: all but the confirmation, which says what the case itself says."""
    said = {kind.value for kind in InboxKind} - {InboxKind.CASE_CONFIRMATION.value}
    assert said | {"SUPPLEMENTED"} == {kind.value for kind in PastKind}


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({}, Rule.FORWARD_TO_MISSING),
        ({"forward_to": HsaId("not an address")}, Rule.HSA_ID_INVALID),
        ({"forward_to": UNIT, "text": "x" * (LONGEST_REASON + 1)}, Rule.SCHEMA),
    ],
)
def test_a_forward_says_where_to_and_not_too_much(told, rule):
    """DOMAIN D2, D6: it is told on with other words around it."""
    message = make_case_message(case_number="1", kind=MessageKind.FORWARD, **told)
    assert [fault.rule for fault in case_message_faults(message, Limits())] == [rule]
