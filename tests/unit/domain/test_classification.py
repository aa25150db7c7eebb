"""The patients' committees' common categories, as data."""

import pytest

from gateway.domain.classification import CATEGORIES

CODES = [category.code for category in CATEGORIES]
# DOMAIN, Classification: how many sub-problems each main problem has.
SUB_PROBLEMS = {"1": 6, "2": 1, "3": 4, "4": 2, "5": 2, "6": 2, "7": 5, "8": 2, "9": 0}


def test_the_nine_main_problems_are_there_in_their_order():
    """DOMAIN, Classification: 1 to 9."""
    assert [code for code in CODES if "." not in code] == list(SUB_PROBLEMS)


@pytest.mark.parametrize(("main", "count"), SUB_PROBLEMS.items())
def test_each_main_problem_has_all_its_sub_problems(main, count):
    """DOMAIN, Classification: the sub-problems in the brackets, numbered from 1."""
    subs = [c.code for c in CATEGORIES if c.main == main and c.code != main]
    assert subs == [f"{main}.{number}" for number in range(1, count + 1)]


def test_no_code_is_used_twice():
    """DOMAIN F1: statistics count by code."""
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize("category", CATEGORIES, ids=CODES)
def test_every_category_is_named_in_swedish_and_english(category):
    """DOMAIN, Classification: code, name in Swedish and English."""
    assert category.swedish.strip()
    assert category.english.strip()
