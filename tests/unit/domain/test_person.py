"""Personal identities: accepted by form, doubted by check digit and date, never shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.person import (
    KIND_BY_OID,
    PERSONNUMMER_OID,
    PersonId,
    PersonIdKind,
    faults,
    has_valid_check_digit,
    warnings,
    without_numbers,
)

SAMORDNINGSNUMMER_OID = "1.2.752.129.2.1.3.3"
RESERVE_OIDS = [oid for oid, kind in KIND_BY_OID.items() if kind is PersonIdKind.RESERVE]
# INTEROP §6.2: the official test numbers; every check digit fits.
TEST_NUMBERS = [
    "191212121212",
    "188803099368",
    "196711222940",
    "189310229803",
    "191001319803",
    "200208012393",
]
WRONG_CHECK_DIGIT = ["the check digit does not fit"]
NO_DATE = ["the birth date is not a date"]

births = st.dates(date(1880, 1, 1), date(2030, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
serials = st.from_regex(r"[0-9]{3}", fullmatch=True)


@pytest.mark.parametrize("number", TEST_NUMBERS)
def test_an_official_test_number_is_accepted_without_a_doubt(number):
    """INTEROP §6.2, the test numbers."""
    person = PersonId(PERSONNUMMER_OID, number)
    assert faults(person) == []
    assert warnings(person) == []


@pytest.mark.parametrize("before", ["personnummer", "SYN-", "pnr:"])
def test_a_number_is_blotted_out_where_it_stands(before):
    """DOMAIN A8: also right after a word."""
    assert without_numbers(f"{before}19121212-1212.") == f"{before}<number>."


def test_a_long_text_is_read_through_in_no_time():
    """DOMAIN A8: the words of a stranger must not hold us up."""
    assert without_numbers("911212" + " " * 1_000_000) != ""


def test_a_number_with_a_wrong_check_digit_is_accepted_and_doubted():
    """INTEROP §6.2: 197404188888 occurs in real traffic, so it must not be refused."""
    person = PersonId(PERSONNUMMER_OID, "197404188888")
    assert faults(person) == []
    assert warnings(person) == WRONG_CHECK_DIGIT


@given(births, serials)
def test_exactly_one_check_digit_fits_each_number(birth, serial):
    """INTEROP §6.2: Luhn over YYMMDDNNN."""
    fitting = [d for d in range(10) if has_valid_check_digit(f"{birth}{serial}{d}")]
    assert len(fitting) == 1


@given(births, serials)
def test_the_century_does_not_change_the_check_digit(birth, serial):
    """INTEROP §6.2: the century is left out of the sum."""
    fits = [has_valid_check_digit(f"{century}{birth[2:]}{serial}5") for century in (18, 19, 20)]
    assert len(set(fits)) == 1


@given(births, serials)
def test_a_real_birth_date_with_its_check_digit_raises_no_doubt(birth, serial):
    """INTEROP §6.2: a personnummer is a date, a serial and a check digit."""
    number = _with_check_digit(birth + serial)
    assert warnings(PersonId(PERSONNUMMER_OID, number)) == []


@given(births, serials)
def test_a_samordningsnummer_has_sixty_added_to_its_day(birth, serial):
    """INTEROP §6.2: day + 60, the same check digit."""
    number = _with_check_digit(f"{birth[:6]}{int(birth[6:]) + 60}{serial}")
    assert warnings(PersonId(SAMORDNINGSNUMMER_OID, number)) == []
    assert warnings(PersonId(PERSONNUMMER_OID, number)) == NO_DATE


@pytest.mark.parametrize("birth", ["19700061", "19700160", "19700060"])
def test_a_samordningsnummer_may_leave_the_birth_date_unknown(birth):
    """INTEROP §6.2: month 00 or day 60."""
    assert warnings(PersonId(SAMORDNINGSNUMMER_OID, _with_check_digit(birth + "238"))) == []


@pytest.mark.parametrize(
    ("oid", "birth"),
    [
        (PERSONNUMMER_OID, "19700230"),
        (PERSONNUMMER_OID, "19701301"),
        (PERSONNUMMER_OID, "00000101"),
        (SAMORDNINGSNUMMER_OID, "19700292"),
        (SAMORDNINGSNUMMER_OID, "19700101"),
    ],
)
def test_an_impossible_birth_date_is_a_doubt_and_not_a_fault(oid, birth):
    """INTEROP §6.2: doubted, never refused at the wire."""
    person = PersonId(oid, _with_check_digit(birth + "238"))
    assert faults(person) == []
    assert warnings(person) == NO_DATE


@pytest.mark.parametrize("oid", RESERVE_OIDS)
@pytest.mark.parametrize("number", ["991981000010", "19810829M071", "19810829SU3A"])
def test_a_reserve_number_is_accepted_by_its_oid_alone(oid, number):
    """INTEROP §6.2: accept by OID, force no check digit on unknown kinds."""
    assert faults(PersonId(oid, number)) == []
    assert warnings(PersonId(oid, number)) == []


@pytest.mark.parametrize("oid", KIND_BY_OID)
@pytest.mark.parametrize(
    "number",
    [
        "",
        "1212121212",
        "19121212-1212",
        "19121212121 ",
        "1912121212129",
        "\N{ARABIC-INDIC DIGIT ONE}" * 12,
    ],
)
def test_a_number_of_the_wrong_form_is_refused(oid, number):
    """DOMAIN A8; INTEROP §6.2: twelve characters, no separator; nothing is trimmed."""
    assert len(faults(PersonId(oid, number))) == 1
    assert warnings(PersonId(oid, number)) == []


@pytest.mark.parametrize("oid", ["", "1.2.752.129.2.1.4.1", "2.16.840.1.113883.2.4.6.3"])
def test_an_unknown_register_is_refused_and_the_known_ones_are_told(oid):
    """DOMAIN A8; INTEROP §5.5: the OID tells the kind."""
    (words,) = faults(PersonId(oid, "191212121212"))
    assert all(known in words for known in KIND_BY_OID)
    assert warnings(PersonId(oid, "191212121212")) == []


@given(st.sampled_from([*KIND_BY_OID, "9.9"]), st.text("0123456789-", min_size=6, max_size=14))
def test_neither_faults_nor_warnings_nor_repr_tell_the_number(oid, number):
    """DOMAIN A8: validated, never logged."""
    person = PersonId(oid, number)
    assert number not in repr(person)
    assert not [words for words in (*faults(person), *warnings(person)) if number in words]


def test_a_number_put_where_the_oid_belongs_is_not_told():
    """DOMAIN A8: a sender who mixes the two up must not see the number in a fault."""
    (words,) = faults(PersonId("191212121212", PERSONNUMMER_OID))
    assert "191212121212" not in words


def _with_check_digit(eleven):
    return next(eleven + d for d in "0123456789" if has_valid_check_digit(eleven + d))
