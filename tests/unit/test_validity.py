"""Certificates of ours that are not valid are told before whoever is called turns them away."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.testing.certificates import make_authority
from gateway.wire.validity import date_warning


@pytest.mark.parametrize(
    ("in_days", "words"),
    [(-1, "is not valid before 20"), (0, None), (335, "expires at 20"), (400, "expired at 20")],
)
def test_it_is_told_when_a_certificate_is_not_valid_or_not_for_long(tmp_path, in_days, words):
    """DOMAIN G5: in time to have a new one made."""
    ours = make_authority(tmp_path).issue("ours", lasts=timedelta(days=364))
    told = date_warning(ours.certificate, datetime.now(UTC) + timedelta(days=in_days))
    assert (told or "").startswith(words or "")
    assert (told is None) == (words is None)


def test_a_file_that_cannot_be_read_is_left_to_whoever_uses_it(tmp_path):
    """DOMAIN G5: it is told once."""
    (tmp_path / "no.pem").write_text("no certificate")
    assert date_warning(tmp_path / "no.pem", datetime.now(UTC)) is None
    assert date_warning(tmp_path / "gone.pem", datetime.now(UTC)) is None
