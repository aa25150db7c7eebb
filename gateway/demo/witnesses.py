"""Asks every party of the demo what it has: the receivers, the operators' list, the inboxes."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from gateway.demo.api import client, pages
from gateway.demo.books import Added, DeliverySeen, Evidence, Said
from gateway.demo.record import Line, lines
from gateway.demo.site import SYSTEMS, Site, System
from gateway.domain.case import CaseEvent
from gateway.domain.message import InboxKind, MessageKind
from gateway.domain.notation import Json

E_SERVICE_RECORD = "e-service.jsonl"
STAFF_RECORD = "staff.jsonl"
INBOXES = "inboxes.json"

Arrival = Line
"""A line of a system's notebook: what happened to which case, by its number."""


def notebook(system: System) -> str:
    """Name the file that a stand-in system goes on from after a restart."""
    return f"{system.name}.jsonl"


@dataclass(frozen=True, slots=True)
class Testimony:
    """
    All that was told at about the same time.

    `sent` is the e-service's record, `accounts` are the systems' own by name, `early` counts the
    supplements that reached a system before their case, and `files` the attachments that the
    citizens could open. `archived` is the staff's record of packages, and `closed` how many
    closed cases the statistics of this year count, None when that is hidden.
    """

    sent: Sequence[Line]
    accounts: dict[str, Json]
    deliveries: Sequence[Json]
    evidence: Evidence
    early: int
    files: int
    archived: Sequence[Line]
    closed: int | None


@dataclass(slots=True)
class Witnesses:
    """Everybody who can be asked; `_operator` and `_staff` know the API by their keys."""

    site: Site
    _operator: httpx.Client = field(init=False)
    _staff: httpx.Client = field(init=False)
    _told: "_Told | None" = None

    def __post_init__(self) -> None:
        """Open the clients; nobody is asked yet."""
        url, authority = self.site.gateway_url, self.site.authority.certificate
        self._operator = client(url, self.site.keys.operator, authority)
        self._staff = client(url, self.site.keys.staff, authority)

    def explain(self, hsa_id: str, at: datetime) -> Json:
        """Ask where a case to a unit would go (DOMAIN B11); raises httpx.HTTPError."""
        query = {"hsaId": hsa_id, "at": at.isoformat()}
        told: Json = self._operator.get("/routing/explain", params=query).raise_for_status().json()
        return told

    def is_up(self) -> bool:
        """Tell whether the gateway answers."""
        try:
            return self._operator.get(f"{self.site.gateway_url}/health/ready").is_success
        except httpx.HTTPError:
            return False

    def ask(self) -> Testimony | None:
        """
        Ask everybody; None until all have answered.

        Those who send are asked before those who receive, and the citizens' inboxes must have
        been read after that, so that nothing on its way looks lost.
        """
        try:
            self._told = self._told or self._ask()
        except httpx.HTTPError:
            return None
        told, read = self._told, _read_since(self.site.folder / INBOXES, self._told.at)
        if read is None:
            return None
        self._told = None
        return _testimony(told, read)

    def _ask(self) -> "_Told":
        return _Told(
            sent=lines(self.site.folder / E_SERVICE_RECORD),
            posted=lines(self.site.folder / STAFF_RECORD),
            accounts={s.name: self._account(self.site.system_url(s)) for s in SYSTEMS},
            received=[_received(self.site.folder / notebook(system)) for system in SYSTEMS],
            in_unit_inboxes=[item["caseNumber"] for item in pages(self._staff, "/unit-inbox")],
            deliveries=list(pages(self._operator, "/deliveries")),
            closed=self._closed(),
            at=datetime.now(UTC),
        )

    def _closed(self) -> int | None:
        query = {"period": str(self.site.today.year), "parameter": "UNIT"}
        told = self._staff.get("/statistics", params=query).raise_for_status().json()
        cases: int | None = told["total"].get("cases")
        return cases

    @staticmethod
    def _account(url: str) -> Json:
        account: Json = httpx.get(url, timeout=10, trust_env=False).raise_for_status().json()
        return account


