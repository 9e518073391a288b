"""measures."""

revision = "021"
down_revision = "020"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
