"""Activation codes, earlier passwords, second factors, limits per address, printed slips."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "007"
down_revision = "006"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_codes()
    create_second_factor()
    create_limits()
    create_slip_batch()
    # The password that each account has now is the first of those that are not taken again.
    op.execute(
        "INSERT INTO password_history (account_id, password_hash, set_at)"
        " SELECT id, password_hash, password_set_at FROM account ORDER BY id"
    )


def create_codes() -> None:
    """Make the tables of one-time codes and earlier passwords."""
    op.create_table(
        "activation_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("issued_at", types.UtcDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("valid_until", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "valid_until > issued_at", name=op.f("ck_activation_code_valid_after_issue")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_activation_code_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_activation_code_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_activation_code")),
    )
    op.create_table(
        "password_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_history_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_history")),
    )
    op.create_index(
        "ix_password_history_account_id_set_at", "password_history", ["account_id", "set_at"]
    )


def create_second_factor() -> None:
    """Make the tables of authenticators, recovery codes and sign-ins that wait for a code."""
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_second_factor_tries_count")),
        sa.CheckConstraint("last_step > 0", name=op.f("ck_second_factor_confirmed_by_a_code")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("used_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "sign_in_challenge",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_challenge_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_challenge")),
    )
    op.create_index("ix_sign_in_challenge_created_at", "sign_in_challenge", ["created_at"])


def create_limits() -> None:
    """Make the table of failures per address."""
    op.create_table(
        "address_throttle",
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_address_throttle_failures_count")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_address_throttle")),
    )
    op.create_index("ix_address_throttle_since", "address_throttle", ["since"])


def create_slip_batch() -> None:
    """Make the table of printed slips."""
    op.create_table(
        "slip_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("valid_until", types.UtcDateTime(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("slips > 0", name=op.f("ck_slip_batch_not_empty")),
        sa.CheckConstraint(
            "(file_id IS NULL) = (erased_at IS NOT NULL)",
            name=op.f("ck_slip_batch_there_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_slip_batch_ordered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_slip_batch_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_slip_batch_public_id")),
    )
