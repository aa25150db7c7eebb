"""The code of an anonymous case: the same for a repeat, forgiving when typed, and not guessed."""

import re

import pytest

from gateway.domain.case_code import CaseCodes
from gateway.domain.hsa import HsaId
from gateway.domain.person import ANONYMOUS_OID, faults, is_anonymous

CODES = CaseCodes(b"one secret of thirty-two letters")
SENDER = HsaId("SE5560000001-ESERVICE")
CODE = CODES.code_of(SENDER, "8a7d0c1e-5b0f-4f6e-9a57-2f0c3b9d6e41")


def test_a_code_can_be_written_down():
    """DOMAIN A9: five groups of five, without what is read wrongly."""
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}", CODE)


def test_the_same_case_has_the_same_code_and_no_other_has():
    """DOMAIN A9, C1: a repeat gets what the first got."""
    same = CODES.code_of(HsaId(SENDER.text.lower()), "8a7d0c1e-5b0f-4f6e-9a57-2f0c3b9d6e41")
    assert same == CODE
    others = {CODES.code_of(SENDER, "another"), CODES.code_of(HsaId("SE2-OTHER"), "another")}
    assert len({CODE, *others}) == 3


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        f"  {CODE.replace('-', ' ')}\n",
        CODE.replace("-", " – "),
        CODE.replace("0", "o").replace("1", "l"),
        CODE.replace("0", "O").replace("1", "I"),
    ],
)
def test_a_code_is_known_however_it_is_typed(typed):
    """DOMAIN A9."""
    assert CODES.submitter_of(typed) == CODES.submitter_of(CODE)


def test_what_is_stored_tells_nothing_of_the_code():
    """DOMAIN A9: an identity of no register, which opens nothing."""
    submitter = CODES.submitter_of(CODE)
    assert submitter
    assert (submitter.oid, len(submitter.number)) == (ANONYMOUS_OID, 12)
    assert submitter.number not in CODE.replace("-", "")
    assert CODES.submitter_of(submitter.number) is None


@pytest.mark.parametrize("at", range(29))
def test_one_wrong_letter_makes_it_unknown(at):
    """DOMAIN A9."""
    other = "3" if CODE[at] == "2" else "2"
    wrong = CODE[:at] + other + CODE[at + 1 :]
    assert CODE[at] == "-" or CODES.submitter_of(wrong) is None


@pytest.mark.parametrize("typed", ["", "-", CODE[:-1], CODE + "2", "Å" * 25, "2" * 10_000])
def test_what_is_no_code_is_unknown(typed):
    """DOMAIN A9."""
    assert CODES.submitter_of(typed) is None


def test_another_secret_knows_none_of_the_codes():
    """DOMAIN A9: and makes others."""
    other = CaseCodes(b"another secret of thirty-two letters")
    assert other.submitter_of(CODE) is None
    assert "secret" not in repr(other)


def test_nobody_outside_is_anonymous_by_saying_so():
    """DOMAIN A8, A9: the form of identities that doors take has no place for it."""
    submitter = CODES.submitter_of(CODE)
    assert submitter
    assert is_anonymous(submitter)
    assert faults(submitter) != []
