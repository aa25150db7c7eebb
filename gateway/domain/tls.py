"""Who we are to a system that is called over TLS, and whom we trust there."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tls:
    """
    PEM files on this machine; a certificate has its key.

    Without a `trusted_ca` those are trusted that the system trusts.
    """

    client_certificate: Path | None = None
    client_key: Path | None = None
    trusted_ca: Path | None = None
