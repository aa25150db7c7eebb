"""GetCaseMessages: a citizen's cases and messages, for the e-service (DOMAIN D1, D5)."""

import base64
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from uuid import UUID

import structlog
from anyio import to_thread

from gateway.domain.case import Attachment
from gateway.domain.errors import ContentLost, Fault, Refusal, Rule
from gateway.domain.message import InboxMessage
from gateway.domain.notation import Json, person_id_from_json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction
from gateway.flow.ports import CitizenCase

log = structlog.get_logger()


async def _answer(doors: Doors, asked: Asked) -> Answered:
    # Files are read there too.
    return await to_thread.run_sync(_read, doors, asked)


# How many messages are in one answer.
MOST = 1000

GET_CASE_MESSAGES = Interaction("GetCaseMessages", for_gateway=True, answer=_answer)


def page_of(
    cases: Sequence[CitizenCase], after: str | None, limit: int, largest: int
) -> tuple[Mapping[str, tuple[InboxMessage, ...]], str | None]:
    """
    Choose the messages of one answer by case, the oldest first, and tell where the next begins.

    Their files are `largest` bytes at most, but for one message, which is always there.
    """
    by_id = {UUID(message.message_id): message for case in cases for message in case.messages}
    last = None if after is None else _id_of(after)
    found = [by_id[one] for one in sorted(by_id) if last is None or one > last]
    sizes = accumulate(sum(a.content.size for a in message.attachments) for message in found)
    fitting = max(1, sum(1 for size in sizes if size <= largest))
    shown = found[: min(limit, fitting)]
    by_case: defaultdict[str, tuple[InboxMessage, ...]] = defaultdict(tuple)
    for message in shown:
        by_case[message.case_number] += (message,)
    return by_case, shown[-1].message_id if len(shown) < len(found) else None


def _read(doors: Doors, asked: Asked) -> Answered:
    content = asked.content
    number, since = content.get("caseNumber"), content.get("since")
    limit, after = _limit(content), content.get("after")
    cases = doors.citizen_inbox.own_cases(
        person_id_from_json(content["personId"]),
        asked.caller,
        number,
        datetime.fromisoformat(since) if since else None,
    )
    shown, following = page_of(cases, after, limit, doors.largest_request)
    told = [_case_info(replace(case, messages=shown[case.record.number])) for case in cases]
    return Answered({"caseInfo": told, "next": following}, number)


def _limit(content: Json) -> int:
    written: str = content.get("limit", str(MOST))
    if not re.fullmatch("[0-9]{1,4}", written) or not 1 <= int(written) <= MOST:
        words = f"must be a whole number from 1 to {MOST}"
        raise Refusal(Fault(Rule.SCHEMA, "limit", words))
    return int(written)


def _id_of(after: str) -> UUID:
    try:
        return UUID(after)
    except ValueError:
        words = "must be the next of the page before"
        raise Refusal(Fault(Rule.SCHEMA, "after", words)) from None


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
        "attachment": [*_attachments(message)],
    }


def _attachments(message: InboxMessage) -> Iterator[Json]:
    for attachment in message.attachments:
        try:
            yield _attachment(attachment)
        except ContentLost as error:
            # The contract knows no file without content, and all else must be read.
            log.error(  # noqa: TRY400 it is told where it went wrong: in our place of attachments
                "attachment.lost",
                case_number=message.case_number,
                message_id=message.message_id,
                error=str(error),
            )


def _attachment(attachment: Attachment) -> Json:
    return {
        "fileName": attachment.file_name,
        "mediaType": attachment.media_type,
        "content": base64.b64encode(attachment.read()).decode(),
    }
