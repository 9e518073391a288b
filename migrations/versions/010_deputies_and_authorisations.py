"""A/B角 and 授权 that can be taken back, imports with faults, and 政治面貌 (off by default).

An import that waits although its file has faults says so from now on.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "010"
down_revision = "009"

BEFORE = ("reading", "unreadable", "previewed", "applied", "undone")
STATUSES = ("member", "probationary", "youth_league", "other_party", "none")
STATE_CHECK = "ck_roster_import_state_valid"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    drop_triggers()
    let_be_cancelled("deputy", ["person_id", "starts_on"], "person_id_deputy_id_starts_on")
    let_be_cancelled(
        "authorisation",
        ["person_id", "service_item_id", "starts_on"],
        "person_id_service_item_id_starts_on",
    )
    name_faulty_imports()
    with op.batch_alter_table("person") as batch_op:
        batch_op.add_column(
            sa.Column(
                "political_status",
                sa.Enum(
                    *STATUSES,
                    name="political_status_valid",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )


def drop_triggers() -> None:
    """Drop the triggers on SQLite: those that name a table would stop it from being renamed.

    `db-upgrade` makes all of them anew.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    names = op.get_bind().execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for (name,) in names.all():
        op.execute(f"DROP TRIGGER {name}")


def let_be_cancelled(table: str, columns: list[str], unique: str) -> None:
    """Add the time of cancelling; what was cancelled may be registered once more."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column("cancelled_at", types.UtcDateTime(), nullable=True))
        batch_op.drop_constraint(op.f(f"uq_{table}_{unique}"), type_="unique")
    op.create_index(
        f"ix_{table}_once",
        table,
        columns,
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )


def name_faulty_imports() -> None:
    """Let the state say that a file has faults; those that wait with faults get it."""
    states = ", ".join(f"'{each}'" for each in (*BEFORE, "faulty"))
    with op.batch_alter_table("roster_import") as batch_op:
        batch_op.drop_constraint(op.f(STATE_CHECK), type_="check")
        batch_op.create_check_constraint(op.f(STATE_CHECK), sa.text(f"state IN ({states})"))
    op.execute(
        "UPDATE roster_import SET state = 'faulty'"
        """ WHERE state = 'previewed' AND content LIKE '%"problems":[{%'"""
    )
