"""HSA-ids: strict in our own data, loose at the wire, compared without case, never trimmed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.hsa import HsaId, is_loose, is_strict

LETTERS = string.ascii_letters + string.digits
strict_ids = st.from_regex(r"SE[0-9]{10}-[A-Za-z0-9]{1,18}", fullmatch=True)
loose_ids = st.text(LETTERS + "_-#", min_size=1, max_size=255)

ISSUED = [
    "SE2321000016-2SG8",
    "SE2321000131-E000000008407",
    "SE5565594230-BCQ",
    "SE2321000016-" + "A" * 18,
]
TEST_AND_LEGACY = ["TSTNMT2321000156-B02", "SE165565594230-10BR", "5565594230", "LOAD-MOCKS"]
NEITHER = ["", " ", "SE2321000016-2SG8 ", " SE2321000016-2SG8", "SE 2321000016", "å", "a@b"]


@pytest.mark.parametrize("text", ISSUED)
def test_an_id_that_the_directory_issued_is_strict(text):
    """INTEROP §6.1: SE, ten digits, a hyphen and up to 18 characters."""
    assert is_strict(text)


@pytest.mark.parametrize("text", [*TEST_AND_LEGACY, *NEITHER, "SE2321000016-" + "A" * 19])
def test_what_the_directory_would_not_issue_is_not_strict(text):
    """INTEROP §6.1: test and legacy ids break the form; 31 characters in all."""
    assert not is_strict(text)


def test_digits_of_other_scripts_are_no_digits():
    """INTEROP §6.1: the organisation number has the digits 0 to 9."""
    assert not is_strict("SE" + "\N{ARABIC-INDIC DIGIT TWO}" * 10 + "-2SG8")


@pytest.mark.parametrize("text", [*ISSUED, *TEST_AND_LEGACY])
def test_issued_test_and_legacy_ids_are_taken_at_the_wire(text):
    """INTEROP §6.1: strict in our own data, loose at the wire."""
    assert is_loose(text)


@pytest.mark.parametrize("text", [*NEITHER, "A" * 256, "SE2321000016-2SG8\n"])
def test_blanks_and_foreign_letters_are_refused_even_at_the_wire(text):
    """INTEROP §3.2: 1 to 255 letters, digits, '-' and '_'; nothing is trimmed away."""
    assert not is_loose(text)


@given(strict_ids)
def test_every_strict_id_is_loose_and_at_most_31_characters(text):
    """INTEROP §6.1: the strict form lies inside the loose one."""
    assert is_strict(text)
    assert is_loose(text)
    assert len(text) <= 31


@given(loose_ids)
def test_upper_and_lower_case_name_the_same_unit(text):
    """INTEROP §6.1: compare case-insensitively, as VP and TAK do."""
    upper, lower = HsaId(text.upper()), HsaId(text.lower())
    assert upper == lower
    assert hash(upper) == hash(lower)
    assert upper.key == lower.key


@given(loose_ids, st.sampled_from([" {}", "{} ", "\t{}", "{}\n"]))
def test_an_id_with_blanks_at_its_ends_is_another_id(text, blanks):
    """INTEROP §6.1: do not trim; blanks must find no unit."""
    assert HsaId(blanks.format(text)) != HsaId(text)
    assert not is_loose(blanks.format(text))


@given(loose_ids)
def test_an_id_is_shown_as_it_was_written(text):
    """INTEROP §6.1: only the comparison ignores case."""
    assert str(HsaId(text)) == HsaId(text).text == text


def test_an_id_is_not_equal_to_its_bare_text():
    """INTEROP §6.1: an HSA-id is compared with HSA-ids."""
    assert HsaId("SE2321000016-2SG8") != "SE2321000016-2SG8"
