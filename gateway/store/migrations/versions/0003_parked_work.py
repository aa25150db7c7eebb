"""Why deliveries are parked, told in groups, and replays of many."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
PARKED = sa.text("state = 'PARKED'")
RUNNING = sa.text("state = 'RUNNING'")


def upgrade() -> None:
    """Make the table, and the columns of the outbox; what is parked already has no cause."""
    op.add_column("outbox", sa.Column("fault", sa.String))
    op.add_column("outbox", sa.Column("blame", sa.String))
    op.add_column("outbox", sa.Column("attempts_before", sa.Integer))
    op.create_index(
        "outbox_parked",
        "outbox",
        ["destination", "fault", "id"],
        sqlite_where=PARKED,
        postgresql_where=PARKED,
    )
    op.create_table(
        "replays",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("route", sa.String, nullable=False),
        sa.Column("delivery", sa.Uuid),
        sa.Column("destination", sa.String),
        sa.Column("fault", sa.String),
        sa.Column("region", sa.String),
        sa.Column("created_from", MOMENT),
        sa.Column("created_to", MOMENT),
        sa.Column("after", sa.Uuid),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("skipped", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="replays_pk"),
    )
    op.create_index(
        "replays_running", "replays", ["id"], sqlite_where=RUNNING, postgresql_where=RUNNING
    )
