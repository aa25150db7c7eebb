"""What a service address catalogue (TAK) says of our contract: who is called where, by whom."""

from dataclasses import dataclass, field
from datetime import date

from gateway.domain.hsa import HsaId
from gateway.routes.finding import Finding


@dataclass(frozen=True, slots=True)
class At:
    """Where something stands in what was read: which list, and which row of it, from 1."""

    section: str
    row: int


@dataclass(frozen=True, slots=True)
class Days:
    """Days in Sweden, both included; None is without limit."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class TakRoute:
    """One vägval: cases to `receiver` are sent to `address`."""

    receiver: HsaId
    contract: str
    address: str
    profile: str
    valid: Days
    place: At = field(compare=False)


@dataclass(frozen=True, slots=True)
class TakPermission:
    """One anropsbehörighet: `sender` may call `receiver`."""

    receiver: HsaId
    sender: HsaId
    contract: str
    valid: Days
    place: At = field(compare=False)


@dataclass(frozen=True, slots=True)
class TakTable:
    """
    All that a TAK has of our contract (INTEROP §3.3, §3.8).

    `findings` tell what is wrong with it: nothing may be taken from a table that has any.
    """

    routes: tuple[TakRoute, ...]
    permissions: tuple[TakPermission, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TakOrder:
    """
    What a bulk order changes of our contract from the day `begins` on (INTEROP §3.5).

    `ended` are routes that are no more; for them only receiver and address count.
    """

    begins: date
    routes: tuple[TakRoute, ...]
    ended: tuple[TakRoute, ...]
    permissions: tuple[TakPermission, ...]
    findings: tuple[Finding, ...] = ()
