"""A case finds its one destination, and the table tells why (DOMAIN B)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.policy import Policy
from gateway.domain.routing import (
    LONGEST_CLIMB,
    Committee,
    Destination,
    NoRouteNow,
    NotACareUnit,
    NotACommittee,
    Region,
    RegionNotActive,
    Routed,
    RouteRule,
    RouteTable,
    Row,
    Unit,
    UnknownUnit,
    Way,
)
from gateway.domain.tree import TOP, Place, Tree

COMMITTEE = HsaId("SE2321009101-PATN")
SYSTEM = HsaId("SE2321009101-SYS")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)


def destination(name, *, system=None, settings=None):
    return Destination(
        f"nordmark/{name}", "nordmark", name, "inbox", settings or {}, Policy(), system, name
    )


INBOX = destination("inkorg")
EXTERNAL = destination("avvikelse", system=SYSTEM)


def row(name, to=INBOX, *, parent=None, provider=None, period=ALWAYS, region="nordmark"):
    up, owner = parent and unit_id(parent), provider and unit_id(provider)
    unit = Unit(unit_id(name), f"Enhet {name}", "Norrfors", region, owner, up)
    return Row(unit, to, period, "nordmark/units.csv", 2)


def unit_id(name):
    return HsaId(f"SE2321009101-{name}")


def table(*rows, rules=(), committee=None):
    committee = committee or Committee(COMMITTEE, "Patientnämnden", INBOX)
    units: dict[str, tuple[Row, ...]] = {}
    for one in rows:
        units[one.unit.hsa_id.key] = (*units.get(one.unit.hsa_id.key, ()), one)
    region = Region("nordmark", "Nordmark", "91", committee, tuple(rules))
    return RouteTable("v1", {"nordmark": region}, {}, units)


def resolve(routes, name, *, kind=Kind.COMPLAINT, receiver=ReceiverType.CARE, at=NOW):
    return routes.resolve(unit_id(name), kind, receiver, at)


def test_a_unit_with_a_row_of_its_own_goes_to_the_rows_destination():
    """DOMAIN B1, B11: one destination, with the reason."""
    result = resolve(table(row("A", EXTERNAL)), "A")
    step = "SE2321009101-A: row nordmark/units.csv:2 → nordmark/avvikelse"
    assert result == Routed(EXTERNAL, "nordmark", unit_id("A"), "Enhet A", SYSTEM, (step,))


@pytest.mark.parametrize(
    ("name", "receiver"), [("A", ReceiverType.CARE), ("PATN", ReceiverType.COMMITTEE)]
)
def test_the_table_tells_which_receiver_an_address_can_be(name, receiver):
    """DOMAIN B5, B11."""
    assert table(row("A")).receiver_of(unit_id(name)) is receiver


def test_an_address_is_found_whatever_the_case_of_its_letters():
    """INTEROP §6.1: HSA-ids are compared without case."""
    routes = table(row("Ab"))
    assert isinstance(resolve(routes, "aB"), Routed)


def test_an_address_with_a_blank_is_unknown():
    """INTEROP §6.1: an address is never trimmed."""
    assert isinstance(resolve(table(row("A")), "A "), UnknownUnit)


def test_a_switch_happens_at_its_instant():
    """DOMAIN B4: the old destination up to the last moment, the new one from the first."""
    routes = table(
        row("A", INBOX, period=Period(None, NEW_YEAR)),
        row("A", EXTERNAL, period=Period(NEW_YEAR, None)),
    )
    before = NEW_YEAR.replace(minute=0, hour=22, second=59)
    assert resolve(routes, "A", at=before).destination is INBOX
    assert resolve(routes, "A", at=NEW_YEAR).destination is EXTERNAL


def test_a_unit_outside_its_period_has_no_route_now():
    """DOMAIN B4: a unit that has not opened yet receives nothing."""
    result = resolve(table(row("A", period=Period(NEW_YEAR, None))), "A")
    assert isinstance(result, NoRouteNow)
    assert "row nordmark/units.csv:2" in result.trace[0]


def test_a_unit_inherits_from_its_parent_where_its_row_says_so():
    """DOMAIN B13: the parent's destination, the selected unit's own name."""
    routes = table(
        row("A", EXTERNAL), row("B", Way.PARENT, parent="A"), row("C", Way.PARENT, parent="B")
    )
    result = resolve(routes, "C")
    assert result.destination is EXTERNAL
    assert result.unit_name == "Enhet C"
    assert [step.split(" → ")[1] for step in result.trace] == [
        "@parent",
        "@parent",
        "nordmark/avvikelse",
    ]


def test_a_parent_alone_gives_nothing():
    """DOMAIN B13: inheritance only if the table says so."""
    routes = table(row("A", EXTERNAL), row("B", INBOX, parent="A"))
    assert resolve(routes, "B").destination is INBOX


@pytest.mark.parametrize(
    "above",
    [
        [],
        [row("A", period=Period(NEW_YEAR, None))],
        [row("A", region="sydvik")],
    ],
    ids=["no parent row", "not yet valid", "another region's"],
)
def test_a_unit_whose_parent_has_no_row_has_no_route(above):
    """DOMAIN B7, B13: nothing is inherited from nowhere, or from another region."""
    result = resolve(table(*above, row("B", Way.PARENT, parent="A")), "B")
    assert isinstance(result, NoRouteNow)
    assert result.trace[-1].startswith("no parent in this region")


def test_a_circle_of_parents_comes_to_an_end():
    """DOMAIN B1: even a faulty table answers."""
    routes = table(row("A", Way.PARENT, parent="B"), row("B", Way.PARENT, parent="A"))
    result = resolve(routes, "A")
    assert isinstance(result, NoRouteNow)
    assert len(result.trace) == LONGEST_CLIMB + 2


def test_the_first_rule_that_matches_wins():
    """DOMAIN B3: rules are tried in order."""
    rules = [RouteRule("feedback", INBOX, kind=Kind.FEEDBACK), RouteRule("rest", EXTERNAL)]
    routes = table(row("A", Way.RULES), rules=rules)
    assert resolve(routes, "A", kind=Kind.FEEDBACK).destination is INBOX
    complaint = resolve(routes, "A")
    assert complaint.destination is EXTERNAL
    assert complaint.trace[-1] == "rule 'rest' → nordmark/avvikelse"


@pytest.mark.parametrize(
    "limits",
    [
        {"kind": Kind.FEEDBACK},
        {"provider": unit_id("OTHER")},
        {"under": unit_id("OTHER")},
        {"period": Period(NEW_YEAR, None)},
    ],
    ids=str,
)
def test_a_rule_that_does_not_match_is_passed_over(limits):
    """DOMAIN B1: no match is no route, never a guess."""
    routes = table(row("A", Way.RULES), rules=[RouteRule("narrow", INBOX, **limits)])
    result = resolve(routes, "A")
    assert isinstance(result, NoRouteNow)
    assert result.trace[-1] == "no rule of the region matches"


def test_a_rule_finds_units_by_provider_and_by_ancestor():
    """DOMAIN B3: many units to one receiver."""
    rule = RouteRule("dental", EXTERNAL, provider=unit_id("FTV"), under=unit_id("TOP"))
    routes = table(
        row("TOP"),
        row("MID", parent="TOP"),
        row("A", Way.RULES, parent="MID", provider="FTV"),
        rules=[rule],
    )
    assert resolve(routes, "A").destination is EXTERNAL


def test_who_inherits_rules_is_judged_as_its_parent():
    """DOMAIN B13: what the parent would get, its children get."""
    rule = RouteRule("dental", EXTERNAL, provider=unit_id("FTV"))
    routes = table(
        row("A", Way.RULES, provider="FTV"), row("B", Way.PARENT, parent="A"), rules=[rule]
    )
    assert resolve(routes, "B").destination is EXTERNAL


def test_the_committee_is_a_receiver_of_its_own():
    """DOMAIN B5: found by its own address, with its own destination."""
    committee = Committee(COMMITTEE, "Patientnämnden", EXTERNAL)
    result = resolve(table(committee=committee), "PATN", receiver=ReceiverType.COMMITTEE)
    assert result.destination is EXTERNAL
    assert result.unit_name == "Patientnämnden"
    assert result.holder == SYSTEM


@pytest.mark.parametrize(
    ("name", "receiver"), [("A", ReceiverType.CARE), ("PATN", ReceiverType.COMMITTEE)]
)
def test_nobody_in_a_region_receives_while_its_committee_has_no_route(name, receiver):
    """DOMAIN B6."""
    committee = Committee(COMMITTEE, "Patientnämnden", INBOX, Period(NEW_YEAR, None))
    routes = table(row("A"), committee=committee)
    assert isinstance(resolve(routes, name, receiver=receiver), RegionNotActive)
    assert isinstance(resolve(routes, name, receiver=receiver, at=NEW_YEAR), Routed)


@pytest.mark.parametrize("at", [NOW, NEW_YEAR])
def test_what_was_asked_before_changes_no_answer(at):
    """DOMAIN B1, B4, B6: in any order, about any unit, at any time."""
    committee = Committee(COMMITTEE, "Patientnämnden", INBOX, Period(None, NEW_YEAR))
    rows = (
        row("A", EXTERNAL),
        row("B", INBOX, period=Period(None, NEW_YEAR)),
        row("B", EXTERNAL, period=Period(NEW_YEAR, None)),
        # A faulty table, which the check refuses: here too the first row that holds decides.
        row("C", INBOX, period=Period(NEW_YEAR, None)),
        row("C", EXTERNAL),
        row("D", Way.PARENT, parent="A"),
        row("E", EXTERNAL, period=Period(None, NEW_YEAR)),
    )
    for one in (None, committee):
        asked = table(*rows, committee=one)
        for earlier in (NOW, NEW_YEAR):
            [resolve(asked, name, at=earlier) for name in "abcde" * 2]
        fresh = [resolve(table(*rows, committee=one), name, at=at) for name in "ABCDE"]
        assert [resolve(asked, name, at=at) for name in "ABCDE"] == fresh


def test_a_unit_is_not_a_committee_nor_the_other_way_round():
    """DOMAIN A2: the citizen's choice and the address must agree."""
    routes = table(row("A"))
    assert isinstance(resolve(routes, "A", receiver=ReceiverType.COMMITTEE), NotACommittee)
    assert isinstance(resolve(routes, "PATN", receiver=ReceiverType.CARE), NotACareUnit)


