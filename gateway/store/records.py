"""Rows read back as the values of the ports."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select

from gateway.domain.blame import Blame
from gateway.domain.case import CaseEvent, Kind
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.registration import Channel
from gateway.flow.parked import Blocker
from gateway.flow.ports import CaseRecord, DeliveryRecord, Receipt
from gateway.store.hops import hops_of

# The types of columns are known to the tables only: a row as found, what finds it, one to be kept.
Found = SqlRow[*tuple[Any, ...]]
Wanted = Select[*tuple[Any, ...]]
Row = dict[str, Any]


def case_record(row: Found) -> CaseRecord:
    """Tell where a case stands."""
    return CaseRecord(
        id=row.id,
        number=row.case_number,
        kind=Kind(row.kind),
        state=CaseState(row.state),
        region=row.region,
        unit=HsaId(row.unit_hsa_id),
        unit_name=row.unit_name,
        destination=row.destination,
        holder=HsaId(row.holder_hsa_id),
        sender=HsaId(row.sender_hsa_id),
        received_at=row.received_at,
        due_at=row.due_at,
        external_case_id=row.external_case_id,
        forwards=hops_of(row.forwards),
        channel=Channel(row.channel) if row.channel else None,
    )


def case_receipt(row: Found) -> Receipt:
    """Give the receipt that the sender of a case got first."""
    return Receipt(row.case_number, row.received_at, tuple(row.warnings))


def delivery_record(row: Found) -> DeliveryRecord:
    """Tell where a delivery stands."""
    return DeliveryRecord(
        id=row.id,
        case_number=row.case_number,
        event=CaseEvent(row.event),
        destination=row.destination,
        state=DeliveryState(row.state),
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        reason=row.reason,
        remote_id=row.remote_id,
        fault=row.fault,
        blame=Blame(row.blame) if row.blame else None,
        blocker=_blocker(row),
        attempts_before=row.attempts_before or 0,
    )


def _blocker(row: Found) -> Blocker | None:
    if row.blocker is None:
        return None
    return Blocker(row.blocker, DeliveryState(row.blocker_state), row.blocker_reason)


def id_of(text: str) -> UUID | None:
    """Read an id that comes from outside: what is no id is the id of nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
