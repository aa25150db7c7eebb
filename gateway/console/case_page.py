"""The page of one case, its files, and its forms (DOMAIN E1, E2)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from gateway.console.case_file import case_file
from gateway.console.steps import FORMS, CaseForm
from gateway.console.visit import INBOX, Visit
from gateway.domain.classification import CATEGORIES
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.standard_texts import STANDARD_REPLIES
from gateway.flow.chooser import Choice
from gateway.flow.handling.act import Asked
from gateway.flow.numbers import new_message_id

# Where a fault is, as the verbs and forms call it, and the field of a form that it is about.
_FIELDS = {
    "text": "text",
    "standardText": "standard",
    "attachments": "files",
    "forwardTo": "to",
    "handlerHsaId": "handler",
    "careUnitHsaId": "unit",
    "problems": "problems",
    "fieldOfOperation": "field",
    "perceivedProblem": "perceived",
    **{name: name for name in ("to", "handler", "handler_name", "unit")},
}
# What shows that the case itself is not there, or not for this caller.
_WHOLE_PAGE = frozenset({Rule.CASE_UNKNOWN, Rule.NOT_PERMITTED, Rule.NOT_THE_HOLDER})
_MOST_FOUND = 10
# In letters, as over REST.
_LONGEST_FIND = 100
# What our own forms hold, hidden.
_KEY, _VERSION = re.compile(r"[0-9a-f-]{36}"), re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is to be put right in a form: the words, and the field that the words link to."""

    key: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and could not be done."""

    name: str
    wrong: tuple[Wrong, ...]
    status: int

    def words_of(self, field: str) -> str | None:
        """Give the key of what is wrong with a field."""
        return next((one.key for one in self.wrong if one.field == field), None)


def show(visit: Visit) -> Response:
    """Show a case."""
    return _shown(visit, None)


def fetch(visit: Visit) -> Response:
    """Give a file that the citizen sent; browsers save it and never show it."""
    path = visit.request.path_params
    content = case_file(visit.desk, path["number"], visit.caller).content
    files = content.files if content else ()
    if not 1 <= path["file"] <= len(files):
        raise Refusal(Fault(Rule.CASE_UNKNOWN, "path", "the case has no such file"))
    file = files[path["file"] - 1]
    name = quote(file.file_name, safe="")
    return Response(
        file.content,
        headers={
            "Content-Type": file.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _handle(form: CaseForm) -> Callable[[Visit], Response]:
    """Make what takes a form: done, or shown again with what is wrong and what was filled in."""

    def handle(visit: Visit) -> Response:
        number = visit.request.path_params["number"]
        try:
            visit.form.check_lengths()
            form.do(visit, _asked(visit, number))
        except Refusal as refusal:
            if refusal.faults[0].rule in _WHOLE_PAGE:
                raise
            visit.problem = refusal.outside.problem
            wrong = tuple(_wrongs(visit, refusal.faults))
            return _shown(visit, Tried(form.name, wrong, refusal.outside.status))
        # Whoever sends a case on cannot see it any more.
        there = INBOX if form.name == "forward" else f"{INBOX}/{number}"
        return visit.to(f"{there}?done={form.name}")

    return handle


HANDLES = {form.name: _handle(form) for form in FORMS.values()}


def _asked(visit: Visit, number: str) -> Asked:
    seen, key = visit.form.text("version"), visit.form.text("key")
    return Asked(
        number,
        key if _KEY.fullmatch(key) else new_message_id(),
        visit.caller,
        int(seen) if _VERSION.fullmatch(seen) else None,
    )


def _shown(visit: Visit, tried: Tried | None) -> Response:
    query = visit.request.query_params
    file = case_file(visit.desk, visit.request.path_params["number"], visit.caller)
    done, found = query.get("done"), query.get("find", "")[:_LONGEST_FIND]
    return visit.page(
        "case.html",
        tried.status if tried else 200,
        file=file,
        record=file.record,
        content=file.content,
        forms=[form.name for form in FORMS.values() if form.is_open(file, visit)],
        tried=tried,
        filled=visit.form,
        done=done if done in FORMS else None,
        key=new_message_id(),
        find=found,
        receivers=_receivers(visit, found) if found else (),
        standard_texts=STANDARD_REPLIES,
        categories=CATEGORIES,
        fields=FIELDS_OF_OPERATION,
        overdue=file.record.due_at is not None and file.record.due_at <= visit.desk.clock(),
    )


def _receivers(visit: Visit, text: str) -> Sequence[Choice]:
    """Find whom a case can be sent on to: units by their words, and the committees of those."""
    offer = visit.desk.chooser.search(text, None, None, _MOST_FOUND)
    return (*offer.units[:_MOST_FOUND], *offer.committees)


def _wrongs(visit: Visit, faults: Sequence[Fault]) -> Iterator[Wrong]:
    for fault in faults:
        key = f"problem.{fault.rule.value.problem}"
        parts = [part for part in fault.where.split("/") if part in _FIELDS]
        field = _FIELDS[parts[0]] if parts else None
        yield Wrong(key if visit.words.has(key) else "problem.other", field)
