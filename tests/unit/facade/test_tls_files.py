"""Certificates and keys are checked at the start, and told by file in plain words."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.domain.errors import StartRefused
from gateway.facade.tls import checked_context
from gateway.settings import TlsSettings
from gateway.testing.certificates import make_authority


@pytest.fixture
def authority(tmp_path):
    """Somebody who signs."""
    return make_authority(tmp_path)


@pytest.fixture
def files(authority):
    """Good files: certificate, key and authority."""
    server = authority.issue("server", hosts=["localhost"])
    return {
        "certificate": server.certificate,
        "key": server.key,
        "client_ca": authority.certificate,
    }


def faults(files):
    """Tell what is refused, a line for each."""
    with pytest.raises(StartRefused) as refused:
        checked_context(TlsSettings(**files))
    return str(refused.value).splitlines()


def test_good_files_are_taken(files):
    """DOMAIN G5; TLS 1.2 at least."""
    context = checked_context(TlsSettings(**files))
    assert context.minimum_version.name == "TLSv1_2"


def test_every_file_that_is_missing_is_told_at_once(tmp_path):
    """DOMAIN G5: one start tells all that is wrong."""
    gone = {name: tmp_path / name for name in ("certificate", "key", "client_ca")}
    told = [
        f"tls.{n}: {path} cannot be read: No such file or directory" for n, path in gone.items()
    ]
    assert faults(gone) == told


def test_files_that_are_something_else_are_told(tmp_path):
    """DOMAIN G5: which file, and what it should be."""
    other = tmp_path / "other.txt"
    other.write_text("hello")
    told = faults(dict.fromkeys(("certificate", "key", "client_ca"), other))
    what = {"certificate": "certificate", "key": "key", "client_ca": "certificate"}
    assert told == [f"tls.{name}: {other} is no {one} in PEM" for name, one in what.items()]


def test_a_key_that_does_not_belong_to_the_certificate_is_told(files, authority):
    """DOMAIN G5: else every connection would fail."""
    other = authority.issue("other").key
    (fault,) = faults(files | {"key": other})
    assert fault == f"tls.key: {other} does not belong to {files['certificate']}"


def test_a_key_with_a_password_is_told(files):
    """DOMAIN G5: nobody is there to type it."""
    key = serialization.load_pem_private_key(files["key"].read_bytes(), None)
    lock = serialization.BestAvailableEncryption(b"secret")
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files["key"].write_bytes(key.private_bytes(*form, lock))
    (fault,) = faults(files)
    assert "has a password" in fault


def test_a_key_that_is_too_weak_is_told(files, authority):
    """DOMAIN G5: what TLS itself does not take."""
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 that is what is tried
    certificate = x509.load_pem_x509_certificate(files["certificate"].read_bytes())
    now, name = datetime.now(UTC), certificate.subject
    builder = x509.CertificateBuilder(
        name, name, weak.public_key(), 1, now, now + timedelta(days=1)
    )
    pem = serialization.Encoding.PEM
    files["certificate"].write_bytes(builder.sign(weak, hashes.SHA256()).public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files["key"].write_bytes(weak.private_bytes(pem, *form))
    (fault,) = faults(files)
    assert fault.startswith(f"tls: {files['certificate']} cannot be used: ")


def test_a_certificate_with_a_key_of_an_unknown_kind_is_told(files):
    """DOMAIN G5: also at SIGHUP, where nobody would see the thread end."""
    der = ssl.PEM_cert_to_DER_cert(files["certificate"].read_text())
    curve = bytes.fromhex("06082a8648ce3d0301")  # the identifiers of curves, but for the last byte
    files["certificate"].write_text(
        ssl.DER_cert_to_PEM_cert(der.replace(curve + b"\x07", curve + b"\x06"))
    )
    (fault,) = faults(files)
    assert fault.startswith(f"tls.certificate: {files['certificate']} has a key of a kind that ")


def test_a_certificate_that_has_expired_is_told(files, authority):
    """DOMAIN G5: with the time."""
    old = authority.issue("old", lasts=timedelta(minutes=-5))
    (fault,) = faults(files | {"certificate": old.certificate, "key": old.key})
    assert fault.startswith(f"tls.certificate: {old.certificate} expired at 20")


def test_authorities_of_which_none_is_valid_are_told(files, authority):
    """DOMAIN G5: else every caller would be refused."""
    old = authority.issue("old-authority", lasts=timedelta(minutes=-5)).certificate
    (fault,) = faults(files | {"client_ca": old})
    assert fault == f"tls.client_ca: {old} holds no authority that is valid now"
    both = Path(old.parent / "both.pem")
    both.write_bytes(old.read_bytes() + authority.certificate.read_bytes())
    checked_context(TlsSettings(**files | {"client_ca": both}))