@dataclass(frozen=True, slots=True)
class _Told:
    """What everybody but the citizens has told; `at` is when the last of them did."""

    sent: Sequence[Line]
    posted: Sequence[Line]
    accounts: dict[str, Json]
    received: Sequence[Sequence[Arrival]]
    in_unit_inboxes: Sequence[str]
    deliveries: Sequence[Json]
    closed: int | None
    at: datetime


def _testimony(told: _Told, read: Sequence[Json]) -> Testimony:
    held = Counter(told.in_unit_inboxes)
    for account in told.accounts.values():
        held.update(account["held"])
    arrivals = [arrival for system in told.received for arrival in system]
    registered = {x["id"]: x["number"] for x in arrivals if x["event"] == "REGISTERED"}
    added = [x for x in told.sent if x["what"] == "supplement" and "number" in x]
    came = [x for x in arrivals if x["event"] == CaseEvent.SUPPLEMENTED.value]
    read_by_staff = [x for x in told.posted if x["what"] == "supplement"]
    evidence = Evidence(
        receipts=_receipts(told.sent) | {i: frozenset({n}) for i, n in registered.items()},
        registered=frozenset(registered.values()),
        held=held,
        added=_supplements(added),
        supplemented=_supplements([*came, *read_by_staff]),
        deliveries=tuple(map(_delivery, told.deliveries)),
        said=_said(told),
        read=Counter((message["case_number"], message["kind"]) for message in read),
    )
    files = sum(message["files"] for message in read)
    early = sum(map(_early, told.received))
    archived = [line for line in told.posted if line["what"] == "archived"]
    return Testimony(
        told.sent,
        told.accounts,
        told.deliveries,
        evidence=evidence,
        early=early,
        files=files,
        archived=archived,
        closed=told.closed,
    )


def _received(path: Path) -> list[Arrival]:
    """Read what came to a system, in order, each message once."""
    return list({x["id"]: x for x in lines(path) if x["what"] == "received"}.values())


def _early(arrivals: Sequence[Arrival]) -> int:
    """Count the supplements that came before their case (DOMAIN C3)."""
    known, early = set(), 0
    for arrival in arrivals:
        if arrival["event"] == CaseEvent.SUPPLEMENTED.value:
            early += arrival["number"] not in known
        known.add(arrival["number"])
    return early


def _supplements(told: Iterable[Line]) -> Counter[Added]:
    """Count supplements, and the files in them."""
    counted: Counter[Added] = Counter()
    for line in told:
        counted[line["number"], "supplement"] += 1
        counted[line["number"], "file"] += line["files"]
    return +counted


def _receipts(sent: Sequence[Line]) -> dict[str, frozenset[str]]:
    """Gather the numbers that each case got, first sending and repeats together."""
    numbers: dict[str, frozenset[str]] = {}
    for line in sent:
        if line["what"] in ("case", "repeat") and "number" in line:
            numbers[line["id"]] = numbers.get(line["id"], frozenset()) | {line["number"]}
    return numbers


def _delivery(told: Json) -> DeliverySeen:
    return DeliverySeen(told["caseNumber"], told["caseEvent"], told["state"])


def _said(told: _Told) -> Counter[Said]:
    """Count what holders said, by what the citizens call it."""
    said = [(x["number"], x["kind"]) for x in told.posted if x["what"] == "posted"]
    said += [(n, kind) for account in told.accounts.values() for n, kind in account["said"]]
    forward, forwarded = MessageKind.FORWARD.value, InboxKind.FORWARDED.value
    return Counter((n, forwarded if kind == forward else kind) for n, kind in said)


def _read_since(path: Path, asked: datetime) -> list[Json] | None:
    """Give what the citizens can read, if the reading began after others were asked."""
    if not path.exists():
        return None
    told = json.loads(path.read_bytes())
    messages: list[Json] = told["messages"]
    return messages if datetime.fromisoformat(told["began"]) > asked else None
