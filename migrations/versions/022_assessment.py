"""assessment."""

revision = "022"
down_revision = "021"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
