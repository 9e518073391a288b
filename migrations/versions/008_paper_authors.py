"""Who drafted, changed, filled or submitted a paper: none of them may publish it.

What was done before is read from the log. A paper that its submitter published himself, which the
site allowed until now, is left without a submitter: the new CHECK would not hold.
"""

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"

ABOUT_EXAM = "audit_entry.object_type = 'exam' AND audit_entry.object_id = CAST(exam.id AS VARCHAR)"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    drop_triggers()
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submitted_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_exam_submitted_by_id"), "person", ["submitted_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_exam_submitter_is_not_publisher"), "published_by_id <> submitted_by_id"
        )
    op.create_table(
        "exam_author",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_author_exam_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exam_author_person_id")
        ),
        sa.PrimaryKeyConstraint("exam_id", "person_id", name=op.f("pk_exam_author")),
    )
    fill()


def drop_triggers() -> None:
    """Drop the triggers on SQLite: those that name `exam` would stop its table from being renamed.

    `db-upgrade` makes all of them anew.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    names = op.get_bind().execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for (name,) in names.all():
        op.execute(f"DROP TRIGGER {name}")


def fill() -> None:
    """Read from the log who has worked on each paper, and who submitted it last."""
    op.execute(
        "INSERT INTO exam_author (exam_id, person_id) SELECT id, drafted_by_id FROM exam"  # noqa: S608
        " UNION SELECT exam.id, audit_entry.person_id FROM exam"
        f" JOIN audit_entry ON {ABOUT_EXAM} AND audit_entry.person_id IS NOT NULL"
        " AND audit_entry.event IN ('exams.drafted', 'exams.edited', 'exams.submitted')"
    )
    op.execute(
        "UPDATE exam SET submitted_by_id = (SELECT audit_entry.person_id FROM audit_entry"  # noqa: S608
        f" WHERE {ABOUT_EXAM} AND audit_entry.event = 'exams.submitted'"
        " ORDER BY audit_entry.seq DESC LIMIT 1) WHERE submitted_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM audit_entry"
        f" WHERE {ABOUT_EXAM} AND audit_entry.event = 'exams.submitted'"
        " AND audit_entry.person_id = exam.published_by_id)"
    )
