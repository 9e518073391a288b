"""题库: all kinds, shared stems, tags, pictures; sheets of review, files that are read, exports.

A question that stood in a published paper is 在用; any other was never looked at by a second person
and is 未审核 from now on.
"""

import unicodedata
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "023"
down_revision = "022"

LOCAL = timedelta(hours=8)
STATES = "state IN ('draft', 'reviewed', 'in_use', 'retired')"
KINDS = "kind IN ('single', 'multiple', 'true_false', 'blank', 'numeric', 'short', 'essay')"
POSTS = "post_group IN ('general', 'special', 'assistant', 'guide', 'back_office')"
HARD = "difficulty IN ('easy', 'medium', 'hard')"


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_question_group()
    if op.get_bind().dialect.name == "sqlite":
        rebuild_questions()
        rebuild_versions()
        rebuild_papers()
    else:
        change_questions()
        change_versions()
        change_papers()
    fill_used()
    begin_paths()
    fill_searched()
    create_question_tag()
    create_question_picture()
    create_question_review()
    create_question_review_line()
    create_question_import()
    create_question_import_item()
    create_question_import_picture()
    create_question_import_group()
    create_question_export()


def rebuild_questions() -> None:
    """Make the table anew, with its rows under their ids; foreign keys are off meanwhile."""
    op.execute(
        f"""CREATE TABLE question_new (
        state VARCHAR(32) NOT NULL,
        wording INTEGER NOT NULL,
        bank VARCHAR(40) NOT NULL,
        is_demonstration BOOLEAN NOT NULL,
        used_on DATE,
        used_times INTEGER NOT NULL,
        id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        drafted_at DATETIME NOT NULL,
        moved_at DATETIME NOT NULL,
        due_at DATETIME,
        drafted_by_id INTEGER,
        CONSTRAINT pk_question PRIMARY KEY (id),
        CONSTRAINT ck_question_wording_positive CHECK (wording > 0),
        CONSTRAINT ck_question_used_times CHECK (used_times >= 0),
        CONSTRAINT ck_question_used_has_day CHECK ((used_times = 0) = (used_on IS NULL)),
        CONSTRAINT ck_question_state_valid CHECK ({STATES}),
        CONSTRAINT fk_question_drafted_by_id FOREIGN KEY(drafted_by_id) REFERENCES person (id)
        )"""
    )
    op.execute(
        "INSERT INTO question_new (id, state, wording, bank, is_demonstration, used_on,"
        " used_times, version, drafted_at, moved_at, due_at, drafted_by_id)"
        " SELECT id, CASE state WHEN 'retired' THEN 'retired' ELSE 'draft' END, version,"
        " '综合题库', is_demonstration, NULL, 0, version, created_at, created_at, NULL,"
        " created_by_id FROM question"
    )
    op.execute("DROP TABLE question")
    op.execute("ALTER TABLE question_new RENAME TO question")
    index_questions()


def rebuild_versions() -> None:
    """Make the table anew; its triggers are made anew after every upgrade."""
    op.execute(
        f"""CREATE TABLE question_version_new (
        id INTEGER NOT NULL,
        question_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        kind VARCHAR(32) NOT NULL,
        category VARCHAR(32) NOT NULL,
        post_group VARCHAR(32),
        difficulty VARCHAR(32),
        stem TEXT NOT NULL,
        group_id INTEGER,
        options TEXT NOT NULL,
        "key" TEXT NOT NULL,
        marks INTEGER,
        basis TEXT NOT NULL,
        article_id INTEGER,
        analysis TEXT NOT NULL,
        searched TEXT NOT NULL,
        created_by_id INTEGER,
        created_at DATETIME NOT NULL,
        note VARCHAR(200) NOT NULL,
        CONSTRAINT pk_question_version PRIMARY KEY (id),
        CONSTRAINT uq_question_version_question_id_number UNIQUE (question_id, number),
        CONSTRAINT ck_question_version_marks_positive CHECK (marks > 0),
        CONSTRAINT ck_question_version_group_of_post
            CHECK (category = 'post' OR post_group IS NULL),
        CONSTRAINT fk_question_version_question_id
            FOREIGN KEY(question_id) REFERENCES question (id),
        CONSTRAINT ck_question_version_kind_valid CHECK ({KINDS}),
        CONSTRAINT ck_question_version_category_valid CHECK (category IN ('common', 'post')),
        CONSTRAINT ck_question_version_post_group_valid CHECK ({POSTS}),
        CONSTRAINT ck_question_version_difficulty_valid CHECK ({HARD}),
        CONSTRAINT fk_question_version_group_id
            FOREIGN KEY(group_id) REFERENCES question_group (id),
        CONSTRAINT fk_question_version_article_id
            FOREIGN KEY(article_id) REFERENCES regulation_article (id),
        CONSTRAINT fk_question_version_created_by_id
            FOREIGN KEY(created_by_id) REFERENCES person (id)
        )"""
    )
    op.execute(
        "INSERT INTO question_version_new (id, question_id, number, kind, category, stem, options,"
        ' "key", marks, basis, article_id, analysis, searched, created_by_id, created_at, note)'
        ' SELECT id, question_id, number, kind, category, stem, options, "key", marks, basis,'
        " article_id, analysis, '', created_by_id, created_at, note FROM question_version"
    )
    op.execute("DROP TABLE question_version")
    op.execute("ALTER TABLE question_version_new RENAME TO question_version")
    op.create_index(
        op.f("ix_question_version_group_id"), "question_version", ["group_id"], unique=False
    )


