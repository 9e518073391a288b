"""题目分析: the figures of each question of a graded paper; filled in by the worker."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "025"
down_revision = "024"

FLAGS = ("key", "negative", "hard", "weak", "easy", "fine", "few", "void")


def upgrade() -> None:
    """Add the table; exams that are graded already are analysed by the worker, one a minute."""
    op.create_table(
        "item_analysis",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("facility", types.Marks(), nullable=True),
        sa.Column("discrimination_index", types.Marks(), nullable=True),
        sa.Column("upper_lower_d", types.Marks(), nullable=True),
        sa.Column(
            "flag",
            sa.Enum(
                *FLAGS, name="flag_valid", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("figures", types.Json(), nullable=False),
        sa.Column("options", types.Json(), nullable=False),
        sa.CheckConstraint("run > 0", name=op.f("ck_item_analysis_run_positive")),
        sa.CheckConstraint("n > 0", name=op.f("ck_item_analysis_n_positive")),
        sa.ForeignKeyConstraint(
            ["exam_id", "number"],
            ["paper_question.exam_id", "paper_question.number"],
            name=op.f("fk_item_analysis_exam_id_paper_question"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_item_analysis_question_id_question")
        ),
        sa.PrimaryKeyConstraint("exam_id", "number", name=op.f("pk_item_analysis")),
    )
    op.create_index(
        op.f("ix_item_analysis_question_id"), "item_analysis", ["question_id"], unique=False
    )
