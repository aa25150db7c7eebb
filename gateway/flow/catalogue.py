"""The gateway as a catalogue of addresses: what is served for whom, and who may call it (B12)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.addressing import ANY
from gateway.domain.catalogue import listed, reached, receivers
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.routing import RouteTable
from gateway.flow.access import Verb, may
from gateway.flow.caller import INBOX_ROLES, Caller, Role
from gateway.flow.permission import PROCESS_CASE


@dataclass(frozen=True, slots=True)
class Served:
    """
    A contract at the SOAP door, and whose role lets them call it.

    It is called `for_units` or at the gateway itself. Those that are not `permitted_by_rules` need
    no permission in the routing rules, whoever calls.
    """

    namespace: str
    callers: frozenset[Role]
    for_units: bool = False
    permitted_by_rules: bool = True

    @property
    def name(self) -> str:
        """The name of the interaction."""
        return self.namespace.split(":")[-2].removesuffix("Responder")

    @property
    def major(self) -> str:
        """The major version."""
        return self.namespace.rpartition(":")[2].removeprefix("v")


# The registry's domain has another name in its second version.
REGISTRY_URNS = {
    1: "urn:riv:itintegration:registry",
    2: "urn:riv:infrastructure:itintegration:registry",
}
MONITORING = "urn:riv:itintegration:monitoring"
VAGVALSINFO = "urn:skl:tp:vagvalsinfo:v2"
_OURS = "urn:riv-application:complaints:casehandling"
_BOX = "urn:riv:infrastructure:itintegration:messagebox"
_E_SERVICE, _SYSTEM = frozenset({Role.E_SERVICE}), frozenset({Role.CASE_SYSTEM})
_REGISTERING = frozenset(role for role in Role if may(role, Verb.REGISTER_CASE))
_ANYBODY = frozenset(Role)

SERVED = (
    Served(PROCESS_CASE, _E_SERVICE, for_units=True),
    Served(f"{_OURS}:ProcessCaseMessageResponder:1", _SYSTEM | INBOX_ROLES),
    Served(f"{_OURS}:RegisterCaseResponder:1", _REGISTERING),
    Served(f"{_OURS}:GetCaseMessagesResponder:1", _E_SERVICE),
    Served(f"{_BOX}:ListMessagesResponder:1", _SYSTEM),
    Served(f"{_BOX}:GetMessagesResponder:1", _SYSTEM),
    Served(f"{_BOX}:DeleteMessagesResponder:1", _SYSTEM),
    Served(f"{REGISTRY_URNS[1]}:GetSupportedServiceContractsResponder:1", _ANYBODY),
    Served(f"{REGISTRY_URNS[2]}:GetSupportedServiceContractsResponder:2", _ANYBODY),
    Served(f"{REGISTRY_URNS[1]}:GetLogicalAddresseesByServiceContractResponder:1", _ANYBODY),
    Served(f"{REGISTRY_URNS[2]}:GetLogicalAddresseesByServiceContractResponder:2", _ANYBODY),
    Served(f"{MONITORING}:PingForConfigurationResponder:1", _ANYBODY),
    Served(VAGVALSINFO, _ANYBODY, permitted_by_rules=False),
)
_BY_RULES = {one.namespace.lower(): one for one in SERVED if one.permitted_by_rules}


@dataclass(frozen=True, slots=True)
class Route:
    """
    Calls of a contract to `receiver` are taken in this period.

    `place` is where they end: the key of a destination, only its region's when it depends on the
    kind of case, or empty when it is the gateway itself.
    """

    receiver: HsaId
    name: str
    contract: Served
    place: str
    period: Period


@dataclass(frozen=True, slots=True)
class Allowed:
    """In this period, `sender` may call a contract at `receiver`; `*` is every receiver."""

    sender: Caller
    receiver: HsaId
    contract: Served
    period: Period


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What one route table and the known callers come to; `name` is the gateway's."""

    table: RouteTable
    callers: Sequence[Caller]
    gateway: HsaId
    name: str

    def routes(self) -> Iterator[Route]:
        """Tell every route, past and to come; one that is looked for by time has one (B1)."""
        for contract in SERVED:
            if not contract.for_units:
                yield Route(self.gateway, self.name, contract, "", ALWAYS)
                continue
            for one in listed(self.table):
                where = one.reached
                yield Route(one.receiver, where.name, contract, where.place, one.period)

    def permissions(self) -> Iterator[Allowed]:
        """Tell every permission: what the rules allow, and where they are silent, the roles."""
        rules = self.table.permissions
        for caller in self.callers:
            for contract in SERVED:
                if caller.role in contract.callers and not (rules and contract.permitted_by_rules):
                    receiver = ANY if contract.for_units else self.gateway
                    yield Allowed(caller, receiver, contract, ALWAYS)
        known = {caller.hsa_id: caller for caller in self.callers}
        for row in rules.rows if rules else ():
            sender, one = known.get(row.sender), _BY_RULES.get(row.contract.lower())
            if sender and one and sender.role in one.callers:
                yield Allowed(sender, row.address, one, row.period)

    def supported(self, consumer: HsaId | None, address: HsaId, at: datetime) -> list[Served]:
        """Tell what can be called at an address, by anybody or by one consumer (INTEROP §3.9)."""
        served = (one for one in SERVED if self._is_served(one, address, at))
        if consumer is None:
            return [*served]
        role = self._role(consumer)
        return [
            one
            for one in served
            if role in one.callers and self._is_allowed(consumer, one, address, at)
        ]

    def addressees(self, consumer: HsaId, contract: str, at: datetime) -> Iterator[HsaId]:
        """Tell where a consumer can call a contract, named in any letters (INTEROP §3.9)."""
        role = self._role(consumer)
        for one in SERVED:
            if one.namespace.lower() == contract.lower() and role in one.callers:
                yield from (
                    address
                    for address in (receivers(self.table) if one.for_units else [self.gateway])
                    if self._is_served(one, address, at)
                    and self._is_allowed(consumer, one, address, at)
                )

    def _role(self, consumer: HsaId) -> Role | None:
        return next((one.role for one in self.callers if one.hsa_id == consumer), None)

    def _is_served(self, contract: Served, address: HsaId, at: datetime) -> bool:
        if contract.for_units:
            return reached(self.table, address, at) is not None
        return address == self.gateway

    def _is_allowed(self, sender: HsaId, contract: Served, to: HsaId, at: datetime) -> bool:
        rules = self.table.permissions
        if rules is None or not contract.permitted_by_rules:
            return True
        return rules.find(sender, contract.namespace, to, at) is not None
