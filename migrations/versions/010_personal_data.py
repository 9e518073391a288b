"""Personal data: photos of people."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "010"
down_revision = "008"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_photo()


def create_photo() -> None:
    """Make the table of photos."""
    op.create_table(
        "person_photo",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("consented_at", types.UtcDateTime(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_photo_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_person_photo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_person_photo_set_by_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_photo")),
        sa.UniqueConstraint("file_id", name=op.f("uq_person_photo_file_id")),
    )
