"""A bulk order (beställning) to a TAK, as JSON: what it adds and ends, every fault told."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.flow.permission import PROCESS_CASE
from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.fields import Fields
from gateway.routes.tak.table import (
    At,
    Days,
    TakOrder,
    TakPermission,
    TakRoute,
)

_ORDER = "order"
_ADDED, _ENDED = "inkludera", "exkludera"
# What makes two items of a list the same (INTEROP §3.5).
_SAME = {
    "tjanstekontrakt": ("namnrymd",),
    "logiskadresser": ("hsaId",),
    "tjanstekomponenter": ("hsaId",),
    "anropsbehorigheter": ("logiskAdress", "tjanstekontrakt", "tjanstekonsument"),
    "vagval": ("logiskAdress", "tjanstekontrakt"),
}
_PLAIN = ("tjanstekontrakt", "logiskadresser", "tjanstekomponenter")
_PROFILES = ("RIVTABP20", "RIVTABP21")


def read_order(
    document: Mapping[str, object], platform: str | None, components: Collection[str]
) -> TakOrder:
    """
    Read an order to the TAK of `platform` (INTEROP §3.5).

    `components` are the keys of systems that are known already; others must come in the order.
    """
    findings: list[Finding] = []
    head = Fields(At(_ORDER, 0), document, findings)
    _check_platform(head, platform)
    begins = head.day("genomforandeTidpunkt") or date.max
    added = _Part(_ADDED, document.get(_ADDED), findings)
    ended = _Part(_ENDED, document.get(_ENDED), findings)
    for part in (added, ended):
        _check_items(part)
    known = {
        *components,
        *(_text(row.values, "hsaId").lower() for row in added.rows("tjanstekomponenter")),
    }
    routes = tuple(_route(row, begins, known) for row in added.ours("vagval"))
    permissions = tuple(
        _permission(row, begins, known) for row in added.ours("anropsbehorigheter")
    )
    gone = tuple(_gone(row, begins) for row in ended.ours("vagval"))
    if not (findings or routes or gone or permissions):
        findings.append(Finding(_ORDER, 0, Rule.EMPTY, f"there is nothing of {PROCESS_CASE}"))
    return TakOrder(begins, routes, gone, permissions, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is added, or what is ended."""

    name: str
    lists: object
    findings: list[Finding]

    def rows(self, name: str) -> Iterator[Fields]:
        lists = self.lists if isinstance(self.lists, dict) else {}
        rows = lists.get(name) or []
        for number, values in enumerate(rows if isinstance(rows, list) else [], start=1):
            place = At(f"{self.name}.{name}", number)
            yield Fields(place, values if isinstance(values, dict) else {}, self.findings)

    def ours(self, name: str) -> Iterator[Fields]:
        """Give the rows of our contract, and those that do not say of which they are."""
        for row in self.rows(name):
            if _text(row.values, "tjanstekontrakt").strip() in ("", PROCESS_CASE):
                yield row


def _check_platform(head: Fields, platform: str | None) -> None:
    said = head.text("plattform")
    if platform is None:
        head.fault(
            Rule.WRONG_PLATFORM, f"it is for {said!r}; say so with --platform, if it is meant"
        )
    elif said and said != platform:
        head.fault(
            Rule.WRONG_PLATFORM, f"it is for {said!r}, not {platform!r}; find the right one"
        )


def _check_items(part: _Part) -> None:
    lists = {} if part.lists is None else part.lists
    if not isinstance(lists, dict):
        part.findings.append(Finding(part.name, 0, Rule.WRONG_TYPE, "must be an object of lists"))
        return
    for name, keys in _SAME.items():
        if not isinstance(lists.get(name) or [], list):
            place = f"{part.name}.{name}"
            part.findings.append(Finding(place, 0, Rule.WRONG_TYPE, "must be a list of objects"))
        seen: Counter[tuple[str, ...]] = Counter()
        for row in part.rows(name):
            if name in _PLAIN and part.name == _ADDED:
                row.text(keys[0])
            # TAK writes HSA-ids in capitals, whatever the order does.
            item = tuple(_text(row.values, key).lower() for key in keys)
            seen[item] += 1
            if seen[item] == 2 and all(item):
                row.fault(Rule.SAME_ITEM, "it is in the order twice; have one taken out")


def _route(row: Fields, begins: date, known: Collection[str]) -> TakRoute:
    route = _gone(row, begins)
    component = row.text("tjanstekomponent")
    profile = row.text("rivtaprofil")
    if not route.address:
        row.text("adress")
    if component and component.lower() not in known:
        row.fault(Rule.MISSING_RELATION, _unknown("tjanstekomponent", component))
    if profile and profile.upper() not in _PROFILES:
        words = f"rivtaprofil {profile!r} is not spoken here; {' and '.join(_PROFILES)} are"
        row.fault(Rule.MISSING_RELATION, words)
    return route


def _gone(row: Fields, begins: date) -> TakRoute:
    return TakRoute(
        receiver=row.hsa_id("logiskAdress"),
        contract=row.text("tjanstekontrakt").strip(),
        address=_text(row.values, "adress").strip(),
        profile=_text(row.values, "rivtaprofil"),
        valid=Days(begins, None),
        place=row.place,
    )


def _permission(row: Fields, begins: date, known: Collection[str]) -> TakPermission:
    sender = row.hsa_id("tjanstekonsument")
    if sender.text and sender.key not in known:
        row.fault(Rule.MISSING_RELATION, _unknown("tjanstekonsument", sender.text))
    return TakPermission(
        receiver=row.hsa_id("logiskAdress"),
        sender=sender,
        contract=row.text("tjanstekontrakt").strip(),
        valid=Days(begins, None),
        place=row.place,
    )


def _text(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def _unknown(key: str, name: str) -> str:
    return f"{key} {name!r} is no known system; have it added to tjanstekomponenter of the order"
