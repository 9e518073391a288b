"""The first run of a hall, and appointments of its administrators.

A hall that is there already was set up before: both days stay empty, its first run is over.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "009"
down_revision = "008"

IS_OPEN = "accepted_at IS NULL AND ended_at IS NULL"
KINDS = sa.Enum(
    "business", "administrator", "sysadmin", "secadmin", "auditor",
    name="kind_valid", native_enum=False, create_constraint=True, length=32,
)  # fmt: skip


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    with op.batch_alter_table("hall", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("set_up_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("opened_on", sa.Date(), nullable=True))
    with op.batch_alter_table("account", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("reset_at", types.UtcDateTime(), nullable=True))
    with op.batch_alter_table("role_grant", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("ended_at", types.UtcDateTime(), nullable=True))
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("login_name", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", types.UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        sa.Column("accepted_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        *checks(),
        *(
            sa.ForeignKeyConstraint([f"{each}_id"], ["person.id"], name=f"fk_appointment_{each}_id")
            for each in ("person", "requested_by", "decided_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(
        "ix_appointment_one_open",
        "appointment",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text(IS_OPEN),
        postgresql_where=sa.text(IS_OPEN),
    )


def checks() -> list[sa.CheckConstraint]:
    """Give what keeps an appointment from being decided by whom it must not be."""
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_appointment_{name}"))
        for name, condition in (
            ("administers", "kind <> 'business'"),
            ("nobody_asks_for_himself", "requested_by_id <> person_id"),
            ("asker_does_not_decide", "decided_by_id <> requested_by_id"),
            ("nobody_decides_for_himself", "decided_by_id <> person_id"),
            ("decided_one_way", "(decided_at IS NULL) = (is_confirmed IS NULL)"),
            ("decided_by_one", "(decided_at IS NULL) = (decided_by_id IS NULL)"),
            (
                "accepted_once_confirmed",
                "accepted_at IS NULL OR (is_confirmed IS NOT NULL AND is_confirmed)",
            ),
            ("accepted_or_ended", "accepted_at IS NULL OR ended_at IS NULL"),
        )
    ]
