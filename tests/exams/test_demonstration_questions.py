"""Questions of the demonstration: "it cannot be drawn outside the demonstration until reviewed"."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.exams import demo_papers
from app.exams.models import ExamItem
from app.exams.service import choosing, publishing
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.questions.models import Question, QuestionState
from app.questions.service import Place
from tests.exams.factories import draft
from tests.questions.factories import add_draft, add_question
from tests.support import cast
from tests.support.questions import pass_review

pytestmark = pytest.mark.db
SHOWN = "演示大厅里的一道题"


@pytest.fixture(autouse=True)
def be(app):
    """Make the site a real one, or the demonstration."""
    site = app.config["SITE"]

    def make(*, is_demo):
        app.config["SITE"] = replace(site, is_demo=is_demo)

    make(is_demo=False)
    yield make
    app.config["SITE"] = site


@pytest.fixture
def shown(app):
    """A question of the demonstration that nobody has reviewed."""
    with app.app_context():
        return add_draft(stem=SHOWN, place=Place(is_demonstration=True))


@pytest.fixture
def exam_id(app):
    with app.app_context():
        return draft([add_question(stem="审核过的题")])


def url(exam_id):
    return f"/exams/papers/{exam_id}/questions"


def chosen(app, exam_id):
    with app.app_context():
        return {each.question_id for each in db.session.query(ExamItem).filter_by(exam_id=exam_id)}


def offered(browse, exam_id):
    page = browse("clerk").get(url(exam_id))
    return {int(each.get("value")) for each in page.all("button[name=add]")}


def add(exam_id, question_id):
    with db.write():
        choosing.add_item(
            exam_id=exam_id, question_id=question_id, edited_by_id=cast.person_id("clerk")
        )


def test_outside_nothing_of_the_demonstration_is_offered_or_taken(browse, app, shown, exam_id):
    assert shown not in offered(browse, exam_id)
    clerk = browse("clerk")
    answer = clerk.post(url(exam_id), {"add": shown, "csrf_token": clerk.token()})
    assert "没有审核" in clerk.follow(answer).text_of(".alert-error")
    with app.app_context(), pytest.raises(RefusedError, match="没有审核"):
        add(exam_id, shown)
    assert shown not in chosen(app, exam_id)


def test_outside_it_is_taken_once_it_is_reviewed(browse, app, shown, exam_id):
    with app.app_context(), db.write():
        pass_review(shown)
    assert shown in offered(browse, exam_id)
    with app.app_context():
        add(exam_id, shown)
    assert shown in chosen(app, exam_id)


def test_inside_it_is_offered_and_taken(browse, app, shown, exam_id, be):
    be(is_demo=True)
    assert shown in offered(browse, exam_id)
    clerk = browse("clerk")
    clerk.post(url(exam_id), {"add": shown, "csrf_token": clerk.token()}, status=303)
    assert shown in chosen(app, exam_id)


def test_inside_a_question_that_somebody_types_waits_for_its_review(browse, app, exam_id, be):
    be(is_demo=True)
    with app.app_context():
        typed = add_draft(stem="来访者录入的题")
    assert typed not in offered(browse, exam_id)
    with app.app_context(), pytest.raises(RefusedError, match="没有审核"):
        add(exam_id, typed)


def test_a_paper_chosen_inside_can_not_be_submitted_outside(app, shown, exam_id, be):
    be(is_demo=True)
    with app.app_context():
        add(exam_id, shown)
    be(is_demo=False)
    with app.app_context(), pytest.raises(RefusedError, match="第2题没有审核"), db.write():
        publishing.submit_paper(exam_id=exam_id, submitted_by_id=cast.person_id("clerk"))


def test_inside_what_was_retired_is_not_taken(app, shown, exam_id, be):
    be(is_demo=True)
    with app.app_context():
        with db.write():
            db.session.get_one(Question, shown).state = QuestionState.RETIRED
        with pytest.raises(RefusedError, match="停用"):
            add(exam_id, shown)


def test_a_paper_of_the_demonstration_asks_nothing_that_was_written_later(app, shown, be):
    be(is_demo=True)
    with app.app_context():
        written = db.session.get_one(Question, shown).drafted_at
        for moment, expected in ((written, [shown]), (written - timedelta(days=1), [])):
            with clock.frozen(moment):
                kept = demo_papers.read_share(demo_papers.Share.EARLIER)
                assert [each for group in kept.values() for each in group] == expected
