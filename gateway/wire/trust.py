"""What TLS is spoken with: the system's trust, or the files that a destination names."""

import re
import ssl
from functools import cache

from gateway.domain.errors import StartRefused
from gateway.domain.tls import Tls

SYSTEMS_TRUST = Tls()


def context_of(tls: Tls) -> ssl.SSLContext:
    """
    Read the files; raises StartRefused when they cannot be used.

    Whoever answers must show a certificate for the name in the address, always.
    """
    if tls == SYSTEMS_TRUST:
        return _systems()
    try:
        return _read(tls)
    except (OSError, ValueError) as error:
        named = (tls.client_certificate, tls.client_key, tls.trusted_ca)
        files = ", ".join(str(file) for file in named if file)
        words = "see client_certificate, client_key and trusted_ca"
        raise StartRefused(f"{files} cannot be used: {error}; {words}") from error


def is_turned_away(error: BaseException | None) -> bool:
    """
    Tell whether the other end has refused our certificate: it has read nothing that was sent.

    With TLS 1.3 that is heard only when the answer is waited for (RFC 8446 §4.4.2.4).
    """
    return isinstance(error, ssl.SSLError) and bool(_TURNED_AWAY.search(error.reason or ""))


_TURNED_AWAY = re.compile("ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)")


@cache
def _systems() -> ssl.SSLContext:
    return ssl.create_default_context()


def _read(tls: Tls) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=tls.trusted_ca)
    # So that one certificate can be trusted, instead of all that its authority signs.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if tls.client_certificate:
        # OpenSSL would ask for a passphrase at the terminal, and wait for ever.
        context.load_cert_chain(tls.client_certificate, tls.client_key, _no_passphrase)
    return context


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase; write it without, for our account alone")
