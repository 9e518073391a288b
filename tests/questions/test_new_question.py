"""Typing in a question: every kind, and every refusal with what was typed kept."""

from decimal import Decimal

import pytest

from app.accounts.roster.models import PostGroup
from app.audit.models import AuditEvent
from app.kernel import db
from app.questions import service
from app.questions.kinds import FALSE, TRUE, QuestionDifficulty, QuestionKind
from app.questions.models import TRUE_FALSE_OPTIONS, Question, QuestionCategory, QuestionState
from tests.accounts.factories import events
from tests.questions.factories import MULTIPLE, SINGLE, TRUE_FALSE, add_question, current
from tests.support import cast

URL = "/questions/new"
BLANK = {
    **SINGLE, "kind": "blank", "options": "", "stem": "应当一次性____，并出具____回执。",
    "key": "告知/告诉；书面",
}  # fmt: skip
NUMERIC = {**SINGLE, "kind": "numeric", "options": "", "stem": "几分钟内收件？", "key": "15±0.5"}
SHORT = {**SINGLE, "kind": "short", "options": "", "key": "先核对材料。\n再出具回执。"}


def create(browse, values, status=303, button=None):
    clerk = browse("clerk")
    return clerk.submit(clerk.get(URL), values, status=status, button=button)


def stored(app):
    with app.app_context():
        return db.session.query(Question).count()


def only(app):
    with app.app_context():
        return current(db.session.query(Question).one().id)


@pytest.mark.db
@pytest.mark.parametrize(
    ("typed", "kind", "labels", "key"),
    [
        (SINGLE, QuestionKind.SINGLE, "ABC", ["C"]),
        (MULTIPLE, QuestionKind.MULTIPLE, "ABCD", ["A", "B", "C"]),
        (TRUE_FALSE, QuestionKind.TRUE_FALSE, None, [TRUE]),
    ],
    ids=["single", "multiple", "true or false"],
)
def test_a_question_of_each_kind_is_created(browse, app, typed, kind, labels, key):
    answer = create(browse, typed)
    question, version = only(app)
    assert answer.location == f"/questions/{question.id}"
    assert (version.kind, version.key) == (kind, key)
    assert version.stem == typed["stem"]
    assert (version.basis, version.analysis) == (typed["basis"], typed["analysis"])
    assert (version.marks, version.category) == (Decimal(10), QuestionCategory.COMMON)
    if labels:
        assert "".join(option["label"] for option in version.options) == labels
        assert [each["text"] for each in version.options] == typed["options"].split("\n")
    else:
        assert version.options == TRUE_FALSE_OPTIONS
    assert (question.state, question.wording) == (QuestionState.DRAFT, 1)
    assert question.is_demonstration is False
    with app.app_context():
        [entry] = events(AuditEvent.QUESTIONS_CREATED)
        assert (entry.person_id, entry.object_id) == (cast.person_id("clerk"), str(question.id))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("a、c、d", ["A", "C", "D"]),
        ("dca", ["A", "C", "D"]),
        ("A, C；D。"[:-1], ["A", "C", "D"]),
        ("AACD", ["A", "C", "D"]),
        ("ＡＣＤ", ["A", "C", "D"]),
        ("ａ　ｃ\u00a0ｄ", ["A", "C", "D"]),
        ("A，C、D", ["A", "C", "D"]),
        ("A．C；D", ["A", "C", "D"]),
    ],
)
def test_a_key_is_read_as_people_write_it(browse, app, typed, key):
    create(browse, {**MULTIPLE, "key": typed})
    assert only(app).QuestionVersion.key == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("对", TRUE),
        ("正确", TRUE),
        ("√", TRUE),
        ("t", TRUE),
        ("错", FALSE),
        ("×", FALSE),
        ("f", FALSE),
        ("Ｔ", TRUE),
        ("Ｆ", FALSE),
    ],
)
def test_true_and_false_have_several_names(browse, app, typed, key):
    create(browse, {**TRUE_FALSE, "key": typed})
    assert only(app).QuestionVersion.key == [key]


