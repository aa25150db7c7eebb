"""Those behind a sender, and the platforms that a call has passed: what is believed, and not."""

import pytest

from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.head import read_head
from gateway.facade.soap.chain import (
    ON_BEHALF_HEADER,
    ORIGINAL_CONSUMER_HEADER,
    ROUTING_HISTORY_HEADER,
    check_route,
    with_those_behind,
)
from gateway.flow.caller import Caller, Role

OWN = HsaId("SE5560000000-VAXEL")
SENDER = Caller(HsaId("SE5560000000-E177"), "1177", Role.E_SERVICE)
NEIGHBOUR = Caller(
    HsaId("SE5560000000-NTJP"), "NTjP", Role.E_SERVICE, may_tell_original_consumer=True
)


def head(name, *values):
    return read_head([(name.encode(), value.encode("latin-1")) for value in values])


def rule(do, *arguments):
    with pytest.raises(Refusal) as refused:
        do(*arguments)
    (fault,) = refused.value.faults
    return fault.rule


@pytest.mark.parametrize(
    ("sender", "told", "behind"),
    [
        (NEIGHBOUR, "SE1-FIRST", {"originalConsumer": "SE1-FIRST"}),
        (NEIGHBOUR, " tp\t", {"originalConsumer": "tp"}),
        (SENDER, "se5560000000-e177", {"originalConsumer": "se5560000000-e177"}),
        (SENDER, "", {}),
        (SENDER, " ", {}),
    ],
)
def test_a_trusted_neighbour_names_anybody_and_others_themselves(sender, told, behind):
    """INTEROP §1.6, rule 23; and it is still the sender."""
    caller = with_those_behind(sender, head(ORIGINAL_CONSUMER_HEADER, told))
    assert (caller.behind, caller.hsa_id) == (behind, sender.hsa_id)


def test_nobody_else_is_believed():
    """INTEROP §2.5: VP013; deny by default."""
    assert SENDER.may_tell_original_consumer is False
    asked = head(ORIGINAL_CONSUMER_HEADER, "SE1-FIRST")
    assert rule(with_those_behind, SENDER, asked) is Rule.ORIGINAL_CONSUMER_NOT_PERMITTED


def test_whom_it_acts_for_anybody_may_tell():
    """INTEROP §1.6, rule 24."""
    caller = with_those_behind(SENDER, head(ON_BEHALF_HEADER, "SE2-PRINCIPAL"))
    assert caller.behind == {"onBehalfOf": "SE2-PRINCIPAL"}


@pytest.mark.parametrize("name", [ORIGINAL_CONSUMER_HEADER, ON_BEHALF_HEADER])
@pytest.mark.parametrize("told", [("SE1 2",), ("å",), ("x" * 256,), ("SE1", "SE1"), ("SE1;x",)])
def test_what_is_no_hsa_id_is_refused(name, told):
    """INTEROP §6.1: it would stand in logs and timelines."""
    assert rule(with_those_behind, NEIGHBOUR, head(name, *told)) is Rule.UNREADABLE


def test_a_call_without_these_headers_costs_nothing():
    """The same caller, not a copy."""
    assert with_those_behind(SENDER, head("x", "y")) is SENDER


@pytest.mark.parametrize("told", [(), ("",), ("a#b",), ("SE5560000000-VAXEL2#x",), ("a,b", "c")])
def test_other_platforms_may_have_been_passed(told):
    """INTEROP §1.6."""
    check_route(head(ROUTING_HISTORY_HEADER, *told), OWN)


@pytest.mark.parametrize(
    "told",
    [("SE5560000000-VAXEL",), ("a# se5560000000-vaxel #b",), ("a", "b#SE5560000000-VAXEL")],
)
def test_a_call_that_has_been_here_is_a_ring(told):
    """INTEROP §2.5: VP014; trimmed, and compared without case."""
    assert rule(check_route, head(ROUTING_HISTORY_HEADER, *told), OWN) is Rule.ROUTING_LOOP


@pytest.mark.parametrize("told", ["x" * 4097, "a#\x00", "å"])
def test_a_history_that_is_none_is_refused(told):
    """Whoever sends it may mean no good."""
    assert rule(check_route, head(ROUTING_HISTORY_HEADER, told), OWN) is Rule.UNREADABLE
