"""What a mail server's refusal of an address says of the citizen, and what of the server."""

import smtplib

import pytest

from gateway.notifier import mail
from gateway.notifier.outcome import NotNow, NotReached


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        (550, b"5.1.1 no such user", NotReached),
        (550, b"no such user", NotReached),
        (553, b"5.1.3 that is no address", NotReached),
        (450, b"4.2.0 grey", NotNow),
        (550, b"5.7.1 client host blocked", NotNow),
        (550, b"5.2.1 mailbox disabled", NotNow),
        (552, b"5.2.2 mailbox full", NotNow),
        (554, b"5.7.1 relay access denied", NotNow),
        (530, b"5.7.0 authentication required", NotNow),
        (554, b"no", NotNow),
    ],
)
def test_only_an_address_that_is_none_is_given_up(code, words, told):
    """DOMAIN D5: after a change of the server nobody would be told any more, and nobody know."""
    error = smtplib.SMTPRecipientsRefused({"tolvan@example.org": (code, words)})
    found = mail._refused(error)
    assert type(found) is told
    assert str(code) in found.reason
    assert "tolvan" not in found.reason
