"""The SOAP routes: calls at /soap and anywhere below it, and the contracts to read."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.facade.doors import Doors
from gateway.facade.soap.call import CORRELATION_HEADER, Call, log_id
from gateway.facade.soap.contracts import INTERACTIONS, load_contracts
from gateway.facade.soap.door import Door, Reply
from gateway.facade.soap.shelf import XML, Shelf
from gateway.facade.soap.wsdl import find_delivery


def routes(doors: Doors) -> list[BaseRoute]:
    """Build the door; raises if a contract's file is missing or does not compile."""
    door = Door(doors, load_contracts(doors.contracts))
    shelf = Shelf(find_delivery(doors.contracts, INTERACTIONS), doors.identity, doors.name)

    async def call(request: Request) -> Response:
        return await _answer(door, request)

    return [
        Route("/soap", call, methods=["POST"]),
        Route("/soap/{path:path}", call, methods=["POST"]),
        Route("/soap", shelf.page, methods=["GET"]),
        Route("/soap/{path:path}", shelf.give, methods=["GET"]),
    ]


async def _answer(door: Door, request: Request) -> Response:
    call = Call(log_id(request.headers))
    reply = await door.take(request, call)
    call.tell(
        reply.error,
        vp_code=reply.vp_code,
        sub_code=reply.sub_code,
        http_status=reply.status,
        reason=reply.reason,
    )
    return _response(reply, call)


def _response(reply: Reply, call: Call) -> Response:
    headers = {CORRELATION_HEADER: call.log_id, "content-type": XML}
    if reply.retry_after is not None:
        headers["retry-after"] = str(reply.retry_after)
    return Response(reply.body, reply.status, headers)
