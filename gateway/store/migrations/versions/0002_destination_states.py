"""Whether each destination is called: its breaker, and a pause by an operator."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "destination_states",
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("openings", sa.Integer, nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("next_at", MOMENT),
        sa.Column("allowed", sa.Integer),
        sa.Column("paused_at", MOMENT),
        sa.Column("paused_by", sa.String),
        sa.Column("pause_reason", sa.Text),
        sa.PrimaryKeyConstraint("destination", name="destination_states_pk"),
        sqlite_with_rowid=False,
    )
