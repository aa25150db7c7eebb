"""Personal numbers as people write them (DOMAIN A8)."""

from datetime import date

import pytest

from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.domain.person_number import COORDINATION_OID, as_written

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("191212121212", "191212121212"),
        ("19121212-1212", "191212121212"),
        (" 1912 12 12 1212 ", "191212121212"),
        ("121212+1212", "191212121212"),
        ("121212-1212", "201212121212"),
        ("671122–2940", "196711222940"),
        ("261103-1212", "192611031212"),
        ("261102-1212", "202611021212"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    """With or without century, blanks and hyphens; nobody is born tomorrow."""
    read = as_written(text, TODAY)
    assert read is not None
    assert read.number == number


@pytest.mark.parametrize("text", ["", "12", "Tolvan", "1912121212123", "19121212_1212"])
def test_what_is_no_number_is_none(text):
    """And it is not guessed."""
    assert as_written(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "oid"), [("196711222940", PERSONNUMMER_OID), ("197010632391", COORDINATION_OID)]
)
def test_the_register_follows_from_the_day(text, oid):
    """A coordination number has sixty days more (INTEROP §6.2)."""
    assert as_written(text, TODAY) == PersonId(oid, text)
