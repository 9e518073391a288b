"""What rooms that decide share: open steps and notices, paths of records, 汇总表, papers."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "012"
down_revision = "011"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_open_step()
    create_open_step_barred()
    create_notice()
    create_paper_signature()
    create_decision_batch()
    create_decision_batch_line()
    create_workflow_move()
    create_paper_number()
    create_produced_paper()


def create_open_step() -> None:
    """Make the table."""
    op.create_table(
        "open_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("arguments", types.Json(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("permission", sa.String(length=100), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("is_approval", sa.Boolean(), nullable=False),
        sa.Column("is_returned", sa.Boolean(), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("days >= 0", name=op.f("ck_open_step_days_not_negative")),
        sa.CheckConstraint("due_at >= opened_at", name=op.f("ck_open_step_due_after_opened")),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (permission IS NULL)", name=op.f("ck_open_step_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_open_step_department_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_open_step_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_step")),
    )
    op.create_index("ix_open_step_department_id", "open_step", ["department_id"])
    op.create_index(
        "ix_open_step_permission_open",
        "open_step",
        ["permission", "department_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_open_step_person_id", "open_step", ["person_id"])
    op.create_index("ix_open_step_record", "open_step", ["flow", "record_id"])
    op.create_index(
        "ix_open_step_record_open",
        "open_step",
        ["flow", "record_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def create_open_step_barred() -> None:
    """Make the table."""
    op.create_table(
        "open_step_barred",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_open_step_barred_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["open_step.id"], name=op.f("fk_open_step_barred_step_id")
        ),
        sa.PrimaryKeyConstraint("step_id", "person_id", name=op.f("pk_open_step_barred")),
    )
    op.create_index("ix_open_step_barred_person_id", "open_step_barred", ["person_id"])


def create_notice() -> None:
    """Make the table."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("arguments", types.Json(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("read_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index("ix_notice_person_id_read_at", "notice", ["person_id", "read_at"])


def create_paper_signature() -> None:
    """Make the table."""
    op.create_table(
        "paper_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("meeting", sa.String(length=100), nullable=False),
        sa.Column("minute_number", sa.String(length=60), nullable=False),
        sa.Column("scan_file_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_paper_signature_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["scan_file_id"], ["stored_file.id"], name=op.f("fk_paper_signature_scan_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_paper_signature_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signature")),
        sa.UniqueConstraint("scan_file_id", name=op.f("uq_paper_signature_scan_file_id")),
    )
    op.create_index("ix_paper_signature_recorded_by_id", "paper_signature", ["recorded_by_id"])
    op.create_index("ix_paper_signature_signed_by_id", "paper_signature", ["signed_by_id"])


def create_decision_batch() -> None:
    """Make the table."""
    op.create_table(
        "decision_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "decided",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'decided' OR decided_by_id <> drafted_by_id OR signature_id IS NOT NULL",
            name=op.f("ck_decision_batch_decided_by_another"),
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (ended_at IS NULL)", name=op.f("ck_decision_batch_ended_when_over")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_decision_batch_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_decision_batch_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["paper_signature.id"], name=op.f("fk_decision_batch_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_decision_batch_number")),
    )
    op.create_index("ix_decision_batch_decided_by_id", "decision_batch", ["decided_by_id"])
    op.create_index("ix_decision_batch_drafted_by_id", "decision_batch", ["drafted_by_id"])
    op.create_index("ix_decision_batch_signature_id", "decision_batch", ["signature_id"])


def create_decision_batch_line() -> None:
    """Make the table."""
    op.create_table(
        "decision_batch_line",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("is_moved", sa.Boolean(), nullable=True),
        sa.Column("refusal", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["decision_batch.id"], name=op.f("fk_decision_batch_line_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_decision_batch_line_department_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "place", name=op.f("pk_decision_batch_line")),
        sa.UniqueConstraint(
            "batch_id", "record_id", name=op.f("uq_decision_batch_line_batch_id_record_id")
        ),
    )
    op.create_index(
        "ix_decision_batch_line_department_id", "decision_batch_line", ["department_id"]
    )


def create_workflow_move() -> None:
    """Make the table."""
    op.create_table(
        "workflow_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("for_person_id", sa.Integer(), nullable=True),
        sa.Column("acted_as", sa.String(length=200), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("files", types.Json(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("due_before", types.UtcDateTime(), nullable=True),
        sa.Column("due_after", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(step = 1) = (from_state IS NULL)", name=op.f("ck_workflow_move_begins_once")
        ),
        sa.CheckConstraint(
            "for_person_id <> person_id", name=op.f("ck_workflow_move_represents_another")
        ),
        sa.CheckConstraint(
            "signature_id IS NULL OR for_person_id IS NULL",
            name=op.f("ck_workflow_move_signed_in_person"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["decision_batch.id"], name=op.f("fk_workflow_move_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["for_person_id"], ["person.id"], name=op.f("fk_workflow_move_for_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_workflow_move_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["paper_signature.id"], name=op.f("fk_workflow_move_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_move")),
        sa.UniqueConstraint(
            "flow", "record_id", "step", name=op.f("uq_workflow_move_flow_record_id_step")
        ),
    )
    op.create_index("ix_workflow_move_at", "workflow_move", ["at"])
    op.create_index("ix_workflow_move_batch_id", "workflow_move", ["batch_id"])
    op.create_index("ix_workflow_move_for_person_id", "workflow_move", ["for_person_id"])
    op.create_index("ix_workflow_move_person_id", "workflow_move", ["person_id"])
    op.create_index("ix_workflow_move_signature_id", "workflow_move", ["signature_id"])


def create_paper_number() -> None:
    """Make the table."""
    op.create_table(
        "paper_number",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_paper_number_last_positive")),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_paper_number")),
    )


def create_produced_paper() -> None:
    """Make the table."""
    op.create_table(
        "produced_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("check_code", sa.String(length=24), nullable=False),
        sa.Column("snapshot", types.Json(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_produced_paper_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_produced_paper")),
        sa.UniqueConstraint("file_id", name=op.f("uq_produced_paper_file_id")),
        sa.UniqueConstraint(
            "kind",
            "record_id",
            "check_code",
            name=op.f("uq_produced_paper_kind_record_id_check_code"),
        ),
    )
    op.create_index("ix_produced_paper_check_code", "produced_paper", ["check_code"])