def change_questions() -> None:
    """Do the same where a table can be altered."""
    op.drop_constraint(op.f("ck_question_state_valid"), "question")
    op.alter_column("question", "created_at", new_column_name="drafted_at")
    op.drop_constraint(op.f("fk_question_created_by_id"), "question")
    op.alter_column("question", "created_by_id", new_column_name="drafted_by_id", nullable=True)
    op.create_foreign_key(
        op.f("fk_question_drafted_by_id"), "question", "person", ["drafted_by_id"], ["id"]
    )
    op.add_column("question", sa.Column("wording", sa.Integer(), nullable=True))
    op.add_column("question", sa.Column("bank", sa.String(length=40), nullable=True))
    op.add_column("question", sa.Column("used_on", sa.Date(), nullable=True))
    op.add_column("question", sa.Column("used_times", sa.Integer(), nullable=True))
    op.add_column("question", sa.Column("moved_at", types.UtcDateTime(), nullable=True))
    op.add_column("question", sa.Column("due_at", types.UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE question SET wording = version, bank = '综合题库', used_times = 0,"
        " moved_at = drafted_at,"
        " state = CASE state WHEN 'retired' THEN 'retired' ELSE 'draft' END"
    )
    for name in ("wording", "bank", "used_times", "moved_at"):
        op.alter_column("question", name, nullable=False)
    op.create_check_constraint(op.f("ck_question_state_valid"), "question", STATES)
    op.create_check_constraint(op.f("ck_question_wording_positive"), "question", "wording > 0")
    op.create_check_constraint(op.f("ck_question_used_times"), "question", "used_times >= 0")
    op.create_check_constraint(
        op.f("ck_question_used_has_day"), "question", "(used_times = 0) = (used_on IS NULL)"
    )
    index_questions()


def index_questions() -> None:
    """Make the indexes of the table."""
    for name in ("drafted_by_id", "state", "bank"):
        op.create_index(op.f(f"ix_question_{name}"), "question", [name], unique=False)


def change_versions() -> None:
    """Do the same where a table can be altered; the trigger comes back after the upgrade."""
    op.execute("DROP TRIGGER IF EXISTS question_version_kept_update ON question_version")
    op.drop_constraint(op.f("ck_question_version_kind_valid"), "question_version")
    op.create_check_constraint(op.f("ck_question_version_kind_valid"), "question_version", KINDS)
    op.alter_column("question_version", "marks", nullable=True)
    op.alter_column("question_version", "created_by_id", nullable=True)
    op.add_column("question_version", sa.Column("post_group", sa.String(length=32), nullable=True))
    op.add_column("question_version", sa.Column("difficulty", sa.String(length=32), nullable=True))
    op.add_column("question_version", sa.Column("group_id", sa.Integer(), nullable=True))
    op.add_column(
        "question_version", sa.Column("searched", sa.Text(), server_default="", nullable=False)
    )
    op.alter_column("question_version", "searched", server_default=None)
    op.create_check_constraint(
        op.f("ck_question_version_post_group_valid"), "question_version", POSTS
    )
    op.create_check_constraint(
        op.f("ck_question_version_difficulty_valid"), "question_version", HARD
    )
    op.create_check_constraint(
        op.f("ck_question_version_group_of_post"),
        "question_version",
        "category = 'post' OR post_group IS NULL",
    )
    op.create_foreign_key(
        op.f("fk_question_version_group_id"),
        "question_version",
        "question_group",
        ["group_id"],
        ["id"],
    )
    op.create_index(
        op.f("ix_question_version_group_id"), "question_version", ["group_id"], unique=False
    )


def rebuild_papers() -> None:
    """Let frozen questions be of every kind; nothing of what is frozen changes."""
    op.execute(
        f"""CREATE TABLE paper_question_new (
        exam_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        question_id INTEGER NOT NULL,
        kind VARCHAR(32) NOT NULL,
        category VARCHAR(32) NOT NULL,
        stem TEXT NOT NULL,
        options TEXT NOT NULL,
        marks INTEGER NOT NULL,
        is_demonstration BOOLEAN NOT NULL,
        content_hash VARCHAR(64) NOT NULL,
        CONSTRAINT pk_paper_question PRIMARY KEY (exam_id, number),
        CONSTRAINT fk_paper_question_exam_id FOREIGN KEY(exam_id) REFERENCES exam (id),
        CONSTRAINT fk_paper_question_question_id
            FOREIGN KEY(question_id) REFERENCES question (id),
        CONSTRAINT ck_paper_question_kind_valid CHECK ({KINDS}),
        CONSTRAINT ck_paper_question_category_valid CHECK (category IN ('common', 'post'))
        )"""
    )
    columns = (
        "exam_id, number, question_id, kind, category, stem, options, marks, is_demonstration,"
        " content_hash"
    )
    op.execute(
        f"INSERT INTO paper_question_new ({columns}) SELECT {columns} FROM paper_question"  # noqa: S608
    )
    op.execute("DROP TABLE paper_question")
    op.execute("ALTER TABLE paper_question_new RENAME TO paper_question")


def change_papers() -> None:
    """Do the same where a table can be altered."""
    op.drop_constraint(op.f("ck_paper_question_kind_valid"), "paper_question")
    op.create_check_constraint(op.f("ck_paper_question_kind_valid"), "paper_question", KINDS)


def fill_used() -> None:
    """Take from the published papers which questions were asked, how often and when last."""
    bind = op.get_bind()
    asked: dict[int, list[object]] = {}
    papers = sa.text(
        "SELECT paper_question.question_id, exam.opens_at FROM paper_question"
        " JOIN exam ON exam.id = paper_question.exam_id"
    ).columns(sa.column("question_id", sa.Integer), sa.column("opens_at", types.UtcDateTime()))
    for question_id, opens_at in bind.execute(papers):
        asked.setdefault(question_id, []).append((opens_at + LOCAL).date())
    used = sa.text(
        "UPDATE question SET used_on = :day, used_times = :times,"
        " state = CASE state WHEN 'retired' THEN 'retired' ELSE 'in_use' END WHERE id = :id"
    ).bindparams(sa.bindparam("day", type_=sa.Date()))
    for question_id, days in asked.items():
        bind.execute(used, {"id": question_id, "day": max(days), "times": len(days)})  # type: ignore[type-var]


def begin_paths() -> None:
    """Give every question the beginning of its path."""
    op.execute(
        "INSERT INTO workflow_move (flow, record_id, step, move, from_state, to_state, person_id,"
        " acted_as, at, reason, files)"
        " SELECT 'questions.question', id, 1, 'begin', NULL, state, drafted_by_id, 'clerk',"
        " drafted_at, '', '[]' FROM question"
    )


def searchable(text: str) -> str:
    """Give a text with full-width letters and digits as ordinary ones, in one case."""
    return "".join(unicodedata.normalize("NFKC", c) if c.isalnum() else c for c in text).casefold()


def fill_searched() -> None:
    """Write what lists search: stem, options, basis and analysis, of one width and case."""
    bind = op.get_bind()
    rows = sa.text("SELECT id, stem, options, basis, analysis FROM question_version").columns(
        options=types.Json()
    )
    for row in bind.execute(rows).all():
        options = [] if row.options[:1] and row.options[0]["label"] == "true" else row.options
        texts = [row.stem, *(each["text"] for each in options), row.basis, row.analysis]
        folded = "\n".join(searchable(each) for each in texts if each)
        bind.execute(
            sa.text("UPDATE question_version SET searched = :text WHERE id = :id"),
            {"id": row.id, "text": folded},
        )


def create_question_group() -> None:
    """Make the table `question_group`."""
    op.create_table(
        "question_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("stem <> ''", name=op.f("ck_question_group_has_stem")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_question_group_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_group")),
        info={"class": "internal"},
    )


