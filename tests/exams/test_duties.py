"""Who has worked on a paper decides nothing on it: by no page, no service and no statement."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.exams.exam_flow import FLOW, NOT_YOUR_OWN
from app.exams.models import ExamAuthor, ExamState
from app.exams.service import choosing, papers, publishing
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from app.workflow import service as workflow
from tests.accounts.factories import grant
from tests.exams.factories import direct, draft, get_exam, publish_exam, settings, submit
from tests.questions.factories import add_question
from tests.support import cast

REVIEW = "UPDATE exam SET reviewed_at = drafted_at, reviewed_by_id = :who WHERE id = :id"


def edit(exam_id, who):
    version = get_exam(exam_id).version
    papers.edit_paper(
        exam_id=exam_id, seen_version=version, settings=settings(title="改过"), edited_by_id=who
    )


def remove(exam_id, who):
    last = choosing.read_order(exam_id)[-1]
    choosing.remove_item(exam_id=exam_id, question_id=last, edited_by_id=who)


def lift(exam_id, who):
    last = choosing.read_order(exam_id)[-1]
    choosing.move_item_up(exam_id=exam_id, question_id=last, edited_by_id=who)


def send(exam_id, who):
    publishing.submit_paper(exam_id=exam_id, submitted_by_id=who)


ACTS = (edit, remove, lift, send)


def worked_on(act, who="chief"):
    """Draft a paper as the clerk, let somebody else do one act on it, and submit it."""
    exam_id = draft()
    with db.write():
        act(exam_id, cast.person_id(who))
    if get_exam(exam_id).state is ExamState.DRAFT:
        submit(exam_id)
    return exam_id


@pytest.mark.db
@pytest.mark.parametrize("act", ACTS)
def test_whoever_has_worked_on_a_paper_can_not_decide_on_it(app, act):
    with app.app_context():
        exam_id, chief = worked_on(act), cast.principal("chief")
        for name in ("pass", "send-back"):
            with pytest.raises(RefusedError, match="不能审核或审定"), db.write():
                workflow.execute(FLOW, record_id=exam_id, name=name, user=chief, reason="原因")
        assert get_exam(exam_id).state is ExamState.SUBMITTED


def test_choosing_one_question_is_work_on_a_paper(app):
    with app.app_context():
        exam_id, question_id = draft(), add_question(stem="新题")
        with db.write():
            choosing.add_item(
                exam_id=exam_id, question_id=question_id, edited_by_id=cast.person_id("chief")
            )
        assert papers.is_author(exam_id, cast.person_id("chief"))


@pytest.mark.db
@pytest.mark.parametrize("act", ACTS)
def test_the_database_too_refuses_whoever_has_worked_on_it(app, act):
    with app.app_context():
        exam_id = worked_on(act)
        with pytest.raises(IntegrityError):
            direct(REVIEW, id=exam_id, who=cast.person_id("chief"))
        # Somebody else would have been accepted: it was this rule that refused.
        direct(REVIEW, id=exam_id, who=cast.person_id("other"))


@pytest.mark.db
def test_reviewer_and_submitter_differ_by_a_check_of_their_own(app):
    with app.app_context():
        exam_id = publish_exam()
        assert get_exam(exam_id).submitted_by_id == cast.person_id("clerk")
        with pytest.raises(IntegrityError):
            direct("UPDATE exam SET submitted_by_id = reviewed_by_id")


@pytest.mark.db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM exam_author",
        "UPDATE exam_author SET person_id = (SELECT max(id) FROM person)",
    ],
)
def test_who_has_worked_on_a_paper_stays_on_record(app, statement):
    with app.app_context():
        draft()
        with pytest.raises(IntegrityError):
            direct(statement)
        assert db.session.query(ExamAuthor).one().person_id == cast.person_id("clerk")


@pytest.mark.db
def test_nobody_becomes_an_author_of_a_published_paper(app, exam_id):
    statement = "INSERT INTO exam_author (exam_id, person_id) VALUES (:exam, :who)"
    with app.app_context(), pytest.raises(IntegrityError):
        direct(statement, exam=exam_id, who=cast.person_id("chief"))


def test_a_paper_of_his_own_offers_a_chief_no_decision_and_says_why(app, browse):
    with app.app_context():
        exam_id = worked_on(edit)
        grant("other", Role.SECTION_CHIEF)
    page = browse("chief").get(f"/exams/papers/{exam_id}")
    assert not page.all("a[href$=pass]")
    assert NOT_YOUR_OWN in page.text_of("main")
    assert "改过" not in browse("chief").get("/inbox").text
    assert "改过" in browse("other").get("/inbox").text
    page = browse("other").get(f"/exams/papers/{exam_id}")
    assert page.all("a[href$=pass]")
    assert NOT_YOUR_OWN not in page.text


def test_the_path_names_who_really_submitted(app, browse):
    with app.app_context():
        exam_id = draft()
        grant("chief", Role.CLERK)
        with db.write():
            send(exam_id, cast.person_id("chief"))
    page = browse("clerk").get(f"/exams/papers/{exam_id}")
    lines = ["".join(each.itertext()) for each in page.all(".timeline li")]
    [drafted] = [each for each in lines if "起草 →" in each]
    [submitted] = [each for each in lines if "送审 →" in each]
    assert "陆文博" in drafted
    assert "顾晓岚" in submitted
