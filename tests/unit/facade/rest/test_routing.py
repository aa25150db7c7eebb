"""Routing over REST: where would this go, and why."""

import pytest


def explained(asked, **query):
    """Ask as any known caller."""
    return asked("system", "GET", "/routing/explain", params=query)


def test_a_route_is_explained(asked):
    """DOMAIN B11: which route is chosen and why, from which version of the table."""
    told = explained(asked, hsaId="se2321000016-1a2b", kind="FEEDBACK", receiver="CARE").json()
    assert (told["destination"], told["holderHsaId"]) == (
        "stockholm/avvikelse",
        "SE2321000016-AVV1",
    )
    assert "stockholm.csv:1" in told["trace"][0]
    assert (told["publication"], told["tableVersion"]) == (1, "5f2c9e0a71d3")


@pytest.mark.parametrize(
    ("address", "receiver", "rule"),
    [
        ("SE2321000016-9X9X", "CARE", "unknown-unit"),
        ("SE2321000016-1A2B", "COMMITTEE", "not-a-committee"),
        ("SE2321000016-PN", "CARE", "not-a-care-unit"),
    ],
)
def test_no_route_is_explained_by_its_rule(asked, address, receiver, rule):
    """DOMAIN B11: the same rule that a case would be refused by."""
    told = explained(asked, hsaId=address, receiver=receiver).json()
    assert told["rule"] == rule
    assert "destination" not in told


@pytest.mark.parametrize("query", [{}, {"hsaId": ""}, {"hsaId": "A", "at": "1772440200"}])
def test_a_question_that_is_none_is_refused(asked, query):
    """Digg FNS.05: no query parameter is mandatory, but without a unit there is no answer."""
    assert explained(asked, **query).status_code == 400


def test_a_route_is_explained_for_a_time(asked):
    """DOMAIN B11, B4: for a time, with its offset."""
    time = "2030-01-01T00:00:00+01:00"
    assert explained(asked, hsaId="SE2321000016-1A2B", at=time).status_code == 200
