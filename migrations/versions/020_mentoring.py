"""师徒结对: pairs, their plans and changes, monthly records, assessments."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "020"
down_revision = "019"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_pair()
    create_item()
    create_change()
    create_record()
    create_assessment()


def create_pair() -> None:
    """Make the table of pairs."""
    op.create_table(
        "mentoring_pair",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "to_master",
                "to_apprentice",
                "to_approve",
                "running",
                "ending",
                "assessing",
                "to_graduate",
                "graduated",
                "ended",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("certificate_number", sa.String(length=20), nullable=True),
        sa.Column("master_id", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", types.UtcDateTime(), nullable=True),
        sa.Column("master_agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("master_agreed_at", types.UtcDateTime(), nullable=True),
        sa.Column("apprentice_agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("apprentice_agreed_at", types.UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("assessed_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_at", types.UtcDateTime(), nullable=True),
        sa.Column("graduated_by_id", sa.Integer(), nullable=True),
        sa.Column("graduated_at", types.UtcDateTime(), nullable=True),
        sa.Column("end_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("end_asked_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "post_changed",
                "master_moved",
                "apprentice_moved",
                "long_leave",
                "agreed",
                "term_over",
                "other",
                name="end_reason_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("end_note", sa.String(length=300), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'graduated') = (certificate_number IS NOT NULL)",
            name=op.f("ck_mentoring_pair_certificate_when_graduated"),
        ),
        sa.CheckConstraint(
            "end_reason <> 'other' OR end_note <> ''",
            name=op.f("ck_mentoring_pair_other_reason_in_words"),
        ),
        sa.CheckConstraint(
            "state <> 'ended' OR end_reason IS NOT NULL",
            name=op.f("ck_mentoring_pair_end_has_reason"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('running', 'ending', 'assessing', 'to_graduate', 'graduated', 'ended') OR approved_at IS NOT NULL",  # noqa: E501
            name=op.f("ck_mentoring_pair_approved_before_running"),
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (number IS NULL)",
            name=op.f("ck_mentoring_pair_number_when_approved"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> apprentice_id",
            name=op.f("ck_mentoring_pair_apprentice_approves_nothing"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id", name=op.f("ck_mentoring_pair_approved_by_another")
        ),
        sa.CheckConstraint(
            "approved_by_id <> master_id", name=op.f("ck_mentoring_pair_master_approves_nothing")
        ),
        sa.CheckConstraint(
            "approved_by_id <> submitted_by_id",
            name=op.f("ck_mentoring_pair_approved_by_no_submitter"),
        ),
        sa.CheckConstraint(
            "assessed_by_id <> apprentice_id",
            name=op.f("ck_mentoring_pair_final_not_by_apprentice"),
        ),
        sa.CheckConstraint(
            "assessed_by_id <> master_id", name=op.f("ck_mentoring_pair_final_not_by_master")
        ),
        sa.CheckConstraint(
            "assessor_id <> apprentice_id", name=op.f("ck_mentoring_pair_nobody_assesses_himself")
        ),
        sa.CheckConstraint(
            "assessor_id <> master_id", name=op.f("ck_mentoring_pair_master_assesses_nobody")
        ),
        sa.CheckConstraint("copies BETWEEN 1 AND 9", name=op.f("ck_mentoring_pair_some_copies")),
        sa.CheckConstraint(
            "ended_by_id <> end_asked_by_id", name=op.f("ck_mentoring_pair_ended_by_another")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_mentoring_pair_term_is_forward")),
        sa.CheckConstraint(
            "graduated_by_id <> apprentice_id",
            name=op.f("ck_mentoring_pair_nobody_graduates_himself"),
        ),
        sa.CheckConstraint(
            "graduated_by_id <> assessed_by_id", name=op.f("ck_mentoring_pair_graduated_by_another")
        ),
        sa.CheckConstraint(
            "graduated_by_id <> master_id", name=op.f("ck_mentoring_pair_master_graduates_nobody")
        ),
        sa.CheckConstraint("master_id <> apprentice_id", name=op.f("ck_mentoring_pair_two_people")),
        sa.ForeignKeyConstraint(
            ["apprentice_agreed_by_id"],
            ["person.id"],
            name=op.f("fk_mentoring_pair_apprentice_agreed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["person.id"], name=op.f("fk_mentoring_pair_apprentice_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_assessed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["person.id"], name=op.f("fk_mentoring_pair_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_mentoring_pair_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["end_asked_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_end_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["graduated_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_graduated_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["master_agreed_by_id"],
            ["person.id"],
            name=op.f("fk_mentoring_pair_master_agreed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["master_id"], ["person.id"], name=op.f("fk_mentoring_pair_master_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_mentoring_pair_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_pair")),
        sa.UniqueConstraint(
            "certificate_number", name=op.f("uq_mentoring_pair_certificate_number")
        ),
        sa.UniqueConstraint("id", "master_id", name=op.f("uq_mentoring_pair_id_master_id")),
        sa.UniqueConstraint("number", name=op.f("uq_mentoring_pair_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mentoring_pair_public_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_mentoring_pair_apprentice_id"), "mentoring_pair", ["apprentice_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_pair_assessor_id"), "mentoring_pair", ["assessor_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_pair_department_id"), "mentoring_pair", ["department_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_pair_drafted_by_id"), "mentoring_pair", ["drafted_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_pair_master_id"), "mentoring_pair", ["master_id"], unique=False
    )
    op.create_index(
        "ix_mentoring_pair_one_master",
        "mentoring_pair",
        ["apprentice_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('graduated', 'ended', 'dropped')"),
        postgresql_where=sa.text("state NOT IN ('graduated', 'ended', 'dropped')"),
    )


def create_item() -> None:
    """Make the table of the items of their plans."""
    op.create_table(
        "mentoring_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("service_item_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("watched_on", sa.Date(), nullable=True),
        sa.Column("assisted_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("assessed_by_id", sa.Integer(), nullable=True),
        sa.Column("authorisation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(assessed_on IS NULL) = (assessed_by_id IS NULL)",
            name=op.f("ck_mentoring_item_assessed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(signed_on IS NULL) = (signed_by_id IS NULL)",
            name=op.f("ck_mentoring_item_signed_by_somebody"),
        ),
        sa.CheckConstraint(
            "assessed_by_id <> signed_by_id", name=op.f("ck_mentoring_item_assessed_by_another")
        ),
        sa.CheckConstraint(
            "assessed_on IS NULL OR signed_on IS NOT NULL",
            name=op.f("ck_mentoring_item_signed_first"),
        ),
        sa.CheckConstraint(
            "assisted_on IS NULL OR watched_on IS NOT NULL",
            name=op.f("ck_mentoring_item_watch_first"),
        ),
        sa.CheckConstraint(
            "authorisation_id IS NULL OR assessed_on IS NOT NULL",
            name=op.f("ck_mentoring_item_authorised_when_assessed"),
        ),
        sa.CheckConstraint(
            "signed_on IS NULL OR assisted_on IS NOT NULL",
            name=op.f("ck_mentoring_item_assist_first"),
        ),
        sa.ForeignKeyConstraint(
            ["assessed_by_id"], ["person.id"], name=op.f("fk_mentoring_item_assessed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["authorisation_id"],
            ["authorisation.id"],
            name=op.f("fk_mentoring_item_authorisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pair_id", "signed_by_id"],
            ["mentoring_pair.id", "mentoring_pair.master_id"],
            name="fk_mentoring_item_signed_by_master",
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["mentoring_pair.id"], name=op.f("fk_mentoring_item_pair_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_item_id"], ["service_item.id"], name=op.f("fk_mentoring_item_service_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_mentoring_item_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_item")),
        sa.UniqueConstraint(
            "pair_id", "service_item_id", name=op.f("uq_mentoring_item_pair_id_service_item_id")
        ),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_mentoring_item_service_item_id"),
        "mentoring_item",
        ["service_item_id"],
        unique=False,
    )


def create_change() -> None:
    """Make the table of numbered changes of what was agreed."""
    op.create_table(
        "mentoring_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("before", types.Json(), nullable=False),
        sa.Column("after", types.Json(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "number = 0 OR reason <> ''", name=op.f("ck_mentoring_change_change_has_reason")
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_mentoring_change_number_counts")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_mentoring_change_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["mentoring_pair.id"], name=op.f("fk_mentoring_change_pair_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_change")),
        sa.UniqueConstraint("pair_id", "number", name=op.f("uq_mentoring_change_pair_id_number")),
        info={"class": "internal"},
    )


def create_record() -> None:
    """Make the table of monthly records."""
    op.create_table(
        "mentoring_record",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "to_confirm",
                "confirmed",
                "lapsed",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("master_id", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Integer(), nullable=False),
        sa.Column("taught", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("plan_next", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", types.UtcDateTime(), nullable=True),
        sa.Column("confirmer_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_mentoring_record_confirmed_once"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('to_confirm', 'confirmed') OR (written_by_id IS NOT NULL AND confirmer_id IS NOT NULL AND taught <> '')",  # noqa: E501
            name=op.f("ck_mentoring_record_written_before_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> written_by_id",
            name=op.f("ck_mentoring_record_confirmed_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["person.id"], name=op.f("fk_mentoring_record_apprentice_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_mentoring_record_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmer_id"], ["person.id"], name=op.f("fk_mentoring_record_confirmer_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_mentoring_record_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["master_id"], ["person.id"], name=op.f("fk_mentoring_record_master_id")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id", "master_id"],
            ["mentoring_pair.id", "mentoring_pair.master_id"],
            name="fk_mentoring_record_of_master",
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["mentoring_pair.id"], name=op.f("fk_mentoring_record_pair_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_mentoring_record_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_record")),
        sa.UniqueConstraint("pair_id", "month", name=op.f("uq_mentoring_record_pair_id_month")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mentoring_record_public_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_mentoring_record_apprentice_id"),
        "mentoring_record",
        ["apprentice_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentoring_record_drafted_by_id"),
        "mentoring_record",
        ["drafted_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentoring_record_master_id"), "mentoring_record", ["master_id"], unique=False
    )


def create_assessment() -> None:
    """Make the table of assessments."""
    op.create_table(
        "mentoring_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("service_item_id", sa.Integer(), nullable=True),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("master_id", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("lines", types.Json(), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("opinion", sa.String(length=300), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "assessor_id <> apprentice_id", name=op.f("ck_mentoring_assessment_not_by_apprentice")
        ),
        sa.CheckConstraint(
            "assessor_id <> master_id", name=op.f("ck_mentoring_assessment_not_by_master")
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["person.id"], name=op.f("fk_mentoring_assessment_apprentice_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["person.id"], name=op.f("fk_mentoring_assessment_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["master_id"], ["person.id"], name=op.f("fk_mentoring_assessment_master_id")
        ),
        sa.ForeignKeyConstraint(
            ["pair_id", "master_id"],
            ["mentoring_pair.id", "mentoring_pair.master_id"],
            name="fk_mentoring_assessment_of_master",
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["mentoring_pair.id"], name=op.f("fk_mentoring_assessment_pair_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_item_id"],
            ["service_item.id"],
            name=op.f("fk_mentoring_assessment_service_item_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_assessment")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_mentoring_assessment_apprentice_id"),
        "mentoring_assessment",
        ["apprentice_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentoring_assessment_assessor_id"),
        "mentoring_assessment",
        ["assessor_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mentoring_assessment_pair_id"), "mentoring_assessment", ["pair_id"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_assessment_service_item_id"),
        "mentoring_assessment",
        ["service_item_id"],
        unique=False,
    )
