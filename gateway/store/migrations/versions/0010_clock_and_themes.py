"""Lists of large inboxes, reminders of due dates, and themes with their measures."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
DUE = sa.text("shelf = 'OPEN' AND due_at IS NOT NULL")
RUNNING = sa.text(
    "due_at IS NOT NULL AND state <> 'ANSWERED' AND state <> 'CLOSED'"
    " AND state <> 'WITHDRAWN' AND state <> 'DISPOSED'"
)


def upgrade() -> None:
    """Let inboxes know of their cases what lists ask for, and make the rest."""
    _inboxes()
    op.add_column("cases", sa.Column("reminded", sa.String))
    op.create_index(
        "cases_to_remind",
        "cases",
        ["reminded", "due_at"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    _themes()
    _measures()


def _inboxes() -> None:
    op.execute("CREATE TABLE unit_inbox_before AS SELECT * FROM unit_inbox")
    op.drop_table("unit_inbox")
    op.create_table(
        "unit_inbox",
        sa.Column("owner_key", sa.String, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("shelf", sa.String, nullable=False, server_default="OPEN"),
        sa.Column("kind", sa.String, nullable=False, server_default="COMPLAINT"),
        sa.Column("due_at", MOMENT),
        sa.Column("assignee_key", sa.String),
        sa.PrimaryKeyConstraint("owner_key", "case_id", name="unit_inbox_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="unit_inbox_of_cases"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO unit_inbox (owner_key, case_id, arrived_at, shelf, kind, due_at)"
        " SELECT b.owner_key, b.case_id, b.arrived_at,"
        " CASE WHEN c.state = 'ANSWERED' THEN 'ANSWERED'"
        " WHEN c.state IN ('CLOSED', 'WITHDRAWN') THEN 'CLOSED' ELSE 'OPEN' END,"
        " c.kind, c.due_at FROM unit_inbox_before b JOIN cases c ON c.id = b.case_id"
    )
    op.drop_table("unit_inbox_before")
    _indexes()


def _indexes() -> None:
    sorted_by = ["shelf", "kind", "arrived_at", "case_id"]
    op.create_index("unit_inbox_by_arrival", "unit_inbox", ["owner_key", *sorted_by])
    op.create_index(
        "unit_inbox_of_assignee", "unit_inbox", ["owner_key", "assignee_key", *sorted_by]
    )
    for name, whose in {
        "unit_inbox_due": ["owner_key"],
        "unit_inbox_due_of_assignee": ["owner_key", "assignee_key"],
    }.items():
        op.create_index(
            name,
            "unit_inbox",
            [*whose, "due_at", "case_id"],
            sqlite_where=DUE,
            postgresql_where=DUE,
        )


def _themes() -> None:
    op.create_table(
        "themes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("owner_hsa_id", sa.String, nullable=False),
        sa.Column("owner_key", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String),
        sa.Column("closing_text", sa.Text),
        sa.PrimaryKeyConstraint("id", name="themes_pk"),
    )
    op.create_index("themes_by_owner", "themes", ["owner_key", "made_at", "id"])
    op.create_index("themes_by_region", "themes", ["region", "made_at", "id"])
    op.create_table(
        "theme_cases",
        sa.Column("theme_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("theme_id", "case_id", name="theme_cases_pk"),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="theme_cases_of_themes"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="theme_cases_of_cases"),
        sqlite_with_rowid=False,
    )
    op.create_index("theme_cases_by_case", "theme_cases", ["case_id"])


def _measures() -> None:
    notes = [
        sa.Column(f"{step}_{part}", kind)
        for step in ("follow_up", "evaluation")
        for part, kind in (("text", sa.Text()), ("at", MOMENT), ("by", sa.String()))
    ]
    op.create_table(
        "measures",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("theme_id", sa.Uuid),
        sa.Column("case_id", sa.Uuid),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("responsible", sa.String, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        *notes,
        sa.PrimaryKeyConstraint("id", name="measures_pk"),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="measures_of_themes"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="measures_of_cases"),
    )
    op.create_index("measures_of_theme", "measures", ["theme_id"])
    op.create_index("measures_of_case", "measures", ["case_id"])
