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
