"""The diary number of a case and a legal hold, on its page (DOMAIN E3, E4)."""

from gateway.console.forms import one_line
from gateway.console.staff.case_file import CaseFile
from gateway.console.staff.case_form import CaseForm
from gateway.console.staff.visit import Visit
from gateway.flow.access import Verb
from gateway.flow.handling.act import Asked


def _note_diary_number(visit: Visit, asked: Asked) -> None:
    diary_number = one_line(visit.form, "diary")
    visit.desk.keeping.record_diary_number(asked.case_number, diary_number, asked.caller)


def _hold(visit: Visit, asked: Asked) -> None:
    visit.desk.keeping.hold(asked.case_number, one_line(visit.form, "reason"), asked.caller)


def _lift(visit: Visit, asked: Asked) -> None:
    visit.desk.keeping.lift(asked.case_number, one_line(visit.form, "reason"), asked.caller)


def _is_held(file: CaseFile, _: Visit) -> bool:
    return file.keeping.hold is not None


def _is_not_held(file: CaseFile, _: Visit) -> bool:
    return file.keeping.hold is None


KEEPING_FORMS = {
    form.name: form
    for form in (
        CaseForm("diary-number", Verb.EXPORT_CASE, None, _note_diary_number),
        CaseForm("hold", Verb.HOLD_CASE, None, _hold, _is_not_held),
        CaseForm("lift-hold", Verb.HOLD_CASE, None, _lift, _is_held),
    )
}
