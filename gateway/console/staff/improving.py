"""What is done to make something better: themes and measures, in forms (DOMAIN F3, F4)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from gateway.console.forms import one_line
from gateway.console.staff.case_file import CaseFile
from gateway.console.staff.case_form import CaseForm
from gateway.console.staff.visit import Visit
from gateway.console.tried import form_key
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.law import FIRST_DAY
from gateway.domain.theme import Measure, MeasureLevel, MeasureStep
from gateway.flow.access import Verb
from gateway.flow.handling.act import Asked
from gateway.flow.measures import Wish


def wish(visit: Visit) -> Wish:
    """Read a measure that somebody wishes to record."""
    form = visit.form
    level = next((one for one in MeasureLevel if one.value == form.text("level")), None)
    what = form.text("text")
    if not what:
        raise Refusal(Fault(Rule.TEXT_MISSING, "text", "is empty; say what is to be done"))
    if level is None:
        words = f"must be one of {', '.join(MeasureLevel)}"
        raise Refusal(Fault(Rule.CODE_UNKNOWN, "level", words))
    return Wish(form_key(visit), what, level, one_line(form, "responsible"), _due(visit))


def note(visit: Visit) -> None:
    """Follow up or evaluate the measure that was chosen."""
    step, _, measure = visit.form.text("measure").partition("/")
    text = visit.form.text("text")
    if not text:
        raise Refusal(Fault(Rule.TEXT_MISSING, "text", "is empty; say how it went"))
    try:
        chosen, noted = UUID(measure), MeasureStep(step)
    except ValueError:
        words = "none was chosen"
        raise Refusal(Fault(Rule.CODE_UNKNOWN, "measure", words)) from None
    visit.desk.measures.note(chosen, noted, text, visit.caller)


def to_note(measures: Sequence[Measure]) -> list[tuple[MeasureStep, Measure]]:
    """Tell what can be noted of measures: each once."""
    follow_up = [(MeasureStep.FOLLOW_UP, one) for one in measures if one.followed_up is None]
    evaluate = [(MeasureStep.EVALUATION, one) for one in measures if one.evaluated is None]
    return follow_up + evaluate


def _due(visit: Visit) -> date | None:
    text = visit.form.text("due")
    if not text:
        return None
    try:
        due = date.fromisoformat(text)
        if due >= FIRST_DAY:
            return due
    except ValueError:
        pass
    words = "must be a day as 2026-06-01, or nothing"
    raise Refusal(Fault(Rule.SCHEMA, "due", words))


def _put_in_theme(visit: Visit, asked: Asked) -> None:
    try:
        theme = UUID(visit.form.text("theme"))
    except ValueError:
        words = "none was chosen"
        raise Refusal(Fault(Rule.CODE_UNKNOWN, "theme", words)) from None
    visit.desk.themes.put(theme, asked.case_number, asked.caller)


def _record_measure(visit: Visit, asked: Asked) -> None:
    visit.desk.measures.record_on_case(asked.case_number, wish(visit), asked.caller)


def _note_measure(visit: Visit, asked: Asked) -> None:
    # To other units the case does not exist, whatever the measure is.
    visit.desk.measures.of_case(asked.case_number, asked.caller)
    note(visit)


def _has_themes(file: CaseFile, _: Visit) -> bool:
    return bool(file.improving.themes)


def _has_something_to_note(file: CaseFile, _: Visit) -> bool:
    return bool(to_note(file.improving.measures))


# On the page of a case.
IMPROVING_FORMS = {
    form.name: form
    for form in (
        CaseForm("put-in-theme", Verb.WORK_ON_THEMES, None, _put_in_theme, _has_themes),
        CaseForm("record-measure", Verb.WORK_ON_THEMES, None, _record_measure),
        CaseForm("note-measure", Verb.WORK_ON_THEMES, None, _note_measure, _has_something_to_note),
    )
}
