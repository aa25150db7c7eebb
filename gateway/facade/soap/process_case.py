"""ProcessCase: what a citizen does to a case, from the e-service (CONTRACT)."""

from dataclasses import replace

from anyio import to_thread

from gateway.domain.case import Case, CaseEvent, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json, case_from_json, supplement_from_json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction
from gateway.flow.ports import Kept


async def _answer(doors: Doors, asked: Asked) -> Answered:
    event = CaseEvent(asked.content["caseEvent"])
    unused = _parts_left_over(event, asked.content)
    receipt = (await _keep(doors, event, asked)).receipt
    content = {
        "caseNumber": receipt.case_number,
        "receivedTime": receipt.received_at.isoformat(),
        "warning": [*receipt.warnings, *unused],
    }
    return Answered(content, receipt.case_number)


PROCESS_CASE = Interaction("ProcessCase", for_gateway=False, answer=_answer)

# What an event needs to make sense. FORWARDED is not here: only the gateway sends it.
_NEEDS: dict[CaseEvent, tuple[str, ...]] = {
    CaseEvent.SUBMITTED: ("case",),
    CaseEvent.SUPPLEMENTED: ("caseNumber", "supplement"),
    CaseEvent.WITHDRAWN: ("caseNumber",),
}
_ALWAYS = frozenset({"messageId", "caseEvent", "sentTime"})


def _parts_left_over(event: CaseEvent, content: Json) -> list[str]:
    needs = _NEEDS.get(event)
    if needs is None:
        words = (
            f"{event.value} comes only from the gateway; a holder forwards with ProcessCaseMessage"
        )
        raise Refusal(Fault(Rule.EVENT_NOT_ACCEPTED, "caseEvent", words))
    missing = [part for part in needs if part not in content]
    if missing:
        words = (
            f"{event.value} must have {' and '.join(needs)}; {' and '.join(missing)} is missing"
        )
        raise Refusal(Fault(Rule.EVENT_NOT_ACCEPTED, "caseEvent", words))
    left_over = [part for part in content if part not in _ALWAYS.union(needs)]
    return [f"{part}: has no meaning with {event.value} and was not kept" for part in left_over]


async def _keep(doors: Doors, event: CaseEvent, asked: Asked) -> Kept:
    content, caller = asked.content, asked.caller
    if event is CaseEvent.SUBMITTED:
        case = _addressed(case_from_json(content["case"]), asked.address)
        kept = await doors.intake.submit(case, caller)
        if not kept.repeated:
            doors.watching.case_accepted("soap", case.kind)
        return kept
    number, message_id = content["caseNumber"], content["messageId"]
    if event is CaseEvent.SUPPLEMENTED:
        supplement = supplement_from_json(content["supplement"])
        return await to_thread.run_sync(
            doors.intake.supplement, number, message_id, supplement, caller
        )
    return await to_thread.run_sync(doors.intake.withdraw, number, message_id, caller)


def _addressed(case: Case, address: HsaId) -> Case:
    receiver = case.receiver
    if receiver.hsa_id is None:
        if receiver.type is ReceiverType.CARE:
            return case  # the law says what is missing (DOMAIN A3)
        return replace(case, receiver=replace(receiver, hsa_id=address))
    if receiver.hsa_id != address:
        words = "must be the same HSA-id as LogicalAddress"
        raise Refusal(Fault(Rule.ADDRESS_MISMATCH, "receiver/hsaId", words))
    return case
