"""Which alarms stand, and the cases that no holder has said anything of yet."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
SUBMITTED = sa.text("state = 'SUBMITTED'")


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "alarms",
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("destination", sa.String, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "destination", "fault", name="alarms_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "cases_without_answer",
        "cases",
        ["destination", "received_at"],
        sqlite_where=SUBMITTED,
        postgresql_where=SUBMITTED,
    )
