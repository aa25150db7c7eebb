"""Whatever the routes are, who reads them from the catalogue learns the same (DOMAIN B1, B12)."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period
from gateway.domain.policy import Policy
from gateway.domain.region import Committee, Region, RouteRule, Unit, Way
from gateway.domain.routed import Routed, Row
from gateway.domain.routing import RouteTable
from gateway.domain.tree import Place, Tree
from gateway.facade.soap.vagval_notation import Places, routes
from gateway.flow.catalogue import SERVED, VAGVALSINFO, Catalogue

DOOR = "https://vaxel.example/soap"
COMMITTEE = HsaId("SE2321009101-PATN")
TICK = timedelta(microseconds=1)
TO = {
    name: Destination(f"norr/{name}", "norr", name, "inbox", {}, Policy(), None, name)
    for name in ("a", "b", "c")
}
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the bounds of a strategy have no zone)
destinations = st.sampled_from(sorted(TO)).map(TO.__getitem__)
numbers = st.integers(0, 4)
units = numbers.map(lambda number: HsaId(f"SE2321009101-{number}"))


@st.composite
def periods(draw):
    """Some days, or without a limit at either end."""
    first, last = sorted([draw(days), draw(days)])
    return Period.of_days(*(draw(st.sampled_from([one, None])) for one in (first, last)))


rules = st.builds(
    RouteRule,
    st.just("regel"),
    destinations,
    kind=st.sampled_from([None, *Kind]),
    under=st.none() | units,
    period=periods(),
)
ways = destinations | st.sampled_from(Way)


@st.composite
def rows(draw, unit):
    """Any rows of one unit: with gaps, in each other's way, inheriting from whom it may be."""
    parent = draw(st.none() | units)
    whole = Unit(unit, "Enhet", "Norrfors", "norr", None, parent)
    found = draw(st.lists(st.tuples(ways, periods(), st.booleans()), min_size=1, max_size=3))
    return tuple(Row(whole, to, period, "units.csv", 2, below) for to, period, below in found)


@st.composite
def tables(draw):
    """Units of one region with rules, a tree of the directory, and perhaps a default."""
    found = {one.key: draw(rows(one)) for one in draw(st.lists(units, max_size=5, unique=True))}
    committee = Committee(COMMITTEE, "Nämnden", draw(destinations), draw(periods()))
    region = Region("norr", "Norr", "91", committee, tuple(draw(st.lists(rules, max_size=4))))
    above = {f"se2321009101-{n}": Place("Enhet", HsaId(f"SE2321009101-{n - 1}")) for n in (1, 3)}
    return RouteTable(
        version="1",
        regions={"norr": region},
        destinations={one.key: one for one in TO.values()},
        units=found,
        tree=draw(st.sampled_from([None, Tree(above)])),
        default=draw(st.none() | destinations),
    )


@given(tables(), instants)
def test_a_client_learns_the_destination_that_the_table_resolves_to(table, at):
    """DOMAIN B1, B12: at any instant, on both sides of every switch; or no row where no route."""
    client = _Client(table)
    moments = {at, *(moment for edge in _edges(table) for moment in (edge - TICK, edge))}
    for receiver in [*(rows[0].unit.hsa_id for rows in table.units.values()), COMMITTEE]:
        for moment in moments:
            assert client.learns(receiver, moment) == _expected(table, receiver, moment)


@given(tables(), instants)
def test_a_client_sends_who_has_no_row_where_the_default_goes(table, at):
    """INTEROP §2.3: `*` is looked up last."""
    stranger = HsaId("SE2321009101-NOBODY")
    assert _Client(table).learns(HsaId("*"), at) == _expected(table, stranger, at)


class _Client:
    """What a reader of SokVagvalsInfo keeps of the routes of ProcessCase."""

    def __init__(self, table):
        texts = routes(Catalogue(table, (), HsaId("TEST-VAXEL"), "vaxel"), Places(DOOR))
        parsed = etree.fromstring(f'<x xmlns="{VAGVALSINFO}">{"".join(texts)}</x>')
        found = [{etree.QName(e).localname: e.text or "" for e in row} for row in parsed]
        self.rows = [row for row in found if row["tjansteKontrakt"] == SERVED[0].namespace]

    def learns(self, receiver, at):
        """Find the one address; INTEROP §2.3: both ends of a row belong to it."""
        hits = [
            row["adress"]
            for row in self.rows
            if row["receiverId"].lower() == receiver.key
            and _instant(row["fromTidpunkt"]) <= at <= _instant(row["tomTidpunkt"])
        ]
        assert len(hits) <= 1
        return hits[0] if hits else None


def _expected(table, receiver, at):
    who = ReceiverType.COMMITTEE if receiver == COMMITTEE else ReceiverType.CARE
    resolved = [table.resolve(receiver, kind, who, at) for kind in Kind]
    keys = [one.destination.key if isinstance(one, Routed) else None for one in resolved]
    if not any(keys):
        return None
    return f"{DOOR}/{keys[0] if len(set(keys)) == 1 else 'norr'}"


def _edges(table):
    found = [row.period for rows in table.units.values() for row in rows]
    for region in table.regions.values():
        found += [region.committee.period, *(rule.period for rule in region.rules)]
    return {edge for period in found for edge in (period.start, period.end) if edge}


def _instant(text):
    return datetime.fromisoformat(text)
