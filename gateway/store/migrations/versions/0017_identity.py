"""What a database is known by in the place of its attachments."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Give it a name, once and for all."""
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("id", name="identity_pk"),
    )
    op.bulk_insert(identity, [{"id": uuid4()}])