def create_question_tag() -> None:
    """Make the table `question_tag`."""
    op.create_table(
        "question_tag",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.CheckConstraint("tag <> ''", name=op.f("ck_question_tag_has_word")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_tag_question_id")
        ),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_question_tag")),
        info={"class": "internal"},
    )
    op.create_index(op.f("ix_question_tag_tag"), "question_tag", ["tag"], unique=False)


def create_question_picture() -> None:
    """Make the table `question_picture`."""
    op.create_table(
        "question_picture",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("marker", sa.String(length=20), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_question_picture_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_picture_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "marker", name=op.f("pk_question_picture")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_picture_file_id"), "question_picture", ["file_id"], unique=False
    )


def create_question_review() -> None:
    """Make the table `question_review`."""
    op.create_table(
        "question_review",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "returned",
                "withdrawn",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", types.UtcDateTime(), nullable=False),
        sa.Column("moved_at", types.UtcDateTime(), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_by_id IS NOT NULL",
            name=op.f("ck_question_review_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> drafted_by_id",
            name=op.f("ck_question_review_drafter_does_not_approve"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_question_review_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_question_review_drafted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_review")),
        sa.UniqueConstraint("number", name=op.f("uq_question_review_number")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_review_drafted_by_id"), "question_review", ["drafted_by_id"], unique=False
    )


def create_question_review_line() -> None:
    """Make the table `question_review_line`."""
    op.create_table(
        "question_review_line",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "passed",
                "returned",
                "withdrawn",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'passed' OR decided_by_id <> author_id",
            name=op.f("ck_question_review_line_author_does_not_pass"),
        ),
        sa.CheckConstraint(
            "state <> 'passed' OR decided_by_id IS NOT NULL",
            name=op.f("ck_question_review_line_passed_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR note <> ''",
            name=op.f("ck_question_review_line_returned_says_why"),
        ),
        sa.CheckConstraint("place > 0", name=op.f("ck_question_review_line_place_positive")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_question_review_line_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_question_review_line_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id", "wording"],
            ["question_version.question_id", "question_version.number"],
            name=op.f("fk_question_review_line_question_id_wording"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["question_review.id"], name=op.f("fk_question_review_line_review_id")
        ),
        sa.PrimaryKeyConstraint("review_id", "place", name=op.f("pk_question_review_line")),
        info={"class": "internal"},
    )
    op.create_index(
        "ix_question_review_line_pending",
        "question_review_line",
        ["question_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        op.f("ix_question_review_line_question_id"),
        "question_review_line",
        ["question_id"],
        unique=False,
    )


def create_question_import() -> None:
    """Make the table `question_import`."""
    op.create_table(
        "question_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("answers_file_id", sa.Integer(), nullable=True),
        sa.Column("bank", sa.String(length=40), nullable=False),
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
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "unreadable",
                "read",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("problems", types.Json(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "category = 'post' OR post_group IS NULL", name=op.f("ck_question_import_group_of_post")
        ),
        sa.ForeignKeyConstraint(
            ["answers_file_id"], ["stored_file.id"], name=op.f("fk_question_import_answers_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_question_import_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_question_import_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_import_public_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_import_answers_file_id"),
        "question_import",
        ["answers_file_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_question_import_file_id"), "question_import", ["file_id"], unique=False
    )
    op.create_index(
        op.f("ix_question_import_uploaded_by_id"),
        "question_import",
        ["uploaded_by_id"],
        unique=False,
    )


def create_question_import_item() -> None:
    """Make the table `question_import_item`."""
    op.create_table(
        "question_import_item",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sure",
                "doubtful",
                "taken",
                "dropped",
                name="state_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("where", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("parsed", types.Json(), nullable=False),
        sa.Column("problems", types.Json(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'taken') = (question_id IS NOT NULL)",
            name=op.f("ck_question_import_item_taken_into_bank"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["question_import.id"], name=op.f("fk_question_import_item_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_import_item_question_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_question_import_item")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_import_item_import_id_state"),
        "question_import_item",
        ["import_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_question_import_item_question_id"),
        "question_import_item",
        ["question_id"],
        unique=False,
    )


def create_question_import_picture() -> None:
    """Make the table `question_import_picture`."""
    op.create_table(
        "question_import_picture",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("marker", sa.String(length=20), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_question_import_picture_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["question_import.id"], name=op.f("fk_question_import_picture_import_id")
        ),
        sa.PrimaryKeyConstraint(
            "import_id", "place", "marker", name=op.f("pk_question_import_picture")
        ),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_import_picture_file_id"),
        "question_import_picture",
        ["file_id"],
        unique=False,
    )


def create_question_import_group() -> None:
    """Make the table `question_import_group`."""
    op.create_table(
        "question_import_group",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["question_group.id"], name=op.f("fk_question_import_group_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["question_import.id"], name=op.f("fk_question_import_group_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "name", name=op.f("pk_question_import_group")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_import_group_group_id"),
        "question_import_group",
        ["group_id"],
        unique=False,
    )


def create_question_export() -> None:
    """Make the table `question_export`."""
    op.create_table(
        "question_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("question_ids", types.Json(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("ordered_at", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "form IN ('xlsx', 'docx', 'json')", name=op.f("ck_question_export_form_known")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_question_export_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_question_export_ordered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_export")),
        sa.UniqueConstraint("file_id", name=op.f("uq_question_export_file_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_export_public_id")),
        info={"class": "internal"},
    )
    op.create_index(
        op.f("ix_question_export_ordered_by_id"), "question_export", ["ordered_by_id"], unique=False
    )