@pytest.mark.parametrize(
    ("to", "holder"),
    [
        (INBOX, "A"),
        (EXTERNAL, "SYS"),
        (destination("samordnare", settings={"owner": "SE2321009101-KVAL"}), "KVAL"),
    ],
    ids=["the unit", "the system", "the coordinator"],
)
def test_the_holder_is_the_system_the_coordinator_or_the_unit(to, holder):
    """DOMAIN B3, D2: who may answer."""
    assert resolve(table(row("A", to)), "A").holder == unit_id(holder)


HOSPITAL, CLINIC, WARD = (unit_id(name) for name in ("H", "C", "W"))
TREE = Tree(
    {
        HOSPITAL.key: Place("Lasarettet", TOP),
        CLINIC.key: Place("Kliniken", HOSPITAL),
        WARD.key: Place("Avdelningen", CLINIC),
    }
)


def national(*rows, default=None, tree=TREE, **told):
    return replace(table(*rows, **told), tree=tree, default=default)


def test_who_has_no_row_goes_as_the_nearest_above_that_takes_those_below():
    """INTEROP §2.3, DOMAIN B3, B13: the selected unit stays; who holds it is the one above."""
    takes = replace(row("H"), below=True)
    result = resolve(national(takes, row("C", EXTERNAL), default=EXTERNAL), "W")
    assert (result.destination, result.unit, result.unit_name) == (INBOX, WARD, "Avdelningen")
    assert result.holder == HOSPITAL
    assert result.trace == (
        f"{WARD}: no row, and no region's committee",
        f"{CLINIC}: above it in the HSA tree",
        f"{HOSPITAL}: above it in the HSA tree",
        f"{HOSPITAL}: row nordmark/units.csv:2 → nordmark/inkorg",
    )


