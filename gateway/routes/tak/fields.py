"""The fields of one row that a TAK says: what is missing or wrong is told, and reads as empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gateway.domain.addressing import ANY
from gateway.domain.hsa import HsaId, is_loose
from gateway.domain.period import SWEDEN
from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.table import At, Days

# A TAK writes a hundred years when no end is meant (INTEROP §3.2).
_NO_END_YEARS = 50
# What began at the turn of the century or before has no beginning that matters.
_SINCE_EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Fields:
    """One row by its fields' names, where it stands, and the faults so far."""

    place: At
    values: Mapping[str, object]
    findings: list[Finding]

    def fault(self, rule: Rule, words: str) -> None:
        """Note what is wrong with the row."""
        self.findings.append(Finding(self.place.section, self.place.row, rule, words))

    def text(self, key: str) -> str:
        """Read a text that must be there."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(Rule.MISSING_KEY, f"{key} is empty or no text; have it filled in")
            return ""
        return value

    def hsa_id(self, key: str) -> HsaId:
        """Read an HSA-id as a TAK accepts it (INTEROP §3.2); never trimmed."""
        text = self.text(key)
        if text and text != ANY.text and not is_loose(text):
            self.fault(Rule.BAD_HSA_ID, f"{key}: {text!r} is no HSA-id; have it corrected")
        return HsaId(text)

    def days(self, first: str, last: str) -> Days:
        """
        Read how long something holds; the last day is included.

        A TAK keeps days, and its own rule of overlap counts both (INTEROP §3.2).
        """
        begins, ends = self.day(first), self.day(last)
        if begins is None or ends is None:
            return Days(None, None)
        if begins > ends:
            self.fault(Rule.BAD_PERIOD, f"{first} {begins} is after {last} {ends}; correct one")
        without_end = ends.year - begins.year >= _NO_END_YEARS
        return Days(begins if begins > _SINCE_EVER else None, None if without_end else ends)

    def day(self, key: str) -> date | None:
        """Read a time as the day it is in Sweden; without a zone it is Swedish (INTEROP §3.8)."""
        text = self.text(key).strip()
        try:
            at = datetime.fromisoformat(text) if text else None
            return at and (at.astimezone(SWEDEN) if at.tzinfo else at).date()
        except (ValueError, OverflowError):
            self.fault(Rule.BAD_DATE, f"{key}: {text!r} is no time; write it as 2026-01-31")
            return None
