"""`[retention]` of a region.toml: how long ended cases are kept (DOMAIN E4)."""

from gateway.domain.retention import KEPT_FOR_EVER, LONGEST_MONTHS, Retention
from gateway.routes.finding import Rule
from gateway.routes.page import Shape, Table, open_table

_MONTHS: Shape = {"complaint_months": int, "feedback_months": int}


def read_retention(root: Table) -> Retention:
    """Read the months of each kind; what is left out is kept for ever."""
    if "retention" not in root.values:
        return KEPT_FOR_EVER
    table = open_table(root.page, ("retention",), root.values["retention"], {}, _MONTHS)
    return Retention(**{key: _months(table, key) for key in _MONTHS})


def _months(table: Table, key: str) -> int | None:
    months = table.values.get(key)
    if not isinstance(months, int):
        return None
    if not 1 <= months <= LONGEST_MONTHS:
        words = f"{key} must be 1 to {LONGEST_MONTHS} months; to keep for ever, leave it out"
        table.fault(key, Rule.BAD_PERIOD, words)
        return None
    return months
