"""Administrator accounts beside business accounts, all roles, and who asked for and granted each.

Three tables are made anew. What they held is kept, but sessions: everybody signs in once more.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "002"
down_revision = "001"

KEPT = (
    ("account", "person_id, login_name, password_hash, password_set_at, disabled_at"),
    ("role_grant", "id, person_id, role, department_id, starts_on, ends_on"),
)


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    for table, columns in KEPT:
        op.execute(f"CREATE TABLE {table}_kept AS SELECT {columns} FROM {table}")  # noqa: S608
    for table in ("account", "role_grant", "sign_in_session"):
        op.drop_table(table)
    create_account()
    create_role_grant()
    create_sign_in_session()
    op.execute(
        "INSERT INTO account (id, person_id, kind, login_name, password_hash, password_set_at,"
        " must_change_password, disabled_at) SELECT person_id, person_id, 'business', login_name,"
        " password_hash, password_set_at, false, disabled_at FROM account_kept"
    )
    # Whoever was granted a role before was granted it when the site was set up or by a command.
    op.execute(
        "INSERT INTO role_grant (id, person_id, role, department_id, starts_on, ends_on,"
        " requested_at, decided_at, is_granted) SELECT id, person_id, role, department_id,"
        " starts_on, ends_on, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, true FROM role_grant_kept"
    )
    for table, _ in KEPT:
        op.drop_table(f"{table}_kept")
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608
                f" (SELECT coalesce(max(id), 1) FROM {table}))"
            )
    with op.batch_alter_table("hall", recreate="never") as batch_op:
        batch_op.add_column(
            sa.Column(
                "has_separate_administrators",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
            )
        )
    free_events()


def create_account() -> None:
    """Make the table of accounts."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "business",
                "administrator",
                "sysadmin",
                "secadmin",
                "auditor",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("login_name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_set_at", types.UtcDateTime(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login_name", name=op.f("uq_account_login_name")),
    )
    op.create_index(
        "ix_account_one_business",
        "account",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'business'"),
        postgresql_where=sa.text("kind = 'business'"),
    )
    op.create_index(
        "ix_account_one_administrator",
        "account",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("kind <> 'business' AND disabled_at IS NULL"),
        postgresql_where=sa.text("kind <> 'business' AND disabled_at IS NULL"),
    )


def create_role_grant() -> None:
    """Make the table of grants."""
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "staff",
                "clerk",
                "window_lead",
                "section_chief",
                "party_branch",
                "inspector",
                "feedback_officer",
                "office",
                "leader",
                "discipline",
                "sysadmin",
                "secadmin",
                "auditor",
                name="role_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", types.UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_role_grant_ends_after_start")
        ),
        sa.CheckConstraint(
            "decided_by_id <> requested_by_id", name=op.f("ck_role_grant_asker_does_not_decide")
        ),
        sa.CheckConstraint(
            "decided_by_id <> person_id", name=op.f("ck_role_grant_nobody_decides_for_himself")
        ),
        sa.CheckConstraint(
            "requested_by_id IS NULL OR decided_by_id IS NOT NULL OR decided_at IS NULL",
            name=op.f("ck_role_grant_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_granted IS NULL)",
            name=op.f("ck_role_grant_decided_one_way"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('sysadmin', 'secadmin', 'auditor')", name=op.f("ck_role_grant_no_duty")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_role_grant_department_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["person.id"], name=op.f("fk_role_grant_requested_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_role_grant_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"])


def create_sign_in_session() -> None:
    """Make the table of sessions, empty."""
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("proven_at", types.UtcDateTime(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "signed_out",
                "replaced",
                "password_changed",
                "ended_by_self",
                "ended_by_administrator",
                "account_disabled",
                "roles_changed",
                "person_left",
                "restored",
                name="end_reason_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)",
            name=op.f("ck_sign_in_session_end_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    op.create_index(
        "ix_sign_in_session_account_id_ended_at", "sign_in_session", ["account_id", "ended_at"]
    )


def free_events() -> None:
    """Take the CHECK off the events of the log: each new room would rebuild its largest table."""
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_audit_entry_event_valid"), type_="check")
