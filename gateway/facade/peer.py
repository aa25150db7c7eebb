"""The other end of a connection: its address, and the certificate that it has shown."""

from dataclasses import dataclass, field

from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Peer:
    """
    Who is at the other end of a connection.

    `certificate` is PEM: one that TLS has verified, and whose key the peer has. X-Forwarded-For
    is never looked at (INTEROP §2.5).
    """

    ip: str | None
    over_tls: bool = False
    certificate: str | None = field(default=None, repr=False)


def peer_of(scope: Scope) -> Peer:
    """Tell who is at the other end, by what the server says (ASGI, with its TLS extension)."""
    client = scope.get("client")
    ip = client[0] if client else None
    tls = scope.get("extensions", {}).get("tls")
    if tls is None:
        return Peer(ip)
    return Peer(ip, over_tls=True, certificate=next(iter(tls["client_cert_chain"]), None))
