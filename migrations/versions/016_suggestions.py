"""Ideas of staff and public, improvement orders, hand-overs, and how often public forms come."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "016"
down_revision = "015"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_ideas()
    create_messages()
    create_handovers()
    create_imports()
    create_orders()
    create_evidence()
    create_arrivals()


def create_ideas() -> None:
    """Make the table `idea`."""
    op.create_table(
        "idea",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "staff",
                "public",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "site",
                "online",
                "scan",
                "slip",
                "phone",
                "feedback_window",
                "open_day",
                "message_board",
                "outside_form",
                name="channel_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "staff_waiting",
                "public_waiting",
                "handling",
                "extending",
                "merged",
                "refused",
                "answered",
                "handed_over",
                "erased",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("service_item_id", sa.Integer(), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(length=40), nullable=False),
        sa.Column("consented_at", types.UtcDateTime(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("outside_source", sa.String(length=40), nullable=True),
        sa.Column("outside_number", sa.String(length=60), nullable=True),
        sa.Column("triaged_by_id", sa.Integer(), nullable=True),
        sa.Column("triaged_at", types.UtcDateTime(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("is_hard", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_extended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("extension_opinion", sa.Text(), nullable=False),
        sa.Column("before_extension_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "adopted",
                "partly",
                "declined",
                name="outcome_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("seen_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "rating",
            sa.Enum(
                "satisfied",
                "fair",
                "dissatisfied",
                name="rating_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rated_at", types.UtcDateTime(), nullable=True),
        sa.Column("erased_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(contact = '') = (consented_at IS NULL)", name=op.f("ck_idea_contact_with_consent")
        ),
        sa.CheckConstraint(
            "(kind = 'staff') = (author_id IS NOT NULL)",
            name=op.f("ck_idea_staff_sign_their_ideas"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL", name=op.f("ck_idea_answered_once")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR state IN ('answered', 'handed_over')",
            name=op.f("ck_idea_answer_stands"),
        ),
        sa.CheckConstraint(
            "(state = 'erased') = (erased_at IS NOT NULL)", name=op.f("ck_idea_erased_by_receipt")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR answer <> ''", name=op.f("ck_idea_answer_in_words")
        ),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR problem <> ''", name=op.f("ck_idea_says_something")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (title = '' AND problem = '' AND proposal = '' AND contact = '' AND finding = '' AND answer = '' AND reason = '' AND extension_reason = '' AND extension_opinion = '' AND picture_id IS NULL AND department_id IS NULL AND service_item_id IS NULL AND outcome IS NULL)",  # noqa: E501
            name=op.f("ck_idea_erased_is_empty"),
        ),
        sa.CheckConstraint(
            "kind = 'public' OR (contact = '' AND code_hash IS NULL)", name=op.f("ck_idea_by_code")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'adopted' OR reason <> ''",
            name=op.f("ck_idea_refusal_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'merged' OR merged_into_id IS NOT NULL", name=op.f("ck_idea_merged_into_one")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_idea_not_taken_has_reason")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL)", name=op.f("ck_idea_answer_has_outcome")
        ),
        sa.CheckConstraint(
            "answered_by_id <> author_id", name=op.f("ck_idea_author_answers_no_own_idea")
        ),
        sa.CheckConstraint(
            "(outside_source IS NULL) = (outside_number IS NULL)",
            name=op.f("ck_idea_number_with_source"),
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_idea_not_into_itself")),
        sa.CheckConstraint(
            "triaged_by_id <> author_id", name=op.f("ck_idea_author_takes_no_own_idea")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_idea_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_idea_author_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_idea_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_idea_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["idea.id"], name=op.f("fk_idea_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["stored_file.id"], name=op.f("fk_idea_picture_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_item_id"], ["service_item.id"], name=op.f("fk_idea_service_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["triaged_by_id"], ["person.id"], name=op.f("fk_idea_triaged_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_idea_code_hash")),
        sa.UniqueConstraint(
            "outside_source", "outside_number", name=op.f("uq_idea_outside_source_outside_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_idea_public_id")),
    )
    op.create_index(op.f("ix_idea_author_id"), "idea", ["author_id"], unique=False)
    op.create_index(op.f("ix_idea_department_id"), "idea", ["department_id"], unique=False)
    op.create_index(op.f("ix_idea_drafted_by_id"), "idea", ["drafted_by_id"], unique=False)
    op.create_index(op.f("ix_idea_merged_into_id"), "idea", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_idea_state_due_at"), "idea", ["state", "due_at"], unique=False)


def create_messages() -> None:
    """Make the table `idea_message`."""
    op.create_table(
        "idea_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_idea_message_says_something")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_idea_message_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_message_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_message")),
    )
    op.create_index(op.f("ix_idea_message_idea_id"), "idea_message", ["idea_id"], unique=False)


def create_handovers() -> None:
    """Make the table `idea_handover`."""
    op.create_table(
        "idea_handover",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("slip_number", sa.String(length=20), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("handed_by_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("received_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "handed_by_id <> receiver_id", name=op.f("ck_idea_handover_received_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["person.id"], name=op.f("fk_idea_handover_handed_by_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_idea_handover_idea_id")),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["person.id"], name=op.f("fk_idea_handover_receiver_id")
        ),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_idea_handover")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_idea_handover_idea_id")),
        sa.UniqueConstraint("slip_number", name=op.f("uq_idea_handover_slip_number")),
    )
    op.create_index(
        op.f("ix_idea_handover_handed_by_id"), "idea_handover", ["handed_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_idea_handover_receiver_id"), "idea_handover", ["receiver_id"], unique=False
    )


def create_imports() -> None:
    """Make the table `idea_import`."""
    op.create_table(
        "idea_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(), nullable=False),
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
        sa.Column("rows", types.Json(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'previewed' OR rows = '[]'", name=op.f("ck_idea_import_rows_not_kept")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_idea_import_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_idea_import_public_id")),
    )


def create_orders() -> None:
    """Make the table `improvement_order`."""
    op.create_table(
        "improvement_order",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "issuing",
                "receiving",
                "feedback",
                "declining",
                "carrying",
                "verifying",
                "visiting",
                "revisiting",
                "closed",
                "declined",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "idea",
                "opinion",
                "hotline",
                "rating",
                "complaint",
                "feedback_window",
                "inspection",
                "other",
                name="source_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source_number", sa.String(length=120), nullable=False),
        sa.Column("case_count", sa.Integer(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_until", sa.Date(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("current_value", sa.String(length=40), nullable=False),
        sa.Column("target_value", sa.String(length=40), nullable=False),
        sa.Column("carry_days", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("points", types.Marks(), nullable=True),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", types.UtcDateTime(), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", types.UtcDateTime(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", types.UtcDateTime(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "adopted",
                "partly",
                "declined",
                name="verdict_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("verdict_reason", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=40), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=True),
        sa.Column("feedback_by_id", sa.Integer(), nullable=True),
        sa.Column("feedback_at", types.UtcDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("carried_by_id", sa.Integer(), nullable=True),
        sa.Column("carried_at", types.UtcDateTime(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_unsuitable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("unsuitable_reason", sa.Text(), nullable=False),
        sa.Column("visited_by_id", sa.Integer(), nullable=True),
        sa.Column("visited_at", types.UtcDateTime(), nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column(
            "visit_way",
            sa.Enum(
                "phone",
                "in_person",
                "message",
                name="visit_way_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "visit_result",
            sa.Enum(
                "solved",
                "partly",
                "unsolved",
                "unreached",
                "refused",
                name="visit_result_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("visit_note", sa.Text(), nullable=False),
        sa.Column("revisited_by_id", sa.Integer(), nullable=True),
        sa.Column("revisited_at", types.UtcDateTime(), nullable=True),
        sa.Column("revisit_from", sa.Date(), nullable=True),
        sa.Column("revisit_on", sa.Date(), nullable=True),
        sa.Column(
            "revisit_way",
            sa.Enum(
                "phone",
                "in_person",
                "message",
                name="revisit_way_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "revisit_result",
            sa.Enum(
                "solved",
                "partly",
                "unsolved",
                "unreached",
                "refused",
                name="revisit_result_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("revisit_note", sa.Text(), nullable=False),
        sa.Column("is_case", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("case_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "NOT is_case OR state = 'closed'", name=op.f("ck_improvement_order_case_when_closed")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR is_unsuitable OR revisited_at IS NOT NULL",
            name=op.f("ck_improvement_order_visited_before_end"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR confirmed_at IS NOT NULL",
            name=op.f("ck_improvement_order_declined_with_consent"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('visiting', 'revisiting', 'closed') OR verified_at IS NOT NULL",
            name=op.f("ck_improvement_order_verified_before_end"),
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict = 'adopted' OR verdict_reason <> ''",
            name=op.f("ck_improvement_order_verdict_has_reason"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (issued_at IS NULL)",
            name=op.f("ck_improvement_order_number_when_issued"),
        ),
        sa.CheckConstraint(
            "(period_from IS NULL) = (period_until IS NULL)",
            name=op.f("ck_improvement_order_period_whole"),
        ),
        sa.CheckConstraint(
            "carry_days BETWEEN 1 AND 120", name=op.f("ck_improvement_order_carry_days_within")
        ),
        sa.CheckConstraint("case_count > 0", name=op.f("ck_improvement_order_cases_counted")),
        sa.CheckConstraint(
            "confirmed_by_id <> feedback_by_id",
            name=op.f("ck_improvement_order_decliner_does_not_confirm"),
        ),
        sa.CheckConstraint(
            "issued_by_id <> drafted_by_id",
            name=op.f("ck_improvement_order_drafter_does_not_issue"),
        ),
        sa.CheckConstraint(
            "issued_by_id <> edited_by_id", name=op.f("ck_improvement_order_editor_does_not_issue")
        ),
        sa.CheckConstraint(
            "issued_by_id <> submitted_by_id",
            name=op.f("ck_improvement_order_sender_does_not_issue"),
        ),
        sa.CheckConstraint(
            "period_until >= period_from", name=op.f("ck_improvement_order_period_in_order")
        ),
        sa.CheckConstraint("points >= 0", name=op.f("ck_improvement_order_points_not_negative")),
        sa.CheckConstraint(
            "revisited_by_id <> carried_by_id",
            name=op.f("ck_improvement_order_carrier_does_not_revisit"),
        ),
        sa.CheckConstraint(
            "revisited_by_id <> visited_by_id",
            name=op.f("ck_improvement_order_another_visits_again"),
        ),
        sa.CheckConstraint(
            "verified_by_id <> carried_by_id",
            name=op.f("ck_improvement_order_carrier_does_not_verify"),
        ),
        sa.CheckConstraint(
            "verified_by_id <> drafted_by_id",
            name=op.f("ck_improvement_order_drafter_does_not_verify"),
        ),
        sa.CheckConstraint(
            "verified_by_id <> edited_by_id",
            name=op.f("ck_improvement_order_editor_does_not_verify"),
        ),
        sa.CheckConstraint(
            "verified_by_id <> feedback_by_id",
            name=op.f("ck_improvement_order_promiser_does_not_verify"),
        ),
        sa.CheckConstraint(
            "verified_by_id <> submitted_by_id",
            name=op.f("ck_improvement_order_sender_does_not_verify"),
        ),
        sa.CheckConstraint(
            "visited_by_id <> carried_by_id",
            name=op.f("ck_improvement_order_carrier_does_not_visit"),
        ),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["person.id"], name=op.f("fk_improvement_order_addressee_id")
        ),
        sa.ForeignKeyConstraint(
            ["carried_by_id"], ["person.id"], name=op.f("fk_improvement_order_carried_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_by_id"], ["person.id"], name=op.f("fk_improvement_order_case_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_improvement_order_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_improvement_order_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_improvement_order_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["person.id"], name=op.f("fk_improvement_order_edited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["feedback_by_id"], ["person.id"], name=op.f("fk_improvement_order_feedback_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_improvement_order_idea_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_improvement_order_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_improvement_order_received_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["revisited_by_id"], ["person.id"], name=op.f("fk_improvement_order_revisited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_improvement_order_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name=op.f("fk_improvement_order_verified_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["visited_by_id"], ["person.id"], name=op.f("fk_improvement_order_visited_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_order")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_improvement_order_idea_id")),
        sa.UniqueConstraint("number", name=op.f("uq_improvement_order_number")),
    )
    op.create_index(
        op.f("ix_improvement_order_department_id"),
        "improvement_order",
        ["department_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_improvement_order_drafted_by_id"),
        "improvement_order",
        ["drafted_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_improvement_order_state_due_at"),
        "improvement_order",
        ["state", "due_at"],
        unique=False,
    )


def create_evidence() -> None:
    """Make the table `order_evidence`."""
    op.create_table(
        "order_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_order_evidence_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_order_evidence_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["improvement_order.id"], name=op.f("fk_order_evidence_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_evidence")),
        sa.UniqueConstraint("file_id", name=op.f("uq_order_evidence_file_id")),
    )
    op.create_index(
        op.f("ix_order_evidence_order_id"), "order_evidence", ["order_id"], unique=False
    )


def create_arrivals() -> None:
    """Make the table `public_arrival`."""
    op.create_table(
        "public_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_arrival")),
    )
    op.create_index(
        op.f("ix_public_arrival_form_at"), "public_arrival", ["form", "at"], unique=False
    )
