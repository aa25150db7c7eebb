"""The SOAP routes: calls at /soap and anywhere below it, and the contracts to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain

from anyio import CancelScope, create_task_group
from starlette.routing import BaseRoute, Route, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.facade.abreast import abreast
from gateway.facade.doors import Doors
from gateway.facade.head import read_head
from gateway.facade.peer import peer_of
from gateway.facade.soap.call import CORRELATION_HEADER, Call, log_id
from gateway.facade.soap.contracts import INTERACTIONS, load_contracts
from gateway.facade.soap.door import Arriving, Door, Reply
from gateway.facade.soap.shelf import XML, Shelf
from gateway.facade.soap.written import beside
from gateway.facade.soap.wsdl import find_delivery


@dataclass(frozen=True, slots=True)
class Calls:
    """Answers every call, as an app that needs nothing around it (ASGI)."""

    door: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request and send its answer."""
        head, peer = read_head(scope["headers"]), peer_of(scope)
        call = Call(log_id(head))
        reply = await self.door.take(Arriving(head, peer, receive), call)
        await abreast()
        call.tell(
            reply.error,
            vp_code=reply.vp_code,
            sub_code=reply.sub_code,
            http_status=reply.status,
            reason=reply.reason,
        )
        headers = _headers(reply, call)
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if reply.rest is None:
            await send({"type": "http.response.body", "body": reply.body})
        else:
            await _send_parts(chain([reply.body], reply.rest), receive, send)


@dataclass(frozen=True, slots=True)
class Address:
    """Where calls come in and contracts are read: one place, which tells all that it takes."""

    calls: Calls
    read: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a call, or give what is read."""
        await (self.calls if is_call(scope) else self.read)(scope, receive, send)


def make_calls(doors: Doors) -> Calls:
    """Build the door; raises if a contract's file is missing or does not compile."""
    return Calls(Door(doors, load_contracts(doors.contracts)))


def is_call(scope: Scope) -> bool:
    """Tell whether a request is a call, whatever it says."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: str = scope["path"]
    return path == "/soap" or path.startswith("/soap/")


def routes(doors: Doors, calls: Calls) -> list[BaseRoute]:
    """Give all that is at the door; raises if a contract's file is missing."""
    shelf = Shelf(find_delivery(doors.contracts, INTERACTIONS), doors.identity, doors.name)
    page, files = (Address(calls, request_response(read)) for read in (shelf.page, shelf.give))
    return [
        Route("/soap", page, methods=["GET", "POST"]),
        Route("/soap/{path:path}", files, methods=["GET", "POST"]),
    ]


def _headers(reply: Reply, call: Call) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"content-type", XML.encode()),
        (CORRELATION_HEADER.encode(), call.log_id.encode()),
    ]
    if reply.rest is None:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    if reply.retry_after is not None:
        headers.append((b"retry-after", b"%d" % reply.retry_after))
    return headers


async def _send_parts(parts: Iterator[bytes], receive: Receive, send: Send) -> None:
    # Written beside other requests, one at a time: as fast as they are read, and no faster.
    async with create_task_group() as sending:
        sending.start_soon(_stop_when_gone, receive, sending.cancel_scope)
        while part := await beside(partial(next, parts, b"")):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        sending.cancel_scope.cancel()


async def _stop_when_gone(receive: Receive, sending: CancelScope) -> None:
    # The server tells it here only: what is sent to nobody, it takes without a word.
    while (await receive())["type"] != "http.disconnect":
        pass
    sending.cancel()
