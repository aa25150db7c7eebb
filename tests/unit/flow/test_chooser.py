"""What citizens can choose now, and the way out (DOMAIN A13, A14)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from gateway.domain.case import Kind
from gateway.domain.destination import Destination
from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteRule, RouteTable, Row, Unit, Way
from gateway.flow.chooser import MOST_COMMITTEES, Chooser

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(days=30)
INBOX = Destination("a/inkorg", "a", "inkorg", "inbox", {}, Policy(), None, "Inkorg")
SYSTEM = replace(INBOX, key="a/avvikelse", adapter="rest", system=HsaId("SE2321009101-AVV"))
PRAISE_ONLY = RouteRule("praise", INBOX, kind=Kind.FEEDBACK)


def unit_id(name):
    return HsaId(f"SE2321009101-{name}")


def row(name, *, to=INBOX, region="a", period=ALWAYS, called="Vårdcentralen"):
    unit = Unit(unit_id(name), f"{called} {name}", "Norrfors", region)
    return Row(unit, to, period, "units.csv", 2)


def region(key, *, active=ALWAYS, rules=()):
    committee = Committee(unit_id(f"PN-{key}"), f"Patientnämnden {key}", INBOX, active)
    return Region(key, f"Region {key}", "91", committee, rules)


def table(*rows, regions=()):
    units: dict[str, tuple[Row, ...]] = {}
    for one in rows:
        units[one.unit.hsa_id.key] = (*units.get(one.unit.hsa_id.key, ()), one)
    regions = regions or (region("a"), region("b"))
    return RouteTable("v1", {one.key: one for one in regions}, {}, units)


def chooser(*rows, regions=()):
    routes = table(*rows, regions=regions)
    return Chooser(lambda: routes, lambda: NOW)


def names(choices):
    return [choice.hsa_id.text[13:] for choice in choices]


def searched(verbs, text="", *, region=None, after=None, limit=20):
    offer = verbs.search(text, region, after, limit)
    return names(offer.units), names(offer.committees)


def test_only_units_that_can_receive_now_are_found():
    """DOMAIN A14, B4, B6: none that is closed, not open yet, without a route, or in the dark."""
    verbs = chooser(
        row("OPEN"),
        row("CLOSED", period=Period(None, NOW)),
        row("PLANNED", period=Period(SOON)),
        row("LOST", to=Way.PARENT),
        row("DARK", region="c"),
        regions=(region("a"), region("c", active=Period(SOON))),
    )
    assert searched(verbs, "vårdcentralen") == (["OPEN"], ["PN-a"])


def test_a_unit_that_takes_one_kind_is_found():
    """DOMAIN A14, B13: what a citizen can choose, something can be sent to."""
    verbs = chooser(row("A", to=Way.RULES), regions=(region("a", rules=(PRAISE_ONLY,)),))
    assert searched(verbs, "vårdcentralen")[0] == ["A"]


def test_a_unit_is_offered_under_the_name_that_it_has_now():
    """DOMAIN B4: a row for each time, and the one that is valid now is shown."""
    before = row("A", period=Period(None, NOW), called="Gamla Eken")
    verbs = chooser(before, row("A", period=Period(NOW), called="Nya Eken"))
    [found] = verbs.search("eken", None, None, 20).units
    assert found.name == "Nya Eken A"


def test_it_does_not_show_what_handles_the_cases():
    """DOMAIN A14, B2: integrated or not, the citizen sees the same."""
    one, other = (chooser(row("A", to=to)) for to in (INBOX, SYSTEM))
    asked = ("vårdcentralen", None, None, 20)
    assert one.search(*asked) == other.search(*asked)
    assert one.one(unit_id("A")) == other.one(unit_id("A"))


@pytest.mark.parametrize(
    ("text", "wanted", "committees"),
    [
        ("eken", {}, ["PN-a"]),
        ("vårdcentralen", {}, ["PN-a", "PN-b"]),
        ("vårdcentralen", {"region": "b"}, ["PN-b"]),
        ("lasarett", {"region": "b"}, ["PN-b"]),
        ("lasarett", {}, ["PN-a", "PN-b"]),
    ],
)
def test_the_committees_are_the_way_out(text, wanted, committees):
    """DOMAIN A13, A14: of the regions of the hits, else of the asked one, else all."""
    verbs = chooser(row("EKEN"), row("B", region="b"))
    assert searched(verbs, text, **wanted)[1] == committees


def test_too_many_committees_are_no_way_out():
    """DOMAIN A14: who has not said where they are would have to read them all."""
    many = tuple(region(f"r{number:02}") for number in range(MOST_COMMITTEES + 1))
    assert searched(chooser(regions=many), "lasarett") == ([], [])
    assert len(searched(chooser(regions=many[1:]), "lasarett")[1]) == MOST_COMMITTEES


def test_pages_follow_each_other():
    """INTEROP §7: no unit twice, none left out; the committees are offered on each."""
    verbs = chooser(*(row(f"U{number}", region="ab"[number % 2]) for number in range(5)))
    assert searched(verbs, limit=2) == (["U0", "U1", "U2"], ["PN-a", "PN-b"])
    after = unit_id("U1").text.lower()
    assert searched(verbs, after=after, limit=2) == (["U2", "U3", "U4"], ["PN-a", "PN-b"])
    after = unit_id("U3").text
    assert searched(verbs, "vardcentralen", after=after, limit=2) == (["U4"], ["PN-a"])


def test_a_page_follows_a_unit_that_has_closed_since():
    """INTEROP §7, B4: midnight comes between two pages too."""
    verbs = chooser(row("U0", period=Period(None, NOW)), row("U1"))
    assert searched(verbs, after=unit_id("U0").text)[0] == ["U1"]


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (("", "c", None, 20), "query/region"),
        (("eken", None, "SE2321009101-B", 20), "query/after"),
        (("eken", None, "SE2321009101-NOBODY", 20), "query/after"),
    ],
)
def test_a_search_that_leads_nowhere_is_refused(asked, where):
    """AESTHETICS 4.4: a region that was mistyped does not look like an empty one."""
    with pytest.raises(Refusal) as refused:
        chooser(row("EKEN"), row("B")).search(*asked)
    [fault] = refused.value.faults
    assert (fault.rule, fault.where) == (Rule.SCHEMA, where)


def test_one_unit_or_committee_is_found_by_its_address():
    """DOMAIN A14: a direct link."""
    verbs = chooser(row("A"))
    assert verbs.one(HsaId("se2321009101-a")).name == "Vårdcentralen A"
    assert verbs.one(unit_id("PN-b")).region_name == "Region b"


@pytest.mark.parametrize("name", ["NOBODY", "PLANNED", "DARK", "PN-c"])
def test_a_link_to_what_cannot_be_chosen_now_is_refused(name):
    """DOMAIN A14: visible now, or not there."""
    verbs = chooser(
        row("PLANNED", period=Period(SOON)),
        row("DARK", region="c"),
        regions=(region("a"), region("c", active=Period(SOON))),
    )
    with pytest.raises(Refusal) as refused:
        verbs.one(unit_id(name))
    assert refused.value.outside is Rule.UNIT_NOT_VISIBLE.value


def test_whether_a_unit_can_receive_is_asked_of_the_table_of_now():
    """DOMAIN B2, B11."""
    found = chooser(row("A", period=Period(None, SOON))).capability(unit_id("A"), Kind.COMPLAINT)
    assert (found.can_receive, found.changes_at) == (True, SOON)


def test_a_new_table_is_searched_as_soon_as_it_has_been_read():
    """DOMAIN B10: swapped whole."""
    tables = [table(row("OLD"))]
    verbs = Chooser(lambda: tables[-1], lambda: NOW)
    assert searched(verbs, "vårdcentralen")[0] == ["OLD"]
    tables.append(table(row("NEW")))
    assert searched(verbs, "vårdcentralen")[0] == ["NEW"]


class Slow(dict[str, tuple[Row, ...]]):
    """Units that are read only when they are let."""

    def __init__(self, units):
        super().__init__(units)
        self.begun, self.let = Event(), Event()

    def items(self):
        """Wait, and give them."""
        self.begun.set()
        self.let.wait(5)
        return super().items()


def test_searches_go_on_while_a_new_table_is_read():
    """DOMAIN B10: nobody waits for a swap; the table before is still whole."""
    tables, slow = [table(row("OLD"))], Slow(table(row("NEW")).units)
    verbs = Chooser(lambda: tables[-1], lambda: NOW)
    searched(verbs)
    tables.append(replace(tables[0], units=slow))
    first = Thread(target=searched, args=(verbs,))
    first.start()
    assert slow.begun.wait(5)
    assert searched(verbs)[0] == ["OLD"]
    slow.let.set()
    first.join(5)
    assert searched(verbs)[0] == ["NEW"]


def test_every_committee_is_the_way_out_for_who_lives_elsewhere():
    """DOMAIN A13: those that can be chosen now, by the names of their regions."""
    regions = (region("b"), region("a"), region("c", active=Period(SOON)))
    found = Chooser(lambda: table(regions=regions), lambda: NOW).committees()
    assert [one.region for one in found] == ["a", "b"]
