"""Migration 024 on exams from before it: each keeps its course, its paper and its sittings."""

import pytest
from sqlalchemy import text

from app.exams.exam_flow import FLOW
from app.exams.models import Exam, PaperForm, Sitting
from app.home.commands import bring_up_to_date
from app.inbox import service as inbox
from app.kernel import db
from app.workflow.service import rebuild_state
from tests.conftest import POSTGRES
from tests.support.database import site_at

pytestmark = pytest.mark.db

MOMENT, LATER = "2026-11-01 01:00:00", "2026-11-03 01:00:00"
PERSON = (
    "INSERT INTO person (id, staff_number, name, name_key, phone, joined_on, version)"
    " VALUES (:id, :number, '某', '某', '', '2025-01-06', 1)"
)
DEPARTMENT = (
    "INSERT INTO department (id, name, position, kind, version)"
    " VALUES (1, '某部门', 1, 'stationed', 1)"
)
# State before, published by, graded runs, released; and what it is now, and in which inbox.
EXAMS = {
    1: ("draft", None, 0, None),
    2: ("submitted", None, 0, None),
    3: ("published", 2, 0, None),
    4: ("published", 2, 1, None),
    5: ("published", 2, 2, LATER),
}
NOW = {1: "draft", 2: "submitted", 3: "published", 4: "graded", 5: "released"}
WAITING = {1: "exams:paper:draft", 2: "exams:paper:review", 4: "exams:result:release"}


@pytest.fixture
def old_site(store_kind, tmp_path):
    """A site whose database stands at migration 023."""
    with site_at("023", tmp_path / "var", POSTGRES if store_kind == "postgres" else None) as site:
        yield site


def fill():
    """Put exams with papers and sittings into the old tables."""
    run = db.session.execute
    with db.write():
        run(text(DEPARTMENT))
        for person_id in (1, 2):
            run(text(PERSON), {"id": person_id, "number": f"N{person_id}"})
        for number in (1, 2):
            add_question(number)
        for number, given in EXAMS.items():
            add_exam(number, *given)


def add_question(number):
    db.session.execute(
        text(
            "INSERT INTO question (id, state, wording, bank, is_demonstration, used_on, used_times,"
            " version, drafted_at, moved_at, drafted_by_id) VALUES (:id, 'in_use', 1, '题库', false,"
            " '2026-11-01', 1, 1, :at, :at, 1)"
        ),
        {"id": number, "at": MOMENT},
    )


def add_exam(number, state, publisher, runs, released):
    run, is_published = db.session.execute, publisher is not None
    values = {
        "id": number, "state": state, "at": MOMENT, "runs": runs, "released": released,
        "publisher": publisher, "published": MOMENT if is_published else None,
        "submitted": None if state == "draft" else MOMENT, "graded": LATER if runs else None,
    }  # fmt: skip
    run(
        text(
            "INSERT INTO exam (id, title, notice, state, opens_at, closes_at, minutes, pass_marks,"
            " releases_when_complete, is_for_named, drafted_by_id, drafted_at, submitted_at,"
            " sent_back_reason, published_by_id, published_at, paper_hash, full_marks,"
            " question_count, graded_run, graded_at, released_at, version) VALUES (:id, '月考', '',"
            " :state, :at, '2026-11-02 01:00:00', 40, 0, false, false, 1, :at, :submitted, '',"
            " :publisher, :published, 'x', 0, 0, :runs, :graded, :released, 3)"
        ),
        values,
    )
    if not is_published:
        return
    for place in (1, 2):
        run(
            text(
                "INSERT INTO paper_question (exam_id, number, question_id, kind, category, stem,"
                " options, marks, is_demonstration, content_hash) VALUES (:id, :place, :place,"
                " 'single', 'common', '问', '[]', 150, false, 'x')"
            ),
            {"id": number, "place": place},
        )
    run(
        text(
            "INSERT INTO sitting (public_id, exam_id, person_id, department_id, receipt,"
            " started_at, deadline_at, handed_in_at, handed_in_by) VALUES (:public, :id, 1, 1, 'R',"
            " :at, :later, :at, 'person')"
        ),
        {"public": f"sitting-{number}", "id": number, "at": MOMENT, "later": LATER},
    )


def test_every_exam_keeps_its_course(old_site):
    fill()
    db.session.remove()
    bring_up_to_date()
    found = {each.id: each for each in db.session.query(Exam)}
    assert {number: each.state for number, each in found.items()} == NOW
    for number, each in found.items():
        assert rebuild_state(FLOW, number) == (NOW[number], None)
        assert each.reviewed_by_id == EXAMS[number][1]
        assert each.release_version == int(number == 5)
        assert not each.needs_approval
        step = inbox.get_open(FLOW.name, number)
        assert (step.permission if step else None) == WAITING.get(number)
        assert each.due_at == (step.due_at if step else None)


def test_every_published_paper_has_one_form_and_every_sitting_sits_it(old_site):
    fill()
    db.session.remove()
    bring_up_to_date()
    forms = {each.exam_id: each for each in db.session.query(PaperForm)}
    assert set(forms) == {3, 4, 5}
    for each in forms.values():
        assert (each.code, each.question_ids, each.numbers) == (1, [1, 2], [1, 2])
        # Three marks in all, of medium difficulty.
        assert each.difficulty == 6
    sittings = db.session.query(Sitting).all()
    assert [(each.exam_id, each.form_code, each.standing) for each in sittings] == [
        (3, 1, "due"), (4, 1, "due"), (5, 1, "due"),
    ]  # fmt: skip
    assert {each.device for each in sittings} == {""}
