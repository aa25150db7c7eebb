"""Whether a unit can receive, before anything is sent (DOMAIN B2, B6)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.capability import capability
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.policy import Policy
from gateway.domain.routing import (
    Committee,
    NoRouteNow,
    Region,
    RegionNotActive,
    RouteRule,
    RouteTable,
    Row,
    Unit,
    UnknownUnit,
    Way,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOON, LATER = NOW + timedelta(days=30), NOW + timedelta(days=60)
INBOX = Destination("norr/inkorg", "norr", "inkorg", "inbox", {}, Policy(), None, "Inkorg")
COMMITTEE, A, B = (HsaId(f"SE2321009101-{name}") for name in ("PN", "A", "B"))


def row(address, to=INBOX, period=ALWAYS, parent=None):
    unit = Unit(address, "Björken", "Norrfors", "norr", None, parent)
    return Row(unit, to, period, "norr/units.csv", 2)


def table(*rows, active=ALWAYS, rules=()):
    committee = Committee(COMMITTEE, "Patientnämnden", INBOX, active)
    units: dict[str, tuple[Row, ...]] = {}
    for one in rows:
        units[one.unit.hsa_id.key] = (*units.get(one.unit.hsa_id.key, ()), one)
    return RouteTable("v1", {"norr": Region("norr", "Norr", "91", committee, rules)}, {}, units)


def asked(routes, address=A, kind=Kind.COMPLAINT):
    found = capability(routes, address, kind, NOW)
    return found.can_receive, found.changes_at


@pytest.mark.parametrize(
    ("routes", "answer"),
    [
        (table(row(A)), (True, None)),
        (table(row(A, period=Period(None, SOON))), (True, SOON)),
        (table(row(A, period=Period(SOON, LATER))), (False, SOON)),
        (table(row(A, period=Period(None, NOW))), (False, None)),
        (table(row(A, period=Period(None, SOON)), row(A, period=Period(SOON))), (True, None)),
        (table(row(A), active=Period(SOON)), (False, SOON)),
        (table(row(A, Way.PARENT, parent=B), row(B, period=Period(None, SOON))), (True, SOON)),
        (
            table(row(A, Way.RULES), rules=(RouteRule("all", INBOX, period=Period(SOON)),)),
            (False, SOON),
        ),
    ],
    ids=[
        "always",
        "closes",
        "opens",
        "closed",
        "another destination is no change",
        "region",
        "parent",
        "rule",
    ],
)
def test_it_is_told_whether_a_unit_receives_and_until_when(routes, answer):
    """DOMAIN B4, B6, B13: by the unit's own row, its region, its parent and the rules."""
    assert asked(routes) == answer


def test_a_rule_may_take_one_kind_only():
    """DOMAIN B2: the answer is for the kind that is asked about."""
    routes = table(row(A, Way.RULES), rules=(RouteRule("praise", INBOX, kind=Kind.FEEDBACK),))
    assert asked(routes, kind=Kind.FEEDBACK) == (True, None)
    assert asked(routes, kind=Kind.COMPLAINT) == (False, None)


def test_a_committee_receives_as_a_committee():
    """DOMAIN B5, B6."""
    found = capability(table(active=Period(None, SOON)), COMMITTEE, Kind.COMPLAINT, NOW)
    assert found.receiver is ReceiverType.COMMITTEE
    assert (found.can_receive, found.changes_at) == (True, SOON)


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        (table(), UnknownUnit),
        (table(row(A, period=Period(SOON))), NoRouteNow),
        (table(row(A), active=Period(SOON)), RegionNotActive),
    ],
)
def test_no_tells_why(routes, reason):
    """DOMAIN B11: the reason that a case would get."""
    assert isinstance(capability(routes, A, Kind.COMPLAINT, NOW).resolved, reason)


DAYS = st.none() | st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days))
PERIODS = st.builds(Period, DAYS, DAYS)


@given(PERIODS, PERIODS, PERIODS, PERIODS)
def test_it_is_as_the_table_resolves_it_up_to_the_change(own, parents, rules, active):
    """DOMAIN B1, B11: the same at every hour until the time that is told, and not at that time."""
    routes = table(
        row(A, Way.PARENT, own, B),
        row(B, Way.RULES, parents),
        rules=(RouteRule("all", INBOX, period=rules),),
        active=active,
    )
    found = capability(routes, A, Kind.COMPLAINT, NOW)
    for hours in range(0, 24 * 5, 12):
        at = NOW + timedelta(hours=hours)
        later = capability(routes, A, Kind.COMPLAINT, at)
        if found.changes_at is None or at < found.changes_at:
            assert later.can_receive is found.can_receive
        elif at == found.changes_at:
            assert later.can_receive is not found.can_receive
