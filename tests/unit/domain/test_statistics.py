"""What is counted of a person and a month, and nothing finer."""

from datetime import UTC, date, datetime

import pytest

from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.domain.statistics import (
    Counter,
    Level,
    age_group,
    listed_values,
    month_of,
    path_of,
    recent,
    sex,
)

SAMORDNING, RESERVE = "1.2.752.129.2.1.3.3", "1.2.752.129.2.1.3.2"


@pytest.mark.parametrize(
    ("oid", "number", "group", "legal"),
    [
        (PERSONNUMMER_OID, "191212121212", "90-", "MALE"),
        (PERSONNUMMER_OID, "196711222940", "50-59", "FEMALE"),
        (PERSONNUMMER_OID, "200208012393", "20-29", "MALE"),
        (SAMORDNING, "196711822940", "50-59", "FEMALE"),
        (SAMORDNING, "196700602940", "50-59", "FEMALE"),
        (RESERVE, "99ABCD12EF34", "", ""),
    ],
)
def test_age_and_sex_come_from_the_number_of_the_patient(oid, number, group, legal):
    """DOMAIN F1, A8: as far as the number tells them."""
    person = PersonId(oid, number)
    assert (age_group(person, date(2026, 11, 1)), sex(person)) == (group, legal)


def test_who_is_not_known_has_neither():
    """DOMAIN A9."""
    assert (age_group(None, date(2026, 11, 1)), sex(None)) == ("", "")


def test_an_age_changes_on_the_birthday():
    """DOMAIN F1."""
    person = PersonId(PERSONNUMMER_OID, "200208012393")
    groups = [age_group(person, date(2012, *day)) for day in ((7, 31), (8, 1))]
    assert groups == ["0-9", "10-19"]


def test_a_month_is_that_in_sweden():
    """DOMAIN F2: rounded, so that it leads to nobody."""
    assert month_of(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == "2026-11"
    assert month_of(date(2026, 10, 31)) == "2026-10"


def test_a_year_that_was_mistyped_is_long_ago():
    """DOMAIN F1: a case closes and is counted, whatever date its citizen wrote."""
    assert recent(month_of(date(19, 5, 1)), "2026-11") == "EARLIER"
    assert month_of(date(19, 5, 1)) == "0019-05"


def test_months_long_before_the_closing_are_one():
    """DOMAIN F2: few have them, so each alone would tell of somebody."""
    assert recent("2025-01", "2026-11") == "2025-01"
    assert recent("2024-12", "2026-11") == "EARLIER"


def test_sub_problems_are_below_their_main_problem_and_sum_up_to_it():
    """DOMAIN Classification."""
    codes = {"3.4": ("3", "3.4"), "3": ("3", "3"), "": ("",)}
    assert {code: path_of(Counter.PROBLEM, code) for code in codes} == codes
    assert all(path in listed_values(Counter.PROBLEM, 2026) for path in codes.values())


def test_an_area_has_the_level_of_its_depth():
    """DOMAIN F2."""
    assert [Level.of(("norr", "p", "u")[:depth]) for depth in range(4)] == list(Level)
