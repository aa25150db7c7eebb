"""When cases ended, what is recorded of their keeping, and what is left of those disposed of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables; cases that have ended before end with what was last done to them."""
    _make_endings()
    _note_closings()
    _make_keepings()
    _make_disposals()
    op.create_index("received_messages_by_case", "received_messages", ["case_id"])


def _make_endings() -> None:
    op.create_table(
        "endings",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="endings_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="endings_of_cases"),
        sqlite_with_rowid=False,
    )
    # Never before they did: what was done to a case after its end counts too.
    op.execute(
        "INSERT INTO endings (case_id, region, kind, ended_at) "
        "SELECT cases.id, cases.region, cases.kind, max(timeline.at) "
        "FROM cases JOIN timeline ON timeline.case_id = cases.id "
        "WHERE cases.state IN ('CLOSED', 'WITHDRAWN') "
        "GROUP BY cases.id, cases.region, cases.kind"
    )
    op.create_index("endings_in_order", "endings", ["region", "kind", "ended_at", "case_id"])


def _note_closings() -> None:
    # Cases that were closed before 0009 can be reopened no longer than others (DOMAIN E2).
    op.execute(
        "INSERT INTO handlings (case_id, attachments_allowed, classification, closed_at) "
        "SELECT endings.case_id, false, '{}', endings.ended_at "
        "FROM endings JOIN cases ON cases.id = endings.case_id "
        "LEFT JOIN handlings ON handlings.case_id = endings.case_id "
        "WHERE cases.state = 'CLOSED' AND handlings.case_id IS NULL"
    )


def _make_keepings() -> None:
    op.create_table(
        "keepings",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("diary_number", sa.String),
        sa.Column("hold_reason", sa.String),
        sa.Column("hold_by", sa.String),
        sa.Column("hold_since", MOMENT),
        sa.Column("lift_reason", sa.String),
        sa.PrimaryKeyConstraint("case_id", name="keepings_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="keepings_of_cases"),
        sqlite_with_rowid=False,
    )


def _make_disposals() -> None:
    op.create_table(
        "disposals",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("case_number", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("disposed_at", MOMENT, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("disposed_by", sa.String, nullable=False),
        sa.Column("timeline_number", sa.Integer, nullable=False),
        sa.Column("timeline_hash", sa.String, nullable=False),
        sa.Column("wiped_at", MOMENT),
        sa.PrimaryKeyConstraint("case_id", name="disposals_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="disposals_of_cases"),
        sqlite_with_rowid=False,
    )
    op.create_index("disposals_by_number", "disposals", ["case_number"], unique=True)
