"""What comes through the SOAP door is counted, done or not."""

from dataclasses import replace

import pytest

from gateway.domain.errors import Unavailable
from gateway.metrics import Metrics


@pytest.fixture
def doors(doors):
    """Doors that are watched."""
    return replace(doors, watching=Metrics())


@pytest.fixture
def refused(doors):
    """Read how many requests were refused for a problem."""

    def read(problem):
        labels = {"door": "soap", "problem": problem}
        found = doors.watching.registry.get_sample_value("vaxel_requests_refused_total", labels)
        return found or 0

    return read


def test_a_case_is_counted_once_however_often_it_is_sent(post, envelope, submitted, doors):
    """DOMAIN C1, G1: a repeat is no other case."""
    for _ in range(2):
        post(envelope(submitted()))
    labels = {"door": "soap", "kind": "COMPLAINT"}
    assert doors.watching.registry.get_sample_value("vaxel_cases_accepted_total", labels) == 1


def test_what_is_refused_is_counted_by_its_problem(post, envelope, submitted, refused):
    """DOMAIN G1: as a fault or as a business error, by the same names as over REST."""
    post(envelope(submitted(eventDate="2099-01-01")))
    post(b"<no xml")
    post(envelope(submitted(), "SE2321000016-NONE"))
    assert [refused(p) for p in ("event-date-in-future", "unreadable")] == [1, 1]
    assert refused("address-mismatch") + refused("unknown-unit") == 1


TROUBLES = [(Unavailable("full"), "unavailable"), (RuntimeError(), "internal")]


@pytest.fixture(params=TROUBLES, ids=[problem for _, problem in TROUBLES])
def trouble(request, doors):
    """Let the keeping of cases break down; tells what problem that is."""
    error, problem = request.param

    async def break_down(_):
        raise error

    object.__setattr__(doors.intake, "keep", break_down)
    return problem


def test_troubles_of_ours_are_counted_too(post, envelope, submitted, trouble, refused):
    """DOMAIN G2: what a monitor must see first."""
    post(envelope(submitted()))
    assert refused(trouble) == 1
