"""Lists of one unit's cases in a large inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

DUE = sa.text("shelf = 'OPEN' AND due_at IS NOT NULL")


def upgrade() -> None:
    """Let inboxes know which unit was selected for each of their cases."""
    op.add_column(
        "unit_inbox", sa.Column("unit_key", sa.String, nullable=False, server_default="")
    )
    op.execute(
        "UPDATE unit_inbox SET unit_key ="
        " (SELECT lower(c.unit_hsa_id) FROM cases c WHERE c.id = unit_inbox.case_id)"
    )
    whose = ["owner_key", "unit_key"]
    op.create_index(
        "unit_inbox_of_unit",
        "unit_inbox",
        [*whose, "shelf", "kind", "arrived_at", "case_id", "assignee_key"],
    )
    op.create_index(
        "unit_inbox_due_of_unit",
        "unit_inbox",
        [*whose, "due_at", "case_id"],
        sqlite_where=DUE,
        postgresql_where=DUE,
    )
