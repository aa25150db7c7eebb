"""One receiver of deliveries: how it is reached, how patiently, and who may answer from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.domain.hsa import HsaId
from gateway.domain.policy import Policy

INBOX = "inbox"  # the adapter of the built-in inbox (DESIGN decision 1)


@dataclass(frozen=True, slots=True)
class Destination:
    """
    The built-in inbox or one external system, as a region set it up.

    `key` is "<region>/<name>". `settings` are the adapter's own, and may name secrets. `system` is
    the external case system that may post replies; the built-in inbox has none.
    """

    key: str
    region: str
    name: str
    adapter: str
    settings: Mapping[str, object] = field(repr=False, hash=False)
    policy: Policy
    system: HsaId | None
    title: str

    def holder_for(self, selected: HsaId) -> HsaId:
        """Tell who holds a case to `selected`: the system, the coordinator, or itself (B3)."""
        if self.system is not None:
            return self.system
        owner = self.settings.get("owner")
        return HsaId(owner) if isinstance(owner, str) else selected
