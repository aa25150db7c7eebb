"""Notices of what lies in citizens' inboxes, and how a registered case came in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
WAITING, PARKED = sa.text("state = 'WAITING'"), sa.text("state = 'PARKED'")


def upgrade() -> None:
    """Make the tables, and let a case say how it came in."""
    op.add_column("cases", sa.Column("channel", sa.String))
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("way", sa.String),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="notices_pk"),
    )
    op.create_index(
        "notices_waiting",
        "notices",
        ["due_at", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(
        "notices_parked", "notices", ["id"], sqlite_where=PARKED, postgresql_where=PARKED
    )
    op.create_table(
        "notice_progress",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("began", sa.Uuid, nullable=False),
        sa.Column("reached", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("number", name="notice_progress_pk"),
    )
