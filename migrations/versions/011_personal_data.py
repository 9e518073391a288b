"""Personal data: photos of people, copies of what is held about them, being forgotten."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "011"
down_revision = "010"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_photo()
    create_copy()
    add_anonymised()


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


def create_copy() -> None:
    """Make the table of copies."""
    op.create_table(
        "personal_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(file_id IS NULL) = (erased_at IS NOT NULL)",
            name=op.f("ck_personal_copy_there_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_copy_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_personal_copy_ordered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_personal_copy_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_copy")),
        sa.UniqueConstraint("public_id", name=op.f("uq_personal_copy_public_id")),
    )
    op.create_index("ix_personal_copy_person_id", "personal_copy", ["person_id"])


def add_anonymised() -> None:
    """Let a person say since when nothing about him says who he was."""
    drop_triggers()
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("anonymised_at", types.UtcDateTime(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_person_anonymised_has_left"),
            "anonymised_at IS NULL OR left_on IS NOT NULL",
        )


def drop_triggers() -> None:
    """Drop the triggers on SQLite: they would stop the table from being renamed.

    `db-upgrade` makes all of them anew.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    names = op.get_bind().execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for (name,) in names.all():
        op.execute(f"DROP TRIGGER {name}")
