"""Lend one destination an HTTP client that keeps its policy: bounded in time, size and number."""

import time
from collections import deque
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpcore
import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from gateway.domain.policy import Policy
from gateway.domain.tls import Tls
from gateway.wire.sockets import Deadline, TimedSockets
from gateway.wire.trust import SYSTEMS_TRUST, context_of

# Receipts are short; what is longer is something else (bytes).
LARGEST_ANSWER = 1024 * 1024
CONNECT_TRIES = 2
CONNECT_PAUSE_S = 0.3
# A connection that rests this long is not used again. A system that hangs up just as we send makes
# a call unclear though it took nothing; they hang up after 5 s (uvicorn, Node, Apache) or more,
# gunicorn after 2.
LONGEST_REST_S = 1.5

Transports = Callable[[Policy], httpx.BaseTransport]


def lent_client(policy: Policy, transport: Transports | None = None) -> httpx.Client:
    """
    Make the HTTP client of one destination, to be used from all its slots.

    It connects twice at most, and only while nothing has been sent (DESIGN decision 5). It follows
    no redirects, keeps no cookies, reads no proxies from the environment, and breaks off an answer
    that is too large or compressed: a DecodingError whose words may be told to operators.
    `transport` makes what stands in for the network.
    """
    return httpx.Client(
        transport=_Patient((transport or Network)(policy)),
        timeout=httpx.Timeout(policy.read_timeout_s, connect=policy.connect_timeout_s),
        headers={"User-Agent": f"Vaxel/{version('vaxel')}", "Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


def longest_call_s(policy: Policy) -> float:
    """
    Tell the most seconds that one call can take: connecting twice, and the whole exchange.

    What comes on top is the system's: looking up a name, and the further addresses of one host.
    """
    return CONNECT_TRIES * policy.connect_timeout_s + CONNECT_PAUSE_S + policy.read_timeout_s


class Network(httpx.BaseTransport):
    """
    Real connections, whose time-outs hold for a whole exchange.

    httpx starts its clock again with every byte that comes, so that a system which drips could
    hold a slot for days. The files of `tls` are read here; raises StartRefused.
    """

    def __init__(self, policy: Policy, tls: Tls = SYSTEMS_TRUST) -> None:
        self._context = context_of(tls)
        self._longest_s = policy.connect_timeout_s + policy.read_timeout_s
        self._deadline = Deadline()
        # One connection each: slots that share a pool spend much of their time waiting for its
        # lock, which is held while all of its connections are looked at.
        self._idle: deque[httpcore.ConnectionPool] = deque()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpx's own errors."""
        self._deadline.at = time.monotonic() + self._longest_s
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        pool = self._taken()
        try:
            answer = pool.handle_request(asked)
            content = _read(answer)
        except _OF_THE_POOL as error:
            raise getattr(httpx, type(error).__name__)(str(error)) from error
        finally:
            self._idle.append(pool)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=httpx.ByteStream(content),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close every connection that is not in use."""
        while self._idle:
            self._idle.pop().close()

    def _taken(self) -> httpcore.ConnectionPool:
        """Take the connection that was used last, or a new one when all are in use."""
        try:
            return self._idle.pop()
        except IndexError:
            return httpcore.ConnectionPool(
                ssl_context=self._context,
                max_connections=1,
                keepalive_expiry=LONGEST_REST_S,
                network_backend=TimedSockets(self._deadline),
            )


class _Patient(httpx.BaseTransport):
    """Connects again once when nobody answers, which the adapter sees as one call."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._twice = Retrying(
            retry=retry_if_exception_type((httpx.ConnectError, httpx.ConnectTimeout)),
            stop=stop_after_attempt(CONNECT_TRIES),
            wait=wait_fixed(CONNECT_PAUSE_S),
            reraise=True,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._twice(self._inner.handle_request, request)

    def close(self) -> None:
        self._inner.close()


# Their names are httpx's too.
_OF_THE_POOL = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


def _read(answer: httpcore.Response) -> bytes:
    """Read an answer's body; what is broken off is no answer, and ends its connection."""
    parts, size = list[bytes](), 0
    try:
        _check_encoding(answer)
        for part in answer.iter_stream():
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise httpx.DecodingError(f"it is over {LARGEST_ANSWER} bytes")
    except httpcore.ConnectError as error:
        # The answer has begun: what was asked is done, and must not be asked again.
        raise httpcore.ReadError(str(error)) from error
    finally:
        answer.close()
    return b"".join(parts)


def _check_encoding(answer: httpcore.Response) -> None:
    for name, value in answer.headers:
        if name.lower() == b"content-encoding" and value.lower() != b"identity":
            # A few bytes can unfold to gigabytes, and nobody asked for it.
            raise httpx.DecodingError("it is compressed, and nobody asked for it")
