"""What is wrong with the files of certificates and keys, in words for who put them there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.settings import TlsSettings
from gateway.wire.validity import date_fault


def faults_in(settings: TlsSettings) -> list[str]:
    """Tell every fault; when there is none the files can be used now."""
    faults = list(_own_faults(settings))
    if settings.client_ca is not None:
        faults += _authority_faults(settings.client_ca)
    return [f"tls.{fault}" for fault in faults]


def _own_faults(settings: TlsSettings) -> Iterator[str]:
    certificate = ours = None
    try:
        # The first is ours; what follows shows who signed it.
        certificate = x509.load_pem_x509_certificates(settings.certificate.read_bytes())[0]
        ours = certificate.public_key()
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        yield _unread("certificate", settings.certificate, error)
    if certificate and (fault := _date_fault(certificate)):
        yield f"certificate: {settings.certificate} {fault}"
    try:
        key = load_pem_private_key(settings.key.read_bytes(), password=None)
    except TypeError:
        yield f"key: {settings.key} has a password; store it without one, readable by us alone"
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        yield _unread("key", settings.key, error)
    else:
        if ours and key.public_key() != ours:
            yield f"key: {settings.key} does not belong to {settings.certificate}"


def _authority_faults(path: Path) -> Iterator[str]:
    try:
        authorities = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        yield _unread("client_ca", path, error)
    else:
        if all(map(_date_fault, authorities)):
            yield f"client_ca: {path} holds no authority that is valid now"


def _unread(name: str, path: Path, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{name}: {path} cannot be read: {error.strerror}"
    if isinstance(error, UnsupportedAlgorithm):
        return f"{name}: {path} has a key of a kind that cannot be used here; make another"
    return f"{name}: {path} is no {'key' if name == 'key' else 'certificate'} in PEM"


def _date_fault(certificate: x509.Certificate) -> str | None:
    return date_fault(certificate, datetime.now(UTC))
