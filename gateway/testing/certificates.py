"""A certificate authority for tests: it makes keys, and signs certificates in files."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Valid since then, so that clocks may differ.
_BEGAN = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key: two PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates; `certificate` is the PEM file that those trust who trust it."""

    folder: Path
    certificate: Path
    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    def issue(
        self,
        common_name: str,
        *,
        serial_number: str | None = None,
        hosts: Sequence[str] = (),
        lasts: timedelta = _DAY,
    ) -> Issued:
        """
        Make a key and a certificate for it, in files named by `common_name`.

        It serves for a server (of these host names and addresses) and for a client alike.
        `serial_number` is the subject's: an HSA-id, or what `in_hex` makes of one. With a negative
        `lasts`, of less than an hour, it is no longer valid.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.load_pem_x509_certificate(self.certificate.read_bytes()).subject
        builder = _builder(_name(common_name, serial_number), issuer, key.public_key(), lasts)
        for extension, critical in _of_an_end(self._key.public_key(), hosts):
            builder = builder.add_extension(extension, critical)
        return _written(self.folder, common_name, builder.sign(self._key, hashes.SHA256()), key)

    def client_context(self, client: Issued | None = None) -> ssl.SSLContext:
        """Give what a client needs that trusts this authority, and shows this certificate."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        if client is not None:
            context.load_cert_chain(client.certificate, client.key)
        return context


def make_authority(folder: Path, name: str = "authority") -> Authority:
    """Make an authority that keeps its files, and those of what it signs, in `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, None)
    builder = _builder(subject, subject, key.public_key(), _DAY)
    for extension, critical in _of_an_authority(key.public_key()):
        builder = builder.add_extension(extension, critical)
    written = _written(folder, name, builder.sign(key, hashes.SHA256()), key)
    return Authority(folder, written.certificate, key)


def in_hex(text: str) -> str:
    """Write a serialNumber of at most 127 characters as the hexadecimal of its DER (RFC 4514)."""
    return f"#13{len(text):02x}{text.encode('ascii').hex()}"


def _name(common_name: str, serial_number: str | None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if serial_number is not None:
        # PrintableString, as it should be, has no #.
        kind = _ASN1Type.UTF8String if "#" in serial_number else None
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number, kind))
    return x509.Name(parts)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now, number = datetime.now(UTC), x509.random_serial_number()
    builder = x509.CertificateBuilder(issuer, subject, key, number, now - _BEGAN, now + lasts)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _of_an_authority(key: ec.EllipticCurvePublicKey) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_usage(signs_certificates=True), True),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key), False),
    ]


def _of_an_end(
    authority: ec.EllipticCurvePublicKey, hosts: Sequence[str]
) -> list[tuple[x509.ExtensionType, bool]]:
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    told: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(signs_certificates=False), True),
        (x509.ExtendedKeyUsage(uses), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority), False),
    ]
    if hosts:
        told.append((x509.SubjectAlternativeName([_host(host) for host in hosts]), False))
    return told


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _written(
    folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> Issued:
    folder.mkdir(parents=True, exist_ok=True)
    issued = Issued(folder / f"{name}.pem", folder / f"{name}.key.pem")
    issued.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    issued.key.touch(mode=0o600)
    issued.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return issued
