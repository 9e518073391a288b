"""The pages: questionnaire made, approved, answered, read, exported, printed; and who is refused."""

import io
from datetime import timedelta

import pytest
import python_calamine
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.files import papers
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.surveys import disclosure, indicators, questions, reports, results, service
from app.surveys.models import Questionnaire, QuestionnaireState, Survey
from app.surveys.papers import REPORT
from tests.commitments.factories import printed, run_jobs
from tests.support import cast
from tests.surveys.factories import (
    BALLOT,
    close,
    get,
    open_survey,
    put,
    put_in_use,
    stored,
)

RATES = (0, 0, 0, 1, 1, 1, 1, 2, 3, 2)
NAMES = "林小满说得快，请林小满慢一点。"


@pytest.fixture
def ten(app, now):
    """Hold a survey of ten, closed with words of all; gives its address."""
    with app.app_context():
        put_in_use()
        people = cast.add_staff(12)
        public_id = open_survey(people)
        for person_id, rate in zip(people, RATES, strict=False):
            put(public_id, person_id, rate=rate, words=NAMES)
        close(public_id)
        db.session.close()
    now.move(days=10)
    return public_id


def test_questionnaire_is_drafted_changed_sent_back_and_approved_by_another(browse, app):
    clerk, branch = browse("clerk"), browse("branch")
    page = clerk.get("/surveys/questionnaires")
    page = clerk.get(clerk.submit(page, form="main form[action$=draft]").location)
    assert "培训满意度问卷" in page.text
    assert len(page.all("main h2[id^=question-]")) == 8
    url = page.url
    form = clerk.get(f"{url}/questions/new")
    refused = clerk.submit(
        form,
        {"text": "您对内容和讲解满意吗？", "kind": "single"},
        form="#question-form",
        status=422,
    )
    assert "选择题至少写两个选项" in refused.text
    typed = {
        "text": "您希望下次讲什么？", "kind": "single", "options": "政策\n礼仪", "place": "3",
        "asked_if": "q1", "asked_of": "一般\n不满意",
    }  # fmt: skip
    clerk.submit(form, typed, form="#question-form")
    page = clerk.get(url)
    assert "只问第1题选了“一般”、“不满意”的人" in page.text
    stale = clerk.submit(form, typed, form="#question-form", status=409)
    assert "在别的页面改过" in stale.text
    # A question on which a condition leans stays; another one goes.
    kept = clerk.submit(page, form="form[action$='questions/q1/drop']", status=200)
    assert "删去" in kept.text
    drop = f"{url}/questions/q1/drop"
    clerk.post(drop, {**_fields(kept), "confirmed": "yes"})
    assert "后面有题的条件指向这一题" in clerk.get(url).text
    late = clerk.get(f"{url}/questions/q1/edit")
    assert (
        "条件要指向它前面"
        in clerk.submit(late, {"place": "9"}, form="#question-form", status=422).text
    )
    clerk.submit(clerk.get(url), form="form[action$=submit]")
    clerk.get(f"{url}/edit", status=404)
    back = branch.get(f"{url}/send-back")
    branch.submit(back, {"reason": "第3题放到最后。"})
    clerk.submit(clerk.get(url), form="form[action$=submit]")
    branch.submit(branch.get(f"{url}/approve"))
    assert "第1版" in branch.get(url).text
    with app.app_context():
        assert service.get_in_use().edition == 1


def _fields(page):
    return {
        each.get("name"): each.get("value") for each in page.all("main form input[type=hidden]")
    }


@pytest.mark.db
def test_whoever_drafted_does_not_approve_and_what_is_in_use_does_not_change(browse, app):
    branch = browse("branch")
    page = branch.submit(branch.get("/surveys/questionnaires"), form="main form[action$=draft]")
    url = page.location
    branch.submit(branch.get(url), form="form[action$=submit]")
    page = branch.submit(branch.get(f"{url}/approve"), status=422)
    assert "起草人不能审核" in page.text
    with app.app_context():
        record_id = put_in_use()
        for values in ({"questions": []}, {"approved_by_id": cast.person_id("clerk")}):
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(
                    update(Questionnaire).where(Questionnaire.id == record_id).values(values)
                )
        put_in_use(title="新的问卷")
        db.session.expire_all()
        before = db.session.get_one(Questionnaire, record_id)
        assert (before.state, before.edition) == (QuestionnaireState.REPLACED, 1)
        assert service.get_in_use().edition == 2


