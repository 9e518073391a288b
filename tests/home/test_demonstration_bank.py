"""The demonstration's bank: what it holds, what its exams ask, and its review at work."""

from collections import Counter
from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.exams.models import Exam, PaperQuestion
from app.kernel import clock, db
from app.questions.demo import POST_BANK
from app.questions.demo_bank.loading import load_bank
from app.questions.kinds import QuestionKind
from app.questions.models import (
    USUAL_BANK,
    Question,
    QuestionCategory,
    QuestionState,
    QuestionTag,
    QuestionVersion,
)
from app.questions.reviews.models import (
    QuestionReview,
    QuestionReviewLine,
    ReviewLineState,
    ReviewState,
)
from app.workflow.models import WorkflowMove
from tests.home.test_demonstration import enter

MORNING = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def inside(hall):
    with hall.app.app_context():
        yield


def months():
    """Give the published exams of months."""
    return db.session.scalars(
        select(Exam)
        .where(Exam.published_at.is_not(None), Exam.is_for_named.is_(False))
        .order_by(Exam.opens_at)
    ).all()


def asked_in(exam):
    return db.session.scalars(select(PaperQuestion).where(PaperQuestion.exam_id == exam.id)).all()


def versions():
    return db.session.scalars(select(QuestionVersion).where(QuestionVersion.number == 1)).all()


@pytest.mark.usefixtures("inside")
def test_every_question_of_the_files_is_there_once_and_marked():
    questions = db.session.scalars(select(Question)).all()
    assert Counter(each.stem for each in versions()) == Counter(
        each.parsed.stem for each in load_bank()
    )
    assert {each.is_demonstration for each in questions} == {True}
    assert {each.bank for each in questions} == {USUAL_BANK, POST_BANK}
    tagged = set(db.session.scalars(select(QuestionTag.question_id)))
    assert tagged == {each.id for each in questions}


@pytest.mark.usefixtures("inside")
def test_what_rests_on_a_rule_cites_its_article():
    cited = {each.parsed.stem for each in load_bank() if each.cited}
    assert {each.stem for each in versions() if each.article_id} == cited


@pytest.mark.usefixtures("inside")
def test_a_case_is_a_stem_that_its_questions_share():
    groups = Counter(each.group_id for each in versions() if each.group_id)
    assert sorted(groups.values()) == [4, 4, 4]


@pytest.mark.usefixtures("inside")
def test_every_month_asks_for_a_hundred_marks_in_the_same_mix():
    assert len(months()) == 8
    for exam in months():
        paper = asked_in(exam)
        kinds = Counter(each.kind for each in paper)
        common = sum(each.marks for each in paper if each.category is QuestionCategory.COMMON)
        assert kinds == {
            QuestionKind.SINGLE: 20, QuestionKind.MULTIPLE: 15, QuestionKind.TRUE_FALSE: 15,
        }  # fmt: skip
        assert (exam.full_marks, exam.pass_marks, common) == (100, 60, 60)


@pytest.mark.usefixtures("inside")
def test_this_month_asks_nothing_that_was_asked_before():
    *earlier, now = [{each.question_id for each in asked_in(exam)} for exam in months()]
    assert now.isdisjoint(set().union(*earlier))


@pytest.mark.usefixtures("inside")
def test_no_exam_asks_what_was_not_written_yet_or_is_in_dispute():
    rows = db.session.execute(
        select(Exam.published_at, Question.drafted_at)
        .join(PaperQuestion, PaperQuestion.exam_id == Exam.id)
        .join(Question, Question.id == PaperQuestion.question_id)
    ).all()
    assert [each for each in rows if each.drafted_at > each.published_at] == []
    asked = set(db.session.scalars(select(PaperQuestion.question_id)))
    disputed = set(
        db.session.scalars(
            select(QuestionReviewLine.question_id)
            .join(Question, Question.id == QuestionReviewLine.question_id)
            .where(
                (QuestionReviewLine.state != ReviewLineState.PASSED)
                | (Question.state == QuestionState.DRAFT)
            )
        )
    )
    assert disputed
    assert asked.isdisjoint(disputed)


@pytest.mark.usefixtures("inside")
def test_a_class_asks_for_three_fifths_of_its_marks():
    tests = db.session.scalars(select(Exam).where(Exam.is_for_named.is_(True))).all()
    assert tests
    for exam in tests:
        assert sum(each.marks for each in asked_in(exam)) * 6 == exam.pass_marks * 10


@pytest.mark.usefixtures("inside")
def test_sheets_passed_came_back_and_wait():
    rows = db.session.execute(
        select(QuestionReview.state, QuestionReviewLine.state).join(
            QuestionReviewLine, QuestionReviewLine.review_id == QuestionReview.id
        )
    ).all()
    assert Counter(map(tuple, rows)) == {
        (ReviewState.APPROVED, ReviewLineState.PASSED): 10,
        (ReviewState.RETURNED, ReviewLineState.RETURNED): 7,
        (ReviewState.WAITING, ReviewLineState.PENDING): 12,
    }


@pytest.mark.usefixtures("inside")
def test_one_question_is_out_of_use_with_its_reason_and_one_was_changed_after_its_review():
    [retired] = db.session.scalars(
        select(Question.id).where(Question.state == QuestionState.RETIRED)
    )
    moves = db.session.scalars(
        select(WorkflowMove).where(WorkflowMove.move == "retire", WorkflowMove.record_id == retired)
    ).all()
    assert [bool(each.reason) for each in moves] == [True]
    [revised] = db.session.scalars(select(Question).where(Question.wording == 2))
    assert revised.state is QuestionState.DRAFT


def test_the_chief_finds_the_sheet_that_waits(hall):
    assert "题审2026-003" in enter(hall, "QY0201").get("/inbox").text


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 12, 31), date(2028, 2, 29)])
def test_what_was_written_first_lies_before_every_exam(day):
    from app.accounts.demo_days import assessed_quarters  # noqa: PLC0415
    from app.questions.demo import APART, ON_PLANS  # noqa: PLC0415

    assert day - ON_PLANS + 5 * APART < assessed_quarters(day)[0].first
