"""Whatever well-formed rules say, each unit has exactly one destination at any instant (B1)."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.routing import Routed, RouteTable
from gateway.flow.caller import Caller, Role
from gateway.routes.build import build
from gateway.routes.draft import Draft
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing, publish_first
from gateway.testing.memory import MemoryStore

NATIONAL = Caller(HsaId("SE5560000000-NAT"), "national", Role.NATIONAL)

REGION = """
name = "Nordmark"
code = "91"
[committee]
hsa_id = "SE2321009101-PATN"
name = "Nämnden"
destination = "a"
[destinations]
a = { title = "A", adapter = "inbox" }
b = { title = "B", adapter = "rest", system = "SE2321009101-B" }
[[rules]]
name = "Under den första, för en tid"
under = "SE2321009101-0"
valid_from = 2026-02-01
valid_to = 2026-10-31
destination = "b"
[[rules]]
name = "Resten"
destination = "a"
"""
COLUMNS = "hsa_id,name,place,provider,parent,destination,valid_from,valid_to"
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the bounds of a strategy have no zone)


@st.composite
def units_files(draw):
    """Units with adjoining periods, each under an earlier one, going any way a row can say."""
    lines = [COLUMNS]
    for number in range(draw(st.integers(1, 6))):
        parent = draw(st.integers(0, number - 1)) if number else None
        ways = ["a", "b", "@rules"] if parent is None else ["a", "b", "@rules", "@parent"]
        cuts = sorted(draw(st.sets(days, max_size=3)))
        for first, last in zip([None, *cuts], [*cuts, None], strict=True):
            lines.append(_line(number, parent, draw(st.sampled_from(ways)), first, last))
    return "\n".join(lines)


@given(units_files(), instants, st.sampled_from(Kind))
def test_a_unit_of_well_formed_rules_has_exactly_one_destination_at_any_instant(units, at, kind):
    """DOMAIN B1, B4, B13: never both, never neither."""
    table = build(_draft(units), lambda _: [])
    assert isinstance(table, RouteTable)
    for key, rows in table.units.items():
        assert sum(row.period.holds(at) for row in rows) == 1
        result = table.resolve(HsaId(key), kind, ReceiverType.CARE, at)
        assert isinstance(result, Routed)
        assert table.destinations[result.destination.key] == result.destination


@given(units_files(), units_files(), instants, st.sampled_from(Kind))
def test_explain_says_what_the_table_says_and_the_same_after_a_rollback(first, second, at, kind):
    """DOMAIN B1, B10, B11: brought back is as it was, for every unit at any instant."""
    files, other = (_draft(units).files for units in (first, second))
    table, store = _made(files), MemoryStore()
    assert isinstance(table, RouteTable)
    publish_first(store.publications, Draft(files), _made, "x", "x", at)
    live = LiveTable(store.publications, _made)
    publishing = Publishing(live, store.publications, dict, lambda: at)
    if files != other:
        publishing.publish(other, None, 1, "other", NATIONAL)
        publishing.publish({}, 1, 2, "back", NATIONAL)
    for key in table.units:
        ask = HsaId(key), kind, ReceiverType.CARE
        explained, _ = publishing.explain(*ask, at)
        assert explained == table.resolve(*ask, at)


@given(st.data())
def test_rules_that_anybody_spoilt_are_told_and_never_raise(data):
    """DOMAIN B10: bad content is findings, whatever it is."""
    files = {"nordmark/region.toml": REGION, "nordmark/units.csv": data.draw(units_files())}
    path = data.draw(st.sampled_from(sorted(files)))
    start = data.draw(st.integers(0, len(files[path])))
    end = data.draw(st.integers(start, min(start + 20, len(files[path]))))
    junk = data.draw(st.text("[]{}=\"',;@-#.\n\0 a19é", max_size=8))
    files[path] = files[path][:start] + junk + files[path][end:]
    built = build(Draft({name: text.encode() for name, text in files.items()}), lambda _: [])
    assert isinstance(built, RouteTable) or built == sorted(built)


def _made(files):
    return build(Draft(files), lambda _: [])


def _draft(units):
    return Draft({"nordmark/region.toml": REGION.encode(), "nordmark/units.csv": units.encode()})


def _line(number, parent, to, first, last):
    up = "" if parent is None else f"SE2321009101-{parent}"
    until = last - timedelta(days=1) if last else ""
    return f"SE2321009101-{number},Enhet,Norrfors,,{up},{to},{first or ''},{until}"
