"""surveys."""

revision = "018"
down_revision = "017"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
