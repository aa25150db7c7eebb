"""TLS that ends here: the files are checked before they are used, and read anew when told."""

import ssl

import structlog

from gateway.domain.errors import StartRefused
from gateway.facade.tls_files import faults_in
from gateway.settings import TlsSettings

log = structlog.get_logger()


class Tls:
    """
    What connections are met with: TLS 1.2 or later, with the ciphers that Python chooses.

    With `client_ca` a client is asked for its certificate. One that shows none is let in, and is
    nobody until it says otherwise; one that shows a bad one is not let in.
    """

    def __init__(self, settings: TlsSettings) -> None:
        """Read the files; raises StartRefused with every fault."""
        self._settings = settings
        self._newest = self.context = checked_context(settings)
        self.context.sni_callback = self._meet

    def reload(self) -> None:
        """Read the files anew, for connections to come; bad ones are told and not used."""
        try:
            self._newest = checked_context(self._settings)
        except StartRefused as error:
            log.warning("tls.refused", faults=str(error).splitlines())
        else:
            log.info("tls.reloaded")

    def _meet(self, connection: ssl.SSLObject, _name: str | None, _: ssl.SSLContext) -> None:
        # A server keeps the context that it was started with. This is asked for each connection,
        # also when a client names no server.
        connection.context = self._newest


def checked_context(settings: TlsSettings) -> ssl.SSLContext:
    """Read the files; raises StartRefused with every fault."""
    if faults := faults_in(settings):
        raise StartRefused("\n".join(faults))
    try:
        return _context(settings)
    except OSError as error:  # of a key that is too weak, or files that have just gone
        raise StartRefused(f"tls: {settings.certificate} cannot be used: {error}") from error


def _context(settings: TlsSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.certificate, settings.key)
    if settings.client_ca is not None:
        context.verify_mode = ssl.CERT_OPTIONAL
        # Who is named is trusted, also an authority that was signed by another.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(settings.client_ca)
    return context
