"""Sheets of review: sending questions, giving one back, passing the rest, on paper too."""

import io

import pytest
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.exams.service import papers
from app.inbox.models import OpenStep
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.questions import service as questions
from app.questions.models import Question, QuestionState
from app.questions.reviews import service
from app.questions.reviews.models import (
    QuestionReview,
    QuestionReviewLine,
    ReviewLineState,
    ReviewState,
)
from app.questions.reviews.workflow import OWN_QUESTIONS
from app.questions.service import drawable
from tests.accounts.factories import events
from tests.questions.factories import add_draft, add_question, content, current
from tests.site.exams_world import draft_exam
from tests.site.world import photo
from tests.support import cast


def send(*question_ids, who="clerk"):
    """Put questions on a sheet; returns its id."""
    with db.write():
        return service.draft_review(question_ids=question_ids, user=cast.principal(who)).id


@pytest.fixture
def sheet(app):
    """A sheet of two questions that the clerk wrote and sent."""
    with app.app_context():
        return send(add_draft(stem="甲题"), add_draft(stem="乙题"))


def reword(question_id, stem):
    """Change a question without having the change passed."""
    with db.write():
        questions.revise_question(
            question_id=question_id,
            seen_version=current(question_id).Question.version,
            content=content(stem=stem),
            user=cast.principal("clerk"),
        )


def lines_of(app, sheet):
    with app.app_context():
        return [line for line, _ in service.list_lines(sheet)]


def states_of(app):
    with app.app_context():
        return [each.state for each in db.session.query(Question).order_by(Question.id)]


def approve(browse, sheet, who="chief", status=303):
    person = browse(who)
    url = f"/questions/reviews/{sheet}/approve"
    return person.submit(person.get(url), status=status)


@pytest.mark.db
def test_ticked_questions_are_sent_and_wait_for_a_reviewer(browse, app):
    with app.app_context():
        ids = [add_draft(stem="甲题"), add_draft(stem="乙题")]
    clerk = browse("clerk")
    page = clerk.get("/questions")
    boxes = [each.get("value") for each in page.all("[name=question]")]
    assert boxes == [str(each) for each in reversed(ids)]
    sent = {"question": boxes, "csrf_token": clerk.token()}
    page = clerk.follow(clerk.post("/questions/reviews/new", sent))
    assert "题审2026-001" in page.text_of("h1")
    assert "已送审2道题" in page.text
    assert [line.question_id for line in lines_of(app, 1)] == ids
    with app.app_context():
        assert db.session.query(OpenStep).filter_by(flow="questions.review").count() == 1
    assert "送审中" in clerk.get("/questions?state=reviewing").text


def test_what_cannot_be_reviewed_yet_is_left_out_and_named(browse, app):
    with app.app_context():
        ids = [add_draft(stem="甲题"), add_question(stem="乙题"), add_draft(basis="")]
    clerk = browse("clerk")
    sent = {"question": [str(each) for each in [*ids, 4711]], "csrf_token": clerk.token()}
    page = clerk.follow(clerk.post("/questions/reviews/new", sent))
    assert [line.question_id for line in lines_of(app, 1)] == ids[:1]
    for each in ("没有送审3道题", f"第{ids[2]}题：没有写依据", "第4711题：没有这道题"):
        assert each in page.text


@pytest.mark.parametrize("count", [0, 101])
def test_an_empty_or_too_long_sheet_is_refused(app, count):
    with app.app_context(), pytest.raises(RefusedError):
        send(*range(1, count + 1))


def test_a_question_waits_on_one_sheet_alone(app, sheet):
    with app.app_context(), pytest.raises(RefusedError, match="已经在别的送审单上"):
        send(1)


@pytest.mark.db
def test_a_second_person_passes_all_and_they_can_be_drawn(browse, app, sheet):
    approve(browse, sheet)
    assert states_of(app) == [QuestionState.REVIEWED, QuestionState.REVIEWED]
    with app.app_context():
        review = db.session.get_one(QuestionReview, sheet)
        assert review.approved_by_id == cast.person_id("chief")
        assert db.session.query(Question).where(drawable()).count() == 2


def test_the_drafter_finds_no_way_to_pass_his_sheet(browse, sheet):
    clerk = browse("clerk")
    page = clerk.get(f"/questions/reviews/{sheet}")
    assert f"/questions/reviews/{sheet}/approve" not in page.links()
    clerk.get(f"/questions/reviews/{sheet}/approve", status=403)


@pytest.mark.db
def test_a_reviewer_gives_one_back_with_a_reason_and_passes_the_rest(browse, app, sheet):
    chief = browse("chief")
    page = chief.get(f"/questions/reviews/{sheet}")
    form = f"form[action='/questions/reviews/{sheet}/lines/1/return']"
    refused = chief.submit(page, form=form, status=422)
    assert "请写明退回原因" in refused.text
    chief.submit(refused, {"reason": "答案和依据不一致"}, form=form)
    first = lines_of(app, sheet)[0]
    assert (first.state, first.note) == (ReviewLineState.RETURNED, "答案和依据不一致")
    approve(browse, sheet)
    assert states_of(app) == [QuestionState.DRAFT, QuestionState.REVIEWED]
    with app.app_context():
        [entry] = events(AuditEvent.QUESTIONS_STRUCK)
        assert entry.person_id == cast.person_id("chief")


