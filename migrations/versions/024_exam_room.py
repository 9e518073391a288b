"""考场: the path of an exam, blueprints and forms, batches, 缓考 and 免考, call-backs, live acts,
marks by hand, corrections of questions.

Every paper that was published has one form, of all its questions. An old exam keeps its course:
who published it is taken as who reviewed it.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "024"
down_revision = "023"

STATES = (
    "state IN ('draft', 'submitted', 'reviewed', 'approved', 'published', 'graded', 'released',"
    " 'cancelled')"
)
# Old exams knew three states; marked and released were told by their columns.
STATE_NOW = (
    "CASE WHEN released_at IS NOT NULL THEN 'released' WHEN graded_run > 0 THEN 'graded'"
    " ELSE state END"
)
MOVED = (
    "COALESCE(released_at, graded_at, published_at,"
    " CASE state WHEN 'submitted' THEN submitted_at END, drafted_at)"
)
EXAM_KEPT = (
    "id, title, notice, opens_at, closes_at, minutes, pass_marks, releases_when_complete,"
    " is_for_named, drafted_by_id, drafted_at, submitted_at, submitted_by_id, published_by_id,"
    " published_at, paper_hash, full_marks, question_count, graded_run, graded_at, released_at,"
    " released_by_id, version"
)
SITTING_KEPT = (
    "id, public_id, exam_id, person_id, department_id, receipt, started_at, deadline_at,"
    " handed_in_at, handed_in_by"
)
QUESTION_KEPT = (
    "exam_id, number, question_id, kind, category, stem, options, marks, is_demonstration,"
    " content_hash"
)
EXAM_RULES = {
    "form_count_within": "form_count BETWEEN 1 AND 400",
    "reuse_months_within": "reuse_months BETWEEN 1 AND 36",
    "most_exposure_within": "most_exposure BETWEEN 1 AND 100",
    "option_marks_of_rule": "(part_rule = 'per_option') = (option_marks IS NOT NULL)",
    "option_marks_positive": "option_marks > 0",
    "makeup_says_what_counts": "(makeup_of_id IS NULL) = (makeup_rule IS NULL)",
    "drafter_does_not_review": "reviewed_by_id <> drafted_by_id",
    "submitter_does_not_review": "reviewed_by_id <> submitted_by_id",
    "drafter_does_not_approve": "approved_by_id <> drafted_by_id",
    "submitter_does_not_approve": "approved_by_id <> submitted_by_id",
    "reviewer_does_not_approve": "approved_by_id <> reviewed_by_id",
    "published_at_some_time": (
        "state NOT IN ('published', 'graded', 'released') OR published_at IS NOT NULL"
    ),
    "published_by_somebody": "(published_at IS NULL) = (published_by_id IS NULL)",
    "graded_by_a_run": "state NOT IN ('graded', 'released') OR graded_run > 0",
    "released_at_some_time": "(state = 'released') = (released_at IS NOT NULL)",
    "started_by_button": "started_at IS NULL OR starts_by_button",
    "control_count_positive": "control_count >= 0",
    "release_version_positive": "release_version >= 0",
    "part_rule_valid": "part_rule IN ('all_or_nothing', 'half', 'partial', 'per_option')",
    "makeup_rule_valid": "makeup_rule IN ('pass_only', 'better', 'makeup')",
    "state_valid": STATES,
}
SITTING_RULES = {
    "stopped_while_sitting": (
        "stopped_at IS NULL OR (started_at IS NOT NULL AND handed_in_at IS NULL)"
    ),
    "excused_did_not_begin": "standing = 'due' OR started_at IS NULL",
    "batch_known": "batch IN ('A', 'B')",
    "standing_valid": "standing IN ('due', 'deferred', 'exempt')",
    "handed_in_by_valid": "handed_in_by IN ('person', 'system', 'organiser')",
}
# What waits in which state: its label, and who may act.
STEPS = {
    "draft": ("起草中", "exams:paper:draft"),
    "submitted": ("待审核", "exams:paper:review"),
    "graded": ("已评卷，待公布", "exams:result:release"),
}
LATE_KEPT = "id, sitting_id, number, chosen, revision, received_at"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        rebuild_exams()
    else:
        change_exams()
    index_exams()
    create_blueprint_row()
    create_exam_batch()
    create_paper_form()
    fill_forms()
    if is_sqlite:
        rebuild_sittings()
        rebuild_questions()
        rebuild_late_answers()
    else:
        change_sittings()
        change_questions()
        change_late_answers()
    create_question_correction()
    create_answer_mark()
    create_call_back()
    create_exam_control()
    create_exam_excuse()
    create_question_doubt()
    create_sitting_presence()
    begin_paths()
    open_steps()


def rebuild_exams() -> None:
    """Make the table anew, with its rows under their ids; foreign keys are off meanwhile."""
    op.execute(
        """CREATE TABLE exam_new (
        title VARCHAR(80) NOT NULL,
        notice TEXT NOT NULL,
        state VARCHAR(32) NOT NULL,
        opens_at DATETIME NOT NULL,
        closes_at DATETIME NOT NULL,
        minutes INTEGER NOT NULL,
        pass_marks INTEGER NOT NULL,
        releases_when_complete BOOLEAN NOT NULL,
        is_for_named BOOLEAN DEFAULT 0 NOT NULL,
        needs_approval BOOLEAN DEFAULT 0 NOT NULL,
        seed INTEGER DEFAULT 0 NOT NULL,
        form_count INTEGER DEFAULT 1 NOT NULL,
        is_shuffled BOOLEAN DEFAULT 0 NOT NULL,
        reuse_months INTEGER,
        most_exposure INTEGER,
        part_rule VARCHAR(32) DEFAULT 'all_or_nothing' NOT NULL,
        option_marks INTEGER,
        is_double_marked BOOLEAN DEFAULT 0 NOT NULL,
        starts_by_button BOOLEAN DEFAULT 0 NOT NULL,
        started_at DATETIME,
        paused_at DATETIME,
        control_count INTEGER DEFAULT 0 NOT NULL,
        makeup_of_id INTEGER,
        makeup_rule VARCHAR(32),
        submitted_at DATETIME,
        submitted_by_id INTEGER,
        paper_print VARCHAR(16) NOT NULL,
        reviewed_by_id INTEGER,
        reviewed_at DATETIME,
        approved_by_id INTEGER,
        approved_at DATETIME,
        published_by_id INTEGER,
        published_at DATETIME,
        paper_hash VARCHAR(64) NOT NULL,
        full_marks INTEGER NOT NULL,
        question_count INTEGER NOT NULL,
        graded_run INTEGER NOT NULL,
        graded_at DATETIME,
        released_at DATETIME,
        released_by_id INTEGER,
        release_version INTEGER DEFAULT 0 NOT NULL,
        id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        drafted_at DATETIME NOT NULL,
        moved_at DATETIME NOT NULL,
        due_at DATETIME,
        drafted_by_id INTEGER,
        CONSTRAINT pk_exam PRIMARY KEY (id),
        CONSTRAINT ck_exam_closes_after_opening CHECK (closes_at > opens_at),
        CONSTRAINT ck_exam_minutes_within CHECK (minutes BETWEEN 1 AND 240),
        CONSTRAINT ck_exam_pass_marks_positive CHECK (pass_marks >= 0),
        CONSTRAINT ck_exam_form_count_within CHECK (form_count BETWEEN 1 AND 400),
        CONSTRAINT ck_exam_reuse_months_within CHECK (reuse_months BETWEEN 1 AND 36),
        CONSTRAINT ck_exam_most_exposure_within CHECK (most_exposure BETWEEN 1 AND 100),
        CONSTRAINT ck_exam_option_marks_of_rule
            CHECK ((part_rule = 'per_option') = (option_marks IS NOT NULL)),
        CONSTRAINT ck_exam_option_marks_positive CHECK (option_marks > 0),
        CONSTRAINT ck_exam_makeup_says_what_counts
            CHECK ((makeup_of_id IS NULL) = (makeup_rule IS NULL)),
        CONSTRAINT ck_exam_drafter_does_not_review CHECK (reviewed_by_id <> drafted_by_id),
        CONSTRAINT ck_exam_submitter_does_not_review CHECK (reviewed_by_id <> submitted_by_id),
        CONSTRAINT ck_exam_drafter_does_not_approve CHECK (approved_by_id <> drafted_by_id),
        CONSTRAINT ck_exam_submitter_does_not_approve CHECK (approved_by_id <> submitted_by_id),
        CONSTRAINT ck_exam_reviewer_does_not_approve CHECK (approved_by_id <> reviewed_by_id),
        CONSTRAINT ck_exam_published_at_some_time
            CHECK (state NOT IN ('published', 'graded', 'released') OR published_at IS NOT NULL),
        CONSTRAINT ck_exam_published_by_somebody
            CHECK ((published_at IS NULL) = (published_by_id IS NULL)),
        CONSTRAINT ck_exam_graded_by_a_run
            CHECK (state NOT IN ('graded', 'released') OR graded_run > 0),
        CONSTRAINT ck_exam_released_at_some_time
            CHECK ((state = 'released') = (released_at IS NOT NULL)),
        CONSTRAINT ck_exam_started_by_button CHECK (started_at IS NULL OR starts_by_button),
        CONSTRAINT ck_exam_control_count_positive CHECK (control_count >= 0),
        CONSTRAINT ck_exam_release_version_positive CHECK (release_version >= 0),
        CONSTRAINT ck_exam_state_valid
            CHECK (state
                IN ('draft', 'submitted', 'reviewed', 'approved', 'published', 'graded', 'released', 'cancelled')),
        CONSTRAINT ck_exam_part_rule_valid
            CHECK (part_rule IN ('all_or_nothing', 'half', 'partial', 'per_option')),
        CONSTRAINT fk_exam_makeup_of_id FOREIGN KEY(makeup_of_id) REFERENCES exam (id),
        CONSTRAINT ck_exam_makeup_rule_valid
            CHECK (makeup_rule IN ('pass_only', 'better', 'makeup')),
        CONSTRAINT fk_exam_submitted_by_id FOREIGN KEY(submitted_by_id) REFERENCES person (id),
        CONSTRAINT fk_exam_reviewed_by_id FOREIGN KEY(reviewed_by_id) REFERENCES person (id),
        CONSTRAINT fk_exam_approved_by_id FOREIGN KEY(approved_by_id) REFERENCES person (id),
        CONSTRAINT fk_exam_published_by_id FOREIGN KEY(published_by_id) REFERENCES person (id),
        CONSTRAINT fk_exam_released_by_id FOREIGN KEY(released_by_id) REFERENCES person (id),
        CONSTRAINT fk_exam_drafted_by_id FOREIGN KEY(drafted_by_id) REFERENCES person (id)
        )"""  # noqa: E501
    )
    op.execute(
        f"INSERT INTO exam_new ({EXAM_KEPT}, state, moved_at, reviewed_by_id, reviewed_at,"  # noqa: S608
        f" paper_print, release_version) SELECT {EXAM_KEPT}, {STATE_NOW}, {MOVED}, published_by_id,"
        " published_at, '', CASE WHEN released_at IS NULL THEN 0 ELSE 1 END FROM exam"
    )
    op.execute("DROP TABLE exam")
    op.execute("ALTER TABLE exam_new RENAME TO exam")
    op.create_index(op.f("ix_exam_closes_at"), "exam", ["closes_at"], unique=False)


def index_exams() -> None:
    """Make the indexes that are new."""
    op.create_index(op.f("ix_exam_drafted_by_id"), "exam", ["drafted_by_id"], unique=False)
    op.create_index(op.f("ix_exam_makeup_of_id"), "exam", ["makeup_of_id"], unique=False)


def change_exams() -> None:
    """Do the same where a table can be altered."""
    op.execute("DROP TRIGGER IF EXISTS exam_author_is_not_publisher ON exam")
    op.execute("DROP FUNCTION IF EXISTS exam_author_is_not_publisher_check()")
    for name in (
        "state_valid",
        "drafter_is_not_publisher",
        "submitter_is_not_publisher",
        "published_by_somebody",
        "released_after_grading",
    ):
        op.drop_constraint(op.f(f"ck_exam_{name}"), "exam")
    op.alter_column("exam", "drafted_by_id", nullable=True)
    add_exam_columns()
    op.execute(
        f"UPDATE exam SET moved_at = {MOVED}, reviewed_by_id = published_by_id,"  # noqa: S608
        " reviewed_at = published_at,"
        " release_version = CASE WHEN released_at IS NULL THEN 0 ELSE 1 END"
    )
    op.execute(f"UPDATE exam SET state = {STATE_NOW}")  # noqa: S608
    op.alter_column("exam", "moved_at", nullable=False)
    op.alter_column("exam", "paper_print", server_default=None)
    op.drop_column("exam", "sent_back_reason")
    for name, table in (
        ("makeup_of_id", "exam"),
        ("reviewed_by_id", "person"),
        ("approved_by_id", "person"),
    ):
        op.create_foreign_key(op.f(f"fk_exam_{name}"), "exam", table, [name], ["id"])
    for name, rule in EXAM_RULES.items():
        op.create_check_constraint(op.f(f"ck_exam_{name}"), "exam", rule)


def add_exam_columns() -> None:
    """Add what is new; a leader approves none of the old ones."""
    for column in (
        sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("form_count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("is_shuffled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reuse_months", sa.Integer(), nullable=True),
        sa.Column("most_exposure", sa.Integer(), nullable=True),
        sa.Column(
            "part_rule", sa.String(length=32), server_default="all_or_nothing", nullable=False
        ),
        sa.Column("option_marks", types.Marks(), nullable=True),
        sa.Column("is_double_marked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("starts_by_button", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=True),
        sa.Column("paused_at", types.UtcDateTime(), nullable=True),
        sa.Column("control_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("makeup_of_id", sa.Integer(), nullable=True),
        sa.Column("makeup_rule", sa.String(length=32), nullable=True),
        sa.Column("paper_print", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", types.UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("release_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=True),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
    ):
        op.add_column("exam", column)


def fill_forms() -> None:
    """Give every published paper its one form."""
    bind = op.get_bind()
    asked: dict[int, list[tuple[int, int, int]]] = {}
    found = sa.text(
        "SELECT exam_id, number, question_id, marks FROM paper_question ORDER BY number"
    )
    for exam_id, number, question_id, marks in bind.execute(found):
        asked.setdefault(exam_id, []).append((number, question_id, marks))
    put = sa.text(
        "INSERT INTO paper_form (exam_id, code, post_group, question_ids, difficulty, numbers)"
        " VALUES (:exam, 1, NULL, :ids, :difficulty, :numbers)"
    ).bindparams(
        sa.bindparam("ids", type_=types.Json()), sa.bindparam("numbers", type_=types.Json())
    )
    for exam_id, rows in asked.items():
        bind.execute(
            put,
            {
                "exam": exam_id,
                "ids": [question_id for _, question_id, _ in rows],
                # How hard its questions were nobody had written down: all of them medium.
                "difficulty": 2 * sum(marks for *_, marks in rows),
                "numbers": [number for number, *_ in rows],
            },
        )


def rebuild_sittings() -> None:
    """Make the table anew, with its rows under their ids."""
    op.execute(
        """CREATE TABLE sitting_new (
        id INTEGER NOT NULL,
        public_id VARCHAR(24) NOT NULL,
        exam_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        department_id INTEGER NOT NULL,
        form_code INTEGER DEFAULT 1 NOT NULL,
        batch VARCHAR(1),
        standing VARCHAR(32) DEFAULT 'due' NOT NULL,
        receipt VARCHAR(16) NOT NULL,
        device VARCHAR(64) NOT NULL,
        started_at DATETIME,
        deadline_at DATETIME,
        stopped_at DATETIME,
        handed_in_at DATETIME,
        handed_in_by VARCHAR(32),
        CONSTRAINT pk_sitting PRIMARY KEY (id),
        CONSTRAINT uq_sitting_exam_id_person_id UNIQUE (exam_id, person_id),
        CONSTRAINT fk_sitting_exam_id_form_code
            FOREIGN KEY(exam_id, form_code) REFERENCES paper_form (exam_id, code),
        CONSTRAINT ck_sitting_start_has_deadline
            CHECK ((started_at IS NULL) = (deadline_at IS NULL)),
        CONSTRAINT ck_sitting_deadline_after_start CHECK (deadline_at > started_at),
        CONSTRAINT ck_sitting_hand_in_by_somebody
            CHECK ((handed_in_at IS NULL) = (handed_in_by IS NULL)),
        CONSTRAINT ck_sitting_started_before
            CHECK (handed_in_at IS NULL OR started_at IS NOT NULL),
        CONSTRAINT ck_sitting_stopped_while_sitting
            CHECK (stopped_at IS NULL OR (started_at IS NOT NULL AND handed_in_at IS NULL)),
        CONSTRAINT ck_sitting_excused_did_not_begin
            CHECK (standing = 'due' OR started_at IS NULL),
        CONSTRAINT ck_sitting_batch_known CHECK (batch IN ('A', 'B')),
        CONSTRAINT uq_sitting_public_id UNIQUE (public_id),
        CONSTRAINT fk_sitting_exam_id FOREIGN KEY(exam_id) REFERENCES exam (id),
        CONSTRAINT fk_sitting_person_id FOREIGN KEY(person_id) REFERENCES person (id),
        CONSTRAINT fk_sitting_department_id
            FOREIGN KEY(department_id) REFERENCES department (id),
        CONSTRAINT ck_sitting_standing_valid CHECK (standing IN ('due', 'deferred', 'exempt')),
        CONSTRAINT ck_sitting_handed_in_by_valid
            CHECK (handed_in_by IN ('person', 'system', 'organiser'))
        )"""
    )
    op.execute(
        f"INSERT INTO sitting_new ({SITTING_KEPT}, device) SELECT {SITTING_KEPT}, '' FROM sitting"  # noqa: S608
    )
    op.execute("DROP TABLE sitting")
    op.execute("ALTER TABLE sitting_new RENAME TO sitting")
    op.create_index(op.f("ix_sitting_person_id"), "sitting", ["person_id"], unique=False)


def change_sittings() -> None:
    """Do the same where a table can be altered."""
    for column in (
        sa.Column("form_code", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("batch", sa.String(length=1), nullable=True),
        sa.Column("standing", sa.String(length=32), server_default="due", nullable=False),
        sa.Column("device", sa.String(length=64), server_default="", nullable=False),
        sa.Column("stopped_at", types.UtcDateTime(), nullable=True),
    ):
        op.add_column("sitting", column)
    op.alter_column("sitting", "device", server_default=None)
    op.drop_constraint(op.f("ck_sitting_handed_in_by_valid"), "sitting")
    for name, rule in SITTING_RULES.items():
        op.create_check_constraint(op.f(f"ck_sitting_{name}"), "sitting", rule)
    op.create_foreign_key(
        op.f("fk_sitting_exam_id_form_code"),
        "sitting",
        "paper_form",
        ["exam_id", "form_code"],
        ["exam_id", "code"],
    )


def rebuild_questions() -> None:
    """Let a frozen question show its case and its pictures; nothing of what is frozen changes."""
    op.execute(
        """CREATE TABLE paper_question_new (
        exam_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        question_id INTEGER NOT NULL,
        kind VARCHAR(32) NOT NULL,
        category VARCHAR(32) NOT NULL,
        group_key INTEGER,
        group_stem TEXT NOT NULL,
        stem TEXT NOT NULL,
        pictures TEXT DEFAULT '[]' NOT NULL,
        options TEXT NOT NULL,
        blank_count INTEGER DEFAULT 0 NOT NULL,
        marks INTEGER NOT NULL,
        is_demonstration BOOLEAN NOT NULL,
        content_hash VARCHAR(64) NOT NULL,
        CONSTRAINT pk_paper_question PRIMARY KEY (exam_id, number),
        CONSTRAINT ck_paper_question_blank_count_positive CHECK (blank_count >= 0),
        CONSTRAINT fk_paper_question_exam_id FOREIGN KEY(exam_id) REFERENCES exam (id),
        CONSTRAINT fk_paper_question_question_id
            FOREIGN KEY(question_id) REFERENCES question (id),
        CONSTRAINT ck_paper_question_kind_valid
            CHECK (kind
                IN ('single', 'multiple', 'true_false', 'blank', 'numeric', 'short', 'essay')),
        CONSTRAINT ck_paper_question_category_valid CHECK (category IN ('common', 'post'))
        )"""
    )
    op.execute(
        f"INSERT INTO paper_question_new ({QUESTION_KEPT}, group_stem)"  # noqa: S608
        f" SELECT {QUESTION_KEPT}, '' FROM paper_question"
    )
    op.execute("DROP TABLE paper_question")
    op.execute("ALTER TABLE paper_question_new RENAME TO paper_question")


def change_questions() -> None:
    """Do the same where a table can be altered."""
    for column in (
        sa.Column("group_key", sa.Integer(), nullable=True),
        sa.Column("group_stem", sa.Text(), server_default="", nullable=False),
        sa.Column("pictures", types.Json(), server_default="[]", nullable=False),
        sa.Column("blank_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("paper_question", column)
    op.alter_column("paper_question", "group_stem", server_default=None)
    op.create_check_constraint(
        op.f("ck_paper_question_blank_count_positive"), "paper_question", "blank_count >= 0"
    )


def rebuild_late_answers() -> None:
    """Say of each why it was kept aside."""
    op.execute(
        """CREATE TABLE late_answer_new (
        id INTEGER NOT NULL,
        sitting_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        chosen TEXT NOT NULL,
        revision INTEGER NOT NULL,
        received_at DATETIME NOT NULL,
        cause VARCHAR(32) DEFAULT 'late' NOT NULL,
        CONSTRAINT pk_late_answer PRIMARY KEY (id),
        CONSTRAINT uq_late_answer_sitting_id_number_revision UNIQUE (sitting_id, number, revision),
        CONSTRAINT fk_late_answer_sitting_id FOREIGN KEY(sitting_id) REFERENCES sitting (id),
        CONSTRAINT ck_late_answer_cause_valid CHECK (cause IN ('late', 'taken_over'))
        )"""
    )
    op.execute(
        f"INSERT INTO late_answer_new ({LATE_KEPT}) SELECT {LATE_KEPT} FROM late_answer"  # noqa: S608
    )
    op.execute("DROP TABLE late_answer")
    op.execute("ALTER TABLE late_answer_new RENAME TO late_answer")


def change_late_answers() -> None:
    """Do the same where a table can be altered."""
    op.add_column(
        "late_answer",
        sa.Column("cause", sa.String(length=32), server_default="late", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_late_answer_cause_valid"), "late_answer", "cause IN ('late', 'taken_over')"
    )


def begin_paths() -> None:
    """Give every exam the beginning of its path."""
    op.execute(
        "INSERT INTO workflow_move (flow, record_id, step, move, from_state, to_state, person_id,"
        " acted_as, at, reason, files)"
        " SELECT 'exams.exam', id, 1, 'begin', NULL, state, drafted_by_id, 'clerk', drafted_at,"
        " '', '[]' FROM exam"
    )


def open_steps() -> None:
    """Let what is drafted, waits for review or for release stand in the inbox."""
    bind = op.get_bind()
    waiting = sa.text("SELECT id, title, state, moved_at FROM exam").columns(
        moved_at=types.UtcDateTime()
    )
    put = sa.text(
        "INSERT INTO open_step (flow, record_id, noun, title, label, endpoint, arguments,"
        " permission, is_approval, is_returned, opened_at, days, due_at) VALUES ('exams.exam',"
        " :id, '考试', :title, :label, 'exams.show_paper', :arguments, :permission, :is_approval,"
        " :no, :opened_at, 5, :due_at)"
    ).bindparams(
        sa.bindparam("arguments", type_=types.Json()),
        sa.bindparam("opened_at", type_=types.UtcDateTime()),
        sa.bindparam("due_at", type_=types.UtcDateTime()),
        sa.bindparam("is_approval", type_=sa.Boolean()),
        sa.bindparam("no", type_=sa.Boolean()),
    )
    for row in bind.execute(waiting).all():
        if row.state not in STEPS:
            continue
        label, permission = STEPS[row.state]
        due_at = row.moved_at + timedelta(days=7)
        bind.execute(
            put,
            {
                "id": row.id,
                "title": row.title,
                "label": label,
                "permission": permission,
                "arguments": {"exam_id": row.id},
                "opened_at": row.moved_at,
                "due_at": due_at,
                "is_approval": row.state == "submitted",
                "no": False,
            },
        )
        bind.execute(
            sa.text("UPDATE exam SET due_at = :due WHERE id = :id").bindparams(
                sa.bindparam("due", type_=types.UtcDateTime())
            ),
            {"due": due_at, "id": row.id},
        )


def create_blueprint_row() -> None:
    """Make the table `blueprint_row`."""
    op.create_table(
        "blueprint_row",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "common",
                "post",
                name="category_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true_false",
                "blank",
                "numeric",
                "short",
                "essay",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                name="difficulty_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("marks", types.Marks(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 100", name=op.f("ck_blueprint_row_count_within")),
        sa.CheckConstraint("marks > 0", name=op.f("ck_blueprint_row_marks_positive")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_blueprint_row_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "number", name=op.f("pk_blueprint_row")),
        info={"class": "internal"},
    )


def create_exam_batch() -> None:
    """Make the table `exam_batch`."""
    op.create_table(
        "exam_batch",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=1), nullable=False),
        sa.Column("opens_at", types.UtcDateTime(), nullable=False),
        sa.Column("closes_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("code IN ('A', 'B')", name=op.f("ck_exam_batch_code_known")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_exam_batch_closes_after_opening")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_batch_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "number", name=op.f("pk_exam_batch")),
        info={"class": "internal"},
    )


def create_paper_form() -> None:
    """Make the table `paper_form`."""
    op.create_table(
        "paper_form",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column(
            "post_group",
            sa.Enum(
                "general",
                "special",
                "assistant",
                "guide",
                "back_office",
                name="post_group_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("question_ids", types.Json(), nullable=False),
        sa.Column("difficulty", types.Marks(), nullable=False),
        sa.Column("numbers", types.Json(), nullable=False),
        sa.CheckConstraint("code > 0", name=op.f("ck_paper_form_code_positive")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_paper_form_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "code", name=op.f("pk_paper_form")),
        info={"class": "internal"},
    )


def create_question_correction() -> None:
    """Make the table `question_correction`."""
    op.create_table(
        "question_correction",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "checked",
                "kept",
                "applied",
                "revoked",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "unchanged",
                "further",
                "void",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("further_key", types.Json(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f("ck_question_correction_revoked_once"),
        ),
        sa.CheckConstraint(
            "state = 'raised' OR (kind IS NOT NULL AND opinion <> '')",
            name=op.f("ck_question_correction_checked_says_what"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('checked', 'kept', 'applied', 'revoked') OR checked_at IS NOT NULL",
            name=op.f("ck_question_correction_checked_by_somebody"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('kept', 'applied', 'revoked') OR decided_at IS NOT NULL",
            name=op.f("ck_question_correction_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> checked_by_id",
            name=op.f("ck_question_correction_checker_does_not_decide"),
        ),
        sa.CheckConstraint(
            "revoked_by_id <> checked_by_id",
            name=op.f("ck_question_correction_checker_does_not_revoke"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_question_correction_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_question_correction_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_question_correction_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["exam_id", "number"],
            ["paper_question.exam_id", "paper_question.number"],
            name=op.f("fk_question_correction_exam_id_number"),
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_question_correction_revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_correction")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_correction_drafted_by_id"),
        "question_correction",
        ["drafted_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_question_correction_exam_id_number"),
        "question_correction",
        ["exam_id", "number"],
        unique=False,
    )
    op.create_index(
        "ix_question_correction_open",
        "question_correction",
        ["exam_id", "number"],
        unique=True,
        sqlite_where=sa.text("state IN ('raised', 'checked')"),
        postgresql_where=sa.text("state IN ('raised', 'checked')"),
    )


def create_answer_mark() -> None:
    """Make the table `answer_mark`."""
    op.create_table(
        "answer_mark",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("marks", types.Marks(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("marked_at", types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("marks >= 0", name=op.f("ck_answer_mark_marks_not_negative")),
        sa.CheckConstraint("round BETWEEN 1 AND 3", name=op.f("ck_answer_mark_round_within")),
        sa.CheckConstraint("version > 0", name=op.f("ck_answer_mark_version_positive")),
        sa.ForeignKeyConstraint(
            ["marker_id"], ["person.id"], name=op.f("fk_answer_mark_marker_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_answer_mark_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "number", "round", name=op.f("pk_answer_mark")),
        sa.UniqueConstraint(
            "sitting_id",
            "number",
            "marker_id",
            name=op.f("uq_answer_mark_sitting_id_number_marker_id"),
        ),
        info={"class": "personal"},
    )


def create_call_back() -> None:
    """Make the table `call_back`."""
    op.create_table(
        "call_back",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "confirmed",
                "resumed",
                "declined",
                "cancelled",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("called_at", types.UtcDateTime(), nullable=False),
        sa.Column("left_seconds", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.Column("resumed_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'resumed') OR confirmed_at IS NOT NULL",
            name=op.f("ck_call_back_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> drafted_by_id", name=op.f("ck_call_back_person_does_not_confirm")
        ),
        sa.CheckConstraint("left_seconds >= 0", name=op.f("ck_call_back_left_seconds_positive")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_call_back_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_call_back_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_call_back_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_call_back_sitting_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_call_back_drafted_by_id"), "call_back", ["drafted_by_id"], unique=False
    )


def create_exam_control() -> None:
    """Make the table `exam_control`."""
    op.create_table(
        "exam_control",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "start",
                "message",
                "extra_time",
                "pause",
                "resume",
                "collect",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'extra_time') = (minutes IS NOT NULL)",
            name=op.f("ck_exam_control_minutes_of_kind"),
        ),
        sa.CheckConstraint(
            "kind <> 'message' OR text <> ''", name=op.f("ck_exam_control_message_has_text")
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 240", name=op.f("ck_exam_control_minutes_within")
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_control_exam_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_exam_control_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_exam_control_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_control")),
        info={"class": "internal"},
    )
    op.create_index(op.f("ix_exam_control_exam_id"), "exam_control", ["exam_id"], unique=False)
    op.create_index(
        op.f("ix_exam_control_sitting_id"), "exam_control", ["sitting_id"], unique=False
    )


def create_exam_excuse() -> None:
    """Make the table `exam_excuse`."""
    op.create_table(
        "exam_excuse",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "approved",
                "refused",
                "withdrawn",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "deferral",
                "exemption",
                name="kind_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "maternity",
                "sick",
                "errand",
                "duty",
                "other",
                "newcomer",
                "key_seen",
                name="cause_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "cause <> 'other' OR note <> ''", name=op.f("ck_exam_excuse_other_says_why")
        ),
        sa.CheckConstraint(
            "is_automatic = (cause IN ('newcomer', 'key_seen'))",
            name=op.f("ck_exam_excuse_automatic_of_cause"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR is_automatic OR approved_at IS NOT NULL",
            name=op.f("ck_exam_excuse_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id",
            name=op.f("ck_exam_excuse_applicant_does_not_approve"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_exam_excuse_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_exam_excuse_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_exam_excuse_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_excuse")),
        info={"class": "personal"},
    )
    op.create_index(
        op.f("ix_exam_excuse_drafted_by_id"), "exam_excuse", ["drafted_by_id"], unique=False
    )
    op.create_index(
        "ix_exam_excuse_in_force",
        "exam_excuse",
        ["sitting_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('applied', 'approved')"),
        postgresql_where=sa.text("state IN ('applied', 'approved')"),
    )
    op.create_index(op.f("ix_exam_excuse_sitting_id"), "exam_excuse", ["sitting_id"], unique=False)


def create_question_doubt() -> None:
    """Make the table `question_doubt`."""
    op.create_table(
        "question_doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("raised_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_question_doubt_has_reason")),
        sa.ForeignKeyConstraint(
            ["exam_id", "number"],
            ["paper_question.exam_id", "paper_question.number"],
            name=op.f("fk_question_doubt_exam_id_number"),
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_question_doubt_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_doubt")),
        sa.UniqueConstraint(
            "sitting_id", "number", name=op.f("uq_question_doubt_sitting_id_number")
        ),
        info={"class": "personal"},
    )
    op.create_index(
        op.f("ix_question_doubt_exam_id_number"),
        "question_doubt",
        ["exam_id", "number"],
        unique=False,
    )


def create_sitting_presence() -> None:
    """Make the table `sitting_presence`."""
    op.create_table(
        "sitting_presence",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("unsaved", sa.Integer(), nullable=False),
        sa.CheckConstraint("unsaved >= 0", name=op.f("ck_sitting_presence_unsaved_positive")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_presence_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting_presence")),
        info={"class": "internal"},
    )