def test_who_was_asked_finds_the_ballot_at_home_and_answers_once(browse, app, now):
    with app.app_context():
        put_in_use()
        asked = ("staff", "other", "lead", "chief", "clerk")
        public_id = open_survey([cast.person_id(who) for who in asked])
        db.session.close()
    staff, url = browse("staff"), f"/surveys/{public_id}/answer"
    home = staff.get("/")
    assert "待填" in home.text
    assert url in home.links()
    page = staff.get(url)
    assert "文字可能暴露您的身份" in page.text
    promise = page.text_of("section[aria-labelledby=promise] p")
    assert len(promise) <= 120
    # A condition that is met asks for an answer only where the question demands one.
    page = staff.submit(page, {**BALLOT, "answer_q2": None}, form="#ballot-form", status=422)
    assert "请选一项" in page.text
    staff.submit(page, {**BALLOT, "answer_q1": "3"}, form="#ballot-form")
    assert "已投入票箱" in staff.get(url).text
    assert url not in staff.get("/").links()
    assert staff.post(url, {**BALLOT, **_token(page)}, status=200).text.count("已投入票箱") == 1
    assert url in browse("other").get("/").links()
    assert url not in browse("officer").get("/").links()
    browse("officer").get(url, status=404)
    browse("branch").get(f"/surveys/{public_id}", status=200)
    browse("branch").get(f"/surveys/{public_id}/export", status=404)
    with app.app_context():
        assert stored() == (0, 0, 0)
    now.move(days=6)
    assert "截止" in browse("other").get(url).text
    assert "正在开箱计票" in browse("branch").get(f"/surveys/{public_id}").text


def _token(page):
    return {"csrf_token": page.one("#ballot-form input[name=csrf_token]").get("value")}


def test_page_excel_and_paper_tell_the_same(ten, browse, app):
    office = browse("office")
    page = office.get(f"/surveys/{ten}")
    said = "应填12人，回收10份，回收率83.3%（10/12）"
    assert said in page.text
    figures = ("70.0%", "3.90")
    for figure in figures:
        assert figure in page.text
    assert "统计说明" in page.text
    sheet = office.get(f"/surveys/{ten}/export")
    book = python_calamine.load_workbook(io.BytesIO(sheet.data))
    cells = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    for text in (said, *figures, "其余合计"):
        assert text in cells
        assert text in page.text
    assert NAMES not in cells
    office.submit(page, form="form[action$=print-report]")
    with app.app_context():
        run_jobs()
        survey = get(ten)
        assert papers.is_ready(REPORT, survey.id)
    paper = printed(office.get(f"/surveys/{ten}/report.pdf").data)
    for text in (said, *figures, "其余合计"):
        assert text in paper
    assert "林小满" not in paper


def test_words_are_covered_and_released_before_leaders_read_them(ten, browse):
    leader, branch, url = browse("leader"), browse("branch"), f"/surveys/{ten}"
    assert "林小满" not in leader.get(url).text
    assert "放行" in leader.get(url).text
    leader.get(f"{url}/comments", status=403)
    page = branch.get(f"{url}/comments")
    assert (
        "意见里没有"
        in branch.submit(page, {"words": "没有的人"}, form="#cover-form", status=422).text
    )
    branch.submit(page, {"words": "林小满"}, form="#cover-form")
    page = branch.get(f"{url}/comments")
    assert "林小满" not in page.text
    asked = branch.submit(page, form="form[data-confirm-title=放行文字意见]", status=200)
    branch.submit(asked, form="main form")
    assert "○○○说得快" in leader.get(url).text
    branch.get(f"{url}/comments", status=404)


