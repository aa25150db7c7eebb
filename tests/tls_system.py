"""Case systems over TLS, which let in only those whom their authority knows."""

import ssl

from gateway.testing.adapter_contract import CONTRACTS
from gateway.testing.dialects import RestSystem, SoapSystem
from gateway.testing.foreign import ForeignSystem


class _OverTls(ForeignSystem):
    """Shows a certificate, and demands one that the authority in the file `clients` has signed."""

    def __init__(self, certificate, clients, *contracts):
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=clients)
        self._context.load_cert_chain(certificate.certificate, certificate.key)
        self._context.verify_mode = ssl.CERT_REQUIRED
        super().__init__(*contracts)

    def _listen(self, port):
        server = super()._listen(port)
        server.socket = self._context.wrap_socket(server.socket, server_side=True)
        return server


class TlsSystem(_OverTls, SoapSystem):
    """A producer of ProcessCase."""

    def __init__(self, certificate, clients):
        self.heads = []
        super().__init__(certificate, clients, CONTRACTS)

    def read(self, headers, body):
        """Note the headers too."""
        self.heads.append(headers)
        return super().read(headers, body)


class TlsRestSystem(_OverTls, RestSystem):
    """A receiver of signed JSON."""
