"""The gateway as a catalogue: what has a route when, and who may call it (DOMAIN B12)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.domain.case import Kind
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.permission import Permission, Permissions
from gateway.domain.policy import Policy
from gateway.domain.region import Committee, Region, RouteRule, Unit, Way
from gateway.domain.routed import Row
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role
from gateway.flow.catalogue import SERVED, Catalogue
from gateway.flow.permission import PROCESS_CASE

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SPRING, SUMMER = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
GATEWAY, COMMITTEE = HsaId("TEST-VAXEL"), HsaId("SE2321009101-PATN")
CLINIC, WARD = HsaId("SE2321009101-CLINIC"), HsaId("SE2321009101-WARD")
E_SERVICE = Caller(HsaId("TEST-ESERVICE"), "1177", Role.E_SERVICE)
SYSTEM = Caller(HsaId("TEST-SYSTEM"), "Avvikelse", Role.CASE_SYSTEM)
A, B = (
    Destination(f"norr/{name}", "norr", name, "inbox", {}, Policy(), None, name) for name in "ab"
)


def row(unit, to, period=ALWAYS, parent=None):
    return Row(Unit(unit, "Enhet", "Norrfors", "norr", None, parent), to, period, "units.csv", 2)


def catalogue(*rows, committee=ALWAYS, rules=(), **told):
    of_unit: dict[str, tuple[Row, ...]] = {}
    for one in rows:
        of_unit[one.unit.hsa_id.key] = (*of_unit.get(one.unit.hsa_id.key, ()), one)
    region = Region("norr", "Norr", "91", Committee(COMMITTEE, "Nämnden", A, committee), rules)
    table = RouteTable("1", {"norr": region}, {A.key: A, B.key: B}, of_unit, **told)
    return Catalogue(table, (E_SERVICE, SYSTEM), GATEWAY, "vaxel")


def told(found, receiver):
    """Tell place and period of each route of one receiver."""
    return [(one.place, one.period) for one in found.routes() if one.receiver == receiver]


def test_a_switch_is_two_routes_that_meet():
    """DOMAIN B4: past and to come."""
    found = catalogue(row(WARD, A, Period(None, SPRING)), row(WARD, B, Period(SPRING, None)))
    expected = [("norr/a", Period(None, SPRING)), ("norr/b", Period(SPRING, None))]
    assert told(found, WARD) == expected


def test_rows_that_say_the_same_are_one_route():
    """DOMAIN B12: a boundary where nothing changes is none."""
    found = catalogue(row(WARD, A, Period(None, SPRING)), row(WARD, A, Period(SPRING, None)))
    assert told(found, WARD) == [("norr/a", ALWAYS)]


def test_a_unit_that_inherits_has_a_route_for_each_time_that_it_goes_elsewhere():
    """DOMAIN B13: cut where its parent switches."""
    found = catalogue(
        row(CLINIC, A, Period(None, SPRING)),
        row(CLINIC, B, Period(SPRING, None)),
        row(WARD, Way.PARENT, Period(None, SUMMER), parent=CLINIC),
    )
    expected = [("norr/a", Period(None, SPRING)), ("norr/b", Period(SPRING, SUMMER))]
    assert told(found, WARD) == expected


def test_a_unit_whose_rules_depend_on_the_kind_leads_to_its_region():
    """DOMAIN B1: the catalogue has no kinds, so it names no destination that may be wrong."""
    rules = (RouteRule("klagomål", A, kind=Kind.COMPLAINT), RouteRule("resten", B))
    assert told(catalogue(row(WARD, Way.RULES), rules=rules), WARD) == [("norr", ALWAYS)]


def test_a_unit_whose_rules_take_one_kind_only_leads_to_its_region():
    """DOMAIN B1: it can be called, and not with every case."""
    rules = (RouteRule("klagomål", A, kind=Kind.COMPLAINT),)
    assert told(catalogue(row(WARD, Way.RULES), rules=rules), WARD) == [("norr", ALWAYS)]


def test_a_region_has_routes_only_while_its_committee_has_one():
    """DOMAIN B6."""
    found = catalogue(row(WARD, A), committee=Period(SPRING, SUMMER))
    expected = [("norr/a", Period(SPRING, SUMMER))]
    assert told(found, WARD) == told(found, COMMITTEE) == expected


def test_the_default_is_the_route_of_everybody():
    """INTEROP §2.3: `*`."""
    assert told(catalogue(row(WARD, A), default=B), HsaId("*")) == [("norr/b", ALWAYS)]
    assert told(catalogue(row(WARD, A)), HsaId("*")) == []


def test_only_what_has_a_route_at_the_time_can_be_called():
    """INTEROP §3.9: by date, for both questions."""
    found = catalogue(row(WARD, A, Period(SPRING, None)), committee=Period(None, SUMMER))
    addresses = [found.addressees(E_SERVICE.hsa_id, PROCESS_CASE, at) for at in (NOW, SPRING)]
    assert [[*one] for one in addresses] == [[COMMITTEE], [WARD, COMMITTEE]]
    supported = [found.supported(None, WARD, at) for at in (NOW, SPRING, SUMMER)]
    assert supported == [[], [SERVED[0]], []]


@pytest.fixture
def permitted():
    """Rules that let the e-service call one unit in the spring, and somebody unknown another."""
    spring = Period(SPRING, SUMMER)
    rows = [
        Permission(E_SERVICE.hsa_id, PROCESS_CASE.upper(), WARD, spring, False, "p.csv", 2),
        Permission(HsaId("TEST-NOBODY"), PROCESS_CASE, CLINIC, ALWAYS, False, "p.csv", 3),
        Permission(SYSTEM.hsa_id, PROCESS_CASE, WARD, ALWAYS, False, "p.csv", 4),
    ]
    return catalogue(row(WARD, A), row(CLINIC, A), permissions=Permissions(tuple(rows)))


def test_permissions_are_those_of_the_rules(permitted):
    """INTEROP §2.4: of known callers, and of those whose role may call at all."""
    rows = [one for one in permitted.permissions() if one.contract.permitted_by_rules]
    (one,) = rows
    assert (one.sender, one.receiver, one.contract) == (E_SERVICE, WARD, SERVED[0])
    assert one.period == Period(SPRING, SUMMER)


def test_what_can_be_called_is_limited_by_the_rules_too(permitted):
    """INTEROP §3.9: by what the consumer may call at the time."""
    who = E_SERVICE.hsa_id
    assert [*permitted.addressees(who, PROCESS_CASE, SPRING)] == [WARD]
    assert [*permitted.addressees(who, PROCESS_CASE, NOW)] == []
    assert permitted.supported(who, WARD, SPRING) == [SERVED[0]]
    assert permitted.supported(who, CLINIC, SPRING) == []
    assert permitted.supported(None, CLINIC, NOW) == [SERVED[0]]


def test_a_catalogue_that_allows_nobody_still_has_a_permission():
    """INTEROP §4: readers take an empty list as a failure, and would keep what is ended."""
    nothing = catalogue(row(WARD, A), permissions=Permissions(()))
    found = {(one.sender, one.contract.namespace) for one in nothing.permissions()}
    assert found == {(one, "urn:skl:tp:vagvalsinfo:v2") for one in (E_SERVICE, SYSTEM)}
    everybody = {one.sender for one in replace(nothing, callers=(SYSTEM,)).permissions()}
    assert everybody == {SYSTEM}