def test_departments_are_told_only_where_no_rest_can_be_taken_off(app, now, browse):
    with app.app_context():
        put_in_use(is_by_department=True)
        people = cast.add_staff(22)
        public_id = open_survey(people)
        labels = get(public_id).groups
        for place, person_id in enumerate(people[:20]):
            put(public_id, person_id, rate=place // 2 % 3)
        close(public_id)
        survey = get(public_id)
        now.move(days=10)
        report = reports.report_of(survey)
        assert [row[0] for row in report.groups] == labels == list(cast.DEPARTMENTS)
        assert {row[1] for row in report.groups} == {"10"}
        db.session.close()
    assert "按部门" in browse("leader").get(f"/surveys/{public_id}").text


def test_all_alike_is_not_told(app, now, browse):
    with app.app_context():
        put_in_use()
        people = cast.add_staff(9)
        public_id = open_survey(people)
        for person_id in people:
            put(public_id, person_id, rate=4)
        close(public_id)
        db.session.close()
        now.move(days=10)
        told = service.result_of(source="tests.event", source_id=1)
        assert (told.n, told.mean, told.satisfied_share) == (9, None, None)
        assert told.hidden_reason == service.ALIKE
        span = Span(clock.today() - timedelta(days=60), clock.today())
        assert indicators.read_satisfaction(span) is None
    page = browse("office").get(f"/surveys/{public_id}")
    assert "全部答卷在总体满意度上选了同一项" in page.text
    assert "1.00" not in page.text


def test_what_other_rooms_ask_and_get(ten, app):
    with app.app_context():
        told = service.result_of(source="tests.event", source_id=1)
        assert (told.is_closed, told.invited, told.n) == (True, 12, 10)
        assert (str(told.response_rate), str(told.mean)) == ("83.3", "3.90")
        assert (str(told.satisfied_share), told.hidden_reason) == ("70.0", "")
        assert service.result_of(source="tests.event", source_id=9) is None
        span = Span(clock.today() - timedelta(days=60), clock.today())
        reading = indicators.read_satisfaction(span)
        assert (str(reading.value), reading.numerator, reading.denominator) == ("70.0", 7, 10)
        early = Span(clock.today() - timedelta(days=600), clock.today() - timedelta(days=300))
        assert indicators.read_satisfaction(early) is None
        # Asked again it is the same survey; too few, or no questionnaire, and there is none.
        assert open_survey(cast.add_staff(0) or [1], source_id=1) == ten
        assert open_survey([cast.person_id("staff")], source_id=2) is None
        with db.write():
            db.session.execute(update(Questionnaire).values(state=QuestionnaireState.DROPPED))
        people = [each.person_id for each in db.session.query(Survey).one() and service_people()]
        assert open_survey(people, source_id=3) is None


def service_people():
    """Give rows of the roll."""
    return db.session.query(service.SurveyRoll).all()


def test_definitions_agree_with_published_values():
    figures = results.scale_figures([3, 4, 2, 1, 0], invited=12)
    assert (str(figures.mean), str(figures.satisfied_share)) == ("3.90", "70.0")
    assert figures.level is disclosure.Level.SUMMARY


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"q1": ["0"], "q2": ["5"]}, "q2"),
        ({"q1": ["0", "1"]}, "q1"),
        ({"q1": ["0"], "q6": []}, "q6"),
        ({"q1": ["0"], "q8": ["字" * 201]}, "q8"),
        ({"q1": ["0"], "q8": ["\x00"]}, "q8"),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_question(typed, wrong):
    with pytest.raises(questions.UnfilledError) as refused:
        questions.read_filled(questions.STANDARD, lambda code: typed.get(code, []))
    assert wrong in refused.value.errors


def test_what_was_not_asked_is_not_taken():
    given = {**{f"q{n}": ["0"] for n in range(1, 6)}, "q6": ["0"], "q7": ["1"]}
    filled = questions.read_filled(questions.STANDARD, lambda code: given.get(code, []))
    assert "q7" not in filled.chosen
    given["q1"] = ["2"]
    filled = questions.read_filled(questions.STANDARD, lambda code: given.get(code, []))
    assert filled.chosen["q7"] == [1]
