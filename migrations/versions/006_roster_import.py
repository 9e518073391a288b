"""The roster from Excel: one row for each uploaded file, from its preview to its undoing."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "006"
down_revision = "005"

STATES = ("reading", "unreadable", "previewed", "applied", "undone")
COUNTS = ("added", "moved", "changed", "departed", "unchanged")


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *STATES, name="state_valid", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(), nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("made", types.Json(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", types.UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", types.UtcDateTime(), nullable=True),
        sa.Column("erased_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by_id IS NULL)",
            name=op.f("ck_roster_import_applied_by"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_roster_import_undone_by")
        ),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (state NOT IN ('applied', 'undone'))",
            name=op.f("ck_roster_import_applied_has_time"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (state <> 'undone')",
            name=op.f("ck_roster_import_undone_has_time"),
        ),
        sa.CheckConstraint(
            "added >= 0 AND moved >= 0 AND changed >= 0 AND departed >= 0 AND unchanged >= 0",
            name=op.f("ck_roster_import_counts"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_roster_import_{column}")
            )
            for column in ("uploaded_by_id", "applied_by_id", "undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roster_import_public_id")),
    )
    op.create_index("ix_roster_import_uploaded_at", "roster_import", ["uploaded_at"])
