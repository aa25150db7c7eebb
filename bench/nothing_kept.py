"""`vaxel serve` with a store that does nothing: how fast all the rest is."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from gateway.app.gateway import Gateway, open_gateway
from gateway.flow.ports import Conflicting, Kept, NewCase, Receipt
from gateway.processes import serve
from gateway.settings import Settings, read_settings
from gateway.store.committer import ShortWay
from gateway.store.sql_store import SqlStore


class NothingKept:
    """A short way that gives every case its receipt, and forgets it."""

    async def add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting]:
        """Answer at once."""
        return [Kept(Receipt(new.number, new.received_at), repeated=False) for new in batch]

    async def close(self) -> None:
        """Have nothing to let go of."""


@dataclass(frozen=True, slots=True)
class StoreOfNothing(SqlStore):
    """A store whose short way is that one; all else in it is real."""

    def quick_cases(self) -> Sequence[ShortWay]:
        """Give it."""
        return (NothingKept(),)


def _opened(settings: Settings) -> Gateway:
    gateway = open_gateway(settings)
    real = {field.name: getattr(gateway.store, field.name) for field in fields(SqlStore)}
    return replace(gateway, store=StoreOfNothing(**real))


if __name__ == "__main__":
    serve(read_settings(), with_worker=False, opened=_opened)
