"""regulations."""

revision = "017"
down_revision = "016"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
