"""mentoring."""

revision = "020"
down_revision = "019"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
