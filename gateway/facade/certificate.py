"""Read the caller's HSA-id from a client certificate: the peer's own, or one in a header."""

import base64
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from cryptography import x509
from cryptography.x509.oid import NameOID

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.head import Head, first

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
# PrintableString and UTF8String, as DER begins.
_TEXTS = (0x13, 0x0C)


def certificate_senders(head: Head, names: Iterable[str]) -> list[str]:
    """
    Give the subject's serialNumber of each certificate that stands in the headers `names`.

    The proxy has checked the certificate; here it is only read. Raises Refusal when it cannot be.
    """
    there = ((name, first(head, name)) for name in names if name in head)
    found = [_read(name, value) for name, value in there if value]
    return [sender for sender in found if sender]


def certificate_owner(pem: str) -> str | None:
    """Give the subject's serialNumber of a peer's certificate, if any; raises Refusal."""
    return _read("certificate", pem)


def _read(place: str, value: str) -> str | None:
    try:
        return _subject_serial_number(value)
    except ValueError:
        words = f"no certificate with one serialNumber can be read in {place}"
        hint = "" if place == "certificate" else ": send PEM, base64 DER or RFC 9440"
        raise Refusal(Fault(Rule.NOT_AUTHENTICATED, place, words + hint)) from None


@lru_cache(maxsize=512)
def _subject_serial_number(certificate: str) -> str | None:
    subject = x509.load_der_x509_certificate(_der(certificate)).subject
    found = subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    if len(found) > 1:
        raise ValueError("the subject has more than one serialNumber")
    return _plain(str(found[0].value)) if found else None


def _plain(serial_number: str) -> str:
    """Undo the form of some issuers: # and the hexadecimal of the text's DER (INTEROP §2.5)."""
    if not serial_number.startswith("#"):
        return serial_number
    der = bytes.fromhex(serial_number[1:])
    if len(der) < 2 or der[0] not in _TEXTS or der[1] != len(der) - 2:
        raise ValueError("the serialNumber is no text in DER")
    return der[2:].decode()


def _der(text: str) -> bytes:
    text = unquote(text).strip()
    if pem := _PEM.search(text):
        text = pem[1]
    # Traefik puts a whole chain with commas between; RFC 9440 puts colons around.
    one = "".join(text.split(",")[0].split()).strip(":")
    return base64.b64decode(one, validate=True)
