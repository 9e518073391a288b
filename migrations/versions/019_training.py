"""training."""

revision = "019"
down_revision = "018"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
