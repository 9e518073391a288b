"""Migration 023 on a bank from before it: what papers have asked is in use, the rest is unreviewed."""

import json
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.home.commands import bring_up_to_date
from app.kernel import db
from app.questions.models import Question, QuestionVersion
from app.questions.question_flow import FLOW
from app.questions.service import searchable
from app.workflow.service import rebuild_state
from tests.conftest import POSTGRES
from tests.support.database import site_at

pytestmark = pytest.mark.db
BEGUN = "2026-09-01 01:00:00"
# The second opened an hour after midnight of 1 November in the hall.
OPENED = {1: "2026-09-20 01:00:00", 2: "2026-10-31 17:00:00"}
CLOSES = "2026-11-05 10:00:00"
# Question, state, by which papers it was asked, how many versions it has.
UNUSED, USED, RETIRED, RETIRED_USED = 1, 2, 3, 4
QUESTIONS = (
    (UNUSED, "active", (), 1),
    (USED, "active", (1, 2), 2),
    (RETIRED, "retired", (), 1),
    (RETIRED_USED, "retired", (1,), 1),
)
CHOICES = [{"label": "A", "text": "ＡＢＣ卡"}, {"label": "B", "text": "身份证"}]
TRUTH = [{"label": "true", "text": "正确"}, {"label": "false", "text": "错误"}]


@pytest.fixture
def old_site(store_kind, tmp_path):
    """A site whose database stands at migration 022, with a bank."""
    url = POSTGRES if store_kind == "postgres" else None
    with site_at("022", tmp_path / "var", url) as site:
        with db.write():
            fill("+00" if url else "")
        yield site


def put(table, **values):
    columns = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f":{name}" for name in values)
    db.session.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)  # noqa: S608


def fill(zone):
    """Put a bank and two published papers into the old tables."""
    begun = BEGUN + zone
    for person_id in (1, 2):
        put("person", id=person_id, staff_number=f"N{person_id}", name="某", name_key="某",
            joined_on="2025-01-06", phone="", version=1)  # fmt: skip
    for question_id, state, _, count in QUESTIONS:
        put("question", id=question_id, state=state, version=count, is_demonstration=False,
            created_by_id=1, created_at=begun)  # fmt: skip
        for number in range(1, count + 1):
            put("question_version", question_id=question_id, number=number, category="common",
                created_by_id=1, created_at=begun, note="", marks=200, basis="Ｎo.3 办法",
                analysis="见《办法》（二）", **wording(question_id, number))  # fmt: skip
    for exam_id, opens_at in OPENED.items():
        put("exam", id=exam_id, title="月考", notice="", state="published", minutes=40,
            opens_at=opens_at + zone, closes_at=CLOSES + zone, pass_marks=0,
            releases_when_complete=False, drafted_by_id=1, drafted_at=begun, sent_back_reason="",
            published_by_id=2, published_at=begun, paper_hash="", full_marks=0, question_count=0,
            graded_run=0, version=1, is_for_named=False)  # fmt: skip
    for question_id, _, exam_ids, _ in QUESTIONS:
        for exam_id in exam_ids:
            put("paper_question", exam_id=exam_id, number=question_id, question_id=question_id,
                kind="single", category="common", stem=f"卷上的第{question_id}题", marks=300,
                options=json.dumps(CHOICES), is_demonstration=False, content_hash="h")  # fmt: skip


def wording(question_id, number):
    is_truth = question_id == RETIRED
    return {
        "kind": "true_false" if is_truth else "single",
        "stem": f"Ｑ{question_id}第{number}版",
        "options": json.dumps(TRUTH if is_truth else CHOICES),
        "key": json.dumps(["true"] if is_truth else ["B"]),
    }


def questions():
    return {each.id: each for each in db.session.query(Question)}


@pytest.mark.usefixtures("old_site")
def test_only_what_a_paper_has_asked_stays_drawable():
    bring_up_to_date()
    found = {
        key: (each.state.value, each.used_on, each.used_times) for key, each in questions().items()
    }
    assert found == {
        UNUSED: ("draft", None, 0),
        USED: ("in_use", date(2026, 11, 1), 2),
        RETIRED: ("retired", None, 0),
        RETIRED_USED: ("retired", date(2026, 9, 20), 1),
    }


@pytest.mark.usefixtures("old_site")
def test_the_wording_in_force_author_and_bank_are_kept():
    bring_up_to_date()
    for key, each in questions().items():
        assert each.wording == (2 if key == USED else 1)
        assert (each.drafted_by_id, each.bank) == (1, "综合题库")
    versions = db.session.query(QuestionVersion).order_by("question_id", "number").all()
    assert [(each.stem, each.key, each.marks) for each in versions] == [
        ("Ｑ1第1版", ["B"], 2),
        ("Ｑ2第1版", ["B"], 2),
        ("Ｑ2第2版", ["B"], 2),
        ("Ｑ3第1版", ["true"], 2),
        ("Ｑ4第1版", ["B"], 2),
    ]


@pytest.mark.usefixtures("old_site")
def test_every_path_begins_and_says_the_state():
    bring_up_to_date()
    for key, each in questions().items():
        assert rebuild_state(FLOW, key) == (each.state.value, None)


@pytest.mark.usefixtures("old_site")
def test_texts_are_found_as_those_that_are_written_now():
    bring_up_to_date()
    for each in db.session.query(QuestionVersion):
        options = [] if each.question_id == RETIRED else [one["text"] for one in CHOICES]
        texts = [each.stem, *options, each.basis, each.analysis]
        assert each.searched == "\n".join(searchable(one) for one in texts)
    assert "abc卡" in db.session.query(QuestionVersion).first().searched


@pytest.mark.usefixtures("old_site")
def test_papers_stay_as_they_were_and_nothing_frozen_can_be_changed():
    before = papers()
    bring_up_to_date()
    assert papers() == before
    assert len(before) == 3
    for statement in (
        "UPDATE question_version SET stem = 'x'",
        "DELETE FROM question_version",
        "UPDATE paper_question SET stem = 'x'",
    ):
        with pytest.raises(DBAPIError), db.write():
            db.session.execute(text(statement))


def papers():
    db.session.rollback()
    rows = db.session.execute(
        text(
            "SELECT exam_id, number, question_id, kind, category, stem, options, marks,"
            " is_demonstration, content_hash FROM paper_question ORDER BY 1, 2"
        )
    )
    return [tuple(row) for row in rows]
