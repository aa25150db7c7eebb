"""Read the caller's HSA-id from the client certificate that a proxy passes on in a header."""

import base64
import re
from functools import lru_cache
from urllib.parse import unquote

from cryptography import x509
from cryptography.x509.oid import NameOID

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.head import Head, first

# INTEROP §2.5: VP's own and Traefik's; RFC 9440 is what newer proxies send.
CERTIFICATE_HEADERS = ("x-vp-auth-cert", "x-forwarded-tls-client-cert", "client-cert")

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


def certificate_senders(head: Head) -> list[str]:
    """
    Give the subject's serialNumber of each certificate there is.

    The proxy has checked the certificate; here it is only read. Raises Refusal when it cannot be.
    """
    there = ((name, first(head, name)) for name in CERTIFICATE_HEADERS if name in head)
    found = [_read(name, value) for name, value in there if value]
    return [sender for sender in found if sender]


def _read(name: str, value: str) -> str | None:
    try:
        return _subject_serial_number(value)
    except ValueError:
        words = f"no certificate can be read in {name}: send PEM, base64 DER or RFC 9440"
        raise Refusal(Fault(Rule.NOT_AUTHENTICATED, name, words)) from None


@lru_cache(maxsize=512)
def _subject_serial_number(header: str) -> str | None:
    subject = x509.load_der_x509_certificate(_der(header)).subject
    found = subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    if len(found) > 1:
        raise ValueError("the subject has more than one serialNumber")
    return str(found[0].value) if found else None


def _der(header: str) -> bytes:
    text = unquote(header).strip()
    if pem := _PEM.search(text):
        text = pem[1]
    # Traefik puts a whole chain with commas between; RFC 9440 puts colons around.
    first = "".join(text.split(",")[0].split()).strip(":")
    return base64.b64decode(first, validate=True)
