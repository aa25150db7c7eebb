"""One thing that is wrong with the routing rules: where, which rule, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """Every rule that routing rules can break."""

    NO_REGIONS = "no-regions"
    MISSING_FILE = "missing-file"
    UNKNOWN_FILE = "unknown-file"
    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown-key"
    MISSING_KEY = "missing-key"
    WRONG_TYPE = "wrong-type"
    BAD_NAME = "bad-name"
    BAD_CODE = "bad-code"
    BAD_CHOICE = "bad-choice"
    BAD_HSA_ID = "bad-hsa-id"
    BAD_CONTRACT = "bad-contract"
    BAD_DATE = "bad-date"
    BAD_DAYS = "bad-days"
    BAD_PERIOD = "bad-period"
    BAD_POLICY = "bad-policy"
    BAD_ADAPTER = "bad-adapter"
    BAD_SYSTEM = "bad-system"
    BLANK = "blank"
    NO_HOLDER = "no-holder"
    TWO_PLACES = "two-places"
    NO_COMMITTEE = "no-committee"
    COMMITTEE_IS_UNIT = "committee-is-unit"
    SAME_COMMITTEE = "same-committee"
    SAME_CODE = "same-code"
    UNKNOWN_DESTINATION = "unknown-destination"
    UNKNOWN_UNIT = "unknown-unit"
    UNKNOWN_PROVIDER = "unknown-provider"
    UNKNOWN_PARENT = "unknown-parent"
    PARENT_CYCLE = "parent-cycle"
    TOO_DEEP = "too-deep"
    NOTHING_TO_INHERIT = "nothing-to-inherit"
    NO_RULE = "no-rule"
    TWO_ROUTES = "two-routes"
    OVERLAP = "overlap"
    GAP = "gap"
    FAILED_EXAMPLE = "failed-example"
    # Of what comes from a TAK alone:
    NO_ANSWER = "no-answer"
    EMPTY = "empty"
    WRONG_PLATFORM = "wrong-platform"
    SAME_ITEM = "same-item"
    MISSING_RELATION = "missing-relation"
    UNKNOWN_ADDRESS = "unknown-address"
    UNKNOWN_REGION = "unknown-region"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A broken rule; `file` is relative to the rules' folder, `line` 0 is the file as a whole."""

    file: str
    line: int
    rule: Rule
    message: str

    def __str__(self) -> str:
        """Write it as compilers do, so that editors can jump to it."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.rule}: {self.message}"