def test_a_clerk_takes_one_off_without_a_reason(browse, app, sheet):
    clerk = browse("clerk")
    page = clerk.get(f"/questions/reviews/{sheet}")
    clerk.submit(page, form=f"form[action='/questions/reviews/{sheet}/lines/2/withdraw']")
    assert lines_of(app, sheet)[1].state is ReviewLineState.WITHDRAWN


def test_a_sheet_from_which_all_was_struck_passes_nothing(browse, app, sheet):
    with app.app_context(), db.write():
        for place in (1, 2):
            service.strike_line(
                review_id=sheet, place=place, reason="重复", user=cast.principal("chief")
            )
    answer = approve(browse, sheet, status=422)
    assert "没有可以通过的" in answer.text


@pytest.mark.db
def test_a_reviewer_does_not_pass_a_question_that_he_wrote(browse, app):
    with app.app_context():
        question_id = add_draft(stem="甲题")
        sheet = send(question_id)
        with db.write():
            line = db.session.get_one(QuestionReviewLine, (sheet, 1))
            line.author_id = cast.person_id("chief")
    answer = approve(browse, sheet, status=422)
    assert OWN_QUESTIONS.format(places="1") in answer.text
    assert states_of(app) == [QuestionState.DRAFT]


@pytest.mark.db
@pytest.mark.parametrize(
    "values",
    [
        {"state": ReviewLineState.PASSED},
        {"state": ReviewLineState.PASSED, "decided_by_id": "author"},
        {"state": ReviewLineState.RETURNED},
    ],
)
def test_the_database_refuses_a_line_that_breaks_the_rule(app, sheet, values):
    with app.app_context():
        given = dict(values)
        if given.get("decided_by_id"):
            given["decided_by_id"] = cast.person_id("clerk")
        with pytest.raises(IntegrityError), db.write():
            line = db.session.get_one(QuestionReviewLine, (sheet, 1))
            for name, value in given.items():
                setattr(line, name, value)
            db.session.flush()


@pytest.mark.db
def test_a_hall_of_one_clerk_passes_by_a_signed_sheet_and_then_draws(browse, app, sheet):
    clerk = browse("clerk")
    url = f"/questions/reviews/{sheet}/approve/signed"
    signed = {
        "signed_by": cast.member_of("chief")[0],
        "signed_on": f"{clock.today():%Y-%m-%d}",
        "meeting": "题目会审",
        "file": (io.BytesIO(photo()), "送审单.png"),
        "is_unclassified": "y",
    }
    version = clerk.get(url).one("[name=version]").get("value")
    clerk.post(url, {**signed, "version": version, "csrf_token": clerk.token()}, status=303)
    assert states_of(app) == [QuestionState.REVIEWED, QuestionState.REVIEWED]
    with app.app_context():
        exam_id = draft_exam("一月一考", [1, 2], days=3)
        assert len(papers.list_items(exam_id)) == 2


def test_the_page_says_what_is_new_since_the_last_review(browse, app, sheet):
    approve(browse, sheet)
    with app.app_context():
        reword(1, "甲题改")
        second = send(1)
    page = browse("chief").get(f"/questions/reviews/{second}")
    assert "和上次审核通过的版本相比" in page.text
    assert "原来：甲题" in page.text


def test_a_sheet_with_a_question_that_one_sits_is_not_there(browse, app, sheet, monkeypatch):
    monkeypatch.setattr("app.questions.service.hidden_from", lambda user: frozenset({1}))
    clerk = browse("clerk")
    for path in ("", "/withdraw", "/review.pdf"):
        clerk.get(f"/questions/reviews/{sheet}{path}", status=404)
    assert "题审2026" not in clerk.get("/questions/reviews").text


def test_the_list_of_sheets_is_filtered_and_exported(browse, app, sheet):
    clerk = browse("clerk")
    assert "题审2026-001" in clerk.get("/questions/reviews?state=waiting").text
    assert "题审2026-001" not in clerk.get("/questions/reviews?state=approved").text
    clerk.get("/questions/reviews/export")
    with app.app_context():
        assert len(events(AuditEvent.RECORD_EXPORTED)) == 1


def test_withdrawing_a_sheet_leaves_its_questions_to_be_changed(browse, app, sheet):
    clerk = browse("clerk")
    clerk.submit(clerk.get(f"/questions/reviews/{sheet}/withdraw"))
    with app.app_context():
        assert db.session.get_one(QuestionReview, sheet).state is ReviewState.WITHDRAWN
        reword(1, "甲题改")
