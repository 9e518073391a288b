"""Business numbers with effective dates and the profile of the hall."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "005"
down_revision = "004"

PROFILE = (
    ("former_name", 60, ""),
    ("number_prefix", 8, ""),
    ("supervision_phone", 20, ""),
    ("hotline", 20, "12345"),
    ("discipline_phone", 20, "12388"),
    ("qr_base", 120, ""),
    ("office_hours", 80, ""),
)


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_setting_value()
    with op.batch_alter_table("hall", recreate="never") as batch_op:
        for name, length, default in PROFILE:
            batch_op.add_column(
                sa.Column(
                    name, sa.String(length), nullable=False, server_default=sa.text(f"'{default}'")
                )
            )
        batch_op.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )


def create_setting_value() -> None:
    """Make the table of values."""
    op.create_table(
        "setting_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", types.Json(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("set_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_setting_value_number_positive")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_setting_value_reason_given")),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_setting_value_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_value")),
        sa.UniqueConstraint("key", "valid_from", "number", name="uq_setting_value_key_day_number"),
    )
