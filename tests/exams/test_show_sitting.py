"""The sitting page: the frozen questions, joined with what this person has answered so far."""

from decimal import Decimal

import pytest

from app.exams import paper_html
from app.questions.kinds import QuestionKind
from tests.exams.factories import Examinee, publish_exam, sit, sitting_of

HOSTILE = "\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.mark.db
def test_the_page_begins_with_what_is_stored(exam_id, enter):
    staff = enter()
    page = staff.page()
    assert not page.all("#paper input[checked]")
    assert [each.get("value") for each in page.all("#paper [name^=revision]")] == ["0", "0", "0"]
    staff.save(1, ["B"], 3)
    staff.save(2, ["A", "D"], 1)
    staff.save(3, ["false"], 2)
    page = staff.page()
    checked = [(e.get("name"), e.get("value")) for e in page.all("#paper .option input[checked]")]
    assert checked == [
        ("answer-1", "B"),
        ("answer-2", "A"),
        ("answer-2", "D"),
        ("answer-3", "false"),
    ]
    assert [each.get("value") for each in page.all("#paper [name^=revision]")] == ["3", "1", "2"]


def test_thirty_questions_are_sent_without_a_blank_too_many(app, browse):
    """Six hundred people fetch the page within minutes; blanks and doubled names were a quarter."""
    bank = [{"stem": f"第{number}问：" + "题干" * 20} for number in range(30)]
    with app.app_context():
        exam_id = publish_exam(bank)
    page = Examinee(browse("staff"), exam_id).start()
    assert len(page.all("#paper .question")) == 30
    assert len(page.body.encode()) < 50_000


def test_each_kind_has_its_own_controls(enter):
    page = enter().page()
    kinds = {
        number: {each.get("type") for each in page.all(f"[name=answer-{number}]")}
        for number in (1, 2, 3)
    }
    assert kinds == {1: {"radio"}, 2: {"checkbox"}, 3: {"radio"}}
    assert [each.get("value") for each in page.all("[name=answer-3]")] == ["true", "false"]
    for number in (1, 2, 3):
        assert page.all(f"#q{number} fieldset legend")


def test_what_one_person_answered_never_shows_on_the_page_of_another(enter):
    """The questions' HTML is kept; the answers are put in per person."""
    staff, other = enter(), enter("other")
    staff.save(1, ["A"], 9)
    staff.save(2, ["A", "B"], 9, flagged="1")
    assert staff.page().all("#paper input[checked]")
    page = other.page()
    assert not page.all("#paper input[checked]")
    assert page.one("[name=revision-1]").get("value") == "0"


def test_kept_html_of_one_paper_does_not_leak_into_another(app, browse):
    question, other = (
        {"stem": "同样的题干", "options": ["甲", each], "key": ["A"]} for each in "乙丙"
    )
    with app.app_context():
        first, second, third = (
            publish_exam(paper, pass_marks=Decimal(5))
            for paper in ([question], [other], [question] * 2)
        )
    staff = browse("staff")
    texts = [Examinee(staff, each).start().text_of("#paper") for each in (first, second, third)]
    assert "乙" in texts[0]
    assert "丙" in texts[1]
    assert "乙" not in texts[1]
    assert "第1/2题" in texts[2]


def test_the_store_of_kept_html_has_a_limit(app, browse, monkeypatch):
    monkeypatch.setattr(paper_html, "MOST_KEPT", 2)
    monkeypatch.setattr(paper_html, "_kept", {})
    with app.app_context():
        exam_id = publish_exam([{"stem": f"{place}题"} for place in range(5)])
    page = Examinee(browse("staff"), exam_id).start()
    assert len(page.all(".question")) == 5
    assert len(paper_html._kept) <= 2


def test_hostile_text_stays_text(app, browse):
    with app.app_context():
        exam_id = publish_exam(
            [
                {"stem": HOSTILE, "options": [HOSTILE, f"{HOSTILE} 2", "x"], "key": ["A"]},
                {"kind": QuestionKind.TRUE_FALSE, "stem": "判断", "options": [], "key": ["true"]},
            ],
            title=f"考试{HOSTILE}"[:80],
            notice=HOSTILE,
        )
    staff = Examinee(browse("staff"), exam_id)
    for page in (staff.browser.get(staff.notice), staff.start(), staff.hand_in()):
        assert not page.all("img")
        assert "<img" not in page.body
        assert "49" not in page.text
    assert page.text.count("考试") > 0


def test_the_way_back_in_depends_on_how_far_somebody_is(app, browse, exam_id):
    with app.app_context():
        public_id = sitting_of(exam_id, "staff").public_id
    staff = browse("staff")
    url = f"/exams/sittings/{public_id}"
    assert staff.get(url, status=303).location == f"/exams/{exam_id}"
    assert staff.get(f"{url}/hand-in", status=303).location == f"{url}/receipt"
    assert staff.get(f"{url}/receipt", status=303).location == f"/exams/{exam_id}"
    examinee = Examinee(staff, exam_id)
    assert examinee.start().one("#paper") is not None
    assert "继续作答" in staff.get(f"/exams/{exam_id}").text
    examinee.hand_in()
    assert staff.get(url, status=303).location == f"{url}/receipt"
    assert "看交卷回执" in staff.get(f"/exams/{exam_id}").text


def test_the_notice_says_what_to_know_before(browse, exam_id):
    page = browse("staff").get(f"/exams/{exam_id}")
    for words in ("办件优先。", "40分钟", "3道题，满分30分，20分合格", "未参加"):
        assert words in page.text
    assert len(page.all(".notice li")) == 2


def test_an_exam_of_other_departments_is_not_found(app, browse):
    with app.app_context():
        exam_id = publish_exam(only=["other"])
    staff = browse("staff")
    staff.get(f"/exams/{exam_id}", status=404)
    staff.post(f"/exams/{exam_id}/start", {"csrf_token": staff.token()}, status=404)
    assert "还没有安排你参加的考试。" in staff.get("/exams").text


def test_whoever_has_handed_in_can_not_begin_again(app, browse, exam_id):
    with app.app_context():
        sit(exam_id, "staff")
        before = sitting_of(exam_id, "staff").started_at
    staff = browse("staff")
    answer = staff.post(f"/exams/{exam_id}/start", {"csrf_token": staff.token()})
    assert "已经交卷" in staff.follow(answer).text_of(".alert-error")
    with app.app_context():
        assert sitting_of(exam_id, "staff").started_at == before
