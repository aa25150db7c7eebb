"""ProcessCaseMessage: what a case's holder says, from an external case system (DOMAIN D2)."""

from anyio import to_thread

from gateway.domain.notation import case_message_from_json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction


async def _answer(doors: Doors, asked: Asked) -> Answered:
    message = case_message_from_json(asked.content)
    kept = await to_thread.run_sync(doors.replies.post, message, asked.caller)
    number = kept.receipt.case_number
    received = kept.receipt.received_at.isoformat()
    return Answered({"caseNumber": number, "receivedTime": received}, number)


PROCESS_CASE_MESSAGE = Interaction("ProcessCaseMessage", for_gateway=True, answer=_answer)
