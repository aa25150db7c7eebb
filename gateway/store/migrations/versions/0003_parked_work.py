"""Why deliveries are parked, told in groups, and replays of many."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
