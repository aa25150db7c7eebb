"""The same figures with more and more cases in the database, all of them delivered long ago."""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, text
from uuid_utils.compat import uuid7

from bench import delivery, load
from gateway.domain.person import PERSONNUMMER_OID
from gateway.flow.numbers import new_case_number
from gateway.store import schema
from gateway.store.tables import case_events, cases, inbox_messages, outbox, timeline
from gateway.testing.one_system import SYSTEM, UNIT

SIZES = (1_000, 100_000)
CLIENTS, SECONDS, RATE = 16, 5.0, 50.0
_BATCH = 5_000
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

Rows = dict[str, list[dict[str, Any]]]  # the columns' own types


@dataclass(frozen=True)
class Grown:
    """How it goes with so many cases there."""

    cases: int
    accepted_per_s: float
    end_to_end_p99_ms: float


def figures() -> list[Grown]:
    """Measure each size on an embedded database of its own."""
    return [_measure(size) for size in SIZES]


def _measure(size: int) -> Grown:
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder), size)
        with delivery.town(Path(folder), 20, "") as town:
            run = load.send(town.port, UNIT, CLIENTS, SECONDS, "grown")
            last = load.send_so_many(town.port, UNIT, 1)
            with delivery.worker(town):
                # All that came before it is on its way when it has arrived.
                town.wait_for(last)
                latency = delivery.latency(town, RATE, int(RATE * SECONDS))
    return Grown(size, run.rate, latency.p99_ms)


def _fill(folder: Path, size: int) -> None:
    (folder / "var").mkdir()
    url = f"sqlite:///{folder}/var/vaxel.sqlite3"
    schema.upgrade(url)
    engine = create_engine(url)
    tables = (cases, case_events, timeline, inbox_messages, outbox)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA synchronous = OFF"))
        for start in range(0, size, _BATCH):
            rows = _rows(range(start, min(start + _BATCH, size)))
            for table in tables:
                connection.execute(insert(table), rows[table.name])
            connection.commit()
    engine.dispose()


def _rows(numbers: range) -> Rows:
    rows: Rows = {table: [] for table in _EACH}
    for number in numbers:
        for table, row in _case(number):
            rows[table].append(row)
    return rows


_EACH = ("cases", "case_events", "timeline", "inbox_messages", "outbox")


def _case(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    case_id, event_id, at = uuid7(), uuid7(), _LONG_AGO + timedelta(seconds=number)
    citizen = f"{19000101 + number % 90000:08d}{number % 10000:04d}"
    yield (
        "cases",
        _CASE
        | {
            "id": case_id,
            "case_number": new_case_number(2026),
            "sender_case_id": secrets.token_hex(8),
            "submitter_number": citizen,
            "external_case_id": f"EXT-{number}",
            "received_at": at,
        },
    )
    event = {"id": event_id, "case_id": case_id, "number": 1}
    yield "case_events", event | {"event": "SUBMITTED", "content": _CONTENT}
    yield "timeline", _ENTRY | {"case_id": case_id, "at": at}
    yield "inbox_messages", _MESSAGE | {"id": uuid7(), "case_id": case_id, "sent_at": at}
    yield "outbox", _DELIVERY | event | {"created_at": at, "due_at": at, "waiting_since": at}


# Short, since what is measured is how many there are.
_CONTENT = '{"description": "' + "Det tog lång tid. " * 10 + '"}'
_CASE = {
    "sender_hsa_id": "TEST-ESERVICE",
    "sender_key": "test-eservice",
    "fingerprint": "0" * 64,
    "kind": "FEEDBACK",
    "state": "RECEIVED",
    "region": "nordmark",
    "unit_hsa_id": UNIT,
    "unit_name": "Enheten",
    "destination": "nordmark/system",
    "holder_hsa_id": SYSTEM,
    "holder_key": SYSTEM.lower(),
    "submitter_oid": PERSONNUMMER_OID,
    "warnings": [],
    "timeline_number": 1,
    "timeline_hash": "0" * 64,
}
_ENTRY = {
    "number": 1,
    "step": "case.accepted",
    "actor": "TEST-ESERVICE",
    "details": {"destination": "nordmark/system"},
    "hash": "0" * 64,
}
_MESSAGE = {
    "kind": "CASE_CONFIRMATION",
    "sender_hsa_id": UNIT,
    "sender_name": "Enheten",
    "text": "Vi har tagit emot ditt ärende.",
}
_DELIVERY = {"destination": "nordmark/system", "state": "DELIVERED", "attempts": 1}
