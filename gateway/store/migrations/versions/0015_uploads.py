"""Files that were sent before the message that they go with (DOMAIN D4)."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Nothing yet."""
