"""A town that was made for measuring has a way to its own case system."""

from contextlib import ExitStack

from bench.growth import first_case, grown_town
from bench.town import worker
from gateway.testing.one_system import UNIT


def test_what_is_sent_to_a_grown_town_arrives_at_its_own_system():
    """Issue: growth is measured from end to end; the copied routes lead to another town."""
    with ExitStack() as stack:
        here = grown_town(stack, first_case(stack), 10)
        stack.enter_context(worker(here))
        here.gateway.submit("grown", UNIT).raise_for_status()
        assert "grown" in here.system.wait_for(["grown"])
