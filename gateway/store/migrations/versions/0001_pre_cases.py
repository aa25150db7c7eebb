"""Cases with their timelines, inboxes and the outbox: what the first version needs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_cases()
    _make_case_events()
    _make_timeline()
    _make_inboxes()
    _make_outbox()
    _make_messages()


def _make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("case_number", sa.String, nullable=False),
        sa.Column("sender_hsa_id", sa.String, nullable=False),
        sa.Column("sender_key", sa.String, nullable=False),
        sa.Column("sender_case_id", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("unit_hsa_id", sa.String, nullable=False),
        sa.Column("unit_name", sa.String, nullable=False),
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("holder_hsa_id", sa.String, nullable=False),
        sa.Column("holder_key", sa.String, nullable=False),
        sa.Column("submitter_oid", sa.String, nullable=False),
        sa.Column("submitter_number", sa.String, nullable=False),
        sa.Column("external_case_id", sa.String),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("timeline_number", sa.Integer, nullable=False),
        sa.Column("timeline_hash", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="cases_pk"),
    )
    op.create_index("cases_by_number", "cases", ["case_number"], unique=True)
    op.create_index("cases_by_sender", "cases", ["sender_key", "sender_case_id"], unique=True)
    op.create_index("cases_by_submitter", "cases", ["submitter_number", "submitter_oid"])
    _make_partial_index(
        "cases_by_external_id",
        "cases",
        ["holder_key", "external_case_id"],
        "external_case_id IS NOT NULL",
    )


def _make_case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", sa.Uuid, nullable=False),
        _case_id(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("content", sa.Text),
        sa.PrimaryKeyConstraint("id", name="case_events_pk"),
        _of_cases("case_events"),
    )
    op.create_index("case_events_in_order", "case_events", ["case_id", "number"], unique=True)
    op.create_table(
        "attachments",
        sa.Column("owner_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "number", name="attachments_pk"),
    )


def _make_timeline() -> None:
    op.create_table(
        "timeline",
        _case_id(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="timeline_pk"),
        _of_cases("timeline"),
        sqlite_with_rowid=False,
    )


def _make_inboxes() -> None:
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.Uuid, nullable=False),
        _case_id(),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sender_hsa_id", sa.String, nullable=False),
        sa.Column("sender_name", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="inbox_messages_pk"),
        _of_cases("inbox_messages"),
    )
    op.create_index("inbox_messages_by_case", "inbox_messages", ["case_id", "id"])
    op.create_table(
        "unit_inbox",
        sa.Column("owner_key", sa.String, nullable=False),
        _case_id(),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("owner_key", "case_id", name="unit_inbox_pk"),
        _of_cases("unit_inbox"),
        sqlite_with_rowid=False,
    )
    op.create_index("unit_inbox_by_arrival", "unit_inbox", ["owner_key", "arrived_at", "case_id"])


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid, nullable=False),
        _case_id(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("reason", sa.Text),
        sa.Column("remote_id", sa.String),
        sa.PrimaryKeyConstraint("id", name="outbox_pk"),
        sa.ForeignKeyConstraint(["id"], ["case_events.id"], name="outbox_of_case_events"),
        _of_cases("outbox"),
    )
    _make_partial_index(
        "outbox_waiting", "outbox", ["destination", "due_at", "id"], "state = 'WAITING'"
    )
    _make_partial_index(
        "outbox_not_delivered", "outbox", ["case_id", "number"], "state <> 'DELIVERED'"
    )
    _make_partial_index("outbox_by_state", "outbox", ["state", "id"], "state <> 'DELIVERED'")
    _make_partial_index("outbox_sending", "outbox", ["lease_until"], "state = 'SENDING'")
    op.create_index("outbox_by_destination", "outbox", ["destination", "id"])
    op.create_table(
        "attempts",
        sa.Column("delivery_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("delivery_id", "number", name="attempts_pk"),
        sa.ForeignKeyConstraint(["delivery_id"], ["outbox.id"], name="attempts_of_outbox"),
        sqlite_with_rowid=False,
    )


def _make_messages() -> None:
    op.create_table(
        "received_messages",
        sa.Column("sender_key", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        _case_id(),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sender_key", "message_id", name="received_messages_pk"),
        _of_cases("received_messages"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unmatched_messages",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("sender_hsa_id", sa.String, nullable=False),
        sa.Column("sender_key", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="unmatched_messages_pk"),
    )
    op.create_index(
        "unmatched_messages_by_sender",
        "unmatched_messages",
        ["sender_key", "message_id"],
        unique=True,
    )


def _case_id() -> sa.Column[object]:
    return sa.Column("case_id", sa.Uuid, nullable=False)


def _of_cases(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=f"{table}_of_cases")


def _make_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
