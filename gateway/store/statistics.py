"""What is counted of closed cases, in SQL: a fact for each, and the summaries that are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import orjson
import structlog
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    bindparam,
    insert,
    select,
    update,
)

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.handling import UNHANDLED
from gateway.domain.lifecycle import CaseState
from gateway.domain.notation import case_from_json
from gateway.domain.statistics import Area, Counted, Counter, Fact, month_of, path_of
from gateway.flow.records import Change
from gateway.flow.statistics import Placing, fact_of, summaries
from gateway.store.engine import Database
from gateway.store.handlings import handling_of, handlings
from gateway.store.records import Found, Row, case_record
from gateway.store.tables import case_events, cases, metadata

log = structlog.get_logger()

# One for each closed case until that is disposed of; the summaries stay.
statistics_facts = Table(
    "statistics_facts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("region", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("receiver", String, nullable=False),
    Column("closed", String, nullable=False),
    Column("received", String, nullable=False),
    Column("event", String, nullable=False),
    Column("age", String, nullable=False),
    Column("sex", String, nullable=False),
    Column("problem", String, nullable=False),
    Column("perceived", String, nullable=False),
    Column("field", String, nullable=False),
    Index("statistics_facts_by_case", "case_id", unique=True),
    sqlite_with_rowid=False,
)

# In the order in which they are read: one counter for the areas right below another, for a year.
statistics_summary = Table(
    "statistics_summary",
    metadata,
    Column("counter", String, primary_key=True),
    Column("above", String, primary_key=True),
    Column("closed", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("receiver", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("cases", Integer, nullable=False),
    Index("statistics_summary_by_key", "counter", "key", "closed", "above"),
    sqlite_with_rowid=False,
)

_OVER_ALL = "-"


@dataclass(frozen=True, slots=True)
class SqlStatistics:
    """The summaries; what the methods promise stands in the port."""

    database: Database

    def counted(self, counter: Counter, above: Sequence[Area | None], year: int) -> list[Counted]:
        """Read what was closed in a year, for all areas right below these."""
        values = {
            "counter": counter.value,
            "areas": [_written(area) for area in above],
            "first": f"{year}-01",
            "last": f"{year}-12",
        }
        with self.database.reading() as connection:
            rows = connection.execute(COUNTED, values).all()
        return [_counted(counter, row) for row in rows]

    def seen(self, key: str) -> list[Area]:
        """Tell the areas with that key in which anything was counted, the latest first."""
        with self.database.reading() as connection:
            rows = connection.execute(_SEEN, {"wanted": key}).all()
        return list(dict.fromkeys((*_read(row.above), key) for row in rows))


def count(connection: Connection, case: Found, change: Change, placing: Placing) -> None:
    """
    Count a case that a change leaves CLOSED, or count it otherwise; it is locked.

    Nothing is counted of a case whose content was disposed of: what was, stays as it is. So it
    does when there is a fault in how it is counted, which is told in the log.
    """
    if change.state is not CaseState.CLOSED:
        return
    found = connection.execute(_TOLD, {"case": case.id}).one_or_none()
    if found is None or found.content is None:
        return
    now = connection.execute(_CASE, {"case": case.id}).one()
    handled = connection.execute(_HANDLED, {"case": case.id}).one_or_none()
    before = connection.execute(_FACT, {"case": case.id}).one_or_none()
    stays = before is not None and case.state == CaseState.CLOSED.value
    try:
        fact = fact_of(
            case_record(now),
            case_from_json(orjson.loads(found.content)),
            handling_of(handled) if handled else UNHANDLED,
            placing,
            before.closed if before and stays else month_of(change.entry.at),
        )
    except Exception as error:  # noqa: BLE001 what cannot be counted is closed all the same
        # Without its words: they may be of the case.
        log.error("statistics.not_counted", case=str(case.id), fault=type(error).__name__)  # noqa: TRY400
        return
    _replace(connection, case.id, before, fact)


def _replace(connection: Connection, case_id: UUID, before: Found | None, fact: Fact) -> None:
    if before is None:
        connection.execute(insert(statistics_facts), {"id": uuid4(), **_row(case_id, fact)})
        _add(connection, _changes(None, fact))
    elif (was := _fact(before)) != fact:
        connection.execute(_ANEW, {"case": case_id, **_columns(fact)})
        _add(connection, _changes(was, fact))


def _changes(was: Fact | None, fact: Fact) -> list[Row]:
    """Tell by how much which summaries change, in the order of their keys."""
    changes: dict[tuple[str, ...], int] = {}
    for one, by in ((was, -1), (fact, 1)):
        for key in _keys(one) if one else ():
            changes[key] = changes.get(key, 0) + by
    return [
        dict(zip(_KEY, key, strict=True), cases=by) for key, by in sorted(changes.items()) if by
    ]


def _keys(fact: Fact) -> list[tuple[str, ...]]:
    return [
        (
            counter.value,
            _written(area[:-1] if area else None),
            fact.closed,
            area[-1] if area else "",
            fact.kind.value,
            fact.receiver.value,
            code,
        )
        for area, counter, code in summaries(fact)
    ]


def _add(connection: Connection, rows: Sequence[Row]) -> None:
    # Everybody takes these rows in the same order, and as the last of all: nobody waits for one
    # who waits for them. In one statement, so that they are held as shortly as can be.
    one = f"({', '.join([_MARK[connection.dialect.paramstyle]] * len(_COLUMNS))})"
    values = tuple(row[name] for row in rows for name in _COLUMNS)
    connection.exec_driver_sql(_ADD.format(", ".join([one] * len(rows))), values)


def _row(case_id: UUID, fact: Fact) -> Row:
    return {"case_id": case_id, **_columns(fact)}


def _columns(fact: Fact) -> Row:
    region, provider, unit = fact.area
    return {
        "region": region,
        "provider": provider,
        "unit": unit,
        "kind": fact.kind.value,
        "receiver": fact.receiver.value,
        "closed": fact.closed,
        "received": fact.received,
        "event": fact.event,
        "age": fact.age,
        "sex": fact.sex,
        "problem": fact.problem,
        "perceived": fact.perceived,
        "field": fact.field,
    }


def _fact(row: Found) -> Fact:
    return Fact(
        area=(row.region, row.provider, row.unit),
        kind=Kind(row.kind),
        receiver=ReceiverType(row.receiver),
        closed=row.closed,
        received=row.received,
        event=row.event,
        age=row.age,
        sex=row.sex,
        problem=row.problem,
        perceived=row.perceived,
        field=row.field,
    )


def _counted(counter: Counter, row: Found) -> Counted:
    return Counted(
        area=() if row.above == _OVER_ALL else (*_read(row.above), row.key),
        month=row.closed,
        kind=Kind(row.kind),
        receiver=ReceiverType(row.receiver),
        value=path_of(counter, row.code),
        cases=row.cases,
    )


def _written(area: Area | None) -> str:
    # A key has no slash: neither an HSA-id nor a region's key can.
    return _OVER_ALL if area is None else "".join(f"/{key}" for key in area)


def _read(written: str) -> Area:
    return tuple(written.split("/")[1:])


_KEY = tuple(column.name for column in statistics_summary.primary_key)
_COLUMNS = (*_KEY, "cases")
_MARK = {"qmark": "?", "pyformat": "%s"}
_ADD = """
INSERT INTO statistics_summary (counter, above, closed, key, kind, receiver, code, cases)
VALUES {} ON CONFLICT (counter, above, closed, key, kind, receiver, code)
DO UPDATE SET cases = statistics_summary.cases + excluded.cases
"""
_FACT = select(statistics_facts).where(statistics_facts.c.case_id == bindparam("case"))
_TOLD = select(case_events.c.content).where(
    case_events.c.case_id == bindparam("case"), case_events.c.number == 1
)
_CASE = select(cases).where(cases.c.id == bindparam("case"))
_HANDLED = select(handlings).where(handlings.c.case_id == bindparam("case"))
_ANEW = update(statistics_facts).where(statistics_facts.c.case_id == bindparam("case"))
COUNTED = select(statistics_summary).where(
    statistics_summary.c.counter == bindparam("counter"),
    statistics_summary.c.above.in_(bindparam("areas", expanding=True)),
    statistics_summary.c.closed.between(bindparam("first"), bindparam("last")),
    statistics_summary.c.cases > 0,
)
_SEEN = (
    select(statistics_summary.c.above, statistics_summary.c.closed)
    .where(
        statistics_summary.c.counter == Counter.CASES.value,
        statistics_summary.c.key == bindparam("wanted"),
    )
    .order_by(statistics_summary.c.closed.desc())
)
