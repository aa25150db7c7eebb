"""Where a forwarded case has been, and where it stands now."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make room for the way of a case; none that is here has been forwarded."""
    op.add_column("cases", sa.Column("forwards", sa.JSON))
