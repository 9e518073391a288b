"""Schemes, cycles, portraits with their frozen facts, objections, department sheets, packages."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "022"
down_revision = "021"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_assessment_scheme()
    create_assessment_cycle()
    create_department_sheet()
    create_portrait()
    create_portrait_package()
    create_department_sheet_row()
    create_portrait_edition()
    create_portrait_row()
    create_objection()


def create_assessment_scheme() -> None:
    """Make the table `assessment_scheme`."""
    op.create_table(
        "assessment_scheme",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approval",
                "locked",
                "revoked",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("weight_sum", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", types.UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'dropped') OR weight_sum = 100",
            name=op.f("ck_assessment_scheme_weights_whole"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('locked', 'revoked') OR approved_by_id IS NOT NULL",
            name=op.f("ck_assessment_scheme_locked_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id",
            name=op.f("ck_assessment_scheme_drafter_does_not_approve"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> edited_by_id",
            name=op.f("ck_assessment_scheme_editor_does_not_approve"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> submitted_by_id",
            name=op.f("ck_assessment_scheme_sender_does_not_approve"),
        ),
        sa.CheckConstraint("edition > 0", name=op.f("ck_assessment_scheme_edition_positive")),
        sa.CheckConstraint(
            "quarter BETWEEN 1 AND 4", name=op.f("ck_assessment_scheme_quarter_within")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_assessment_scheme_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_assessment_scheme_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["person.id"], name=op.f("fk_assessment_scheme_edited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_assessment_scheme_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_scheme")),
        sa.UniqueConstraint(
            "year", "quarter", "edition", name=op.f("uq_assessment_scheme_year_quarter_edition")
        ),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_assessment_scheme_drafted_by_id"),
        "assessment_scheme",
        ["drafted_by_id"],
        unique=False,
    )
    op.create_index(
        "ix_assessment_scheme_one_in_use",
        "assessment_scheme",
        ["year", "quarter"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'approval', 'locked')"),
        postgresql_where=sa.text("state IN ('draft', 'approval', 'locked')"),
    )


def create_assessment_cycle() -> None:
    """Make the table `assessment_cycle`."""
    op.create_table(
        "assessment_cycle",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "collecting",
                "preview",
                "approved",
                "released",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("frozen_at", types.UtcDateTime(), nullable=True),
        sa.Column("objections_until", types.UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state = 'collecting' OR frozen_at IS NOT NULL",
            name=op.f("ck_assessment_cycle_shown_when_frozen"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'released') OR approved_by_id IS NOT NULL",
            name=op.f("ck_assessment_cycle_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id",
            name=op.f("ck_assessment_cycle_opener_does_not_approve"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_assessment_cycle_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_assessment_cycle_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["person.id"], name=op.f("fk_assessment_cycle_released_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["assessment_scheme.id"], name=op.f("fk_assessment_cycle_scheme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_cycle")),
        sa.UniqueConstraint("name", name=op.f("uq_assessment_cycle_name")),
        sa.UniqueConstraint("scheme_id", name=op.f("uq_assessment_cycle_scheme_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_assessment_cycle_drafted_by_id"),
        "assessment_cycle",
        ["drafted_by_id"],
        unique=False,
    )


def create_department_sheet() -> None:
    """Make the table `department_sheet`."""
    op.create_table(
        "department_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["assessment_cycle.id"], name=op.f("fk_department_sheet_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_department_sheet_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_sheet")),
        sa.UniqueConstraint(
            "cycle_id", "department_id", name=op.f("uq_department_sheet_cycle_id_department_id")
        ),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_department_sheet_department_id"),
        "department_sheet",
        ["department_id"],
        unique=False,
    )


def create_portrait() -> None:
    """Make the table `portrait`."""
    op.create_table(
        "portrait",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "scored",
                "facts",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("expected_days", sa.Integer(), nullable=False),
        sa.Column("present_days", sa.Integer(), nullable=False),
        sa.Column("posts", types.Json(), nullable=False),
        sa.Column("leaves", types.Json(), nullable=False),
        sa.Column("scores", types.Json(), nullable=False),
        sa.Column("total", types.Marks(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("commented_by_id", sa.Integer(), nullable=True),
        sa.Column("commented_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "unit_opinion",
            sa.Enum(
                "agreed",
                "to_correct",
                name="unit_opinion_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("unit_note", sa.String(length=120), nullable=False),
        sa.Column("unit_by_id", sa.Integer(), nullable=True),
        sa.Column("unit_at", types.UtcDateTime(), nullable=True),
        sa.Column("own_opinion", sa.String(length=120), nullable=False),
        sa.Column("own_opinion_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(comment = '') = (commented_by_id IS NULL)", name=op.f("ck_portrait_comment_is_signed")
        ),
        sa.CheckConstraint(
            "(own_opinion = '') = (own_opinion_at IS NULL)",
            name=op.f("ck_portrait_own_opinion_dated"),
        ),
        sa.CheckConstraint(
            "kind = 'scored' OR total IS NULL", name=op.f("ck_portrait_facts_have_no_total")
        ),
        sa.CheckConstraint(
            "(unit_opinion IS NULL) = (unit_by_id IS NULL)",
            name=op.f("ck_portrait_opinion_is_signed"),
        ),
        sa.CheckConstraint(
            "commented_by_id <> person_id", name=op.f("ck_portrait_nobody_comments_himself")
        ),
        sa.CheckConstraint("edition > 0", name=op.f("ck_portrait_edition_positive")),
        sa.CheckConstraint(
            "present_days BETWEEN 0 AND expected_days", name=op.f("ck_portrait_days_within")
        ),
        sa.CheckConstraint(
            "unit_by_id <> person_id", name=op.f("ck_portrait_nobody_is_his_own_unit")
        ),
        sa.ForeignKeyConstraint(
            ["commented_by_id"], ["person.id"], name=op.f("fk_portrait_commented_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["assessment_cycle.id"], name=op.f("fk_portrait_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_portrait_department_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_portrait_person_id")),
        sa.ForeignKeyConstraint(["unit_by_id"], ["person.id"], name=op.f("fk_portrait_unit_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portrait")),
        sa.UniqueConstraint("cycle_id", "person_id", name=op.f("uq_portrait_cycle_id_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_portrait_public_id")),
        info={"class": "personal"},
    )
    op.create_index(op.f("ix_portrait_department_id"), "portrait", ["department_id"], unique=False)
    op.create_index(op.f("ix_portrait_person_id"), "portrait", ["person_id"], unique=False)


def create_portrait_package() -> None:
    """Make the table `portrait_package`."""
    op.create_table(
        "portrait_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["assessment_cycle.id"], name=op.f("fk_portrait_package_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_portrait_package_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_portrait_package_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_portrait_package_ordered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portrait_package")),
        sa.UniqueConstraint("file_id", name=op.f("uq_portrait_package_file_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_portrait_package_public_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_portrait_package_cycle_id"), "portrait_package", ["cycle_id"], unique=False
    )


def create_department_sheet_row() -> None:
    """Make the table `department_sheet_row`."""
    op.create_table(
        "department_sheet_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("amount", types.Marks(), nullable=False),
        sa.Column("denominator", types.Marks(), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "counted",
                "suspended",
                "overturned",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("arguments", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["department_sheet.id"], name=op.f("fk_department_sheet_row_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_sheet_row")),
        sa.UniqueConstraint(
            "sheet_id", "place", name=op.f("uq_department_sheet_row_sheet_id_place")
        ),
        info={"class": "internal"},
    )


def create_portrait_edition() -> None:
    """Make the table `portrait_edition`."""
    op.create_table(
        "portrait_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portrait_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("scores", types.Json(), nullable=False),
        sa.Column("total", types.Marks(), nullable=True),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["portrait.id"], name=op.f("fk_portrait_edition_portrait_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portrait_edition")),
        sa.UniqueConstraint(
            "portrait_id", "edition", name=op.f("uq_portrait_edition_portrait_id_edition")
        ),
        info={"class": "personal"},
    )


def create_portrait_row() -> None:
    """Make the table `portrait_row`."""
    op.create_table(
        "portrait_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portrait_id", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("points", types.Marks(), nullable=True),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("amount", types.Marks(), nullable=False),
        sa.Column("denominator", types.Marks(), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "counted",
                "suspended",
                "overturned",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("arguments", types.Json(), nullable=False),
        sa.CheckConstraint(
            "denominator IS NULL OR denominator > 0",
            name=op.f("ck_portrait_row_denominator_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_portrait_row_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["portrait.id"], name=op.f("fk_portrait_row_portrait_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portrait_row")),
        sa.UniqueConstraint("portrait_id", "place", name=op.f("uq_portrait_row_portrait_id_place")),
        info={"class": "personal"},
    )


def create_objection() -> None:
    """Make the table `objection`."""
    op.create_table(
        "objection",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("portrait_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "upheld",
                "rejected",
                "withdrawn",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "fact",
                "rule",
                name="ground_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("commented_by_id", sa.Integer(), nullable=True),
        sa.Column("unit_by_id", sa.Integer(), nullable=True),
        sa.Column("run_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_objection_reason_given")),
        sa.CheckConstraint(
            "state NOT IN ('upheld', 'rejected') OR decided_by_id IS NOT NULL",
            name=op.f("ck_objection_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> commented_by_id", name=op.f("ck_objection_commenter_does_not_decide")
        ),
        sa.CheckConstraint(
            "decided_by_id <> drafted_by_id", name=op.f("ck_objection_objector_does_not_decide")
        ),
        sa.CheckConstraint(
            "decided_by_id <> run_by_id", name=op.f("ck_objection_runner_does_not_decide")
        ),
        sa.CheckConstraint(
            "decided_by_id <> unit_by_id", name=op.f("ck_objection_unit_does_not_decide")
        ),
        sa.ForeignKeyConstraint(
            ["commented_by_id"], ["person.id"], name=op.f("fk_objection_commented_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_objection_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_objection_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["portrait.id"], name=op.f("fk_objection_portrait_id")
        ),
        sa.ForeignKeyConstraint(["row_id"], ["portrait_row.id"], name=op.f("fk_objection_row_id")),
        sa.ForeignKeyConstraint(["run_by_id"], ["person.id"], name=op.f("fk_objection_run_by_id")),
        sa.ForeignKeyConstraint(
            ["unit_by_id"], ["person.id"], name=op.f("fk_objection_unit_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_objection_public_id")),
        sa.UniqueConstraint("row_id", name=op.f("uq_objection_row_id")),
        info={"class": "personal"},
    )
    op.create_index(
        op.f("ix_objection_drafted_by_id"), "objection", ["drafted_by_id"], unique=False
    )
    op.create_index(op.f("ix_objection_portrait_id"), "objection", ["portrait_id"], unique=False)
