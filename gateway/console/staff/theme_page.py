"""One theme: its cases, its measures as a log that all share, and its closing (F3, F4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from gateway.console.forms import one_line
from gateway.console.kept_text import is_written
from gateway.console.staff.improving import note, to_note, wish
from gateway.console.staff.places import place_name
from gateway.console.staff.visit import THEMES, Visit
from gateway.console.tried import Tried, tried
from gateway.domain.case import Kind
from gateway.domain.errors import Refusal, Rule
from gateway.domain.lifecycle import OPEN_STATES, CaseState
from gateway.domain.theme import Measure, MeasureLevel, Theme
from gateway.flow.numbers import new_message_id
from gateway.flow.ports import CaseRecord
from gateway.flow.themes import MOST_CASES

# What shows that the theme itself is not there, or not for this caller.
_WHOLE_PAGE = frozenset({Rule.THEME_UNKNOWN, Rule.NOT_PERMITTED})


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """All that a member of staff may see of a theme: of its cases those of their units."""

    theme: Theme
    cases: Sequence[CaseRecord]
    measures: Sequence[Measure]


@dataclass(frozen=True, slots=True)
class ThemeForm:
    """One form: `name` is its address and its template; `fits` tells when it is shown."""

    name: str
    do: Callable[[Visit, UUID], object]
    fits: Callable[[ThemeFile, Visit], bool]


def show(visit: Visit) -> Response:
    """Show a theme."""
    return _shown(visit, _theme_file(visit), None)


def _handle(form: ThemeForm) -> Callable[[Visit], Response]:
    """Make what takes a form: done, or shown again with what is wrong and what was filled in."""

    def handle(visit: Visit) -> Response:
        theme: UUID = visit.request.path_params["theme"]
        # Whoever may not see the theme learns nothing else.
        visit.desk.themes.read(theme, visit.caller)
        try:
            visit.form.check_lengths()
            form.do(visit, theme)
        except Refusal as refusal:
            if refusal.faults[0].rule in _WHOLE_PAGE:
                raise
            file = _theme_file(visit)
            if is_written(visit.form) and not form.fits(file, visit):
                raise  # nor would the page of the theme show what was written
            return _shown(visit, file, tried(visit, form.name, refusal))
        return visit.to(f"{THEMES}/{theme}?done={form.name}")

    return handle


def _shown(visit: Visit, file: ThemeFile, failed: Tried | None) -> Response:
    desk, done = visit.desk, visit.request.query_params.get("done")
    return visit.page(
        "staff/theme.html",
        failed.status if failed else 200,
        here=f"{THEMES}/{file.theme.id}",
        version="",
        find="",
        theme=file.theme,
        owner=place_name(desk.themes.table(), file.theme.owner),
        cases=file.cases,
        left=[case for case in file.cases if _waits_for_the_word(file.theme, case)],
        measures=file.measures,
        to_note=to_note(file.measures),
        levels=[*MeasureLevel],
        forms=[form.name for form in FORMS.values() if form.fits(file, visit)],
        tried=failed,
        filled=visit.form,
        done=done if done in FORMS or done == "make-theme" else None,
        key=new_message_id(),
    )


def _theme_file(visit: Visit) -> ThemeFile:
    desk, caller, theme = visit.desk, visit.caller, visit.request.path_params["theme"]
    return ThemeFile(
        desk.themes.read(theme, caller),
        desk.themes.cases_of(theme, caller, None, MOST_CASES),
        desk.measures.of_theme(theme, caller),
    )


def _waits_for_the_word(theme: Theme, case: CaseRecord) -> bool:
    """Tell whether its citizen should have got the common word, and could not."""
    is_open = case.state in OPEN_STATES or case.state is CaseState.ANSWERED
    return theme.closing_text is not None and case.kind is Kind.FEEDBACK and is_open


def _put(visit: Visit, theme: UUID) -> None:
    visit.desk.themes.put(theme, one_line(visit.form, "number").upper(), visit.caller)


def _take_out(visit: Visit, theme: UUID) -> None:
    visit.desk.themes.take_out(theme, visit.form.text("number"), visit.caller)


def _close(visit: Visit, theme: UUID) -> None:
    visit.desk.themes.close(theme, visit.form.text("text") or None, visit.caller)


def _record(visit: Visit, theme: UUID) -> None:
    visit.desk.measures.record_on_theme(theme, wish(visit), visit.caller)


def _note(visit: Visit, _: UUID) -> None:
    note(visit)


def _is_open(file: ThemeFile, _: Visit) -> bool:
    return file.theme.closed_at is None


def _is_open_and_theirs(file: ThemeFile, visit: Visit) -> bool:
    return _is_open(file, visit) and file.theme.owner in visit.caller.units


def _has_something_to_note(file: ThemeFile, visit: Visit) -> bool:
    return bool(to_note(file.measures)) and file.theme.owner in visit.caller.units


def _always(_: ThemeFile, __: Visit) -> bool:
    return True


def _never_alone(_: ThemeFile, __: Visit) -> bool:
    """It stands beside each case."""
    return False


FORMS = {
    form.name: form
    for form in (
        ThemeForm("put", _put, _is_open),
        ThemeForm("take-out", _take_out, _never_alone),
        ThemeForm("record-measure", _record, _always),
        ThemeForm("note-measure", _note, _has_something_to_note),
        ThemeForm("close-theme", _close, _is_open_and_theirs),
    )
}
HANDLES = {form.name: _handle(form) for form in FORMS.values()}
