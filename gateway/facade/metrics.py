"""`GET /metrics`: what is measured, for the monitors that the settings name and nobody else."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.domain.errors import Fault, Refusal, Rule, StartRefused
from gateway.facade.identity import is_in
from gateway.facade.protocol import BoundedHead
from gateway.facade.rest.problem import answered, trouble_of
from gateway.facade.rest.trace import continued

# Gives the text and its media type, for a header Accept.
Exposition = Callable[[str], tuple[bytes, str]]

# A proxy that lets strangers in would be taken for a monitor on its machine.
_THROUGH_A_PROXY = frozenset({"forwarded", "via", "x-real-ip", "true-client-ip"})


def metrics_route(exposition: Exposition, peers: Sequence[IPv4Network | IPv6Network]) -> Route:
    """Give the route; only a peer in one of these networks is answered, and no proxy's client."""

    async def metrics(request: Request) -> Response:
        if not _is_monitor(request, peers):
            trace = continued(request.headers.getlist("traceparent"))
            return answered(trouble_of(Refusal(_STRANGER)), trace)
        text, media_type = exposition(request.headers.get("accept", ""))
        return Response(text, headers={"content-type": media_type, "cache-control": "no-store"})

    return Route("/metrics", metrics)


@contextmanager
def metrics_server(route: Route, host: str, port: int) -> Iterator[None]:
    """Answer there, and nothing but that, until the block ends; StartRefused if it is taken."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise StartRefused(f"metrics_bind: {host}:{port}: {error.strerror}") from None
    config = uvicorn.Config(
        Starlette(routes=[route]),
        http=BoundedHead,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _is_monitor(request: Request, peers: Sequence[IPv4Network | IPv6Network]) -> bool:
    names = request.headers.keys()
    if any(name in _THROUGH_A_PROXY or name.startswith("x-forwarded-") for name in names):
        return False
    return request.client is not None and is_in(peers, request.client.host)


_STRANGER = Fault(
    Rule.NOT_PERMITTED,
    "connection",
    "metrics are for monitors that connect directly, from the networks in metrics_peers",
)
