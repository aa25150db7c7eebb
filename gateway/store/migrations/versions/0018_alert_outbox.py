"""Alerts that wait to be brought, who saw what stands, and replies that are late (DOMAIN G2)."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table; nobody is known to have seen what stands already."""
    op.create_table(
        "alert_outbox",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("began", sa.Boolean, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", "channel", name="alert_outbox_pk"),
    )
    turns = ["channel", "kind", "destination", "fault", "at", "id"]
    op.create_index("alert_outbox_turns", "alert_outbox", turns)
    op.add_column("alarms", sa.Column("seen_by", sa.String))
    op.add_column("alarms", sa.Column("seen_at", MOMENT))
    op.add_column("polls", sa.Column("failing_since", MOMENT))
