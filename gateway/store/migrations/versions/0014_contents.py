"""The bytes of files stand outside their rows, by their digest (DOMAIN D4)."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nothing yet."""
