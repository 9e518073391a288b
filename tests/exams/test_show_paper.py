"""The path of a paper: drafted by one, published by another, sent back with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.exams.models import ExamState
from app.exams.service import papers
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import grant
from tests.exams.factories import (
    at_once,
    direct,
    draft,
    events,
    get_exam,
    graded_exam,
    publish,
    publish_exam,
    sit,
    submit,
    twins,
)
from tests.questions.factories import add_question, revise
from tests.support import cast
from tests.support.questions import retire

# What can not be taken back is asked for on a page of its own.
ASKED_FIRST = {"publish", "release"}


@pytest.fixture
def drafted(app):
    with app.app_context():
        return draft()


@pytest.fixture
def submitted(app, drafted):
    with app.app_context():
        submit(drafted)
    return drafted


def url(exam_id):
    return f"/exams/papers/{exam_id}"


def press(browse, who, exam_id, move, **values):
    """Press the button of a move on the paper's page; gives the page that follows."""
    person = browse(who)
    page = person.get(url(exam_id))
    if move not in ASKED_FIRST:
        return person.follow(person.submit(page, values, form=f"form[action$={move}]"))
    asked = person.submit(page, values, form=f"form[action$={move}]", status=200)
    return person.follow(person.submit(asked))


@pytest.mark.parametrize("confirmed", ["", "no", "Yes "])
def test_publication_is_asked_for_twice(browse, app, submitted, confirmed):
    """A click that came by mistake publishes nothing; the page that asks names what follows."""
    chief = browse("chief")
    sent = {**seen(chief, submitted), "confirmed": confirmed}
    page = chief.post(f"{url(submitted)}/publish", sent, status=200)
    assert "题目和答案不能再改" in page.text
    assert state(app, submitted) is ExamState.SUBMITTED
    assert [link.get("href") for link in page.all("main a")] == [url(submitted)]
    chief.submit(page)
    assert state(app, submitted) is ExamState.PUBLISHED


def seen(person, exam_id):
    """Give the fields that the button of publication sends."""
    fields = person.get(url(exam_id)).all("form[action$=publish] input")
    return {field.get("name"): field.get("value") for field in fields}


def force(browse, who, exam_id, move, status=303):
    """Send a move whose button is not there; gives the page that follows."""
    person = browse(who)
    sent = {"csrf_token": person.token(), "confirmed": "yes"}
    answer = person.post(f"{url(exam_id)}/{move}", sent, status=status)
    return person.follow(answer) if status == 303 else answer


def state(app, exam_id):
    with app.app_context():
        return get_exam(exam_id).state


@pytest.mark.db
def test_a_paper_goes_from_draft_to_publication(browse, app, now, drafted):
    assert "待审核" in press(browse, "clerk", drafted, "submit").text_of("h1")
    now.move(minutes=5)
    page = press(browse, "chief", drafted, "publish")
    assert "开放中" in page.text_of("h1")
    assert "应考2人，已进入0人，已交卷0人" in page.text
    for name in ("clerk", "chief"):
        assert cast.name_of(name) in page.text
    with app.app_context():
        exam = get_exam(drafted)
        assert (exam.state, exam.published_at) == (ExamState.PUBLISHED, now.now)
        assert exam.published_by_id == cast.person_id("chief")
        assert (exam.full_marks, exam.question_count) == (Decimal(30), 3)
        [entry] = events(AuditEvent.EXAMS_PUBLISHED)
        assert entry.data == {"sittings": 2, "paper": exam.paper_hash}
        assert entry.person_id == cast.person_id("chief")


@pytest.mark.parametrize("change", ["key", "analysis", "settings", "nothing seen"])
def test_only_what_the_chief_has_read_is_published(browse, app, submitted, change):
    """A submitted paper follows the bank: its drafter could change keys behind the approval."""
    chief = browse("chief")
    page = chief.get(url(submitted))
    with app.app_context():
        change_behind_his_back(submitted, change)
    values = {"seen": ""} if change == "nothing seen" else {}
    asked = chief.submit(page, values, form="form[action$=publish]", status=200)
    answer = chief.follow(chief.submit(asked))
    assert papers.NOT_WHAT_YOU_SAW in answer.text_of(".alert-error")
    assert state(app, submitted) is ExamState.SUBMITTED
    assert "开放中" in press(browse, "chief", submitted, "publish").text_of("h1")


