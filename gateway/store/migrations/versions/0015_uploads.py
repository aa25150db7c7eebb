"""Files that were sent before the message that they go with (DOMAIN D4)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

# SQLite keeps moments as text that sorts as they do.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("sender_hsa_id", sa.String, nullable=False),
        sa.Column("sender_key", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="uploads_pk"),
    )
    op.create_index("uploads_by_sender", "uploads", ["sender_key", "key"], unique=True)
    op.create_index("uploads_by_digest", "uploads", ["digest"])
    op.create_index("uploads_by_expiry", "uploads", ["expires_at"])