def test_options_lose_blank_lines_and_outer_blanks(browse, app):
    create(browse, {**SINGLE, "options": "\n  甲 \r\n\r\n　乙　\n丙\n\n"})
    assert [each["text"] for each in only(app).QuestionVersion.options] == ["甲", "乙", "丙"]


@pytest.mark.db
@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (BLANK, [["告知", "告诉"], ["书面"]]),
        (NUMERIC, [{"value": "15", "tolerance": "0.5"}]),
        ({**NUMERIC, "key": "１５"}, [{"value": "15", "tolerance": "0"}]),
        (SHORT, ["先核对材料。\n再出具回执。"]),
        ({**SHORT, "kind": "essay"}, ["先核对材料。\n再出具回执。"]),
    ],
    ids=["blank", "numeric", "numeric full width", "short", "essay"],
)
def test_what_is_written_by_hand_has_a_key_of_its_own_shape(browse, app, typed, key):
    answer = create(browse, typed)
    version = only(app).QuestionVersion
    assert (version.kind.value, version.key, version.options) == (typed["kind"], key, [])
    # What the form shows of it is read as the same.
    clerk = browse("clerk")
    clerk.submit(clerk.get(f"{answer.location}/edit"))
    assert only(app).QuestionVersion.key == key


def test_post_difficulty_tags_and_no_marks_are_kept(browse, app):
    given = {"category": "post", "post_group": "assistant", "difficulty": "hard", "marks": ""}
    answer = create(browse, {**SINGLE, **given, "tags": "收件登记， 首问负责;收件登记"})
    question, version = only(app)
    assert (version.category, version.post_group) == (QuestionCategory.POST, PostGroup.ASSISTANT)
    assert (version.difficulty, version.marks) == (QuestionDifficulty.HARD, None)
    with app.app_context():
        assert service.tags_of([question.id])[question.id] == ["收件登记", "首问负责"]
    page = browse("clerk").get(answer.location)
    assert "岗位题（帮办）" in page.text
    assert "由试卷定" in page.text


def test_half_marks_are_kept_exactly(browse, app):
    create(browse, {**SINGLE, "marks": "2.50"})
    assert only(app).QuestionVersion.marks == Decimal("2.5")


def test_the_second_button_goes_on_to_the_next_question(browse, app):
    answer = create(browse, SINGLE, button="again")
    assert answer.location == URL
    assert stored(app) == 1


