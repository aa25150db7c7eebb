"""HTTP/1.1 as uvicorn speaks it, with a limit on the head of a request."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Far above what proxies and certificates need, in bytes.
LARGEST_HEAD = 64 * 1024


class BoundedHead(HttpToolsProtocol):
    """
    Hangs up on a head that does not end.

    The parser has no limit of its own, and keeps all that it got: anybody who can connect could
    fill the memory.
    """

    _head = 0
    _in_head = True

    def data_received(self, data: bytes) -> None:
        """Take what came; what is left of a head counts only while it has not ended."""
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._head, self._in_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop counting: the body has its own limit."""
        self._in_head = False
        super().on_headers_complete()
