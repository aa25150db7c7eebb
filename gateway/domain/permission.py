"""Who may call what about whom, and until when (INTEROP §2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.addressing import (
    Look,
    Stop,
    has_parts,
    parts,
    permission_stops,
    platform_trace,
)
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period
from gateway.domain.tree import Tree

# INTEROP §2.4: an address with more parts is nobody's to call.
MOST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Permission:
    """
    `sender` may call `contract` on `address` in a period; `*` is every address.

    With `below`, on those under the address in the directory's tree too.
    """

    sender: HsaId
    contract: str
    address: HsaId
    period: Period
    below: bool
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class PartsRule:
    """Who may use an address of parts, and for which contract; None is everybody, every one."""

    sender: HsaId | None
    contract: str | None

    def matches(self, sender: HsaId, contract: str) -> bool:
        """Tell whether this rule is about the sender and the contract."""
        same = self.contract is None or self.contract.lower() == contract.lower()
        return same and self.sender in (None, sender)


@dataclass(frozen=True, slots=True)
class Permissions:
    """
    Every permission there is; what none of them allows is forbidden.

    Without `parts_rules` anybody may use an address of parts, if a permission fits one of them.
    """

    rows: tuple[Permission, ...]
    parts_rules: tuple[PartsRule, ...] = ()
    tree: Tree | None = field(default=None, repr=False)
    _index: Mapping[tuple[str, str, str], tuple[Permission, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Index the rows by what a call says, so that looking up takes the same time for all."""
        index: dict[tuple[str, str, str], tuple[Permission, ...]] = {}
        for row in self.rows:
            key = _key(row.sender, row.contract, row.address)
            index[key] = (*index.get(key, ()), row)
        object.__setattr__(self, "_index", index)

    def find(
        self, sender: HsaId, contract: str, address: HsaId, at: datetime
    ) -> Permission | None:
        """Find what allows a call at the instant `at`: exact, default, tree; or the parts."""
        return self._walk(sender, contract, address, at)[1]

    def platform_trace(self, sender: HsaId, contract: str, address: HsaId, at: datetime) -> str:
        """Write where a permission was looked for, as a platform does (INTEROP §2.11)."""
        if self._is_barred(sender, contract, address):
            return f"{Look.LEAF},Invalid parameters"
        return platform_trace(self._walk(sender, contract, address, at)[0])

    def _walk(
        self, sender: HsaId, contract: str, address: HsaId, at: datetime
    ) -> tuple[list[Stop], Permission | None]:
        visited: list[Stop] = []
        if self._is_barred(sender, contract, address):
            return visited, None
        for stop in permission_stops(address, self.tree):
            visited.append(stop)
            for row in self._index.get(_key(sender, contract, stop.address), ()):
                if row.period.holds(at) and (row.below or stop.look is not Look.PARENT):
                    return visited, row
        return visited, None

    def _is_barred(self, sender: HsaId, contract: str, address: HsaId) -> bool:
        if not has_parts(address):
            return False
        rules = self.parts_rules
        heeded = not rules or any(rule.matches(sender, contract) for rule in rules)
        return len(parts(address)) > MOST_PARTS or not heeded


def _key(sender: HsaId, contract: str, address: HsaId) -> tuple[str, str, str]:
    return sender.key, contract.lower(), address.key
