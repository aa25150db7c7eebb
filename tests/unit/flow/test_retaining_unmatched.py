"""Disposal of messages that never found a case (DOMAIN D2, E4)."""

from datetime import timedelta

import pytest

from gateway.domain.errors import Rule
from gateway.flow.ports import UnmatchedMessage
from gateway.flow.unmatched_retention import RetainingUnmatched
from gateway.testing.builders import NOW, make_case_message

MONTHS = 12


@pytest.fixture
def keys(town):
    """Give the keys of a message that came two years ago, and of one that came today."""
    for message_id, days in (("old", 730), ("new", 0)):
        message = make_case_message(message_id=message_id)
        at = NOW - timedelta(days=days)
        town.store.cases.keep_unmatched(UnmatchedMessage(town.system.hsa_id, message, at, "why"))
    return [key for key, _ in town.store.cases.unmatched(None, 9)][::-1]


def retaining(town, months=MONTHS):
    return RetainingUnmatched(town.store.unmatched_retention, months, town.clock)


def test_only_what_is_over_its_time_is_due(town, keys):
    """DOMAIN E4: and since when."""
    [(message, since)] = retaining(town).due(town.operator)
    assert message.key == keys[0]
    assert since == message.received_at.replace(hour=23, minute=0) + timedelta(days=365)


def test_what_is_due_goes_with_a_proof(town, keys):
    """DOMAIN E4: by whom and by which rule."""
    [disposal] = retaining(town).dispose(town.operator)
    assert (disposal.by, disposal.rule) == (town.operator.acts_as, "unmatched 12 months")
    assert [key for key, _ in town.store.cases.unmatched(None, 9)] == keys[1:]
    assert retaining(town).disposals(town.operator, None, 9) == [disposal]
    assert [*retaining(town).dispose(town.operator)] == []


def test_unless_somebody_says_how_long_all_is_kept(town, keys):
    """DOMAIN E4."""
    assert [*retaining(town, None).dispose(town.operator)] == []
    assert len(town.store.cases.unmatched(None, 9)) == len(keys)


@pytest.mark.parametrize("verb", ["due", "dispose"])
def test_only_operators_see_or_do_it(town, verb):
    """DOMAIN E1."""
    with town.refuses(Rule.NOT_PERMITTED):
        next(getattr(retaining(town), verb)(town.nurse))
