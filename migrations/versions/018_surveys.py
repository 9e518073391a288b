"""满意度调查: questionnaires, surveys, roll and ballots apart; the urn's schema."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "018"
down_revision = "017"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_questionnaire()
    create_survey()
    create_survey_roll()
    create_survey_ballot()
    create_survey_comment()
    if op.get_bind().dialect.name == "postgresql":
        create_urn()


def create_questionnaire() -> None:
    """Make the table of questionnaires."""
    op.create_table(
        "questionnaire",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "in_use",
                "replaced",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("questions", types.Json(), nullable=False),
        sa.Column("is_by_department", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id", name=op.f("ck_questionnaire_approved_by_another")
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_use', 'replaced')"
            " OR (edition IS NOT NULL AND approved_by_id IS NOT NULL)",
            name=op.f("ck_questionnaire_in_use_when_approved"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_questionnaire_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_questionnaire_drafted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("edition", name=op.f("uq_questionnaire_edition")),
    )
    op.create_index("ix_questionnaire_drafted_by_id", "questionnaire", ["drafted_by_id"])
    op.create_index(
        "ix_questionnaire_one_in_use",
        "questionnaire",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'in_use'"),
        postgresql_where=sa.text("state = 'in_use'"),
    )


def create_survey() -> None:
    """Make the table of surveys."""
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("questions", types.Json(), nullable=False),
        sa.Column("groups", types.Json(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("closes_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("comments_released_at", types.UtcDateTime(), nullable=True),
        sa.Column("comments_released_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("invited >= 5", name=op.f("ck_survey_enough_invited")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (counted IS NULL)", name=op.f("ck_survey_counted_when_closed")
        ),
        sa.CheckConstraint(
            "counted >= 0 AND counted <= invited", name=op.f("ck_survey_counted_within")
        ),
        sa.CheckConstraint("closed_at >= closes_at", name=op.f("ck_survey_closed_after_its_time")),
        sa.CheckConstraint(
            "(comments_released_at IS NULL) = (comments_released_by_id IS NULL)",
            name=op.f("ck_survey_released_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["comments_released_by_id"],
            ["person.id"],
            name=op.f("fk_survey_comments_released_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_survey_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_survey_questionnaire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("public_id", name=op.f("uq_survey_public_id")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_survey_source_source_id")),
    )


def create_survey_roll() -> None:
    """Make the table of those who are asked: no time, no key of its own, no order."""
    op.create_table(
        "survey_roll",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_label", sa.String(length=40), nullable=False),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_roll_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_roll_survey_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_roll")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_roll_person_id", "survey_roll", ["person_id"])


def create_survey_ballot() -> None:
    """Make the table of what was answered: nothing of anybody, in the order of drawn keys."""
    op.create_table(
        "survey_ballot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("group_label", sa.String(length=40), nullable=False),
        sa.Column("answers", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_ballot_survey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_ballot_survey_id", "survey_ballot", ["survey_id"])


def create_survey_comment() -> None:
    """Make the table of answers in words, cut off from their ballots."""
    op.create_table(
        "survey_comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=16), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_comment_survey_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_comment_survey_id", "survey_comment", ["survey_id"])


def create_urn() -> None:
    """Make the urn of a PostgreSQL site: a schema that every dump leaves out (urn.py)."""
    op.execute("CREATE SCHEMA IF NOT EXISTS urn")
    op.create_table(
        "waiting_name",
        sa.Column("survey", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "person_id"),
        schema="urn",
    )
    op.create_table(
        "waiting_ballot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="urn",
    )
