"""Whether each destination is called: its breaker, and a pause by an operator."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
