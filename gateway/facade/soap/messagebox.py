"""The standard message box, for systems that list, get and delete (INTEROP §5.2)."""

from collections.abc import Callable
from typing import Any

from anyio import to_thread

from gateway.domain.errors import ContentLost
from gateway.domain.message import Message
from gateway.domain.notation import Json, message_to_json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction
from gateway.facade.soap.messagebox_notation import MESSAGEBOX
from gateway.facade.soap.notation import write_content
from gateway.facade.soap.process_case import PROCESS_CASE
from gateway.flow.messagebox import Boxed, Messagebox
from gateway.flow.pickups import LARGEST_FETCH

Verb = Callable[[Messagebox, Asked], Json]

_UNREAD_DELETE = 2


def process_case(message: Message) -> str:
    """Write what a holder must know as the ProcessCase request that would be sent to it."""
    return _written(message_to_json(message))


def size_of(message: Message) -> int:
    """Tell how many bytes that request has, without reading the files in it."""
    without = _written(message_to_json(message, with_content=False))
    files = sum(_in_base64(file.content.size) for file in message.attachments)
    return len(without.encode()) + files


def _written(content: Json) -> str:
    return write_content(PROCESS_CASE.name, PROCESS_CASE.namespace, _named_as_elements(content))


def _in_base64(size: int) -> int:
    return len("<c:content></c:content>") + 4 * -(-size // 3)


def _named_as_elements(content: Json) -> Json:
    """Name things as the elements are named, which are repeated and not lists."""
    return {
        "attachment" if key == "attachments" else key: _below(value)
        for key, value in content.items()
    }


def _below(value: Any) -> Any:  # any JSON value
    match value:
        case dict():
            return _named_as_elements(value)
        case list():
            return [_below(one) for one in value]
        case _:
            return value


def _list(box: Messagebox, asked: Asked) -> Json:
    organisations = {name.lower() for name in asked.content.get("targetOrganizations", ())}
    contracts = asked.content.get("serviceContractTypes", ())
    if contracts and PROCESS_CASE.namespace not in contracts:
        return {}
    listed = [
        boxed
        for boxed in box.listed(asked.caller)
        if not organisations or _organisation(boxed).lower() in organisations
    ]
    metas = ((boxed, box.read(boxed)) for boxed in listed)
    return {"messageMetas": [_meta(boxed, message) for boxed, message in metas if message]}


def _meta(boxed: Boxed, message: Message) -> Json:
    return {
        "messageId": boxed.number,
        "targetOrganization": _organisation(boxed),
        "serviceContractType": PROCESS_CASE.namespace,
        "messageSize": size_of(message),
        "arrivalTime": boxed.record.created_at.isoformat(),
        "status": "RETRIEVED" if boxed.is_got else "RECEIVED",
    }


def _get(box: Messagebox, asked: Asked) -> Json:
    numbers, size = _numbers(asked), 0
    responses = []
    for got in box.get(numbers, asked.caller):
        try:
            xml = process_case(got.message)
        except ContentLost as error:
            # The others go on.
            box.pickups.lost(got.attempt, error)
            continue
        responses.append(_response(got.boxed, xml))
        size += len(xml)
        if size > LARGEST_FETCH:
            break
    return _all_or_some(len(responses) == len(set(numbers))) | {"responses": responses}


def _response(boxed: Boxed, xml: str) -> Json:
    return {
        "messageId": boxed.number,
        "targetOrganization": _organisation(boxed),
        "serviceContractType": {"ServiceContractNamespace": PROCESS_CASE.namespace},
        "message": xml,
    }


def _delete(box: Messagebox, asked: Asked) -> Json:
    numbers = _numbers(asked)
    deleted = box.delete(numbers, asked.caller)
    if deleted.unread:
        words = "get messages before you delete them; nothing is deleted"
        result = {"code": "ERROR", "errorId": _UNREAD_DELETE, "errorMessage": words}
        return {"result": result}
    every = len(deleted.numbers) == len(set(numbers))
    return _all_or_some(every) | {"deletedIds": list(deleted.numbers)}


def _numbers(asked: Asked) -> list[int]:
    return [int(text) for text in asked.content["messageIds"]]


def _all_or_some(every: bool) -> Json:  # noqa: FBT001 the name of the function says which
    words = "not all of these messages can be had now; list them again"
    return {} if every else {"result": {"code": "INFO", "errorMessage": words}}


def _organisation(boxed: Boxed) -> str:
    return boxed.to.system.text if boxed.to.system else ""


def _interaction(name: str, do: Verb) -> Interaction:
    async def answer(doors: Doors, asked: Asked) -> Answered:
        return Answered(await to_thread.run_sync(do, Messagebox(doors.pickups), asked))

    return Interaction(name, for_gateway=True, answer=answer, language=MESSAGEBOX)


LIST_MESSAGES = _interaction("ListMessages", _list)
GET_MESSAGES = _interaction("GetMessages", _get)
DELETE_MESSAGES = _interaction("DeleteMessages", _delete)
