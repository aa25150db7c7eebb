"""Replies that named no known case are tried again when their sender's id of it is known."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# What stands in the notation that is kept.
_TOLD = {
    "sqlite": "json_extract(content, '$.externalCaseId')",
    "postgresql": "content::json ->> 'externalCaseId'",
}


def upgrade() -> None:
    """Make room for the id, and read it out of what is kept already."""
    op.add_column("unmatched_messages", sa.Column("external_case_id", sa.String))
    named = sa.text("external_case_id IS NOT NULL")
    op.create_index(
        "unmatched_messages_to_match",
        "unmatched_messages",
        ["id"],
        sqlite_where=named,
        postgresql_where=named,
    )
    told: sa.ColumnClause[str] = sa.literal_column(_TOLD[op.get_bind().dialect.name])
    kept = sa.table("unmatched_messages", sa.column("external_case_id"))
    op.execute(sa.update(kept).values(external_case_id=told))
