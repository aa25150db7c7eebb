"""What is wrong with the shape of what comes in, told without repeating what was in it."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from gateway.domain.errors import Fault, Rule
from gateway.domain.notation import INSTANT, SPEAKABLE
from gateway.shapes import shape

# pydantic tells the value and the words of exceptions too; of what it tells, only these are ours.
ErrorDetails = Mapping[str, Any]

MOST_FAULTS = 50
# What pydantic calls the two forms of a file, where it tells the place of a fault in one.
SENT_WITH, SENT_BEFORE = "(sent with)", "(sent before)"
_A_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")

_PATTERN_WORDS = {
    SPEAKABLE: "holds a character that XML cannot carry; leave it out",
    shape.ONE_LINE: (
        "must be 1 to 256 characters, no control characters, without blanks at the ends"
    ),
    shape.OID: "must be an OID: numbers with dots between",
    shape.PERSON_NUMBER: "must be twelve letters or digits without a separator",
    shape.DAY: "must be a date such as 2026-03-01, without a time zone",
    INSTANT: (
        "must be a time such as 2026-03-01T08:30:00Z; "
        "the time zone is mandatory, at most 14:00 from UTC"
    ),
}

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here; leave it out",
    "said_twice": "is said more than once; say it once",
    "string_type": "must be a text",
    "string_too_long": "must be at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "string_too_short": "must be at least {min_length} character",
    "bool_type": "must be true or false",
    "enum": "must be {expected}",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "no_such_day": "must be a day that exists",
    "no_such_time": "must be a time that exists",
    "no_base64": "must be canonical base64 (RFC 4648), without line breaks",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "uuid_parsing": "must be a UUID",
}


def shape_faults(errors: Iterable[ErrorDetails]) -> list[Fault]:
    """Tell the first faults that pydantic found; lists are counted from 1."""
    return [_fault(error) for error in islice(errors, MOST_FAULTS)]


def _fault(error: ErrorDetails) -> Fault:
    if error["type"] == "json_invalid":
        return Fault(Rule.UNREADABLE, "body", f"is no JSON: {error['ctx']['error']}")
    return Fault(Rule.SCHEMA, _where(error["loc"]), _words(error))


def _words(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return _PATTERN_WORDS.get(context["pattern"], _OTHERWISE)
    return _WORDS.get(error["type"], _OTHERWISE).format_map(context)


def _where(location: tuple[int | str, ...]) -> str:
    steps = (step for step in location if step not in {SENT_WITH, SENT_BEFORE})
    return "/".join(map(_step, steps)) or "body"


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return str(step + 1)
    return step if _A_KEY.fullmatch(step) else "(a key that is no name)"


_OTHERWISE = "is not written as the description of the API says"
