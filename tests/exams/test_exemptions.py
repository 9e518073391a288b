"""免考 that the site finds: who opened a key since the draft began, and newcomers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.audit.models import AuditEntry, AuditEvent
from app.exams.models import ExamExcuse, ExcuseCause, Sitting, SittingStanding
from app.exams.service import choosing, papers
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.questions import key_reading
from app.questions import service as questions
from tests.accounts.factories import grant
from tests.exams.factories import (
    direct,
    draft,
    publish,
    publish_exam,
    release,
    review,
    sitting_of,
    submit,
    sweep,
)
from tests.questions.factories import add_question, content, current
from tests.support import cast
from tests.support.questions import pass_review

pytestmark = pytest.mark.db


def standing(exam_id, who):
    return sitting_of(exam_id, who).standing


def causes(exam_id):
    rows = db.session.query(ExamExcuse, Sitting).join(Sitting, Sitting.id == ExamExcuse.sitting_id)
    return {
        sitting.person_id: (excuse.cause, excuse.state, excuse.is_automatic)
        for excuse, sitting in rows.filter(Sitting.exam_id == exam_id)
    }


def reads():
    """Give the events that somebody opened keys: who, and which."""
    found = db.session.query(AuditEntry).filter_by(
        event=AuditEvent.RECORD_READ, object_type=key_reading.OBJECT
    )
    return [(row.person_id, row.data["questions"]) for row in found.order_by(AuditEntry.seq)]


@pytest.fixture
def second_clerk(app):
    """Another organiser who is staff: he has worked on no paper yet."""
    with app.app_context():
        grant("other", Role.CLERK)


@pytest.mark.usefixtures("second_clerk")
def test_an_organiser_who_has_seen_no_key_has_to_come_and_sees_none(browse, app):
    with app.app_context():
        exam_id = publish_exam()
        assert standing(exam_id, "other") is SittingStanding.DUE
        hidden = questions.hidden_from(cast.principal("other"))
        assert hidden == papers.question_ids(exam_id)
    browse("other").get(f"/exams/papers/{exam_id}", status=404)
    browse("other").get(f"/questions/{min(hidden)}", status=404)
    assert browse("other").get(f"/exams/{exam_id}").all("form[action$=start]")


@pytest.mark.usefixtures("second_clerk")
@pytest.mark.parametrize("page", ["/questions/{}", "/questions/{}/edit"])
def test_whoever_opened_a_key_since_the_draft_began_is_exempt(browse, app, page):
    with app.app_context():
        exam_id = draft()
        seen = choosing.read_order(exam_id)[1]
    browse("other").get(page.format(seen))
    with app.app_context():
        assert reads() == [(cast.person_id("other"), [seen])]
        publish(exam_id)
        assert causes(exam_id) == {cast.person_id("other"): ("key_seen", "approved", True)}
        assert standing(exam_id, "other") is SittingStanding.EXEMPT
    # He knows it anyway, and goes on as an organiser.
    browse("other").get(f"/exams/papers/{exam_id}")
    assert not browse("other").get(f"/exams/{exam_id}").all("form[action$=start]")


@pytest.mark.usefixtures("second_clerk")
def test_the_page_of_a_draft_shows_all_its_keys(browse, app):
    with app.app_context():
        exam_id = draft()
        ids = sorted(papers.question_ids(exam_id))
    browse("other").get(f"/exams/papers/{exam_id}")
    with app.app_context():
        assert reads() == [(cast.person_id("other"), ids)]


@pytest.mark.usefixtures("second_clerk")
def test_a_key_that_was_opened_before_the_draft_began_is_no_exemption(browse, app, now):
    with app.app_context():
        question_id = add_question()
    browse("other").get(f"/questions/{question_id}")
    now.move(hours=2)
    with app.app_context():
        exam_id = draft([question_id], pass_marks=Decimal(5))
        publish(exam_id)
        assert causes(exam_id) == {}


@pytest.mark.usefixtures("second_clerk")
def test_the_same_keys_within_the_hour_are_one_event_that_still_counts(browse, app, now):
    with app.app_context():
        question_id = add_question()
    browse("other").get(f"/questions/{question_id}")
    now.move(minutes=20)
    with app.app_context():
        exam_id = draft([question_id], pass_marks=Decimal(5))
    now.move(minutes=20)
    browse("other").get(f"/questions/{question_id}")
    with app.app_context():
        assert len(reads()) == 1
        publish(exam_id)
        assert set(causes(exam_id)) == {cast.person_id("other")}
    now.move(minutes=40)
    browse("clerk").get(f"/questions/{question_id}")
    with app.app_context():
        assert len(reads()) == 2


@pytest.mark.usefixtures("second_clerk")
def test_whoever_wrote_a_question_since_then_knows_it(app):
    with app.app_context():
        exam_id = draft()
        question_id = choosing.read_order(exam_id)[0]
        with db.write():
            questions.revise_question(
                question_id=question_id,
                seen_version=current(question_id).Question.version,
                content=content(stem="改过的题干"),
                user=cast.principal("other"),
            )
            pass_review(question_id)
        publish(exam_id)
        assert causes(exam_id)[cast.person_id("other")][0] is ExcuseCause.KEY_SEEN


def test_newcomers_under_a_month_are_exempt(app):
    with app.app_context():
        day = clock.today()
        direct("UPDATE person SET joined_on = :day WHERE id = :one",
               day=(day - timedelta(days=29)).isoformat(), one=cast.person_id("staff"))  # fmt: skip
        direct("UPDATE person SET joined_on = :day WHERE id = :one",
               day=(day - timedelta(days=30)).isoformat(), one=cast.person_id("other"))  # fmt: skip
        exam_id = publish_exam()
        assert causes(exam_id) == {cast.person_id("staff"): ("newcomer", "approved", True)}


def test_a_hall_without_anybody_who_has_to_come_publishes_nothing(app):
    with app.app_context():
        direct("UPDATE person SET joined_on = :day", day=clock.today().isoformat())
        with pytest.raises(Exception, match="没有应考人员"):
            publish_exam()


@pytest.mark.usefixtures("second_clerk")
def test_the_exempt_are_listed_before_publication(browse, app):
    with app.app_context():
        grant("chief", Role.STAFF)
        day = (clock.today() - timedelta(days=3)).isoformat()
        direct("UPDATE person SET joined_on = :day WHERE id = :one",
               day=day, one=cast.add_staff(1)[0])  # fmt: skip
        exam_id = draft()
        seen = choosing.read_order(exam_id)[0]
    browse("other").get(f"/questions/{seen}")
    with app.app_context():
        submit(exam_id)
        review(exam_id)
    page = browse("clerk").get(f"/exams/papers/{exam_id}/publish").text_of("main")
    assert "应考 4人，免考3人，要参加的1人" in " ".join(page.split())
    assert "免考（命题）2人" in page
    assert f"梁静怡（SY002）：看过第{seen}题的答案" in page
    assert "顾晓岚（SY004）：起草、审核或发布这张试卷" in page
    assert "免考（入职不满一个月）1人" in page


def test_reading_ones_own_released_result_is_no_reading_of_keys(browse, app, now):
    with app.app_context():
        exam_id = publish_exam()
        public_id = sitting_of(exam_id, "staff").public_id
    examinee = browse("staff")
    token = examinee.get(f"/exams/{exam_id}").one("form[action$=start] input").get("value")
    examinee.post(f"/exams/{exam_id}/start", {"csrf_token": token})
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
        release(exam_id)
    browse("staff").get(f"/exams/sittings/{public_id}/result")
    with app.app_context():
        assert [each for each in reads() if each[0] == cast.person_id("staff")] == []