def test_a_unit_of_the_table_goes_by_its_own_rows_and_else_nowhere():
    """DOMAIN B4, B13: one that has not opened, or has closed, is not taken over by another."""
    opens = row("C", EXTERNAL, period=Period(NEW_YEAR, None))
    routes = national(replace(row("H"), below=True), opens, default=INBOX)
    assert isinstance(resolve(routes, "C"), NoRouteNow)
    assert routes.platform_trace(CLINIC, NOW) == CLINIC.text
    assert resolve(routes, "C", at=NEW_YEAR).destination is EXTERNAL


def test_a_row_that_does_not_hold_now_takes_nobody_below():
    """INTEROP §2.3: only what is valid at the time is looked at."""
    near = replace(row("C", EXTERNAL, period=Period(NEW_YEAR, None)), below=True)
    routes = national(replace(row("H"), below=True), near)
    assert resolve(routes, "W").destination is INBOX
    assert resolve(routes, "W", at=NEW_YEAR).destination is EXTERNAL


def test_nobody_above_says_so_the_default_does():
    """INTEROP §2.3, DOMAIN B13: only where the table says so."""
    result = resolve(national(row("H"), default=EXTERNAL), "W")
    assert (result.destination, result.unit, result.holder) == (EXTERNAL, WARD, SYSTEM)
    assert result.trace[-1] == "default → nordmark/avvikelse"
    assert resolve(national(tree=None, default=EXTERNAL), "X").unit_name == unit_id("X").text


