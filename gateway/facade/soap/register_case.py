"""RegisterCase: a case that began outside, from the system that holds it (DOMAIN A12)."""

from anyio import to_thread

from gateway.domain.registration import registration_from_json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction


async def _answer(doors: Doors, asked: Asked) -> Answered:
    registration = registration_from_json(asked.content)
    kept = await to_thread.run_sync(doors.registering.register, registration, asked.caller)
    if not kept.repeated:
        doors.watching.case_accepted("soap", registration.case.kind)
    receipt = kept.receipt
    content = {
        "caseNumber": receipt.case_number,
        "receivedTime": receipt.received_at.isoformat(),
        "warning": [*receipt.warnings],
    }
    return Answered(content, receipt.case_number)


REGISTER_CASE = Interaction("RegisterCase", for_gateway=True, answer=_answer)