def change_behind_his_back(exam_id, change):
    """Let the clerk change what the chief has open."""
    first = papers.read_order(exam_id)[0]
    if change == "key":
        revise(first, key=["A"])
    elif change == "analysis":
        revise(first, analysis="改过的解析。")
    elif change == "settings":
        direct("UPDATE exam SET minutes = 1, version = version + 1")


def test_an_exam_that_opens_later_is_scheduled(browse, app, now):
    with app.app_context():
        exam_id = publish_exam(opens_at=now.now + timedelta(hours=1))
    assert "待开放" in browse("chief").get(url(exam_id)).text_of("h1")


def test_a_paper_is_sent_back_with_a_reason_and_comes_again(browse, app, submitted):
    page = press(browse, "chief", submitted, "send-back", reason="第2题依据不清。")
    assert "起草中" in page.text_of("h1")
    page = browse("clerk").get(url(submitted))
    assert "第2题依据不清。" in page.text_of(".alert-warning")
    assert "已退回" in browse("clerk").get("/").text
    page = press(browse, "clerk", submitted, "submit")
    assert not page.all(".alert-warning")
    assert state(app, submitted) is ExamState.SUBMITTED
    with app.app_context():
        [entry] = events(AuditEvent.EXAMS_SENT_BACK)
        assert entry.data == {"reason": "第2题依据不清。"}
        assert entry.person_id == cast.person_id("chief")


@pytest.mark.parametrize("reason", ["", " 　\n", "长" * 501])
def test_sending_back_needs_a_reason(browse, app, submitted, reason):
    chief = browse("chief")
    values = {"reason": reason}
    page = chief.get(url(submitted))
    answer = chief.submit(page, values, form="form[action$=send-back]", status=422)
    assert answer.all("#reason-error")
    assert state(app, submitted) is ExamState.SUBMITTED


@pytest.mark.parametrize(
    ("who", "moves"),
    [
        ("clerk", ["publish", "send-back", "release"]),
        ("chief", ["submit", "grade"]),
        ("staff", ["submit", "publish", "send-back", "grade", "release"]),
    ],
)
def test_nobody_makes_a_move_that_is_not_his(browse, app, submitted, who, moves):
    for move in moves:
        force(browse, who, submitted, move, 403)
    assert state(app, submitted) is ExamState.SUBMITTED


def test_whoever_sees_a_paper_sees_only_his_own_moves(browse, submitted):
    def moves(who):
        forms = browse(who).get(url(submitted)).all("main form[method=post]")
        return {form.get("action").rsplit("/", 1)[1] for form in forms}

    assert moves("chief") == {"publish", "send-back"}
    assert moves("clerk") == set()


@pytest.mark.db
def test_a_drafter_who_is_also_chief_can_not_publish_his_own_paper(browse, app, submitted):
    """起草人不能审核、发布自己的试卷: neither by a button nor by a request."""
    with app.app_context():
        grant("clerk", Role.SECTION_CHIEF)
    assert not browse("clerk").get(url(submitted)).all("form[action$=publish]")
    page = force(browse, "clerk", submitted, "publish")
    assert papers.NOT_YOUR_OWN in page.text_of(".alert-error")
    assert state(app, submitted) is ExamState.SUBMITTED
    with app.app_context():
        assert events(AuditEvent.EXAMS_PUBLISHED) == []


def test_a_drafter_who_is_also_chief_can_not_send_his_own_paper_back(browse, app, submitted):
    with app.app_context():
        grant("clerk", Role.SECTION_CHIEF)
    clerk = browse("clerk")
    sent = {"reason": "自己退回", "csrf_token": clerk.token()}
    answer = clerk.post(f"{url(submitted)}/send-back", sent)
    assert papers.NOT_YOUR_OWN in clerk.follow(answer).text_of(".alert-error")
    assert state(app, submitted) is ExamState.SUBMITTED