@pytest.mark.parametrize(
    ("typed", "field", "advice"),
    [
        ({"stem": ""}, "stem", "请写题干。"),
        ({"stem": " 　\n"}, "stem", "请写题干。"),
        ({"stem": "长" * 2001}, "stem", "2000"),
        ({"options": "只有一个"}, "options", "选项要有2到8个，这里是1个。"),
        ({"options": ""}, "options", "选项要有2到8个，这里是0个。"),
        ({"options": "\n".join("一二三四五六七八九")}, "options", "这里是9个。"),
        ({"options": "相同\n不同\n相同 "}, "options", "选项A和C是一样的，请改掉其中一个。"),
        ({"options": "长" * 4001}, "options", "4000"),
        ({"key": ""}, "key", "请写答案。"),
        ({"key": "AB"}, "key", "单选题写了2个答案，请核对题型或者答案。"),
        ({"key": "D"}, "key", "答案D在选项里没有"),
        ({"key": "丙"}, "key", "答案丙在选项里没有"),
        ({**MULTIPLE, "key": "A"}, "key", "多选题只写了一个答案，请核对题型或者答案。"),
        ({**MULTIPLE, "key": "AE"}, "key", "答案E在选项里没有"),
        ({**TRUE_FALSE, "key": "也许"}, "key", "判断题的答案请写 对 或 错。"),
        ({**BLANK, "key": "甲"}, "key", "用“；”隔开各空"),
        ({**BLANK, "key": "甲；乙；丙"}, "key", "用“；”隔开各空"),
        ({**BLANK, "stem": "没有空的题干"}, "key", "题干里用 ____ 标出每一个空"),
        ({**NUMERIC, "key": "十五"}, "key", "数值题的答案请写一个数"),
        ({**NUMERIC, "key": "15±-1"}, "key", "数值题的答案请写一个数"),
        ({"post_group": "general"}, "post_group", "公共题不分岗位"),
        ({"tags": "、".join(map(str, range(11)))}, "tags", "一道题最多10个知识点。"),
        ({"tags": "长" * 21}, "tags", "一个知识点最多20个字。"),
        ({"marks": "0"}, "marks", "分值在0.5至100之间。"),
        ({"marks": "0.49"}, "marks", "分值在0.5至100之间。"),
        ({"marks": "100.5"}, "marks", "分值在0.5至100之间。"),
        ({"marks": "-10"}, "marks", "分值在0.5至100之间。"),
        ({"marks": "NaN"}, "marks", ""),
        ({"marks": "sNaN"}, "marks", ""),
        ({"marks": "Infinity"}, "marks", ""),
        ({"marks": "1e400"}, "marks", ""),
        ({"marks": "2.505"}, "marks", "两位小数"),
        ({"marks": "十"}, "marks", ""),
        ({"basis": ""}, "basis", "请写依据"),
        ({"basis": "　"}, "basis", "请写依据"),
        ({"basis": "长" * 301}, "basis", "300"),
        ({"analysis": "长" * 2001}, "analysis", "2000"),
        ({"kind": "poem"}, "kind", ""),
        ({"category": "secret"}, "category", ""),
        ({"stem": "有\x00控制字符"}, "stem", "控制字符"),
        ({"options": "甲\n乙\x1f\n丙"}, "options", "控制字符"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_stored(browse, app, typed, field, advice):
    answer = create(browse, {**SINGLE, **typed}, status=422)
    assert advice in answer.text_of(f"#{field}-error")
    assert stored(app) == 0


def test_what_was_typed_stays_in_a_refused_form(browse):
    typed = {**MULTIPLE, "category": "post", "key": "A", "marks": "2.5"}
    answer = create(browse, typed, status=422)
    assert answer.one("[name=stem]").text.removeprefix("\n") == typed["stem"]
    assert answer.one("[name=options]").text.removeprefix("\n") == typed["options"]
    assert answer.one("[name=key]").text.removeprefix("\n") == "A"
    assert answer.one("[name=marks]").get("value") == "2.5"
    assert answer.one("[name=basis]").get("value") == typed["basis"]
    assert answer.one("[name=kind][checked]").get("value") == "multiple"
    assert answer.one("[name=category][checked]").get("value") == "post"


def test_the_refused_form_can_be_corrected_and_sent(browse, app):
    clerk = browse("clerk")
    refused = clerk.submit(clerk.get(URL), {**MULTIPLE, "key": "A"}, status=422)
    clerk.submit(refused, {"key": "AB"})
    assert only(app).QuestionVersion.key == ["A", "B"]


@pytest.mark.parametrize("who", ["staff", "chief"])
def test_only_a_clerk_types_in_questions(browse, app, who):
    person = browse(who)
    person.get(URL, status=403)
    person.post(URL, {**SINGLE, "csrf_token": person.token()}, status=403)
    assert stored(app) == 0


def test_what_is_no_field_changes_nothing(browse, app):
    clerk = browse("clerk")
    more = {"created_by_id": "1", "is_demonstration": "1", "state": "retired", "number": "9"}
    clerk.post(URL, {**SINGLE, **more, "csrf_token": clerk.token()})
    question, version = only(app)
    with app.app_context():
        assert question.drafted_by_id == version.created_by_id == cast.person_id("clerk")
    assert (question.is_demonstration, question.state) == (False, QuestionState.DRAFT)
    assert version.number == 1


def test_the_service_refuses_marks_below_zero_too(app):
    with app.app_context(), pytest.raises(service.RefusedError) as refusal:
        add_question(marks=Decimal(0))
    assert list(refusal.value.errors) == ["marks"]