@pytest.mark.parametrize("name", ["W", "X", "X#H"])
def test_a_region_that_is_not_active_gets_nothing_by_tree_part_or_default(name):
    """DOMAIN B6: however it was found."""
    committee = Committee(COMMITTEE, "Patientnämnden", INBOX, Period(NEW_YEAR, None))
    routes = national(replace(row("H"), below=True), default=EXTERNAL, committee=committee)
    address = "#".join(unit_id(part).text for part in name.split("#"))
    result = routes.resolve(HsaId(address), Kind.COMPLAINT, ReceiverType.CARE, NOW)
    assert isinstance(result, RegionNotActive)


@pytest.mark.parametrize("name", ["W", "X"])
def test_a_committee_has_no_heirs(name):
    """DOMAIN B5: what is no committee is none, whatever tree and default there are."""
    routes = national(replace(row("H"), below=True), default=EXTERNAL)
    assert isinstance(resolve(routes, name, receiver=ReceiverType.COMMITTEE), UnknownUnit)


@pytest.mark.parametrize(
    ("address", "receiver", "ends"),
    [
        (f"{WARD}#{HOSPITAL}", ReceiverType.CARE, INBOX),
        (f"{CLINIC}#{WARD}", ReceiverType.CARE, EXTERNAL),
        (f"{WARD}#{COMMITTEE}", ReceiverType.COMMITTEE, INBOX),
    ],
)
def test_the_last_part_with_a_row_decides_and_the_whole_address_stays(address, receiver, ends):
    """INTEROP §2.3: of a case to a committee too; asked again later, it goes the same way."""
    routes = national(row("H"), row("C", EXTERNAL))
    result = routes.resolve(HsaId(address), Kind.COMPLAINT, receiver, NOW)
    assert (result.destination, result.unit.text) == (ends, address)
    assert routes.resolve(result.unit, Kind.COMPLAINT, receiver, NOW) == result
    assert routes.receiver_of(HsaId(address)) is receiver


def test_parts_without_a_row_go_nowhere():
    """INTEROP §2.3: no tree and no default in that branch."""
    routes = national(replace(row("H"), below=True), default=EXTERNAL)
    address = HsaId(f"{WARD}#x")
    result = routes.resolve(address, Kind.COMPLAINT, ReceiverType.CARE, NOW)
    assert isinstance(result, UnknownUnit)
    assert result.trace == ("x: a part of the address", f"{WARD}: a part of the address")
    assert routes.platform_trace(address, NOW) == f"(leaf),x,{WARD}"


def test_a_period_of_days_lasts_through_its_last_day_in_sweden():
    """DOMAIN B4: written as Swedish days, summer and winter."""
    period = Period.of_days(date(2026, 3, 1), date(2026, 3, 31))
    assert period.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert Period.of_days(None, None) == ALWAYS


def test_settings_are_not_shown():
    """Settings may name secrets."""
    assert "hemlig" not in repr(destination("x", settings={"signing_secret": "hemlig"}))
