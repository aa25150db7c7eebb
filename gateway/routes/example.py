"""Examples beside the rules: a case, an instant, and where it must go; run at every check."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN, swedish_midnight
from gateway.domain.region import Region
from gateway.domain.routing import Routed, RouteTable
from gateway.routes.finding import Finding, Rule
from gateway.routes.page import Shape, Table
from gateway.routes.values import NOWHERE, day_fault, did_you_mean

REQUIRED: Shape = {"hsa_id": str, "at": datetime, "goes_to": str, "why": str}
OPTIONAL: Shape = {"kind": str, "receiver": str, "anonymous": bool}


@dataclass(frozen=True, slots=True)
class Example:
    """One `[[examples]]` table; `goes_to` is a destination's name, or "nowhere"."""

    file: str
    line: int
    hsa_id: HsaId
    kind: Kind
    receiver: ReceiverType
    at: datetime
    goes_to: str
    why: str
    anonymous: bool = False


def read_example(table: Table, destinations: set[str]) -> Example | None:
    """Read one example; None when something in it is wrong, which has then been told."""
    told = len(table.page.findings)
    goes_to = table.text("goes_to")
    if goes_to and goes_to not in {*destinations, NOWHERE}:
        words = f"{goes_to!r}: {did_you_mean(goes_to, {*destinations, NOWHERE})}"
        table.fault("goes_to", Rule.UNKNOWN_DESTINATION, words)
    hsa_id, at = table.hsa_id("hsa_id"), _instant(table)
    kind = table.choice("kind", Kind) or Kind.COMPLAINT
    receiver = table.choice("receiver", ReceiverType) or ReceiverType.CARE
    if hsa_id is None or at is None or len(table.page.findings) > told:
        return None
    line = table.page.lines.line_of(*table.where)
    why, anonymous = table.text("why"), table.values.get("anonymous") is True
    return Example(table.page.file, line, hsa_id, kind, receiver, at, goes_to, why, anonymous)


def failure(example: Example, region: str, table: RouteTable) -> Finding | None:
    """Run an example; the finding says where the case went instead, step by step."""
    result = table.resolve(example.hsa_id, example.kind, example.receiver, example.at)
    went = NOWHERE
    if isinstance(result, Routed) and _is_taken(example, table.regions[result.region]):
        went = result.destination.key
    wanted = NOWHERE if example.goes_to == NOWHERE else f"{region}/{example.goes_to}"
    if went == wanted:
        return None
    words = f"{example.why!r} must go to {wanted} but goes to {went}: {'; '.join(result.trace)}"
    return Finding(example.file, example.line, Rule.FAILED_EXAMPLE, words)


def _is_taken(example: Example, region: Region) -> bool:
    return region.anonymous or not example.anonymous


def _instant(table: Table) -> datetime | None:
    """Read `at`: a day is its first moment in Sweden, and a time without zone is Swedish."""
    value = table.values.get("at")
    if not isinstance(value, date):
        return None
    if words := day_fault(value):
        table.fault("at", Rule.BAD_DATE, words)
        return None
    if not isinstance(value, datetime):
        return swedish_midnight(value)
    return (value if value.tzinfo else value.replace(tzinfo=SWEDEN)).astimezone(UTC)
