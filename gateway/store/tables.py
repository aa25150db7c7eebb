"""The tables, in the words of the domain; how one comes to be stands in the migrations."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    literal_column,
)

from gateway.domain.lifecycle import DeliveryState
from gateway.store.moment import Moment


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
    # The steps of its way, when it was forwarded; none when the case comes in.
    Column("forwards", JSON),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment),
    # How a case came in that its holder has registered; none when the citizen sent it.
    Column("channel", String),
    # The last reminder of the due date that was given; none when the case comes in.
    Column("reminded", String),
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

# `owner_id` is the case event, the inbox message or the unmatched message that the file came with.
attachments = Table(
    "attachments",
    metadata,
    Column("owner_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("file_name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", Integer, nullable=False),
    Index("attachments_by_digest", "digest"),
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
_PARKED = _sql(f"state = '{DeliveryState.PARKED.value}'")
_RUNNING = _sql("state = 'RUNNING'")

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
    # Of what is parked: the fingerprint of its cause, and whose it is to mend.
    Column("fault", String),
    Column("blame", String),
    # How many attempts there were when it was last replayed: the waits grow from there.
    Column("attempts_before", Integer),
    Index(
        "outbox_parked",
        "destination",
        "fault",
        "id",
        sqlite_where=_PARKED,
        postgresql_where=_PARKED,
    ),
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
    Index("received_messages_by_case", "case_id"),
    sqlite_with_rowid=False,
)

# `external_case_id` is there while the message is tried again by itself.
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
    Column("external_case_id", String),
    Index("unmatched_messages_by_sender", "sender_key", "message_id", unique=True),
    Index(
        "unmatched_messages_to_match",
        "id",
        sqlite_where=_sql("external_case_id IS NOT NULL"),
        postgresql_where=_sql("external_case_id IS NOT NULL"),
    ),
)

# A step of a delivery that is done at this destination, and what came of it there.
delivery_steps = Table(
    "delivery_steps",
    metadata,
    Column("delivery_id", ForeignKey("outbox.id"), primary_key=True),
    Column("destination", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("result", JSON, nullable=False),
    Column("done_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# How far the replies of a destination were fetched; `round` is the fence of whoever fetches.
polls = Table(
    "polls",
    metadata,
    Column("destination", String, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("since", Moment),
    Column("swept_at", Moment),
    Column("failing_since", Moment),
    sqlite_with_rowid=False,
)

# Replays of many that operators have asked for: which, whereto, and how far they have come.
replays = Table(
    "replays",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String, nullable=False),
    Column("route", String, nullable=False),
    # Which ones; what is left out says nothing.
    Column("delivery", Uuid),
    Column("destination", String),
    Column("fault", String),
    Column("region", String),
    Column("created_from", Moment),
    Column("created_to", Moment),
    # The last delivery that was looked at.
    Column("after", Uuid),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Index("replays_running", "id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
)
