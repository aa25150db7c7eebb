"""Whether the codes that somebody gives are in the tables: classifications, standard texts."""

from collections.abc import Iterator

from gateway.domain.classification import CATEGORIES
from gateway.domain.errors import Fault, Rule
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.handling import Classification
from gateway.domain.message import CaseMessage
from gateway.domain.standard_texts import BY_CODE

_PROBLEMS = frozenset(category.code for category in CATEGORIES)
_FIELDS = frozenset(known.code for known in FIELDS_OF_OPERATION)


def classification_faults(given: Classification, where: str = "") -> Iterator[Fault]:
    """Tell every code of a classification that is not in its table (DOMAIN E2)."""
    for number, code in enumerate(given.problems, 1):
        yield from _fault(code in _PROBLEMS, f"{where}problems/{number}", "problem-categories")
    perceived, operation = given.perceived_problem, given.field_of_operation
    if perceived is not None:
        yield from _fault(perceived in _PROBLEMS, f"{where}perceivedProblem", "problem-categories")
    if operation is not None:
        yield from _fault(operation in _FIELDS, f"{where}fieldOfOperation", "fields-of-operation")


def standard_text_faults(message: CaseMessage) -> Iterator[Fault]:
    """Tell what is wrong with the standard text that a message names instead of words (D3)."""
    if message.standard_text is None:
        return
    named = BY_CODE.get(message.standard_text)
    fits = named is not None and named.kind is message.kind
    yield from _fault(fits, "standardText", "standard-texts, of the same messageKind")
    if message.text:
        words = "name a standard text or write words of your own, not both"
        yield Fault(Rule.EVENT_NOT_ACCEPTED, "text", words)


def _fault(known: bool, where: str, among: str) -> Iterator[Fault]:  # noqa: FBT001 what was found
    if not known:
        yield Fault(Rule.CODE_UNKNOWN, where, f"no such code; give one of {among}")
