"""Classes with plan, list, materials, records and monthly figures; exams for named persons."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "019"
down_revision = "018"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    add_named_exams()
    create_training_plan_item()
    create_training_class()
    create_training_class_department()
    create_training_seat()
    create_training_material()
    create_training_record()
    create_training_figure()
    create_training_figure_import()
    create_exam_person()


def add_named_exams() -> None:
    """Let an exam say that it is sat by named persons."""
    with op.batch_alter_table("exam") as batch_op:
        batch_op.add_column(
            sa.Column("is_for_named", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def create_training_plan_item() -> None:
    """Make the table `training_plan_item`."""
    op.create_table(
        "training_plan_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "business",
                "party",
                "practice",
                "study",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.Column("dropped_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_training_plan_item_has_title")),
        sa.CheckConstraint(
            "month BETWEEN 1 AND 12", name=op.f("ck_training_plan_item_month_within")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_training_plan_item_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan_item")),
    )
    op.create_index(
        op.f("ix_training_plan_item_year"), "training_plan_item", ["year"], unique=False
    )


def create_training_class() -> None:
    """Make the table `training_class`."""
    op.create_table(
        "training_class",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "business",
                "party",
                "practice",
                "study",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "party_draft",
                "review",
                "party_review",
                "scheduled",
                "booking",
                "held",
                "evaluated",
                "archived",
                "cancelled",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("starts_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("teacher", sa.String(length=40), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=True),
        sa.Column("post_groups", types.Json(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("aim", sa.String(length=200), nullable=False),
        sa.Column("has_test", sa.Boolean(), nullable=False),
        sa.Column("has_survey", sa.Boolean(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("exam_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("held_at", types.UtcDateTime(), nullable=True),
        sa.Column("archived_by_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", types.UtcDateTime(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('draft', 'review') OR kind <> 'party'",
            name=op.f("ck_training_class_party_by_branch"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('party_draft', 'party_review') OR kind = 'party'",
            name=op.f("ck_training_class_branch_decides_party"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('scheduled', 'booking', 'held', 'evaluated', 'archived')"
            " OR approved_by_id IS NOT NULL",
            name=op.f("ck_training_class_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id", name=op.f("ck_training_class_approved_by_another")
        ),
        sa.CheckConstraint(
            "archived_by_id <> drafted_by_id", name=op.f("ck_training_class_archived_by_another")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_training_class_ends_after_start")),
        sa.CheckConstraint(
            "held_at IS NULL OR held_at >= starts_at",
            name=op.f("ck_training_class_held_after_start"),
        ),
        sa.CheckConstraint(
            "seats IS NULL OR seats > 0", name=op.f("ck_training_class_seats_positive")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_training_class_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["archived_by_id"], ["person.id"], name=op.f("fk_training_class_archived_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["training_class.id"], name=op.f("fk_training_class_copied_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_training_class_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_training_class_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_training_class_exam_id")),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["training_plan_item.id"], name=op.f("fk_training_class_plan_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["person.id"], name=op.f("fk_training_class_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_class")),
        sa.UniqueConstraint("exam_id", name=op.f("uq_training_class_exam_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_class_public_id")),
    )
    op.create_index(
        op.f("ix_training_class_department_id"), "training_class", ["department_id"], unique=False
    )
    op.create_index(
        op.f("ix_training_class_drafted_by_id"), "training_class", ["drafted_by_id"], unique=False
    )
    op.create_index(
        "ix_training_class_one_of_plan",
        "training_class",
        ["plan_item_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('cancelled', 'dropped')"),
        postgresql_where=sa.text("state NOT IN ('cancelled', 'dropped')"),
    )
    op.create_index(
        op.f("ix_training_class_starts_at"), "training_class", ["starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_training_class_teacher_id"), "training_class", ["teacher_id"], unique=False
    )


def create_training_class_department() -> None:
    """Make the table `training_class_department`."""
    op.create_table(
        "training_class_department",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_training_class_department_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_training_class_department_department_id"),
        ),
        sa.PrimaryKeyConstraint(
            "class_id", "department_id", name=op.f("pk_training_class_department")
        ),
    )


def create_training_seat() -> None:
    """Make the table `training_seat`."""
    op.create_table(
        "training_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "waiting",
                "leave",
                "withdrawn",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", types.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("freed_by_id", sa.Integer(), nullable=True),
        sa.Column("freed_at", types.UtcDateTime(), nullable=True),
        sa.Column("signed_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "signed_way",
            sa.Enum(
                "code",
                "tick",
                "paper",
                name="way_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_reason", sa.String(length=100), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "signed_at IS NULL OR state = 'booked'",
            name=op.f("ck_training_seat_signed_where_booked"),
        ),
        sa.CheckConstraint(
            "signed_way IS NULL OR (signed_way = 'code') = (signed_by_id IS NULL)",
            name=op.f("ck_training_seat_ticked_by_somebody"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('leave', 'withdrawn') OR (reason <> '' AND freed_by_id IS NOT NULL)",
            name=op.f("ck_training_seat_freed_with_reason"),
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_way IS NULL)",
            name=op.f("ck_training_seat_signed_somehow"),
        ),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["person.id"], name=op.f("fk_training_seat_booked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_training_seat_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_training_seat_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["freed_by_id"], ["person.id"], name=op.f("fk_training_seat_freed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_training_seat_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_training_seat_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_seat")),
        sa.UniqueConstraint(
            "class_id", "person_id", name=op.f("uq_training_seat_class_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_training_seat_person_id"), "training_seat", ["person_id"], unique=False
    )


def create_training_material() -> None:
    """Make the table `training_material`."""
    op.create_table(
        "training_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_training_material_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_training_material_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_training_material_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_material")),
        sa.UniqueConstraint("file_id", name=op.f("uq_training_material_file_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_material_public_id")),
    )
    op.create_index(
        op.f("ix_training_material_class_id"), "training_material", ["class_id"], unique=False
    )


def create_training_record() -> None:
    """Make the table `training_record`."""
    op.create_table(
        "training_record",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("chair", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("photo_file_id", sa.Integer(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "chair <> '' AND content <> ''", name=op.f("ck_training_record_is_filled")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_training_record_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_file_id"], ["stored_file.id"], name=op.f("fk_training_record_photo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_training_record_written_by_id")
        ),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_training_record")),
        sa.UniqueConstraint("photo_file_id", name=op.f("uq_training_record_photo_file_id")),
    )


def create_training_figure() -> None:
    """Make the table `training_figure`."""
    op.create_table(
        "training_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(length=20), nullable=False),
        sa.Column("value", types.Marks(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=False),
        sa.Column("imported_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("metric <> ''", name=op.f("ck_training_figure_has_metric")),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_training_figure_imported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_training_figure_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_figure")),
        sa.UniqueConstraint(
            "person_id", "month", "metric", name=op.f("uq_training_figure_person_id_month_metric")
        ),
    )
    op.create_index(
        op.f("ix_training_figure_month_metric"),
        "training_figure",
        ["month", "metric"],
        unique=False,
    )


def create_training_figure_import() -> None:
    """Make the table `training_figure_import`."""
    op.create_table(
        "training_figure_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "previewed",
                "applied",
                "erased",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(), nullable=False),
        sa.Column("rows", types.Json(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'previewed' OR rows = '[]'",
            name=op.f("ck_training_figure_import_rows_until_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_training_figure_import_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_figure_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_figure_import_public_id")),
    )
    op.create_index(
        "ix_training_figure_import_waiting",
        "training_figure_import",
        ["uploaded_at"],
        unique=False,
        sqlite_where=sa.text("state = 'previewed'"),
        postgresql_where=sa.text("state = 'previewed'"),
    )


def create_exam_person() -> None:
    """Make the table `exam_person`."""
    op.create_table(
        "exam_person",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_person_exam_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exam_person_person_id")
        ),
        sa.PrimaryKeyConstraint("exam_id", "person_id", name=op.f("pk_exam_person")),
    )
    op.create_index(op.f("ix_exam_person_person_id"), "exam_person", ["person_id"], unique=False)
