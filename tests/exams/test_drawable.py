"""Which questions a paper can have: reviewed ones, of the kinds that a sitting shows; and their use."""

from datetime import date
from decimal import Decimal

import pytest

from app.exams.service import choosing, papers
from app.files import service as files
from app.kernel import db
from app.kernel.forms import RefusedError
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionState
from app.questions.question_flow import FLOW
from app.workflow.service import rebuild_state
from tests.exams.factories import draft, publish_exam, submit
from tests.questions.factories import add_draft, add_question, content, current, revise
from tests.support import cast
from tests.support.questions import add_passed, retire

pytestmark = pytest.mark.db

WRITTEN = {
    QuestionKind.BLANK: ("应当____告知。", [["一次性"]]),
    QuestionKind.NUMERIC: ("几分钟内收件？", [{"value": "15", "tolerance": "0"}]),
    QuestionKind.SHORT: ("说说首问负责制。", ["接待到底。"]),
    QuestionKind.ESSAY: ("谈谈清廉窗口。", ["言之有据。"]),
}


@pytest.fixture
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def exam_id(context):
    return draft([add_question()])


def add(exam_id, question_id):
    with db.write():
        choosing.add_item(
            exam_id=exam_id, question_id=question_id, edited_by_id=cast.person_id("clerk")
        )


def add_group_question(group_id):
    return add_passed(content(group_id=group_id))


def with_picture():
    sha256 = files.put_content(b"\xff\xd8\xff a picture")
    with db.write():
        file = files.add_file(sha256=sha256, size=13, media_type="image/jpeg", name="图1.jpg")
        file_id = file.id
    return add_question(stem="[图1]是哪一块牌？", pictures={"[图1]": file_id})


def test_the_page_of_choice_offers_what_is_reviewed(app, browse):
    with app.app_context():
        exam_id = draft([add_question()])
        add_draft(stem="没有审核的题")
        add_question(stem="审核过的题")
    page = browse("clerk").get(f"/exams/papers/{exam_id}/questions")
    assert "没有审核的题" not in page.text
    assert "审核过的题" in page.text


def test_what_nobody_reviewed_is_in_no_paper(exam_id):
    unseen = add_draft(stem="没有审核的题")
    assert unseen not in set(db.session.scalars(questions.select_drawable_ids()))
    with pytest.raises(RefusedError, match="没有审核"):
        add(exam_id, unseen)


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_typed_is_chosen_like_any_other(exam_id, kind):
    stem, key = WRITTEN[kind]
    question = add_question(kind=kind, stem=stem, options=[], key=key)
    add(exam_id, question)
    assert papers.list_items(exam_id)[-1].question.id == question


def test_a_question_with_a_picture_is_chosen_like_any_other(exam_id):
    question = with_picture()
    add(exam_id, question)
    assert papers.list_items(exam_id)[-1].question.id == question


def test_a_case_is_chosen_and_taken_out_as_a_whole(exam_id):
    with db.write():
        group = questions.add_group(stem="某窗口收件时……", created_by_id=None)
        ids = [add_group_question(group) for _ in range(3)]
    first = choosing.read_order(exam_id)
    add(exam_id, ids[1])
    assert choosing.read_order(exam_id) == [*first, *ids]
    with db.write():
        choosing.remove_item(
            exam_id=exam_id, question_id=ids[2], edited_by_id=cast.person_id("clerk")
        )
    assert choosing.read_order(exam_id) == first


def test_a_question_that_is_changed_after_it_was_chosen_holds_the_paper_up(exam_id):
    question = papers.list_items(exam_id)[0].question.id
    with db.write():
        questions.revise_question(
            question_id=question,
            seen_version=current(question).Question.version,
            content=content(stem="改过的题"),
            user=cast.principal("clerk"),
        )
    with pytest.raises(RefusedError, match="第1题没有审核"):
        submit(exam_id)


def test_a_question_without_marks_gets_the_usual_ones_of_its_kind(exam_id):
    add(exam_id, add_question(marks=None))
    assert papers.list_items(exam_id)[-1].marks == Decimal(2)


def test_a_published_paper_uses_its_questions(context):
    ids = [add_question(stem=f"第{place}问") for place in range(2)]
    publish_exam(ids)
    for each in ids:
        question = current(each).Question
        assert question.state is QuestionState.IN_USE
        assert (question.used_times, question.used_on) == (1, date(2026, 11, 20))
        assert rebuild_state(FLOW, each)[0] == "in_use"
    publish_exam(ids[:1], pass_marks=Decimal(5))
    assert current(ids[0]).Question.used_times == 2
    assert current(ids[1]).Question.used_times == 1


def test_what_was_used_can_still_be_retired_or_changed_for_the_next_paper(context):
    ids = [add_question(stem=f"第{place}问") for place in range(2)]
    publish_exam(ids)
    with db.write():
        retire(ids[0])
    revise(ids[1], stem="改过的题")
    assert current(ids[0]).Question.state is QuestionState.RETIRED
    assert current(ids[1]).Question.state is QuestionState.REVIEWED
