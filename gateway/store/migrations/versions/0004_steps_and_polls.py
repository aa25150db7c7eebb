"""Steps of a delivery that are done, how far replies were fetched, and replies tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_steps()
    _make_polls()


def _make_steps() -> None:
    op.create_table(
        "delivery_steps",
        sa.Column("delivery_id", sa.Uuid, nullable=False),
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "destination", "name", name="delivery_steps_pk"),
        sa.ForeignKeyConstraint(["delivery_id"], ["outbox.id"], name="delivery_steps_of_outbox"),
        sqlite_with_rowid=False,
    )


def _make_polls() -> None:
    op.create_table(
        "polls",
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("swept_at", MOMENT),
        sa.PrimaryKeyConstraint("destination", name="polls_pk"),
        sqlite_with_rowid=False,
    )
