"""Which call permissions of a TAK the routing rules do not give (DOMAIN B12)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from gateway.domain.addressing import ANY
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period
from gateway.domain.routing import RouteTable
from gateway.routes.tak.table import TakPermission


def lacking(
    permissions: Sequence[TakPermission], table: RouteTable, region: str, now: datetime
) -> Iterator[str]:
    """
    Write what a region's units may be called by, and is not allowed yet, as permissions.csv would.

    Without permissions there is nothing to be allowed; what has ended already does not matter.
    """
    given = table.permissions
    if given is None:
        return
    for one in permissions:
        period = Period.of_days(one.valid.first, one.valid.last)
        at = max(now, period.start or now)
        is_over = period.end is not None and period.end <= at
        if is_over or not _is_of(one.receiver, table, region):
            continue
        if given.find(one.sender, one.contract, one.receiver, at) is None:
            days = _day(one.valid.first), _day(one.valid.last)
            yield ",".join((one.sender.text, one.contract, one.receiver.text, *days))


def _is_of(receiver: HsaId, table: RouteTable, region: str) -> bool:
    rows = table.units.get(receiver.key, ())
    return receiver.text == ANY.text or any(row.unit.region == region for row in rows)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