@pytest.mark.db
def test_the_database_too_refuses_a_drafter_as_publisher(app, submitted):
    statement = (
        "UPDATE exam SET state = 'published', published_at = drafted_at,"
        " published_by_id = drafted_by_id WHERE id = :id"
    )
    with app.app_context():
        with pytest.raises(IntegrityError):
            direct(statement, id=submitted)
        assert get_exam(submitted).state is ExamState.SUBMITTED
        # Another publisher would have been accepted: it was this rule that refused.
        statement = statement.replace("= drafted_by_id WHERE", "= :chief WHERE")
        direct(statement, id=submitted, chief=cast.person_id("chief"))
        assert get_exam(submitted).state is ExamState.PUBLISHED


def refusal(browse, exam_id, who="clerk", move="submit"):
    return force(browse, who, exam_id, move).text_of(".alert-error")


def test_a_paper_without_questions_can_not_be_sent(browse, app):
    with app.app_context():
        exam_id = draft([])
    assert not browse("clerk").get(url(exam_id)).all("form[action$=submit]")
    assert "还没有题" in refusal(browse, exam_id)
    assert state(app, exam_id) is ExamState.DRAFT


def test_a_paper_with_a_retired_question_can_not_be_sent(browse, app):
    with app.app_context():
        first, second = add_question(), add_question(stem="另一题")
        exam_id = draft([first, second])
        with db.write():
            retire(second)
    assert "第2题没有审核或者已经停用" in refusal(browse, exam_id)
    assert state(app, exam_id) is ExamState.DRAFT


def test_a_paper_that_nobody_could_pass_can_not_be_sent(browse, app):
    with app.app_context():
        exam_id = draft(pass_marks=Decimal("30.5"))
    assert "合格分高于满分（30分）" in refusal(browse, exam_id)


def test_a_paper_whose_time_is_over_can_be_neither_sent_nor_published(browse, app, now, drafted):
    now.move(hours=8)
    assert "结束时间已经过去" in refusal(browse, drafted)
    now.move(hours=-1)
    press(browse, "clerk", drafted, "submit")
    now.move(hours=1)
    assert "结束时间已经过去" in refusal(browse, drafted, "chief", "publish")
    assert state(app, drafted) is ExamState.SUBMITTED


def test_a_paper_without_anybody_on_its_roll_can_not_be_published(browse, app):
    with app.app_context():
        with db.write():
            lonely = accounts.add_department(name="区气象局", position=3)
        exam_id = draft(department_ids=[lonely])
        submit(exam_id)
    page = press(browse, "chief", exam_id, "publish")
    assert "没有应考人员" in page.text_of(".alert-error")
    assert state(app, exam_id) is ExamState.SUBMITTED


@pytest.mark.parametrize("move", ["publish", "send-back"])
def test_a_draft_can_be_neither_published_nor_sent_back(browse, app, drafted, move):
    chief = browse("chief")
    sent = {"reason": "原因", "csrf_token": chief.token(), "confirmed": "yes"}
    answer = chief.post(f"{url(drafted)}/{move}", sent)
    assert papers.WRONG_STATE in chief.follow(answer).text
    assert state(app, drafted) is ExamState.DRAFT


@pytest.mark.db
def test_pressing_publish_several_times_at_once_publishes_once(browse, app, submitted):
    chief = browse("chief")
    sent = {**seen(chief, submitted), "confirmed": "yes"}

    def click(browser):
        return lambda: browser.post(f"{url(submitted)}/publish", sent).status

    assert at_once([click(each) for each in twins(chief, 5)]) == [303] * 5
    with app.app_context():
        assert len(events(AuditEvent.EXAMS_PUBLISHED)) == 1


