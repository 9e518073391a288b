"""任务分解: plans, their measures, indicators, readings, extensions, notes and imported tables."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "021"
down_revision = "020"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_plans()
    create_measures()
    create_imports()
    create_extensions()
    create_indicators()
    create_notes()
    create_readings()


def create_plans() -> None:
    """Make the table `measure_plan`."""
    op.create_table(
        "measure_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("short", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)",
            name=op.f("ck_measure_plan_closed_by_somebody"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_measure_plan_span_in_order")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_measure_plan_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["measure_plan.id"], name=op.f("fk_measure_plan_copied_from_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_measure_plan_code")),
    )


def create_measures() -> None:
    """Make the table `measure`."""
    op.create_table(
        "measure",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "to_receive",
                "running",
                "extending",
                "to_review",
                "to_close",
                "closed",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("partners", sa.String(length=120), nullable=False),
        sa.Column("is_returned", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", types.UtcDateTime(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", types.UtcDateTime(), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", types.UtcDateTime(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("source <> ''", name=op.f("ck_measure_source_given")),
        sa.CheckConstraint(
            "state <> 'closed' OR (reviewed_by_id IS NOT NULL AND reported_by_id IS NOT NULL)",
            name=op.f("ck_measure_closed_after_review"),
        ),
        sa.CheckConstraint(
            "state = 'pending' OR department_id IS NOT NULL",
            name=op.f("ck_measure_owned_when_given"),
        ),
        sa.CheckConstraint(
            "closed_by_id <> reported_by_id", name=op.f("ck_measure_reporter_does_not_close")
        ),
        sa.CheckConstraint(
            "closed_by_id <> reviewed_by_id", name=op.f("ck_measure_reviewer_does_not_close")
        ),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id", name=op.f("ck_measure_asker_does_not_decide")
        ),
        sa.CheckConstraint("ends_on >= begins_on", name=op.f("ck_measure_span_in_order")),
        sa.CheckConstraint(
            "reviewed_by_id <> reported_by_id", name=op.f("ck_measure_reporter_does_not_review")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_measure_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["person.id"], name=op.f("fk_measure_assigned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_measure_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_measure_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_measure_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_measure_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["measure_plan.id"], name=op.f("fk_measure_plan_id")),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_measure_received_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["person.id"], name=op.f("fk_measure_reported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["person.id"], name=op.f("fk_measure_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_measure_plan_id_code")),
        sa.UniqueConstraint("plan_id", "place", name=op.f("uq_measure_plan_id_place")),
    )
    op.create_index(op.f("ix_measure_department_id"), "measure", ["department_id"], unique=False)
    op.create_index(op.f("ix_measure_drafted_by_id"), "measure", ["drafted_by_id"], unique=False)
    op.create_index(op.f("ix_measure_state"), "measure", ["state"], unique=False)


def create_imports() -> None:
    """Make the table `measure_import`."""
    op.create_table(
        "measure_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", types.Json(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(), nullable=False),
        sa.Column("applied_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["measure_plan.id"], name=op.f("fk_measure_import_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_measure_import_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_measure_import_public_id")),
    )
    op.create_index(op.f("ix_measure_import_plan_id"), "measure_import", ["plan_id"], unique=False)
    op.create_index(
        op.f("ix_measure_import_uploaded_by_id"), "measure_import", ["uploaded_by_id"], unique=False
    )


def create_extensions() -> None:
    """Make the table `measure_extension`."""
    op.create_table(
        "measure_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("before_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_measure_extension_reason_given")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_granted IS NULL)",
            name=op.f("ck_measure_extension_decided_once"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id", name=op.f("ck_measure_extension_decided_by_another")
        ),
        sa.CheckConstraint(
            "until_on > before_on", name=op.f("ck_measure_extension_later_than_before")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_measure_extension_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_measure_extension_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_extension_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_extension")),
    )
    op.create_index(
        op.f("ix_measure_extension_measure_id"), "measure_extension", ["measure_id"], unique=False
    )


def create_indicators() -> None:
    """Make the table `measure_indicator`."""
    op.create_table(
        "measure_indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "at_least",
                "more_than",
                "at_most",
                "equal",
                "range",
                "relative",
                "checklist",
                "qualitative",
                "watched",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum(
                "latest",
                "ratio",
                "running",
                name="way_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "period",
            sa.Enum(
                "plan",
                "year",
                "quarter",
                "month",
                name="period_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("target", types.Marks(), nullable=True),
        sa.Column("upper_target", types.Marks(), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("source_name", sa.String(length=60), nullable=False),
        sa.Column("items", types.Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'range') = (upper_target IS NOT NULL)",
            name=op.f("ck_measure_indicator_upper_of_range"),
        ),
        sa.CheckConstraint(
            "kind <> 'range' OR upper_target >= target",
            name=op.f("ck_measure_indicator_range_in_order"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('at_least', 'more_than', 'at_most', 'equal', 'range') "
            "OR target IS NOT NULL",
            name=op.f("ck_measure_indicator_target_given"),
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_indicator_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_indicator")),
        sa.UniqueConstraint(
            "measure_id", "place", name=op.f("uq_measure_indicator_measure_id_place")
        ),
    )


def create_notes() -> None:
    """Make the table `measure_note`."""
    op.create_table(
        "measure_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "urging",
                "publicity",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_measure_note_says_something")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_measure_note_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_note_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_note")),
    )
    op.create_index(
        op.f("ix_measure_note_measure_id"), "measure_note", ["measure_id"], unique=False
    )


def create_readings() -> None:
    """Make the table `measure_reading`."""
    op.create_table(
        "measure_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("value", types.Marks(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("mean", types.Marks(), nullable=True),
        sa.Column("items", types.Json(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "manual",
                "automatic",
                name="origin_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(origin = 'manual') = (person_id IS NOT NULL)",
            name=op.f("ck_measure_reading_typed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(replaces_id IS NULL) = (reason = '')",
            name=op.f("ck_measure_reading_corrected_with_reason"),
        ),
        sa.CheckConstraint(
            "(numerator IS NULL) = (denominator IS NULL)",
            name=op.f("ck_measure_reading_share_whole"),
        ),
        sa.CheckConstraint("denominator > 0", name=op.f("ck_measure_reading_denominator_positive")),
        sa.CheckConstraint("replaces_id <> id", name=op.f("ck_measure_reading_replaces_another")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_measure_reading_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["measure_indicator.id"], name=op.f("fk_measure_reading_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_measure_reading_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["measure_reading.id"], name=op.f("fk_measure_reading_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_reading")),
        sa.UniqueConstraint("file_id", name=op.f("uq_measure_reading_file_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_measure_reading_replaces_id")),
    )
    op.create_index(
        op.f("ix_measure_reading_indicator_id"), "measure_reading", ["indicator_id"], unique=False
    )
    op.create_index(
        "ix_measure_reading_written_once",
        "measure_reading",
        ["indicator_id", "read_on"],
        unique=True,
        sqlite_where=sa.text("origin = 'automatic'"),
        postgresql_where=sa.text("origin = 'automatic'"),
    )
