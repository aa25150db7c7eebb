"""GetCaseMessages: a citizen's cases and messages, for the e-service (DOMAIN D1, D5)."""

import base64
from datetime import datetime

from anyio import to_thread

from gateway.domain.case import Attachment
from gateway.domain.message import InboxMessage
from gateway.domain.notation import Json, person_id_from_json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction
from gateway.flow.ports import CitizenCase


async def _answer(doors: Doors, asked: Asked) -> Answered:
    content = asked.content
    number, since = content.get("caseNumber"), content.get("since")
    cases = await to_thread.run_sync(
        doors.citizen_inbox.own_cases,
        person_id_from_json(content["personId"]),
        asked.caller,
        number,
        datetime.fromisoformat(since) if since else None,
    )
    return Answered({"caseInfo": [_case_info(case) for case in cases]}, number)


GET_CASE_MESSAGES = Interaction("GetCaseMessages", for_gateway=True, answer=_answer)


def _case_info(case: CitizenCase) -> Json:
    record = case.record
    return {
        "caseNumber": record.number,
        "kind": record.kind.value,
        "caseState": record.state.value,
        "unitHsaId": record.unit.text,
        "unitName": record.unit_name,
        "receivedTime": record.received_at.isoformat(),
        "dueTime": record.due_at.isoformat() if record.due_at else None,
        "message": [_message(message) for message in case.messages],
    }


def _message(message: InboxMessage) -> Json:
    return {
        "messageId": message.message_id,
        "messageKind": message.kind.value,
        "sentTime": message.sent_at.isoformat(),
        "senderHsaId": message.sender.text,
        "senderName": message.sender_name,
        "text": message.text,
        "attachment": [_attachment(attachment) for attachment in message.attachments],
    }


def _attachment(attachment: Attachment) -> Json:
    return {
        "fileName": attachment.file_name,
        "mediaType": attachment.media_type,
        "content": base64.b64encode(attachment.content).decode(),
    }
