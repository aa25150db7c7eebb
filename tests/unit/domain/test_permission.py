"""Who may call what about whom, and until when (INTEROP §2.4)."""

from datetime import UTC, datetime

import pytest

from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.permission import PartsRule, Permission, Permissions
from gateway.domain.tree import TOP, Place, Tree

CONTRACT = "urn:x:ProcessCaseResponder:1"
SENDER, OTHER = HsaId("sender-1"), HsaId("sender-2")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TREE = Tree({"child": Place("", HsaId("node")), "node": Place("", HsaId("top"))})


def allowed(address, *, below=False, period=ALWAYS):
    return Permission(SENDER, CONTRACT, HsaId(address), period, below, "permissions.csv", 2)


def may(permissions, address, sender=SENDER, contract=CONTRACT):
    return permissions.find(sender, contract, HsaId(address), NOW) is not None


def trace(permissions, address, sender=SENDER):
    return permissions.platform_trace(sender, CONTRACT, HsaId(address), NOW)


def test_one_sender_may_call_one_contract_at_one_address_in_any_letters():
    """INTEROP §2.11, BehorighetHandlerTest: exact."""
    permissions = Permissions((allowed("receiver-1"),))
    assert may(permissions, "RECEIVER-1", HsaId("SENDER-1"), CONTRACT.upper())
    assert not may(permissions, "receiver-2")
    assert not may(permissions, "receiver-1", OTHER)
    assert not may(permissions, "receiver-1", contract="urn:x:OtherResponder:1")
    assert trace(permissions, "receiver-1") == "receiver-1"


@pytest.mark.parametrize(
    ("period", "is_allowed"),
    [
        (Period(NOW, None), True),
        (Period(None, NOW), False),
        (Period(datetime(2026, 6, 2, tzinfo=UTC), None), False),
    ],
)
def test_a_permission_has_its_time(period, is_allowed):
    """INTEROP §2.4: date-bounded, by instants."""
    assert may(Permissions((allowed("receiver-1", period=period),)), "receiver-1") == is_allowed


def test_each_period_of_the_same_permission_counts():
    """INTEROP §2.4."""
    rows = allowed("receiver-1", period=Period(None, NOW)), allowed("receiver-1")
    assert Permissions(rows).find(SENDER, CONTRACT, HsaId("receiver-1"), NOW) == rows[1]


def test_a_default_permission_is_for_its_sender_and_contract_only():
    """INTEROP §2.11, BehorighetDefaultRouteTest."""
    permissions = Permissions((allowed("*"),))
    assert may(permissions, "receiver-2")
    assert not may(permissions, "receiver-2", OTHER)
    assert not may(permissions, "receiver-2", contract="urn:x:OtherResponder:1")
    assert trace(permissions, "receiver-2") == "receiver-2,(default),*"


def test_who_is_denied_was_looked_for_everywhere():
    """INTEROP §2.4: the default before the tree."""
    permissions = Permissions((), tree=Tree({}))
    assert trace(permissions, "receiver-1") == "receiver-1,(default),*,(parent),SE"


@pytest.mark.parametrize(
    ("below", "child"), [(True, True), (False, False)], ids=["enabled", "disabled"]
)
def test_a_permission_on_a_node_is_for_those_below_when_it_says_so(below, child):
    """INTEROP §2.11, BehorighetHandlerTest: node, descendant, ancestor, look-up disabled."""
    permissions = Permissions((allowed("node", below=below),), tree=TREE)
    assert may(permissions, "node")
    assert may(permissions, "child") == child
    assert not may(permissions, "top")


def test_without_a_tree_there_is_nobody_below():
    """INTEROP §2.11, BehorighetHandlerTest: without HSA cache."""
    permissions = Permissions((allowed("node", below=True),))
    assert may(permissions, "node")
    assert not may(permissions, "child")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("x#receiver-1", "(leaf),receiver-1"),
        ("receiver-1#x", "(leaf),x,receiver-1"),
        ("receiver-1#receiver-1", "(leaf),receiver-1"),
        ("x#receiver-1#y", "(leaf),Invalid parameters"),
        ("x#y#receiver-1", "(leaf),Invalid parameters"),
        ("receiver-1#x#y", "(leaf),Invalid parameters"),
        ("x#y", "(leaf),y,x"),
    ],
)
def test_either_of_two_parts_is_enough_and_three_are_never(address, found):
    """INTEROP §2.11, BehorighetHandlerTest: and neither the default nor the tree helps."""
    permissions = Permissions((allowed("receiver-1"), allowed("se")), tree=TREE)
    assert trace(permissions, address) == found
    assert may(permissions, address) == found.endswith("receiver-1")


@pytest.mark.parametrize(
    ("rule", "is_allowed"),
    [
        (PartsRule(None, None), True),
        (PartsRule(SENDER, CONTRACT.upper()), True),
        (PartsRule(OTHER, None), False),
        (PartsRule(None, "urn:x:OtherResponder:1"), False),
    ],
)
def test_parts_are_for_those_that_a_rule_names(rule, is_allowed):
    """INTEROP §2.11, BehorighetHandlerTest: allowed contracts and senders; whole ones go on."""
    permissions = Permissions((allowed("receiver-1"),), (rule,))
    assert may(permissions, "x#receiver-1") == is_allowed
    assert may(permissions, "receiver-1")


def test_nobody_is_above_the_top():
    """INTEROP §2.3: SE is where climbing ends."""
    assert list(TREE.above(TOP)) == []
