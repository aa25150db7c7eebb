"""A producer of ProcessCase over TLS, which lets in only those whom its authority knows."""

import ssl

from gateway.testing.adapter_contract import CONTRACTS
from gateway.testing.dialects import SoapSystem


class TlsSystem(SoapSystem):
    """Shows a certificate, and demands one that the authority in the file `clients` has signed."""

    def __init__(self, certificate, clients):
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=clients)
        self._context.load_cert_chain(certificate.certificate, certificate.key)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self.heads = []
        super().__init__(CONTRACTS)

    def read(self, headers, body):
        """Note the headers too."""
        self.heads.append(headers)
        return super().read(headers, body)

    def _listen(self, port):
        server = super()._listen(port)
        server.socket = self._context.wrap_socket(server.socket, server_side=True)
        return server
