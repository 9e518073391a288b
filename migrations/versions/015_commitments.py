"""三亮: sheets with their versions, lines and standards; 好差评码, prints, 党员示范岗."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "015"
down_revision = "014"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_commitment_sheet()
    create_sheet_version()
    create_commitment_line()
    create_service_standard()
    create_rating_code()
    create_sheet_print()
    create_model_post()


def create_commitment_sheet() -> None:
    """Make the table of sheets."""
    op.create_table(
        "commitment_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_commitment_sheet_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["service_window.id"], name=op.f("fk_commitment_sheet_window_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_sheet")),
        sa.UniqueConstraint(
            "window_id", "department_id", name=op.f("uq_commitment_sheet_window_id_department_id")
        ),
    )
    op.create_index("ix_commitment_sheet_department_id", "commitment_sheet", ["department_id"])
    op.create_index(
        "ix_commitment_sheet_one_of_department",
        "commitment_sheet",
        ["department_id"],
        unique=True,
        sqlite_where=sa.text("window_id IS NULL"),
        postgresql_where=sa.text("window_id IS NULL"),
    )


def create_sheet_version() -> None:
    """Make the table of their versions."""
    op.create_table(
        "sheet_version",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "approval",
                "public",
                "updated",
                "withdrawn",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("slogan", sa.String(length=24), nullable=False),
        sa.Column("supervision_phone", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("check_code", sa.String(length=64), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", types.UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "approved_by_id <> reviewed_by_id", name=op.f("ck_sheet_version_approved_by_a_third")
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id", name=op.f("ck_sheet_version_approved_by_another")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= published_on",
            name=op.f("ck_sheet_version_ends_after_start"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('public', 'updated', 'withdrawn') OR (edition IS NOT NULL"
            " AND published_on IS NOT NULL AND check_code <> '' AND approved_by_id IS NOT NULL)",
            name=op.f("ck_sheet_version_public_when_approved"),
        ),
        sa.CheckConstraint(
            "reviewed_by_id <> drafted_by_id", name=op.f("ck_sheet_version_reviewed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_sheet_version_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_sheet_version_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["person.id"], name=op.f("fk_sheet_version_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["commitment_sheet.id"], name=op.f("fk_sheet_version_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_version")),
        sa.UniqueConstraint("sheet_id", "edition", name=op.f("uq_sheet_version_sheet_id_edition")),
    )
    op.create_index("ix_sheet_version_drafted_by_id", "sheet_version", ["drafted_by_id"])
    op.create_index(
        "ix_sheet_version_one_open",
        "sheet_version",
        ["sheet_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'review', 'approval')"),
        postgresql_where=sa.text("state IN ('draft', 'review', 'approval')"),
    )
    op.create_index(
        "ix_sheet_version_one_public",
        "sheet_version",
        ["sheet_id"],
        unique=True,
        sqlite_where=sa.text("state = 'public'"),
        postgresql_where=sa.text("state = 'public'"),
    )
    op.create_index("ix_sheet_version_sheet_id", "sheet_version", ["sheet_id"])


def create_commitment_line() -> None:
    """Make the table of commitments."""
    op.create_table(
        "commitment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("after", sa.String(length=22), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "number <> '' AND unit <> ''", name=op.f("ck_commitment_line_has_number")
        ),
        sa.CheckConstraint(
            "indicator <> '' AND measure <> ''", name=op.f("ck_commitment_line_is_measured")
        ),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name=op.f("ck_commitment_line_place_within")),
        sa.CheckConstraint(
            "length(before) + length(number) + length(after) <= 22",
            name=op.f("ck_commitment_line_short_enough"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["sheet_version.id"], name=op.f("fk_commitment_line_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_line")),
        sa.UniqueConstraint(
            "version_id", "place", name=op.f("uq_commitment_line_version_id_place")
        ),
    )


def create_service_standard() -> None:
    """Make the table of standards."""
    op.create_table(
        "service_standard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=56), nullable=False),
        sa.CheckConstraint(
            "text <> '' AND basis <> ''", name=op.f("ck_service_standard_has_basis")
        ),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name=op.f("ck_service_standard_place_within")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["sheet_version.id"], name=op.f("fk_service_standard_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_standard")),
        sa.UniqueConstraint(
            "version_id", "place", name=op.f("uq_service_standard_version_id_place")
        ),
    )


def create_rating_code() -> None:
    """Make the table of 好差评码."""
    op.create_table(
        "rating_code",
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_rating_code_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_rating_code_set_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["service_window.id"], name=op.f("fk_rating_code_window_id")
        ),
        sa.PrimaryKeyConstraint("window_id", name=op.f("pk_rating_code")),
        sa.UniqueConstraint("file_id", name=op.f("uq_rating_code_file_id")),
    )


def create_sheet_print() -> None:
    """Make the table of what was printed."""
    op.create_table(
        "sheet_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "desk_card",
                "poster",
                "notice",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", types.UtcDateTime(), nullable=False),
        sa.Column("collected_by_id", sa.Integer(), nullable=True),
        sa.Column("collected_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(collected_at IS NULL) = (collected_by_id IS NULL)",
            name=op.f("ck_sheet_print_collected_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["collected_by_id"], ["person.id"], name=op.f("fk_sheet_print_collected_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["person.id"], name=op.f("fk_sheet_print_printed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["sheet_version.id"], name=op.f("fk_sheet_print_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_print")),
    )
    op.create_index("ix_sheet_print_version_id", "sheet_print", ["version_id"])


def create_model_post() -> None:
    """Make the table of 党员示范岗."""
    op.create_table(
        "model_post",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "confirmed",
                "refused",
                "ended",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("grounds", sa.String(length=200), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id <> drafted_by_id", name=op.f("ck_model_post_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'ended') OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_model_post_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> person_id", name=op.f("ck_model_post_nobody_confirms_himself")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_model_post_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_model_post_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_model_post_person_id")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_model_post_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_post")),
    )
    op.create_index("ix_model_post_drafted_by_id", "model_post", ["drafted_by_id"])
    op.create_index(
        "ix_model_post_one_each",
        "model_post",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'confirmed')"),
        postgresql_where=sa.text("state IN ('asked', 'confirmed')"),
    )
    op.create_index("ix_model_post_person_id", "model_post", ["person_id"])
