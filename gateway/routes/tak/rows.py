"""Rows of a whole TAK as a table of our contract; nothing of ours in it is a failure."""

from collections.abc import Iterable, Mapping

from gateway.flow.permission import PROCESS_CASE
from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.fields import Fields
from gateway.routes.tak.table import At, TakPermission, TakRoute, TakTable

# A row as SokVagvalsInfo names its fields (INTEROP §3.8).
Values = Mapping[str, object]


def table_of(
    routes: tuple[str, Iterable[Values]],
    permissions: tuple[str, Iterable[Values]],
    findings: list[Finding],
) -> TakTable:
    """
    Make a table of two lists, each with its name; other contracts' rows are nobody's business.

    No routes or no permissions of ours is a failure, as for other readers (INTEROP §4).
    """
    is_read = not findings
    found = tuple(_route(fields) for fields in _ours(*routes, findings))
    allowed = tuple(_permission(fields) for fields in _ours(*permissions, findings))
    if is_read:
        findings += [
            _empty(name)
            for name, rows in ((routes[0], found), (permissions[0], allowed))
            if not rows
        ]
    return TakTable(found, allowed, tuple(findings))


def _ours(section: str, rows: Iterable[Values], findings: list[Finding]) -> Iterable[Fields]:
    for number, values in enumerate(rows, start=1):
        contract = values.get("tjansteKontrakt")
        if not isinstance(contract, str) or contract.strip() == PROCESS_CASE:
            yield Fields(At(section, number), values, findings)


def _route(fields: Fields) -> TakRoute:
    return TakRoute(
        receiver=fields.hsa_id("receiverId"),
        contract=fields.text("tjansteKontrakt").strip(),
        address=fields.text("adress").strip(),
        profile=fields.text("rivProfil").strip(),
        valid=fields.days("fromTidpunkt", "tomTidpunkt"),
        place=fields.place,
    )


def _permission(fields: Fields) -> TakPermission:
    return TakPermission(
        receiver=fields.hsa_id("receiverId"),
        sender=fields.hsa_id("senderId"),
        contract=fields.text("tjansteKontrakt").strip(),
        valid=fields.days("fromTidpunkt", "tomTidpunkt"),
        place=fields.place,
    )


def _empty(section: str) -> Finding:
    words = f"there is nothing of {PROCESS_CASE}; ask those who run the TAK"
    return Finding(section, 0, Rule.EMPTY, words)
