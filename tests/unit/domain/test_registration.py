"""A case that began outside: how it is written, and what it may not be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.errors import Rule
from gateway.domain.law import Limits
from gateway.domain.registration import (
    CLOCKS_DIFFER,
    FIRST_TIME,
    Channel,
    Registration,
    registration_faults,
    registration_from_json,
    registration_to_json,
)
from gateway.testing.builders import NOW, make_attachment, make_case


@pytest.fixture
def registration():
    return Registration(make_case(attachments=(make_attachment(),)), Channel.VISIT, NOW, "AVV-1")


def faults(registration):
    found = registration_faults(registration, NOW, NOW.date(), Limits())
    return [fault.rule for fault in found]


def test_what_was_written_is_read_back(registration):
    """DOMAIN A12: one notation, whichever door it came through."""
    bare = replace(registration, case=replace(registration.case, attachments=()))
    assert registration_from_json(registration_to_json(bare)) == bare


def test_what_has_no_name_outside_is_written_without_one(registration):
    """Absent things are left out, so that two who say the same are equal."""
    assert "externalCaseId" not in registration_to_json(
        replace(registration, external_case_id=None)
    )


@pytest.mark.parametrize(("late", "broken"), [(0, []), (1, [Rule.RECEIVED_IN_FUTURE])])
def test_a_case_has_come_in_already(registration, late, broken):
    """DOMAIN A12: but for what two clocks may differ."""
    at = NOW + CLOCKS_DIFFER + timedelta(seconds=late)
    assert faults(replace(registration, received_at=at)) == broken


def test_it_follows_the_law_of_any_case(registration):
    """DOMAIN A4, A12: the same checks."""
    tomorrow = (NOW + timedelta(days=1)).date()
    case = replace(registration.case, event_date=tomorrow)
    assert faults(replace(registration, case=case)) == [Rule.EVENT_DATE_IN_FUTURE]


@pytest.mark.parametrize(("early", "broken"), [(0, []), (1, [Rule.SCHEMA])])
def test_a_time_is_one_that_the_contracts_can_say(registration, early, broken):
    """CONTRACT TimeType: in UTC, from 1900 on."""
    at = FIRST_TIME - timedelta(seconds=early)
    assert faults(replace(registration, received_at=at)) == broken
