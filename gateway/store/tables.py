"""The tables, in the words of the domain; how one comes to be stands in the migrations."""

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from gateway.domain.lifecycle import DeliveryState


class Moment(TypeDecorator[datetime]):
    """
    A point in time, in UTC both in and out.

    SQLite has no such type: there it is text of a fixed width, which sorts as the moments do.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Give the type that the database has for it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | str | None:
        """Write a moment; one without a time zone is a fault of ours and raises."""
        if value is None:
            return None
        return _sortable(value) if dialect.name == "sqlite" else _zoned(value)

    def process_result_value(
        self, value: datetime | str | None, dialect: Dialect
    ) -> datetime | None:
        """Read a moment."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


# The parts of a case were received in the same moment, which is written once and not six times.
@lru_cache(maxsize=64)
def _sortable(moment: datetime) -> str:
    return _zoned(moment).astimezone(UTC).isoformat(timespec="microseconds")


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be kept; use UTC")
    return moment


def standing(state: DeliveryState) -> ColumnElement[str]:
    """Give a state as SQL text, so that the database sees which partial index fits."""
    return literal_column(f"'{state.value}'", String)


metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_of_%(referred_table_name)s",
    }
)


def _sql(condition: str) -> ColumnElement[bool]:
    return literal_column(condition, Boolean)


def _case_id(*, primary_key: bool = False) -> Column[object]:
    return Column("case_id", ForeignKey("cases.id"), nullable=False, primary_key=primary_key)


cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_number", String, nullable=False),
    Column("sender_hsa_id", String, nullable=False),
    Column("sender_key", String, nullable=False),
    Column("sender_case_id", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("region", String, nullable=False),
    Column("unit_hsa_id", String, nullable=False),
    Column("unit_name", String, nullable=False),
    Column("destination", String, nullable=False),
    Column("holder_hsa_id", String, nullable=False),
    Column("holder_key", String, nullable=False),
    Column("submitter_oid", String, nullable=False),
    Column("submitter_number", String, nullable=False),
    Column("external_case_id", String),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("warnings", JSON, nullable=False),
    Column("timeline_number", Integer, nullable=False),
    Column("timeline_hash", String, nullable=False),
    Index("cases_by_number", "case_number", unique=True),
    Index("cases_by_sender", "sender_key", "sender_case_id", unique=True),
    Index("cases_by_submitter", "submitter_number", "submitter_oid"),
    Index(
        "cases_by_external_id",
        "holder_key",
        "external_case_id",
        sqlite_where=_sql("external_case_id IS NOT NULL"),
        postgresql_where=_sql("external_case_id IS NOT NULL"),
    ),
)

# What happened to a case that its holder must know. Number 1 is the case as it was submitted.
case_events = Table(
    "case_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_id(),
    Column("number", Integer, nullable=False),
    Column("event", String, nullable=False),
    # The notation as JSON, without the bytes of the attachments.
    Column("content", Text),
    Index("case_events_in_order", "case_id", "number", unique=True),
)

# `owner_id` is the case event or the inbox message that the file came with.
attachments = Table(
    "attachments",
    metadata,
    Column("owner_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("file_name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

timeline = Table(
    "timeline",
    metadata,
    _case_id(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("step", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("details", JSON, nullable=False),
    Column("hash", String, nullable=False),
    sqlite_with_rowid=False,
)

inbox_messages = Table(
    "inbox_messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    _case_id(),
    Column("kind", String, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("sender_hsa_id", String, nullable=False),
    Column("sender_name", String, nullable=False),
    Column("text", Text, nullable=False),
    Index("inbox_messages_by_case", "case_id", "id"),
)

_NOT_DELIVERED = _sql(f"state <> '{DeliveryState.DELIVERED.value}'")
_WAITING = _sql(f"state = '{DeliveryState.WAITING.value}'")
_SENDING = _sql(f"state = '{DeliveryState.SENDING.value}'")

# A delivery has the id of its case event, and its number: the order within the case.
outbox = Table(
    "outbox",
    metadata,
    Column("id", ForeignKey("case_events.id"), primary_key=True),
    _case_id(),
    Column("number", Integer, nullable=False),
    Column("destination", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    # What patience is measured from: when it was made, or when it was last replayed.
    Column("waiting_since", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", Moment),
    Column("lease_until", Moment),
    Column("reason", Text),
    Column("remote_id", String),
    Index(
        "outbox_waiting",
        "destination",
        "due_at",
        "id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(
        "outbox_not_delivered",
        "case_id",
        "number",
        sqlite_where=_NOT_DELIVERED,
        postgresql_where=_NOT_DELIVERED,
    ),
    Index(
        "outbox_by_state",
        "state",
        "id",
        sqlite_where=_NOT_DELIVERED,
        postgresql_where=_NOT_DELIVERED,
    ),
    Index("outbox_sending", "lease_until", sqlite_where=_SENDING, postgresql_where=_SENDING),
    Index("outbox_by_destination", "destination", "id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("delivery_id", ForeignKey("outbox.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", Text),
    sqlite_with_rowid=False,
)

# What was received about a case, so that a repeat is recognised.
received_messages = Table(
    "received_messages",
    metadata,
    Column("sender_key", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    _case_id(),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

unmatched_messages = Table(
    "unmatched_messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sender_hsa_id", String, nullable=False),
    Column("sender_key", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("content", Text, nullable=False),
    Index("unmatched_messages_by_sender", "sender_key", "message_id", unique=True),
)

unit_inbox = Table(
    "unit_inbox",
    metadata,
    Column("owner_key", String, primary_key=True),
    _case_id(primary_key=True),
    Column("arrived_at", Moment, nullable=False),
    Index("unit_inbox_by_arrival", "owner_key", "arrived_at", "case_id"),
    sqlite_with_rowid=False,
)
