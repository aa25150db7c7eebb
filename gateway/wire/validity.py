"""When certificates are valid, in words for who puts them there."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

# A new one may have to be ordered, approved and signed by others.
_SOON = timedelta(days=30)


def date_fault(certificate: x509.Certificate, now: datetime) -> str | None:
    """Tell why a certificate is not valid now; None when it is."""
    if now > certificate.not_valid_after_utc:
        return f"expired at {certificate.not_valid_after_utc.isoformat()}; put a new one there"
    if now < certificate.not_valid_before_utc:
        return f"is not valid before {certificate.not_valid_before_utc.isoformat()}"
    return None


def date_warning(path: Path, now: datetime) -> str | None:
    """Tell that the first certificate of a file is not valid, or not for long; None otherwise."""
    # A file that cannot be read is told by whoever uses it.
    with suppress(OSError, ValueError):
        certificate = x509.load_pem_x509_certificates(path.read_bytes())[0]
        return date_fault(certificate, now) or _ends_soon(certificate, now)
    return None


def _ends_soon(certificate: x509.Certificate, now: datetime) -> str | None:
    ends = certificate.not_valid_after_utc
    if ends - now > _SOON:
        return None
    return f"expires at {ends.isoformat()}; put a new one there before"
