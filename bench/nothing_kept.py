"""`vaxel serve` with a store that does nothing: how fast all the rest is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.app.gateway import Gateway, open_gateway
from gateway.flow.ports import Conflicting, Kept, NewCase, Receipt
from gateway.processes import serve
from gateway.settings import Settings, read_settings
from gateway.store.cases import SqlCases


@dataclass(frozen=True, slots=True)
class NothingKept(SqlCases):
    """Gives every case its receipt, and forgets it."""

    def add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting]:
        """Answer at once."""
        return [Kept(Receipt(new.number, new.received_at), repeated=False) for new in batch]


def _opened(settings: Settings) -> Gateway:
    gateway = open_gateway(settings)
    store = replace(gateway.store, cases=NothingKept(gateway.store.database))
    return replace(gateway, store=store)


if __name__ == "__main__":
    serve(read_settings(), with_worker=False, opened=_opened)
