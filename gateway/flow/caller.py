"""Who is calling, and whom they act for."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId


class Role(StrEnum):
    """What a caller is to us; each door is open to some roles only."""

    E_SERVICE = "e-service"
    CASE_SYSTEM = "case-system"
    STAFF = "staff"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Caller:
    """
    A known caller.

    `units` are the care units, committees or coordinators whose built-in inbox a member of staff
    works in; a system acts for itself only. `user` is who runs a command, by their name on the
    machine.
    """

    hsa_id: HsaId
    name: str
    role: Role
    units: frozenset[HsaId] = frozenset()
    user: str | None = None

    @property
    def acts_as(self) -> str:
        """Tell who does something, as timelines and lists show it."""
        return f"{self.hsa_id} ({self.user})" if self.user else self.hsa_id.text

    def acts_for(self, holder: HsaId) -> bool:
        """Tell whether this caller may do what the holder of a case may (DOMAIN D2, E1)."""
        return holder in self.units if self.role is Role.STAFF else holder == self.hsa_id


def require(caller: Caller, *roles: Role) -> None:
    """Let only these roles through; deny by default."""
    if caller.role not in roles:
        wanted = " or ".join(role.value for role in roles)
        words = f"{caller.hsa_id} is known as {caller.role.value}; this is for {wanted}"
        raise Refusal(Fault(Rule.NOT_PERMITTED, "caller", words))