def test_before_the_end_nothing_is_graded_or_released(browse, app, now):
    with app.app_context():
        exam_id = publish_exam()
        sit(exam_id, "staff")
    assert "还没有结束" in refusal(browse, exam_id, "clerk", "grade")
    assert "还没有评卷" in refusal(browse, exam_id, "chief", "release")
    now.move(hours=8, seconds=60)
    # The last answer may still be on its way.
    assert "还没有结束" in refusal(browse, exam_id, "clerk", "grade")
    page = browse("clerk").get(url(exam_id))
    assert not page.all("form[action$=grade], form[action$=release]")


def test_the_page_offers_grading_and_release_to_whom_they_belong(browse, app, now):
    with app.app_context():
        exam_id = graded_exam(now, staff={})
    assert browse("clerk").get(url(exam_id)).all("form[action$=grade]")
    assert not browse("clerk").get(url(exam_id)).all("form[action$=release]")
    assert browse("chief").get(url(exam_id)).all("form[action$=release]")
    page = press(browse, "chief", exam_id, "release")
    assert "已公布" in page.text_of("h1")
    assert not page.all("form[action$=release]")
    assert "已经公布" in refusal(browse, exam_id, "clerk", "grade")


def test_releasing_twice_is_one_release(browse, app, now):
    with app.app_context():
        exam_id = graded_exam(now, staff={})
    press(browse, "chief", exam_id, "release")
    with app.app_context():
        first = get_exam(exam_id).released_at
    now.move(minutes=5)
    force(browse, "chief", exam_id, "release")
    with app.app_context():
        assert get_exam(exam_id).released_at == first
        assert len(events(AuditEvent.EXAMS_RELEASED)) == 1


@pytest.mark.parametrize("who", ["clerk", "chief"])
def test_the_preview_shows_the_frozen_paper_without_keys(browse, app, who):
    with app.app_context():
        exam_id = publish_exam()
        prints = get_exam(exam_id).paper_hash[:16]
    page = browse(who).get(f"{url(exam_id)}/preview")
    assert len(page.all(".question")) == 3
    assert prints in page.text
    assert "依据" not in page.text
    assert not page.all("input[checked]")


def test_a_draft_has_no_preview(browse, drafted):
    browse("clerk").get(f"{url(drafted)}/preview", status=404)


def test_after_publication_the_page_names_no_keys(browse, app, drafted):
    assert "答案 ABC" in browse("chief").get(url(drafted)).text
    with app.app_context():
        publish(drafted)
    assert "答案" not in browse("chief").get(url(drafted)).text_of("main")


@pytest.mark.parametrize("number", ["4711", "0", "99999999999", "x"])
def test_what_does_not_exist_is_not_found(browse, number):
    browse("chief").get(f"/exams/papers/{number}", status=404)


def test_staff_see_no_paper(browse, drafted):
    staff = browse("staff")
    for path in ("", "/preview", "/results", "/results/export", "/late-answers"):
        staff.get(f"{url(drafted)}{path}", status=403)
    staff.get("/exams/papers", status=403)


def test_all_departments_of_a_large_hall_are_counted_and_some_of_them_named(app, browse):
    clerk = browse("clerk")
    with app.app_context():
        small = draft()
    assert "、".join(cast.DEPARTMENTS) in clerk.get(url(small)).text_of(".summary")
    assert not clerk.get(f"{url(small)}/edit").all(".choices-many")
    with app.app_context():
        with db.write():
            added = [accounts.add_department(name=f"部门{n}", position=n) for n in range(11, 21)]
        whole = draft(department_ids=[*cast.department_ids()])
        part = draft(department_ids=added[:9])
    shown = {exam_id: clerk.get(url(exam_id)).text_of(".summary") for exam_id in (whole, part)}
    assert "全部12个部门" in shown[whole]
    assert "部门15" not in shown[whole]
    assert "部门11、部门12" in shown[part]
    form = clerk.get(f"{url(part)}/edit")
    assert len(form.all(".choices-many input")) == 12
    # The buttons that tick all or none show themselves only where scripts run.
    assert form.one("[data-choices]").get("hidden") is not None
    assert form.all(f"fieldset#{form.one('[data-choices]').get('data-choices')} input")
