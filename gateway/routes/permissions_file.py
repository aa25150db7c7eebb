"""permissions.csv: one line a sender, contract and address, every fault told by its line."""

from collections.abc import Iterator
from datetime import UTC, datetime

from gateway.domain.addressing import ANY, has_parts
from gateway.domain.hsa import HsaId, is_loose
from gateway.domain.period import EARLIEST
from gateway.domain.permission import PartsRule, Permission, Permissions
from gateway.domain.tree import Tree
from gateway.routes.csv_file import BELOW, YES, CsvFile, Fault, below_fault, period_of
from gateway.routes.draft import PERMISSIONS_FILE
from gateway.routes.finding import Finding, Rule
from gateway.routes.values import contract_fault

COLUMNS = ("sender", "contract", "address", "valid_from", "valid_to")
OPTIONAL = (BELOW,)

_LATEST = datetime.max.replace(tzinfo=UTC)


def read_permissions(
    data: bytes | None,
    parts_rules: tuple[PartsRule, ...],
    tree: Tree | None,
    findings: list[Finding],
) -> Permissions | None:
    """Read the file; without one there are no permissions to ask for, and None is given."""
    if data is None:
        return None
    file = CsvFile(PERMISSIONS_FILE, COLUMNS, OPTIONAL, findings)
    rows = tuple(_row(file, line, cells) for line, cells in file.records(data) or ())
    for earlier, later in _overlaps(rows):
        words = f"the same is allowed in line {earlier.line} for a part of this time; keep one"
        file.fault(later.line, Rule.OVERLAP, words)
    return Permissions(rows, parts_rules, tree)


def _row(file: CsvFile, line: int, cells: dict[str, str]) -> Permission:
    period, period_faults = period_of(cells["valid_from"], cells["valid_to"])
    for rule, words in (*_cell_faults(cells), *period_faults):
        file.fault(line, rule, words)
    sender, address = HsaId(cells["sender"]), HsaId(cells["address"])
    below = cells[BELOW] == YES
    return Permission(sender, cells["contract"], address, period, below, file.name, line)


def _cell_faults(cells: dict[str, str]) -> Iterator[Fault]:
    for column in ("sender", "address"):
        any_address = column == "address" and cells[column] == ANY.text
        if not any_address and (words := _hsa_fault(cells[column])):
            yield Rule.BAD_HSA_ID, f"{column}: {words}"
    if words := contract_fault(cells["contract"]):
        yield Rule.BAD_CONTRACT, f"contract: {words}"
    if words := below_fault(cells[BELOW]):
        yield Rule.BAD_CHOICE, words


def _hsa_fault(text: str) -> str | None:
    # As a catalogue has them (INTEROP §3.2): systems under test have ids of other forms too.
    if not is_loose(text) or has_parts(HsaId(text)):
        return f"{text!r}: letters, digits, '-' and '_' only; * is every address"
    return None


def _overlaps(rows: tuple[Permission, ...]) -> Iterator[tuple[Permission, Permission]]:
    alike: dict[tuple[HsaId, str, HsaId], list[Permission]] = {}
    for row in rows:
        alike.setdefault((row.sender, row.contract.lower(), row.address), []).append(row)
    for same in alike.values():
        same.sort(key=_start)
        reach = same[0]
        for row in same[1:]:
            if _end(reach) > _start(row):
                yield reach, row
            reach = max(reach, row, key=_end)


def _start(row: Permission) -> datetime:
    return row.period.start or EARLIEST


def _end(row: Permission) -> datetime:
    return row.period.end or _LATEST
