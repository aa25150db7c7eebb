"""Which secrets can sign."""

import base64

import pytest

from gateway.domain.signing import secret_fault


@pytest.mark.parametrize("prefix", ["", "whsec_"])
@pytest.mark.parametrize("size", [24, 25, 26, 64])
def test_a_secret_of_24_to_64_bytes_can_sign(prefix, size):
    """Standard Webhooks; INTEROP: with or without its prefix and its padding."""
    secret = prefix + base64.b64encode(bytes(size)).decode()
    assert secret_fault(secret) is None
    assert secret_fault(secret.rstrip("=")) is None


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_that_is_too_short_or_too_long_is_told(size):
    """Standard Webhooks: receivers' libraries refuse it."""
    assert "24 to 64 random bytes" in (secret_fault(base64.b64encode(bytes(size)).decode()) or "")


def test_what_is_no_base64_is_told_without_being_shown():
    """DESIGN decision 11: no fault shows a value."""
    assert "hunter2!" not in (secret_fault("hunter2!") or "hunter2!")
