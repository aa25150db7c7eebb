"""Single values as people write them in either file: what is wrong with one, in words."""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from gateway.domain.hsa import is_strict
from gateway.flow.permission import PROCESS_CASE

NOWHERE = "nowhere"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# INTEROP §1.2, §3.2.
_CONTRACT = re.compile(r"urn:[0-9A-Za-z_.:\-]+Responder:[0-9]+")
_YEARS = range(2000, 2200)


def hsa_fault(text: str) -> str | None:
    """Tell why our own data cannot have this HSA-id (INTEROP §6.1: never trimmed)."""
    if text != text.strip():
        return f"{text!r} has a blank before or after it, and would match no unit; take it away"
    if not is_strict(text):
        return f"{text!r} is not an HSA-id: SE, ten digits, '-', then 1 to 18 letters or digits"
    return None


def contract_fault(text: str) -> str | None:
    """Tell why this is no contract's namespace, of the signs that a catalogue takes."""
    if not _CONTRACT.fullmatch(text):
        return f"{text!r} is not a namespace of a service contract, such as {PROCESS_CASE}"
    return None


def day_fault(day: date) -> str | None:
    """Tell why a day cannot begin or end a period."""
    if day.year not in _YEARS:
        return f"the year {day.year} cannot be meant; for a period without limit, leave it out"
    return None


def period_fault(first: date | None, last: date | None) -> str | None:
    """Tell why two days make no period."""
    if first and last and first > last:
        return f"valid_from {first} is after valid_to {last}, the last day included"
    return None


def name_fault(name: str) -> str | None:
    """Tell why no region or destination can have this name, which stands in addresses."""
    if name == NOWHERE:
        return f"{name!r} is what examples say of a case that no destination gets; choose another"
    if not _NAME.fullmatch(name):
        return f"{name!r} cannot be a name; use a to z, digits, and single '-' between them"
    return None


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Point at the nearest known name, or list what there is."""
    names = sorted(known)
    near = get_close_matches(written, names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known are {', '.join(names)}" if names else "none are known"
