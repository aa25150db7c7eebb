"""A form that was sent and could not be done: what is wrong, and where to put it right."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.console.entrance import AnyVisit, problem_key
from gateway.domain.errors import Fault, Refusal
from gateway.flow.numbers import new_message_id

# Where a fault is, as the verbs call it, and the field of a form that it is about; forms
# themselves call it by the name of the field.
_FIELDS = {
    "standardText": "standard",
    "attachments": "files",
    "forwardTo": "to",
    "handlerHsaId": "handler",
    "careUnitHsaId": "unit",
    "fieldOfOperation": "field",
    "perceivedProblem": "perceived",
    "ownerHsaId": "owner",
    "submitter": "person",
    "patient": "patient",
    "description": "text",
    "eventDate": "event",
    "receivedTime": "received",
    "receiver": "unit",
}
_OWN_FIELDS = frozenset(
    {
        *("text", "to", "handler", "handler_name", "unit", "problems"),
        *("diary", "reason", "title", "owner", "responsible", "due", "theme", "measure", "level"),
        *(
            "number",
            "channel",
            "kind",
            "answer",
            "relation",
            "person",
            "patient",
            "event",
            "received",
        ),
        *("code", "desired", "place", "patient_name", "phone", "email"),
    }
)
_FILE = re.compile(r"attachments/(\d+)")
# What our own forms hold, hidden.
_KEY = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """
    What is to be put right in a form: the words, and the field that the words link to.

    `file` is the number of the file that is wrong, where it is about one.
    """

    key: str
    field: str | None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and could not be done."""

    name: str
    wrong: tuple[Wrong, ...]
    status: int

    def words_of(self, field: str) -> str | None:
        """Give the key of what is wrong with a field."""
        return next((one.key for one in self.wrong if one.field == field), None)


def tried(visit: AnyVisit, name: str, refusal: Refusal) -> Tried:
    """Tell what was wrong with a form, on its page and in the line of the log."""
    visit.problem = refusal.outside.problem
    return Tried(name, tuple(_wrongs(visit, name, refusal.faults)), refusal.outside.status)


def not_taken(visit: AnyVisit, name: str) -> Tried:
    """Tell why a form is shown again: too large, with nothing wrong, or no session it is for."""
    if visit.problem == "too-large":
        return Tried(name, (Wrong(problem_key(visit, visit.problem), "files"),), 413)
    return Tried(name, (), 401 if visit.session is None else 403)


def form_key(visit: AnyVisit) -> str:
    """Give the key that a form was made with, the same when it is sent twice."""
    key = visit.form.text("key")
    return key if _KEY.fullmatch(key) else new_message_id()


def _wrongs(visit: AnyVisit, name: str, faults: Sequence[Fault]) -> Iterator[Wrong]:
    for fault in faults:
        field = next(filter(None, map(_field, fault.where.split("/"))), None)
        problem, file = fault.rule.value.problem, _FILE.search(fault.where)
        # A form may have words of its own for what is wrong, and for each of its fields.
        keys = (f"{start}.{problem}" for start in _tables(visit, name))
        found = filter(visit.words.has, (f"{name}.{problem}.{field}", *keys))
        yield Wrong(next(found, "problem.other"), field, file[1] if file else None)


def _tables(visit: AnyVisit, name: str) -> tuple[str, str, str]:
    return name, visit.desk.site.problems, "problem"


def _field(part: str) -> str | None:
    return _FIELDS.get(part) or (part if part in _OWN_FIELDS else None)
