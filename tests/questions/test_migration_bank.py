"""Migration 023 on a bank from before it: what was asked is 在用, the rest waits for its review."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.home.commands import bring_up_to_date
from app.kernel import db
from app.questions.question_flow import FLOW
from app.workflow.service import rebuild_state
from tests.conftest import POSTGRES
from tests.support.database import site_at

pytestmark = pytest.mark.db

MOMENT = "2026-11-01 01:00:00"
PERSON = (
    "INSERT INTO person (id, staff_number, name, name_key, phone, joined_on, version)"
    " VALUES (1, 'N1', '某', '某', '', '2025-01-06', 1)"
)
# 1 was never asked, 2 twice, 3 is out of use, 4 was asked and is out of use.
STATES = {1: "active", 2: "active", 3: "retired", 4: "retired"}
# Opened at ten in the evening of the 30th by the world's clock: the next day in the hall.
PAPERS = {1: ("2026-09-01 01:00:00", (2, 4)), 2: ("2026-09-30 22:00:00", (2,))}


@pytest.fixture
def old_site(store_kind, tmp_path):
    """A site whose database stands at migration 022."""
    with site_at("022", tmp_path / "var", POSTGRES if store_kind == "postgres" else None) as site:
        yield site


def fill():
    """Put questions and published papers into the old tables."""
    run = db.session.execute
    with db.write():
        run(text(PERSON))
        for number, state in STATES.items():
            add_question(number, state)
        for number, (opens_at, asked) in PAPERS.items():
            add_paper(number, opens_at, asked)


def add_question(number, state):
    run = db.session.execute
    run(
        text(
            "INSERT INTO question (id, state, version, is_demonstration, created_by_id, created_at)"
            " VALUES (:id, :state, 2, false, 1, :at)"
        ),
        {"id": number, "state": state, "at": MOMENT},
    )
    for version in (1, 2):
        run(
            text(
                "INSERT INTO question_version (question_id, number, kind, category, stem, options,"
                " key, marks, basis, analysis, created_by_id, created_at, note) VALUES (:id,"
                " :version, 'single', 'common', :stem, :options, '[\"A\"]', 1000, '方案', '', 1,"
                " :at, '')"
            ),
            {
                "id": number,
                "version": version,
                "stem": f"第{number}问ＡＢ？",
                "options": '[{"label": "A", "text": "甲"}, {"label": "B", "text": "乙"}]',
                "at": MOMENT,
            },
        )


def add_paper(number, opens_at, asked):
    run = db.session.execute
    run(
        text(
            "INSERT INTO exam (id, title, notice, state, opens_at, closes_at, minutes, pass_marks,"
            " releases_when_complete, is_for_named, drafted_by_id, drafted_at, sent_back_reason,"
            " paper_hash, full_marks, question_count, graded_run, version)"
            " VALUES (:id, '月考', '', 'draft', :at, '2026-12-02 01:00:00', 40, 0, false,"
            " false, 1, :at, '', '', 0, 0, 0, 1)"
        ),
        {"id": number, "at": opens_at},
    )
    for place, question in enumerate(asked, start=1):
        run(
            text(
                "INSERT INTO paper_question (exam_id, number, question_id, kind, category, stem,"
                " options, marks, is_demonstration, content_hash) VALUES (:exam, :place, :id,"
                " 'single', 'common', '问', '[]', 1000, false, 'x')"
            ),
            {"exam": number, "place": place, "id": question},
        )


def rows(sql):
    """Read, and leave no transaction open: a migration would wait for it for ever."""
    found = [tuple(row) for row in db.session.execute(text(sql))]
    db.session.remove()
    return found


def test_old_questions_get_their_state_their_use_and_their_path(old_site):
    fill()
    bring_up_to_date()
    found = rows("SELECT id, state, wording, used_times, used_on, bank FROM question ORDER BY id")
    assert [(*row[:4], str(row[4] or ""), row[5]) for row in found] == [
        (1, "draft", 2, 0, "", "综合题库"),
        (2, "in_use", 2, 2, "2026-10-01", "综合题库"),
        (3, "retired", 2, 0, "", "综合题库"),
        (4, "retired", 2, 1, "2026-09-01", "综合题库"),
    ]
    for number, state, *_ in found:
        assert rebuild_state(FLOW, number) == (state, None)


def test_old_versions_stay_as_they_are_and_can_be_found(old_site):
    fill()
    before = rows("SELECT id, stem, options, key, marks, basis FROM question_version ORDER BY id")
    asked = "SELECT exam_id, number, stem, options, marks, content_hash FROM paper_question"
    papers = rows(f"{asked} ORDER BY exam_id, number")
    bring_up_to_date()
    after = rows("SELECT id, stem, options, key, marks, basis FROM question_version ORDER BY id")
    assert after == before
    assert rows(f"{asked} ORDER BY exam_id, number") == papers
    [searched] = set(rows("SELECT searched FROM question_version WHERE question_id = 1"))
    assert searched[0] == "第1问ab？\n甲\n乙\n方案"


def test_a_version_is_kept_for_ever_as_before(old_site):
    fill()
    bring_up_to_date()
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(text("UPDATE question_version SET stem = 'x'"))
