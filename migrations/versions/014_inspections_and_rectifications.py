"""Inspections: duty roster, checklist, rounds with findings; and the orders that come of them."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "014"
down_revision = "013"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_order()
    create_order_photo()
    create_duty_entry()
    create_checklist()
    create_inspection()
    create_window_check()
    create_finding()
    create_remark()
    create_handover()


def moment(name: str, *, nullable: bool = True) -> sa.Column:
    """Give a column for an instant."""
    return sa.Column(name, types.UtcDateTime(), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    """Give a column for a whole number."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column:
    """Give a column for a text."""
    kind = sa.String(length=length) if length else sa.Text()
    return sa.Column(name, kind, nullable=nullable)


def points(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Point columns at the ids of other tables."""
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    """Give CHECKs by name."""
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in conditions.items()
    ]


def choice(name: str, table: str, check: str, *values: str, nullable: bool = False) -> sa.Column:
    """Give a column that holds one of some words."""
    kind = sa.Enum(
        *values, name=op.f(f"ck_{table}_{check}"), native_enum=False, create_constraint=True,
        length=32,
    )  # fmt: skip
    return sa.Column(name, kind, nullable=nullable)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Say of columns that no two rows share them."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """Name the key of a table."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def index(table: str, *columns: str) -> None:
    """Index columns, each by itself."""
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def create_order() -> None:
    """Make the table of orders."""
    table = "rectification_order"
    states = (
        "to_sign", "returned", "to_receive", "mending", "appealed", "to_recheck", "to_close",
        "closed", "revoked", "not_issued",
    )  # fmt: skip
    people = (
        "drafted_by_id", "found_by_id", "found_with_id", "led_by_id", "signed_by_id",
        "received_by_id", "responsible_id", "repaired_by_id", "rechecked_by_id", "closed_by_id",
        "appealed_by_id", "decided_by_id",
    )  # fmt: skip
    op.create_table(
        table,
        number("id"),
        number("version"),
        moment("drafted_at", nullable=False),
        moment("moved_at", nullable=False),
        moment("due_at"),
        number("drafted_by_id", nullable=True),
        text("public_id", 24),
        text("number", 20, nullable=True),
        choice("state", table, "state_valid", *states),
        choice("severity", table, "severity_valid", "minor", "serious", "grave"),
        number("department_id"),
        number("window_id", nullable=True),
        text("source_label", 80),
        text("source_endpoint", 100),
        sa.Column("source_arguments", types.Json(), nullable=False),
        moment("found_at", nullable=False),
        text("fact"),
        text("basis", 300),
        text("requirement"),
        number("mend_days"),
        number("appeal_days"),
        number("found_by_id", nullable=True),
        number("found_with_id", nullable=True),
        number("led_by_id", nullable=True),
        number("signed_by_id", nullable=True),
        moment("signed_at"),
        number("received_by_id", nullable=True),
        moment("received_at"),
        choice("cause", table, "cause_valid", "person", "process", "system", "rule", nullable=True),
        text("measure"),
        number("responsible_id", nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        number("repaired_by_id", nullable=True),
        moment("repaired_at"),
        number("rechecked_by_id", nullable=True),
        moment("rechecked_at"),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        number("cycle"),
        number("closed_by_id", nullable=True),
        moment("closed_at"),
        number("appealed_by_id", nullable=True),
        moment("appealed_at"),
        number("decided_by_id", nullable=True),
        moment("decided_at"),
        *checks(
            table,
            signed_by_another="signed_by_id <> drafted_by_id",
            finder_does_not_sign="signed_by_id <> found_by_id",
            finder_does_not_recheck="rechecked_by_id <> found_by_id",
            mate_does_not_recheck="rechecked_by_id <> found_with_id",
            leader_does_not_recheck="rechecked_by_id <> led_by_id",
            drafter_does_not_recheck="rechecked_by_id <> drafted_by_id",
            repairer_does_not_recheck="rechecked_by_id <> repaired_by_id",
            responsible_does_not_recheck="rechecked_by_id <> responsible_id",
            drafter_does_not_close="closed_by_id <> drafted_by_id",
            repairer_does_not_close="closed_by_id <> repaired_by_id",
            rechecker_does_not_close="closed_by_id <> rechecked_by_id",
            finder_does_not_decide="decided_by_id <> found_by_id",
            mate_does_not_decide="decided_by_id <> found_with_id",
            leader_does_not_decide="decided_by_id <> led_by_id",
            drafter_does_not_decide="decided_by_id <> drafted_by_id",
            signer_does_not_decide="decided_by_id <> signed_by_id",
            appellant_does_not_decide="decided_by_id <> appealed_by_id",
            numbered_once_signed=(
                "number IS NOT NULL OR state IN ('to_sign', 'returned', 'not_issued')"
            ),
            revoked_by_decision="state <> 'revoked' OR decided_by_id IS NOT NULL",
            days_positive="mend_days > 0 AND appeal_days > 0",
            cycle_positive="cycle > 0",
            closed_after_recheck=(
                "state <> 'closed' OR (rechecked_by_id IS NOT NULL AND is_passed IS NOT NULL "
                "AND is_passed AND repaired_by_id IS NOT NULL AND measure <> '')"
            ),
        ),
        *points(
            table,
            **dict.fromkeys(people, "person"),
            department_id="department",
            window_id="service_window",
        ),
        key(table, "id"),
        unique(table, "public_id"),
        unique(table, "number"),
    )
    index(table, "drafted_by_id", "state", "department_id", "window_id", "found_by_id")


def create_order_photo() -> None:
    """Make the table of photos of what was mended."""
    table = "rectification_photo"
    op.create_table(
        table,
        number("id"),
        text("public_id", 24),
        number("order_id"),
        number("file_id"),
        number("cycle"),
        number("added_by_id"),
        moment("added_at", nullable=False),
        *points(table, order_id="rectification_order", file_id="stored_file", added_by_id="person"),
        key(table, "id"),
        unique(table, "public_id"),
        unique(table, "file_id"),
    )
    index(table, "order_id")


def create_duty_entry() -> None:
    """Make the table of the 值班表."""
    table = "duty_entry"
    op.create_table(
        table,
        number("id"),
        sa.Column("day", sa.Date(), nullable=False),
        choice("period", table, "period_valid", "morning", "afternoon", "whole_day"),
        number("first_id"),
        number("second_id"),
        number("leader_id"),
        text("areas", 60),
        number("version"),
        *checks(table, two_inspectors="first_id <> second_id"),
        *points(table, first_id="person", second_id="person", leader_id="person"),
        key(table, "id"),
        unique(table, "day", "period"),
    )
    index(table, "first_id", "second_id", "leader_id")


def create_checklist() -> None:
    """Make the tables of the checklist's versions and their items."""
    op.create_table(
        "checklist",
        number("id"),
        number("number"),
        number("made_by_id", nullable=True),
        moment("made_at", nullable=False),
        *checks("checklist", number_positive="number > 0"),
        *points("checklist", made_by_id="person"),
        key("checklist", "id"),
        unique("checklist", "number"),
    )
    table = "checklist_item"
    op.create_table(
        table,
        number("id"),
        number("checklist_id"),
        number("position"),
        text("code", 20),
        text("name", 40),
        text("basis", 200),
        sa.Column("phrases", types.Json(), nullable=False),
        sa.Column("shows_absence", sa.Boolean(), nullable=False),
        *points(table, checklist_id="checklist"),
        key(table, "id"),
        unique(table, "checklist_id", "position"),
        unique(table, "checklist_id", "code"),
    )


def create_inspection() -> None:
    """Make the table of rounds."""
    table = "inspection"
    op.create_table(
        table,
        number("id"),
        text("public_id", 24),
        text("client_id", 36),
        text("number", 20),
        sa.Column("day", sa.Date(), nullable=False),
        choice("period", table, "period_valid", "morning", "afternoon", "whole_day"),
        choice("way", table, "way_valid", "on_site", "unannounced"),
        number("checklist_id"),
        number("inspector_id"),
        number("second_id"),
        number("leader_id"),
        text("areas", 60),
        moment("started_at", nullable=False),
        moment("ended_at"),
        choice("opinion", table, "opinion_valid", "agreed", "stated", "refused", nullable=True),
        text("opinion_note", 300),
        *checks(
            table,
            two_inspectors="second_id <> inspector_id",
            ended_after_start="ended_at >= started_at",
            opinion_at_end="(ended_at IS NULL) = (opinion IS NULL)",
            statement_given="opinion <> 'stated' OR opinion_note <> ''",
        ),
        *points(
            table,
            checklist_id="checklist",
            inspector_id="person",
            second_id="person",
            leader_id="person",
        ),
        key(table, "id"),
        unique(table, "public_id"),
        unique(table, "client_id"),
        unique(table, "number"),
    )
    index(table, "day", "inspector_id", "second_id", "leader_id")


def create_window_check() -> None:
    """Make the table of windows that were looked at."""
    table = "window_check"
    op.create_table(
        table,
        number("id"),
        number("inspection_id"),
        number("window_id"),
        number("department_id"),
        sa.Column("on_duty", types.Json(), nullable=False),
        moment("checked_at", nullable=False),
        *points(
            table,
            inspection_id="inspection",
            window_id="service_window",
            department_id="department",
        ),
        key(table, "id"),
        unique(table, "inspection_id", "window_id"),
    )
    index(table, "window_id", "department_id")


def create_finding() -> None:
    """Make the table of findings."""
    table = "finding"
    op.create_table(
        table,
        number("id"),
        text("public_id", 24),
        text("client_id", 36),
        number("check_id"),
        number("item_id"),
        text("fact"),
        text("absence_note", 300),
        choice("track", table, "track_valid", "reminder", "on_the_spot", "order"),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        moment("found_at", nullable=False),
        number("found_by_id"),
        number("before_file_id", nullable=True),
        number("after_file_id", nullable=True),
        moment("fixed_at"),
        number("confirmed_by_id", nullable=True),
        number("order_id", nullable=True),
        *checks(
            table,
            order_where_formal="(track = 'order') = (order_id IS NOT NULL)",
            first_is_reminder="NOT is_first OR track = 'reminder'",
            fixed_with_photo=(
                "(fixed_at IS NULL) = (after_file_id IS NULL) AND "
                "(fixed_at IS NULL) = (confirmed_by_id IS NULL)"
            ),
            seen_before_fixed="track <> 'on_the_spot' OR before_file_id IS NOT NULL",
            fixed_on_the_spot="fixed_at IS NULL OR track = 'on_the_spot'",
            confirmed_by_another="confirmed_by_id <> found_by_id",
            fact_given="fact <> ''",
        ),
        *points(
            table,
            check_id="window_check",
            item_id="checklist_item",
            found_by_id="person",
            before_file_id="stored_file",
            after_file_id="stored_file",
            confirmed_by_id="person",
            order_id="rectification_order",
        ),
        key(table, "id"),
        *(
            unique(table, column)
            for column in (
                "public_id", "client_id", "before_file_id", "after_file_id", "order_id",
            )
        ),
    )  # fmt: skip
    index(table, "check_id", "item_id", "found_by_id")


def create_remark() -> None:
    """Make the table of corrections."""
    table = "inspection_remark"
    op.create_table(
        table,
        number("id"),
        number("inspection_id"),
        text("text", 300),
        text("reason", 200),
        number("made_by_id"),
        moment("made_at", nullable=False),
        *points(table, inspection_id="inspection", made_by_id="person"),
        key(table, "id"),
    )
    index(table, "inspection_id")


def create_handover() -> None:
    """Make the table of hand-overs, which point at nothing that they might be about."""
    table = "handover"
    op.create_table(
        table,
        text("public_id", 24),
        text("client_id", 36),
        text("slip_number", 20),
        sa.Column("handed_on", sa.Date(), nullable=False),
        text("channel", 20),
        number("handed_by_id"),
        number("receiver_id"),
        *checks(table, received_by_another="handed_by_id <> receiver_id"),
        *points(table, handed_by_id="person", receiver_id="person"),
        key(table, "public_id"),
        unique(table, "client_id"),
        unique(table, "slip_number"),
    )
    index(table, "receiver_id", "handed_by_id")
