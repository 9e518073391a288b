"""Papers of exams: a record may have a paper for each part; 成绩单 lie with all others."""

import json

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "026"
down_revision = "025"

KIND = "exams.result"
KEPT = "kind, record_id, check_code, snapshot, file_id, made_at"


def upgrade() -> None:
    """Rebuild what changes its rules, move the 成绩单 over, and hand their open jobs on."""
    with op.batch_alter_table("produced_paper") as batch_op:
        batch_op.add_column(
            sa.Column("part", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        batch_op.drop_constraint(
            op.f("uq_produced_paper_kind_record_id_check_code"), type_="unique"
        )
        batch_op.create_unique_constraint(
            op.f("uq_produced_paper_kind_record_id_part_check_code"),
            ["kind", "record_id", "part", "check_code"],
        )
    move_sheets()
    op.drop_table("result_sheet")
    move_jobs()
    create_answer_change()
    count_wrong()
    create_exam_notice()
    create_exam_package()


def create_exam_package() -> None:
    """Add the zips with everybody's papers."""
    op.create_table(
        "exam_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_package_exam_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_exam_package_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_exam_package_ordered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_package")),
        sa.UniqueConstraint("file_id", name=op.f("uq_exam_package_file_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exam_package_public_id")),
    )
    op.create_index(op.f("ix_exam_package_exam_id"), "exam_package", ["exam_id"])


def count_wrong() -> None:
    """Add how many were wrong; the worker analyses the runs that count anew, one a minute."""
    op.execute("DELETE FROM item_analysis")
    with op.batch_alter_table("item_analysis") as batch_op:
        batch_op.add_column(sa.Column("wrong", sa.Integer(), nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_item_analysis_wrong_within"), "wrong BETWEEN 0 AND n"
        )


def create_exam_notice() -> None:
    """Add what people write into the 成绩通报."""
    op.create_table(
        "exam_notice",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("praised_ids", types.Json(), nullable=False),
        sa.Column("praise", sa.String(length=100), nullable=False),
        sa.Column("arrangement", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_notice_exam_id")),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["person.id"], name=op.f("fk_exam_notice_edited_by_id")
        ),
        sa.PrimaryKeyConstraint("exam_id", name=op.f("pk_exam_notice")),
    )


def create_answer_change() -> None:
    """Add the log of saves; of answers from before it the last save is known."""
    op.create_table(
        "answer_change",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("chosen", types.Json(), nullable=False),
        sa.Column("saved_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_answer_change_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "number", "revision", name=op.f("pk_answer_change")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO answer_change (sitting_id, number, revision, chosen, saved_at)"
        " SELECT sitting_id, number, revision, chosen, saved_at FROM answer"
    )


def move_sheets() -> None:
    """Make papers of the 成绩单 that were printed."""
    op.execute(
        f"INSERT INTO produced_paper ({KEPT})"  # noqa: S608 - constants.
        f" SELECT '{KIND}', sitting_id, check_code, snapshot, file_id, made_at FROM result_sheet"
    )


def move_jobs() -> None:
    """Let 成绩单 that were ordered and not printed yet be printed as all papers are."""
    job = sa.table(
        "job",
        sa.column("id", sa.Integer()),
        sa.column("kind", sa.String()),
        sa.column("key", sa.String()),
        sa.column("payload", types.Json()),
        sa.column("ordered_by_id", sa.Integer()),
    )
    sitting = sa.table(
        "sitting", sa.column("id", sa.Integer()), sa.column("public_id", sa.String())
    )
    connection = op.get_bind()
    for each in connection.execute(sa.select(job).where(job.c.kind == "exams.sheet")).all():
        given = each.payload if isinstance(each.payload, dict) else json.loads(each.payload)
        sitting_id = int(given["sitting_id"])
        public_id = connection.scalar(
            sa.select(sitting.c.public_id).where(sitting.c.id == sitting_id)
        )
        connection.execute(
            sa.update(job)
            .where(job.c.id == each.id)
            .values(
                kind="files.paper",
                key=f"files.paper:{KIND}:{sitting_id}:{each.ordered_by_id}",
                payload={
                    "kind": KIND,
                    "record_id": sitting_id,
                    "part": 0,
                    "values": {"public_id": public_id},
                },
            )
        )
