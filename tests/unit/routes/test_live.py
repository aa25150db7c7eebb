"""The route table in use."""

import pytest
from structlog.testing import capture_logs

from gateway.domain.errors import StartRefused
from gateway.domain.routing import RouteTable
from gateway.routes.finding import Finding, Rule
from gateway.routes.live import LiveTable

FINDING = Finding("nordmark/units.csv", 7, Rule.OVERLAP, "two rows at once")


def table(version):
    return RouteTable(version, {}, {}, {})


def test_a_broken_table_stops_the_start_with_every_finding():
    """DOMAIN B10."""
    with pytest.raises(StartRefused, match=r"nordmark/units\.csv:7: overlap: two rows at once"):
        LiveTable(lambda: [FINDING])


def test_a_reload_swaps_the_whole_table():
    """DOMAIN B4, DESIGN decision 7."""
    versions = [table("one"), table("two")]
    live = LiveTable(lambda: versions.pop(0))
    live.reload()
    assert live.current().version == "two"


def test_a_broken_reload_is_told_and_the_live_table_stays():
    """DOMAIN B10: the live one keeps working."""
    loaded = [table("one"), [FINDING]]
    live = LiveTable(lambda: loaded.pop(0))
    with capture_logs() as lines:
        live.reload()
    assert live.current().version == "one"
    assert lines[0]["event"] == "routes.refused"
    assert lines[0]["faults"] == [str(FINDING)]
