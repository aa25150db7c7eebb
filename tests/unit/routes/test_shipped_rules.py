"""The example regions that come with the gateway are right, and show what rules can do."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import swedish_midnight
from gateway.domain.routing import Routed, RouteTable, Way
from gateway.routes.build import load

RULES = Path(__file__).parents[3] / "routing_rules"
SUMMER = date(2026, 6, 1)


@pytest.fixture(scope="module")
def shipped():
    """The rules of the example regions, compiled."""
    loaded = load(RULES, lambda _: [])
    assert isinstance(loaded, RouteTable), "\n".join(map(str, loaded))
    return loaded


@pytest.mark.parametrize(
    ("unit", "kind", "day", "destination", "holder"),
    [
        ("9101-HCGR", "COMPLAINT", SUMMER, "nordmark/inkorg", "9101-HCGR"),
        ("9101-HCBJ", "COMPLAINT", SUMMER, "nordmark/avvikelse", "9101-AVVIKELSE"),
        ("9101-FTAL", "FEEDBACK", SUMMER, "nordmark/kvalitet-tandvard", "9101-KVALTAND"),
        ("9101-MEDT", "COMPLAINT", date(2026, 12, 31), "nordmark/inkorg", "9101-MEDT"),
        ("9101-MEDT", "COMPLAINT", date(2027, 1, 1), "nordmark/avvikelse", "9101-AVVIKELSE"),
        ("9202-KIRSYD", "COMPLAINT", SUMMER, "sydvik/synergi", "9202-SYNERGI"),
        ("9202-KIRSYD", "FEEDBACK", SUMMER, "sydvik/kvalitet-sjukhus", "9202-KVALSJH"),
    ],
)
def test_an_example_unit_is_held_by_whom_it_should(shipped, unit, kind, day, destination, holder):
    """DOMAIN B1 to B5: each way that a case can take."""
    address = HsaId(f"SE232100{unit}")
    result = shipped.resolve(address, Kind(kind), ReceiverType.CARE, swedish_midnight(day))
    assert isinstance(result, Routed)
    assert (result.destination.key, result.holder) == (destination, HsaId(f"SE232100{holder}"))


def test_the_example_regions_have_units_of_every_kind(shipped):
    """DOMAIN B2, B13: some integrated, some not, some by parent, some by rules."""
    ways = Counter(_way(row) for rows in shipped.units.values() for row in rows)
    assert len(shipped.units) > 500
    assert min(ways.values()) > 5
    assert ways.keys() >= {"@parent", "@rules", "nordmark/avvikelse", "sydvik/inkorg"}


def _way(row):
    return row.to.value if isinstance(row.to, Way) else row.to.key
