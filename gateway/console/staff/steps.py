"""What can be done to a case on its page: which forms there are, and what they do (DOMAIN E2)."""

from gateway.console.forms import Form
from gateway.console.staff.case_file import CaseFile
from gateway.console.staff.case_form import CaseForm, Do
from gateway.console.staff.improving import IMPROVING_FORMS
from gateway.console.staff.keeping_steps import KEEPING_FORMS
from gateway.console.staff.visit import Visit
from gateway.domain.case import ReceiverType
from gateway.domain.handling import Classification
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, StaffStep
from gateway.domain.message import CaseMessage, MessageKind
from gateway.flow.access import Verb
from gateway.flow.handling.act import Asked
from gateway.flow.handling.assigning import Handler


def _assign(visit: Visit, asked: Asked) -> None:
    form, caller = visit.form, asked.caller
    if form.text("me"):
        to = Handler(caller.hsa_id, caller.name)
    else:
        hsa_id = form.text("handler")
        to = Handler(HsaId(hsa_id), form.text("handler_name") or hsa_id)
    visit.desk.handling.assign(asked, to)


def _verify_relation(visit: Visit, asked: Asked) -> None:
    visit.desk.handling.verify_relation(asked)


def _classify(visit: Visit, asked: Asked) -> None:
    form = visit.form
    chosen = Classification(
        form.texts("problems"), form.text("field") or None, form.text("perceived") or None
    )
    visit.desk.handling.classify(asked, chosen)


def _correct_unit(visit: Visit, asked: Asked) -> None:
    visit.desk.handling.correct_unit(asked, HsaId(visit.form.text("unit")))


def _reopen(visit: Visit, asked: Asked) -> None:
    visit.desk.handling.reopen(asked, visit.form.text("text") or None)


def _say(kind: MessageKind) -> Do:
    """Give what posts a message of a kind, with what its form has."""

    def do(visit: Visit, asked: Asked) -> None:
        form = visit.form
        is_request = kind is MessageKind.SUPPLEMENT_REQUEST
        message = CaseMessage(
            message_id=asked.key,
            kind=kind,
            sent_at=visit.desk.clock(),
            case_number=asked.case_number,
            text=form.text("text") or None,
            attachments=form.files,
            forward_to=_forward_to(form) if kind is MessageKind.FORWARD else None,
            standard_text=form.text("standard") or None,
            attachments_allowed=bool(form.text("allow")) if is_request else None,
        )
        visit.desk.replies.post(message, asked.caller, asked.seen)

    return do


def _forward_to(form: Form) -> HsaId | None:
    return HsaId(form.text("to")) if form.text("to") else None


def _has_relation_to_verify(file: CaseFile, _: Visit) -> bool:
    patient = file.content.case.patient if file.content else None
    return patient is not None and file.handling.relation_verified_by is None


def _may_be_closed(file: CaseFile, _: Visit) -> bool:
    is_taken_back = file.record.state is CaseState.WITHDRAWN
    return is_taken_back or file.handling.classification.is_enough


def _may_be_reopened(file: CaseFile, visit: Visit) -> bool:
    return file.handling.may_be_reopened(visit.desk.clock())


def _is_the_committees(file: CaseFile, visit: Visit) -> bool:
    at = file.record.at.hsa_id
    return visit.desk.handling.table().receiver_of(at) is ReceiverType.COMMITTEE


_M = MessageKind
HANDLING_FORMS = {
    form.name: form
    for form in (
        CaseForm("assign", Verb.ASSIGN, StaffStep.HANDLE, _assign),
        CaseForm(
            "verify-relation",
            Verb.VERIFY_RELATION,
            StaffStep.HANDLE,
            _verify_relation,
            _has_relation_to_verify,
        ),
        CaseForm("partial-reply", Verb.REPLY, _M.PARTIAL_REPLY, _say(_M.PARTIAL_REPLY)),
        CaseForm(
            "counter-question",
            Verb.REQUEST_SUPPLEMENT,
            _M.COUNTER_QUESTION,
            _say(_M.COUNTER_QUESTION),
        ),
        CaseForm(
            "request-supplement",
            Verb.REQUEST_SUPPLEMENT,
            _M.SUPPLEMENT_REQUEST,
            _say(_M.SUPPLEMENT_REQUEST),
        ),
        CaseForm("final-reply", Verb.REPLY, _M.FINAL_REPLY, _say(_M.FINAL_REPLY)),
        CaseForm("forward", Verb.FORWARD, _M.FORWARD, _say(_M.FORWARD)),
        CaseForm("classify", Verb.CLASSIFY, StaffStep.HANDLE, _classify),
        CaseForm(
            "correct-unit", Verb.CORRECT_UNIT, StaffStep.HANDLE, _correct_unit, _is_the_committees
        ),
        CaseForm("close", Verb.CLOSE, _M.CLOSED, _say(_M.CLOSED), _may_be_closed),
        CaseForm("reopen", Verb.REOPEN, StaffStep.REOPEN, _reopen, _may_be_reopened),
    )
}
# All of them, by name; each part stands in a section of its own.
FORMS = HANDLING_FORMS | IMPROVING_FORMS | KEEPING_FORMS
