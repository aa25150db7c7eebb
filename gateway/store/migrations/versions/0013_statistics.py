"""What is counted of closed cases: a fact for each, and the summaries that are read."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_OF_A_FACT = (
    "region",
    "provider",
    "unit",
    "kind",
    "receiver",
    "closed",
    "received",
    "event",
    "age",
    "sex",
    "problem",
    "perceived",
    "field",
)
_KEY = ("counter", "above", "closed", "key", "kind", "receiver", "code")


def upgrade() -> None:
    """Make the tables; what was closed before is counted when it is closed again."""
    op.create_table(
        "statistics_facts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in _OF_A_FACT),
        sa.PrimaryKeyConstraint("id", name="statistics_facts_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="statistics_facts_of_cases"),
        sqlite_with_rowid=False,
    )
    op.create_index("statistics_facts_by_case", "statistics_facts", ["case_id"], unique=True)
    op.create_table(
        "statistics_summary",
        *(sa.Column(name, sa.String, nullable=False) for name in _KEY),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name="statistics_summary_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "statistics_summary_by_key", "statistics_summary", ["counter", "key", "closed", "above"]
    )
