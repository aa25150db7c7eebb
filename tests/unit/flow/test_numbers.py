"""Case numbers that people can read aloud and that tell nothing about the case."""

import re

from gateway.flow.numbers import new_case_number


def test_a_case_number_has_its_year_and_ten_letters_that_are_never_misread():
    """DOMAIN A7: I, L, O and U are left out."""
    number = new_case_number(2026)
    assert re.fullmatch(r"2026-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{6}", number)


def test_case_numbers_do_not_repeat_and_do_not_count():
    """DOMAIN A7: nobody can tell from a number how many cases there are, or guess another."""
    numbers = [new_case_number(2026) for _ in range(2000)]
    assert len(set(numbers)) == len(numbers)
    assert sorted(numbers) != numbers
