"""Steps of a delivery that are done, how far replies were fetched, and replies tried again."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
