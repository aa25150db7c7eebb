"""The route table in use."""

import pytest
from structlog.testing import capture_logs

from gateway.domain.errors import StartRefused, Unavailable
from gateway.domain.routing import RouteTable
from gateway.routes import following
from gateway.routes.finding import Finding, Rule
from gateway.routes.live import Live, LiveTable
from gateway.testing.builders import make_publication
from gateway.testing.memory import MemoryStore

FINDING = Finding("nordmark/units.csv", 7, Rule.OVERLAP, "two rows at once")
ONE, TWO, BROKEN = ({"norr/units.csv": text} for text in (b"one", b"two", b"broken"))


def build(files):
    version = files["norr/units.csv"].decode()
    return [FINDING] if version == "broken" else RouteTable(version, {}, {}, {})


@pytest.fixture
def store():
    return MemoryStore()


def publish(store, files, number=1):
    return store.publications.publish(make_publication(number=number), files)


def test_where_nothing_was_published_nothing_starts(store):
    """DOMAIN B10."""
    with pytest.raises(StartRefused, match="nothing was published"):
        LiveTable(store.publications, build)


def test_a_broken_table_stops_the_start_with_every_finding(store):
    """DOMAIN B10."""
    publish(store, BROKEN)
    with pytest.raises(StartRefused, match=r"nordmark/units\.csv:7: overlap: two rows at once"):
        LiveTable(store.publications, build)


def test_what_another_node_publishes_is_taken_whole(store):
    """DOMAIN B4, B10, DESIGN decision 7."""
    publish(store, ONE)
    live = LiveTable(store.publications, build)
    second = publish(store, TWO, 2)
    live.look()
    assert live.current().version == "two"
    assert (live.live().publication, live.live().files) == (second, TWO)


def test_one_that_cannot_be_used_here_is_told_and_the_live_one_stays(store):
    """DOMAIN B10: the live one keeps working."""
    publish(store, ONE)
    live = LiveTable(store.publications, build)
    publish(store, BROKEN, 2)
    with capture_logs() as lines:
        live.look()
        live.look()
    assert live.current().version == "one"
    (line,) = lines
    assert (line["event"], line["faults"]) == ("routes.refused", [str(FINDING)])


def test_who_repairs_routes_begins_with_an_empty_table_where_the_newest_cannot_be_used(store):
    """DOMAIN B10: a publication that stops every start can be taken back."""
    publish(store, ONE)
    newest = publish(store, BROKEN, 2)
    live = LiveTable(store.publications, build, or_empty=True)
    assert (live.live().publication, live.current().units) == (newest, {})


def test_a_database_that_was_restored_has_the_last_word(store):
    """DOMAIN G5: the number may be lower than before, or stand for other files."""
    publish(store, ONE)
    live = LiveTable(store.publications, build)
    live.take(Live(make_publication(number=7), TWO, build(TWO)))
    live.look()
    assert live.current().version == "one"


def test_an_older_one_never_takes_the_place_of_a_newer(store):
    """DOMAIN B10: two that publish on one node end with the last."""
    first = publish(store, ONE)
    publish(store, TWO, 2)
    live = LiveTable(store.publications, build)
    live.take(Live(first, ONE, build(ONE)))
    assert live.current().version == "two"


def test_while_the_store_is_away_the_live_one_keeps_working(store):
    """DOMAIN B10, G2."""
    publish(store, ONE)
    live = LiveTable(store.publications, build)
    store.gone = True
    following.look(live)
    with pytest.raises(Unavailable):
        live.look()
    assert live.current().version == "one"
