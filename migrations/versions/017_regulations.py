"""Rules with versions and articles, risk points, must-read lists; who cites which article."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "017"
down_revision = "016"

CITING = ("question_version", "checklist_item", "rectification_order")


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_regulations()
    create_versions()
    create_articles()
    create_risks()
    create_contents()
    create_lists()
    create_confirmations()
    cite_articles()


def create_regulations() -> None:
    """Make the table `regulation`."""
    op.create_table(
        "regulation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rule",
                "manual",
                "guide",
                "post_standard",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "part",
            sa.Enum(
                "party",
                "basic",
                "business",
                name="part_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "class",
            sa.Enum(
                "section",
                "handling",
                "coordination",
                name="class_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_regulation_named")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_regulation_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
        sa.UniqueConstraint("name", "department_id", name=op.f("uq_regulation_name_department_id")),
    )
    op.create_index(
        op.f("ix_regulation_department_id"), "regulation", ["department_id"], unique=False
    )
    op.create_index(
        "ix_regulation_name_centre",
        "regulation",
        ["name"],
        unique=True,
        sqlite_where=sa.text("department_id IS NULL"),
        postgresql_where=sa.text("department_id IS NULL"),
    )


def create_versions() -> None:
    """Make the table `regulation_version`."""
    op.create_table(
        "regulation_version",
        sa.Column("regulation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "reviewing",
                "approved",
                "withdrawn",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NOT NULL) = (state IN ('approved', 'withdrawn'))",
            name=op.f("ck_regulation_version_in_force_once_approved"),
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NOT NULL) = (state = 'withdrawn')",
            name=op.f("ck_regulation_version_withdrawn_from_a_day"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_regulation_version_numbered_once_approved"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id",
            name=op.f("ck_regulation_version_approved_by_another"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> written_by_id",
            name=op.f("ck_regulation_version_writer_does_not_approve"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_regulation_version_number_positive")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_regulation_version_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_regulation_version_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_regulation_version_regulation_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["person.id"], name=op.f("fk_regulation_version_withdrawn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_regulation_version_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation_version")),
        sa.UniqueConstraint(
            "regulation_id", "number", name=op.f("uq_regulation_version_regulation_id_number")
        ),
    )
    op.create_index(
        op.f("ix_regulation_version_drafted_by_id"),
        "regulation_version",
        ["drafted_by_id"],
        unique=False,
    )
    op.create_index(
        "ix_regulation_version_effective",
        "regulation_version",
        ["regulation_id", "effective_on"],
        unique=True,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(
        "ix_regulation_version_one_open",
        "regulation_version",
        ["regulation_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'reviewing')"),
        postgresql_where=sa.text("state IN ('draft', 'reviewing')"),
    )
    op.create_index(
        op.f("ix_regulation_version_state"), "regulation_version", ["state"], unique=False
    )


def create_articles() -> None:
    """Make the table `regulation_article`."""
    op.create_table(
        "regulation_article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_regulation_article_says_something")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["regulation_version.id"], name=op.f("fk_regulation_article_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation_article")),
        sa.UniqueConstraint(
            "version_id", "label", name=op.f("uq_regulation_article_version_id_label")
        ),
        sa.UniqueConstraint(
            "version_id", "position", name=op.f("uq_regulation_article_version_id_position")
        ),
    )


def create_risks() -> None:
    """Make the table `risk_point`."""
    op.create_table(
        "risk_point",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reviewing",
                "returned",
                "in_force",
                "review_due",
                "ended",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("current", sa.Integer(), nullable=True),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_risk_point_ended_once")
        ),
        sa.CheckConstraint(
            "state <> 'dropped' OR current IS NULL",
            name=op.f("ck_risk_point_dropped_before_it_held"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'review_due') OR current IS NOT NULL",
            name=op.f("ck_risk_point_in_force_with_content"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> written_by_id", name=op.f("ck_risk_point_writer_does_not_approve")
        ),
        sa.CheckConstraint(
            "latest > 0 AND current <= latest", name=op.f("ck_risk_point_numbers_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_risk_point_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_risk_point_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_risk_point_ended_by_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_risk_point_post_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_risk_point_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_point")),
    )
    op.create_index(
        op.f("ix_risk_point_drafted_by_id"), "risk_point", ["drafted_by_id"], unique=False
    )
    op.create_index(op.f("ix_risk_point_post_id"), "risk_point", ["post_id"], unique=False)
    op.create_index(op.f("ix_risk_point_state"), "risk_point", ["state"], unique=False)


def create_contents() -> None:
    """Make the table `risk_content`."""
    op.create_table(
        "risk_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("risk_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "apply",
                "accept",
                "examine",
                "decide",
                "deliver",
                name="stage_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "high",
                "medium",
                "low",
                name="level_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("manifestation", sa.String(length=300), nullable=False),
        sa.Column("measures", sa.String(length=500), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", types.UtcDateTime(), nullable=False),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "manifestation <> '' AND measures <> '' AND basis <> ''",
            name=op.f("ck_risk_content_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["regulation_article.id"], name=op.f("fk_risk_content_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["person.id"], name=op.f("fk_risk_content_responsible_id")
        ),
        sa.ForeignKeyConstraint(
            ["risk_id"], ["risk_point.id"], name=op.f("fk_risk_content_risk_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_risk_content_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_content")),
        sa.UniqueConstraint("risk_id", "number", name=op.f("uq_risk_content_risk_id_number")),
    )
    op.create_index(
        op.f("ix_risk_content_article_id"), "risk_content", ["article_id"], unique=False
    )
    op.create_index(
        op.f("ix_risk_content_responsible_id"), "risk_content", ["responsible_id"], unique=False
    )
    op.create_index(op.f("ix_risk_content_review_on"), "risk_content", ["review_on"], unique=False)


def create_lists() -> None:
    """Make the table `reading_item`."""
    op.create_table(
        "reading_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regulation_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("days > 0", name=op.f("ck_reading_item_days_positive")),
        sa.CheckConstraint("ended_on >= starts_on", name=op.f("ck_reading_item_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_reading_item_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_reading_item_ended_by_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_reading_item_post_id")),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_reading_item_regulation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_item")),
    )
    op.create_index(
        "ix_reading_item_all_open",
        "reading_item",
        ["regulation_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL AND post_id IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL AND post_id IS NULL"),
    )
    op.create_index(op.f("ix_reading_item_post_id"), "reading_item", ["post_id"], unique=False)
    op.create_index(
        "ix_reading_item_post_open",
        "reading_item",
        ["regulation_id", "post_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL AND post_id IS NOT NULL"),
        postgresql_where=sa.text("ended_on IS NULL AND post_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_reading_item_regulation_id"), "reading_item", ["regulation_id"], unique=False
    )


def create_confirmations() -> None:
    """Make the table `reading_confirmation`."""
    op.create_table(
        "reading_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reading_confirmation_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["regulation_version.id"],
            name=op.f("fk_reading_confirmation_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_confirmation")),
        sa.UniqueConstraint(
            "person_id", "version_id", name=op.f("uq_reading_confirmation_person_id_version_id")
        ),
    )
    op.create_index(
        op.f("ix_reading_confirmation_version_id"),
        "reading_confirmation",
        ["version_id"],
        unique=False,
    )


def cite_articles() -> None:
    """Let questions, checklist items and orders cite an article.

    The same words on both engines, and no table is made anew: its triggers stay where they are.
    """
    for table in CITING:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN article_id INTEGER "
            f"CONSTRAINT fk_{table}_article_id REFERENCES regulation_article (id)"
        )
