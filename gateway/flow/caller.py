"""Who is calling, and whom they act for."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId


class Role(StrEnum):
    """What a caller is to us; each door is open to some roles only."""

    E_SERVICE = "e-service"
    CASE_SYSTEM = "case-system"
    CASE_RECEIVER = "case-receiver"
    CASE_DISTRIBUTOR = "case-distributor"
    COORDINATOR = "coordinator"
    COMMITTEE_STAFF = "committee-staff"
    FOLLOW_UP = "regional-follow-up"
    OPERATOR = "operator"
    NATIONAL = "national-operator"
    INTEGRATOR = "integrator"
    AUDITOR = "auditor"


# The people who work in the built-in inbox of their units; what each may is in `access`.
INBOX_ROLES = frozenset(
    {Role.CASE_RECEIVER, Role.CASE_DISTRIBUTOR, Role.COORDINATOR, Role.COMMITTEE_STAFF}
)
# Those that reach no further than the regions they have.
REGION_ROLES = frozenset({Role.INTEGRATOR, Role.FOLLOW_UP})


@dataclass(frozen=True, slots=True)
class Caller:
    """
    A known caller, in one role: a person signs in under one assignment.

    `units` are the care units, committees or coordinators whose built-in inbox a member of staff
    works in; a system acts for itself only. `regions` are those that an integrator publishes
    routes of, or that are followed up. `user` is who runs a command, by their name on the
    machine. `original_consumer` and `on_behalf_of` are what it says about those behind it; they
    stand in logs and timelines, and decide nothing (INTEROP §1.6).
    """

    hsa_id: HsaId
    name: str
    role: Role
    units: frozenset[HsaId] = frozenset()
    user: str | None = None
    regions: frozenset[str] = frozenset()
    may_tell_original_consumer: bool = False
    original_consumer: HsaId | None = None
    on_behalf_of: HsaId | None = None

    @property
    def acts_as(self) -> str:
        """Tell who does something, as timelines and lists show it."""
        return f"{self.hsa_id} ({self.user})" if self.user else self.hsa_id.text

    @property
    def behind(self) -> dict[str, str]:
        """Tell who stands behind this caller, as timelines show it; empty when it has not said."""
        if self.original_consumer is None and self.on_behalf_of is None:
            return {}
        told = {"originalConsumer": self.original_consumer, "onBehalfOf": self.on_behalf_of}
        return {name: one.text for name, one in told.items() if one is not None}

    def acts_for(self, holder: HsaId) -> bool:
        """Tell whether this caller may do what the holder of a case may (DOMAIN D2, E1)."""
        return holder in self.units if self.role in INBOX_ROLES else holder == self.hsa_id


def require(caller: Caller, *roles: Role) -> None:
    """Let only these roles through; deny by default."""
    if caller.role not in roles:
        wanted = " or ".join(role.value for role in roles)
        words = f"{caller.hsa_id} is known as {caller.role.value}; this is for {wanted}"
        raise Refusal(Fault(Rule.NOT_PERMITTED, "caller", words))
