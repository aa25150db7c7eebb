"""How cases are handled: one row for each that somebody has touched."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "handlings",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("assigned_to", sa.String),
        sa.Column("assigned_name", sa.String),
        sa.Column("relation_verified_by", sa.String),
        sa.Column("relation_verified_at", MOMENT),
        sa.Column("attachments_allowed", sa.Boolean, nullable=False),
        sa.Column("corrected_unit", sa.String),
        sa.Column("classification", sa.JSON, nullable=False),
        sa.Column("first_contact_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("reopened_at", MOMENT),
        sa.PrimaryKeyConstraint("case_id", name="handlings_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="handlings_of_cases"),
        sqlite_with_rowid=False,
    )
