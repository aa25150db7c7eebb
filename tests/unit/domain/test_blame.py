"""Whose it is to mend, and what is the same: parked deliveries in few groups (DOMAIN C4)."""

import pytest

from gateway.domain.blame import Blame, cause_of, normalised

A = "norr/a"


@pytest.mark.parametrize(
    ("outcome", "reason", "blame"),
    [
        ("refused", "HTTP 400: it will not take this message", Blame.OURS),
        ("refused", "HTTP 409: it will not take this message", Blame.THEIRS),
        ("refused", "it answered ERROR VALIDATION_ERROR", Blame.OURS),
        ("refused", "VP015: the platform cannot read the message", Blame.OURS),
        ("refused", "SOAP fault Client: it does not take this message", Blame.OURS),
        ("refused", "they say that the unit is closed", Blame.THEIRS),
        ("expired", "HTTP 401: our credentials are not accepted there", Blame.CONFIGURATION),
        ("expired", "HTTP 404: nothing has this address; see settings.url", Blame.CONFIGURATION),
        ("expired", "VP002: the platform does not accept our certificate", Blame.CONFIGURATION),
        ("expired", "VP010: the platform's route has no address", Blame.CONFIGURATION),
        ("expired", "HTTP 503: it cannot take anything now", Blame.THEIRS),
        ("unclear", "sent, and no answer came: ReadTimeout", Blame.THEIRS),
        ("unclear", "SOAP fault Server: whether it took the message", Blame.THEIRS),
        ("unclear", "Rest raised KeyError", Blame.OURS),
        ("unclear", "the worker stopped before it could tell what came of it", Blame.OURS),
        ("unreadable", "our own record of it cannot be read: KeyError", Blame.OURS),
        ("something new", "that nobody has thought of", Blame.THEIRS),
    ],
)
def test_an_outcome_and_its_words_tell_whose_it_is_to_mend(outcome, reason, blame):
    """DOMAIN C4: ours, theirs, or of what was set up."""
    assert cause_of(A, outcome, reason).blame is blame


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("case 2026-7F3K-9QWM2X is unknown", "case # is unknown"),
        ("message 0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c came", "message # came"),
        ("given up after 3 days", "given up after # days"),
        ("HTTP 503  after 12.5 s", "HTTP 503 after # s"),
        ("VP009: no answer", "VP009: no answer"),
    ],
)
def test_numbers_and_ids_are_taken_out_but_for_what_they_tell(reason, said):
    """DOMAIN C4: else each delivery would be a group of its own."""
    assert normalised(reason) == said


def test_the_same_fault_has_the_same_fingerprint_wherever_it_is_computed():
    """DOMAIN C4: it is kept, and given back as a filter."""
    first = cause_of(A, "refused", "form 7 is old").fingerprint
    assert first == cause_of(A, "refused", "form 8 is old").fingerprint
    assert len(first) == 16


def test_another_destination_outcome_or_reason_is_another_fault():
    """DOMAIN C4: one replay takes what one mend was for."""
    said = [
        (A, "refused", "x"),
        ("norr/b", "refused", "x"),
        (A, "unclear", "x"),
        (A, "refused", "y"),
    ]
    assert len({cause_of(*one).fingerprint for one in said}) == 4
    assert cause_of(A, "refused", None) == cause_of(A, "refused", "")
