"""What can be done to a case on its page: which forms there are, and what they do (DOMAIN E2)."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.console.case_file import CaseFile
from gateway.console.forms import Form
from gateway.console.visit import Visit
from gateway.domain.handling import Classification
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, CaseStep, StaffStep, case_after
from gateway.domain.message import CaseMessage, MessageKind
from gateway.flow.access import Verb, may
from gateway.flow.caller import Role
from gateway.flow.handling.act import Asked
from gateway.flow.handling.assigning import Handler

Do = Callable[[Visit, Asked], object]
Fits = Callable[[CaseFile, Visit], bool]


@dataclass(frozen=True, slots=True)
class CaseForm:
    """One form: `name` is its address and its template; `fits` tells more of when it is shown."""

    name: str
    verb: Verb
    step: CaseStep
    do: Do
    fits: Fits = lambda _file, _visit: True

    def is_open(self, file: CaseFile, visit: Visit) -> bool:
        """Tell whether this is legal now, and this caller's to do."""
        is_legal = case_after(file.record.state, self.step) is not None
        return is_legal and may(visit.caller.role, self.verb) and self.fits(file, visit)


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


def _is_the_committees(_: CaseFile, visit: Visit) -> bool:
    return visit.caller.role is Role.COMMITTEE_STAFF


_M = MessageKind
FORMS = {
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
