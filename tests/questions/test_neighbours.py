"""What stands beside a question: its case, those nearly the same, the papers that used it."""

from dataclasses import replace

import pytest

from app.kernel import db
from app.questions import neighbours, service
from app.questions.models import QuestionState
from app.questions.reviews import service as reviews
from tests.exams.factories import publish_exam
from tests.questions.factories import add_question, content, current
from tests.support import cast
from tests.support.questions import add_passed

pytestmark = pytest.mark.db


@pytest.fixture
def case(app):
    """Two reviewed questions of one case: their numbers and the number of the shared stem."""
    with app.app_context(), db.write():
        group_id = service.add_group(stem="某窗口上午收了三份材料。", created_by_id=None)
        ids = [add_passed(content(stem=f"第{n}问", group_id=group_id)) for n in (1, 2)]
        return ids, group_id


def hide(app, monkeypatch, question_id):
    rooms = [
        replace(room, hidden_questions=lambda user: frozenset({question_id}))
        if room.name == "exams"
        else room
        for room in app.extensions["clean-window"]
    ]
    monkeypatch.setitem(app.extensions, "clean-window", rooms)


def test_questions_of_a_case_lead_to_each_other(browse, case):
    (first, second), _ = case
    page = browse("chief").get(f"/questions/{first}")
    assert "某窗口上午收了三份材料。" in page.text
    assert f"/questions/{second}" in page.links()


def test_another_shared_stem_makes_a_version_of_each_question(browse, app, case):
    ids, group_id = case
    clerk = browse("clerk")
    page = clerk.get(f"/questions/groups/{group_id}/edit")
    refused = clerk.submit(page, {"stem": " "}, status=422)
    assert "请写共用题干。" in refused.text
    answer = clerk.submit(page, {"stem": "某窗口下午收了两份材料。"})
    assert "下午" in clerk.follow(answer).text
    with app.app_context():
        for each in ids:
            found = current(each)
            assert (found.Question.wording, found.Question.state) == (2, QuestionState.DRAFT)
            assert service.get_group(found.QuestionVersion.group_id).stem[3:5] == "下午"
            old = service.list_versions(each)[-1]
            assert service.get_group(old.group_id).stem[3:5] == "上午"
    # Nobody has the old one any more: there is nothing to change.
    clerk.get(f"/questions/groups/{group_id}/edit", status=404)


def test_a_case_under_review_keeps_its_stem(browse, app, case):
    ids, group_id = case
    clerk = browse("clerk")
    page = clerk.get(f"/questions/groups/{group_id}/edit")
    clerk.submit(page, {"stem": "改过一次的题干。"})
    with app.app_context():
        group_id = current(ids[0]).QuestionVersion.group_id
        with db.write():
            reviews.draft_review(question_ids=ids[1:], user=cast.principal("clerk"))
    page = clerk.get(f"/questions/groups/{group_id}/edit")
    answer = clerk.submit(page, {"stem": "再改一次。"}, status=422)
    assert "正在送审" in answer.text
    with app.app_context():
        assert [current(each).Question.wording for each in ids] == [2, 2]


def test_a_hidden_question_of_a_case_is_neither_named_nor_changed(browse, app, case, monkeypatch):
    (first, second), group_id = case
    hide(app, monkeypatch, second)
    clerk = browse("clerk")
    assert f"/questions/{second}" not in clerk.get(f"/questions/{first}").links()
    page = clerk.get(f"/questions/groups/{group_id}/edit")
    answer = clerk.submit(page, {"stem": "改过的题干。"}, status=422)
    assert "看不到" in answer.text
    with app.app_context():
        assert current(first).Question.wording == 1


def test_what_is_nearly_the_same_is_named_with_its_share(browse, app, monkeypatch):
    options = ["当场一次性书面告知", "先收下以后再说", "请群众改日再来"]
    with app.app_context():
        stem = "材料不齐的时候，窗口收件人员应当怎样告知群众需要补正的全部内容"
        first = add_question(stem=f"{stem}？", options=options)
        near = add_question(stem=f"{stem}呢？", options=options)
        same = add_question(stem=f"{stem}", options=options[::-1])
        add_question(
            stem="完全不同的一道题，问的是党员徽章佩戴在哪里", options=["左胸", "右胸", "帽子"]
        )
        found = neighbours.find_alike(current(first).QuestionVersion, cast.principal("clerk"))
    assert [number for number, _ in found] == [same, near]
    assert found[0][1] == 100
    page = browse("clerk").get(f"/questions/{first}/alike")
    assert "完全一样" in page.text
    hide(app, monkeypatch, same)
    with app.app_context():
        found = neighbours.find_alike(current(first).QuestionVersion, cast.principal("clerk"))
    assert [number for number, _ in found] == [near]


def test_a_question_names_the_papers_that_used_it(browse, app):
    with app.app_context():
        ids = [add_question(stem=f"第{n}问") for n in (1, 2)]
        exam_id = publish_exam(ids, title="十一月一月一考")
    page = browse("chief").get(f"/questions/{ids[0]}")
    assert "十一月一月一考" in page.text
    assert f"/exams/papers/{exam_id}" in page.links()
    with app.app_context():
        other = add_question(stem="没有用过的题")
    assert "还没有试卷用过" in browse("chief").get(f"/questions/{other}").text
