"""The path of a paper: drafted by one, published by another, sent back with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.exams.exam_flow import NOT_WHAT_WAS_SENT, NOT_YOUR_OWN
from app.exams.models import Exam, ExamState
from app.exams.service import choosing, papers
from app.exams.settings import NEEDS_APPROVAL
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.settings import service as numbers
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
    review,
    sit,
    submit,
    twins,
)
from tests.questions.factories import add_question, revise
from tests.support import cast
from tests.support.questions import retire

NEW = {"title": "2026年12月一月一考", "department_ids": ["1"]}


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
    """Make a move from the paper's page, over its own page where it has one; gives what follows."""
    person = browse(who)
    page = person.get(url(exam_id))
    if page.all(f"form[action$='/{move}']"):
        return person.follow(person.submit(page, form=f"form[action$='/{move}']"))
    asked = person.get(page.one(f"main a[href$='/{move}']").get("href"))
    return person.follow(person.submit(asked, values))


def moves_of(browse, who, exam_id):
    """Give the moves that a paper's page offers somebody."""
    shown = browse(who).get(url(exam_id)).all(".flow form, .flow .actions a")
    return {(each.get("action") or each.get("href")).rsplit("/", 1)[1] for each in shown}


@pytest.fixture
def passed(app, submitted):
    with app.app_context():
        review(submitted)
    return submitted


def force(browse, who, exam_id, move, status=303):
    """Send a move whose button is not there; gives the page that follows."""
    person = browse(who)
    with person.app.app_context():
        version = get_exam(exam_id).version
    sent = {"csrf_token": person.token(), "version": str(version), "reason": "原因"}
    answer = person.post(f"{url(exam_id)}/{move}", sent, status=status)
    return person.follow(answer) if status == 303 else answer


def state(app, exam_id):
    with app.app_context():
        return get_exam(exam_id).state


@pytest.mark.db
def test_a_paper_goes_from_draft_to_publication(browse, app, now, drafted):
    assert "待审核" in press(browse, "clerk", drafted, "submit").text_of("h1")
    now.move(minutes=5)
    assert "待发布" in press(browse, "chief", drafted, "pass").text_of("h1")
    page = press(browse, "clerk", drafted, "publish")
    assert "开放中" in page.text_of("h1")
    assert "应考2人，已进入0人，已交卷0人" in page.text
    for name in ("clerk", "chief"):
        assert cast.name_of(name) in page.text
    with app.app_context():
        exam = get_exam(drafted)
        assert (exam.state, exam.published_at) == (ExamState.PUBLISHED, now.now)
        assert exam.reviewed_by_id == cast.person_id("chief")
        assert exam.published_by_id == cast.person_id("clerk")
        assert (exam.full_marks, exam.question_count) == (Decimal(30), 3)
        [entry] = events(AuditEvent.EXAMS_PUBLISHED)
        assert entry.data == {"sittings": 2, "paper": exam.paper_hash}
        assert entry.person_id == cast.person_id("clerk")


@pytest.mark.db
def test_a_month_s_paper_is_approved_by_a_leader_as_well(browse, app):
    """起草, 审核, 审定, 发布: three people, in this order and no other."""
    with app.app_context():
        exam_id = draft(needs_approval=True)
    press(browse, "clerk", exam_id, "submit")
    assert moves_of(browse, "chief", exam_id) == {"review", "send-back"}
    assert "待审定" in press(browse, "chief", exam_id, "review").text_of("h1")
    assert "publish" not in moves_of(browse, "clerk", exam_id)
    assert moves_of(browse, "leader", exam_id) == {"approve", "refuse"}
    page = press(browse, "leader", exam_id, "approve")
    assert "待发布" in page.text_of("h1")
    assert "开放中" in press(browse, "clerk", exam_id, "publish").text_of("h1")
    with app.app_context():
        assert get_exam(exam_id).approved_by_id == cast.person_id("leader")


def test_a_leader_sends_a_paper_back_with_a_reason(browse, app):
    with app.app_context():
        exam_id = draft(needs_approval=True)
        submit(exam_id)
        review(exam_id)
    page = press(browse, "leader", exam_id, "refuse", reason="岗位题太少。")
    assert "起草中" in page.text_of("h1")
    assert "岗位题太少。" in browse("clerk").get(url(exam_id)).text


@pytest.mark.parametrize("wanted", [False, True])
def test_the_office_says_whether_a_leader_approves_the_month_s_papers(browse, app, wanted):
    if wanted:
        with app.app_context(), db.write():
            change = numbers.Change(
                text="yes", valid_from=clock.today(), reason="例会决定", version=0
            )
            numbers.change_setting(
                setting=NEEDS_APPROVAL, change=change, set_by_id=None, set_by="办公室"
            )
    clerk = browse("clerk")
    page = clerk.get("/exams/papers/new")
    clerk.submit(page, {"opens_at": "2026-11-20T12:00", "closes_at": "2026-11-24T18:00", **NEW})
    with app.app_context():
        assert db.session.scalars(select(Exam)).one().needs_approval is wanted


def test_a_click_that_came_by_mistake_publishes_nothing(browse, app, passed):
    """The page that asks says what follows, and how many people get a sitting."""
    clerk = browse("clerk")
    page = clerk.get(f"{url(passed)}/publish")
    assert "题目和答案不能再改" in page.text
    assert "2人" in page.text_of(".summary")
    assert state(app, passed) is ExamState.APPROVED
    clerk.submit(page)
    assert state(app, passed) is ExamState.PUBLISHED


@pytest.mark.parametrize("change", ["key", "analysis"])
@pytest.mark.parametrize("is_passed", [False, True])
def test_only_what_was_sent_is_decided_on_and_published(browse, app, submitted, change, is_passed):
    """A question is changed and reviewed anew behind the paper: every later step is refused."""
    with app.app_context():
        if is_passed:
            review(submitted)
        first = choosing.read_order(submitted)[0]
        revise(first, **({"key": ["A"]} if change == "key" else {"analysis": "改过的解析。"}))
    who, move = ("clerk", "publish") if is_passed else ("chief", "pass")
    before = state(app, submitted)
    person = browse(who)
    asked = person.get(f"{url(submitted)}/{move}")
    answer = person.submit(asked, status=303 if is_passed else 422)
    page = person.follow(answer) if is_passed else answer
    assert NOT_WHAT_WAS_SENT in page.text_of("main")
    assert state(app, submitted) is before


def test_whoever_decides_has_seen_the_settings_that_count(browse, app, submitted):
    chief = browse("chief")
    page = chief.get(f"{url(submitted)}/pass")
    with app.app_context():
        direct("UPDATE exam SET minutes = 1, version = version + 1")
    assert "已经改过" in chief.submit(page, status=422).text
    assert state(app, submitted) is ExamState.SUBMITTED


def test_an_exam_that_opens_later_is_scheduled(browse, app, now):
    with app.app_context():
        exam_id = publish_exam(opens_at=now.now + timedelta(hours=1))
    assert "待开放" in browse("chief").get(url(exam_id)).text_of("h1")


def test_a_paper_is_sent_back_with_a_reason_and_comes_again(browse, app, submitted):
    page = press(browse, "chief", submitted, "send-back", reason="第2题依据不清。")
    assert "起草中" in page.text_of("h1")
    page = browse("clerk").get(url(submitted))
    assert "第2题依据不清。" in page.text
    assert "2026年11月一月一考" in browse("clerk").get("/").text
    press(browse, "clerk", submitted, "submit")
    assert state(app, submitted) is ExamState.SUBMITTED


@pytest.mark.parametrize("reason", ["", " 　\n", "长" * 501])
def test_sending_back_needs_a_reason(browse, app, submitted, reason):
    chief = browse("chief")
    page = chief.get(f"{url(submitted)}/send-back")
    answer = chief.submit(page, {"reason": reason}, status=422)
    assert answer.all("#reason-error")
    assert state(app, submitted) is ExamState.SUBMITTED


@pytest.mark.parametrize(
    ("who", "moves"),
    [
        ("clerk", ["pass", "review", "approve", "send-back", "release"]),
        ("chief", ["submit", "approve", "grade", "cancel"]),
        ("staff", ["submit", "pass", "publish", "send-back", "grade", "release", "cancel"]),
    ],
)
def test_nobody_makes_a_move_that_is_not_his(browse, app, submitted, who, moves):
    for move in moves:
        force(browse, who, submitted, move, 403)
    assert state(app, submitted) is ExamState.SUBMITTED


def test_whoever_sees_a_paper_sees_only_his_own_moves(browse, submitted):
    assert moves_of(browse, "chief", submitted) == {"pass", "send-back"}
    assert "pass" not in moves_of(browse, "clerk", submitted)


@pytest.mark.db
@pytest.mark.parametrize("move", ["pass", "send-back"])
def test_a_drafter_who_is_also_chief_decides_nothing_on_his_own_paper(browse, app, submitted, move):
    """起草人不能审核自己的试卷: neither by a button nor by a request."""
    with app.app_context():
        grant("clerk", Role.SECTION_CHIEF)
    assert move not in moves_of(browse, "clerk", submitted)
    page = force(browse, "clerk", submitted, move, 422)
    assert NOT_YOUR_OWN in page.text_of("main")
    assert state(app, submitted) is ExamState.SUBMITTED


@pytest.mark.db
@pytest.mark.parametrize("stamp", ["reviewed", "approved"])
def test_the_database_too_refuses_a_drafter_as_decider(app, submitted, stamp):
    statement = "UPDATE exam SET it_at = drafted_at, it_by_id = drafted_by_id".replace("it", stamp)
    with app.app_context():
        with pytest.raises(IntegrityError):
            direct(statement)
        # Another one would have been accepted: it was this rule that refused.
        direct(statement.replace("= drafted_by_id", "= :chief"), chief=cast.person_id("chief"))


def test_a_paper_is_cancelled_while_nobody_sits_it(browse, app):
    with app.app_context():
        exam_id = publish_exam()
    page = press(browse, "clerk", exam_id, "cancel", reason="系统维护，改期。")
    assert "已作废" in page.text_of("h1")
    assert "2026年11月一月一考" not in browse("staff").get("/exams").text
    browse("staff").get(f"/exams/{exam_id}", status=404)


def test_an_exam_that_somebody_has_begun_is_not_cancelled(browse, app):
    with app.app_context():
        exam_id = publish_exam()
        sit(exam_id, "staff", hand_in=False)
    assert "已经有人开始答题" in force(browse, "clerk", exam_id, "cancel", 422).text
    assert state(app, exam_id) is ExamState.PUBLISHED


def refusal(browse, exam_id, who="clerk", move="submit", status=422):
    return force(browse, who, exam_id, move, status).text_of(".alert-error, .error-summary")


def test_a_paper_without_questions_can_not_be_sent(browse, app):
    with app.app_context():
        exam_id = draft([])
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
    assert "结束时间已经过去" in refusal(browse, drafted, "chief", "pass")
    assert state(app, drafted) is ExamState.SUBMITTED


def test_a_paper_without_anybody_on_its_roll_can_not_be_published(browse, app):
    with app.app_context():
        with db.write():
            lonely = accounts.add_department(name="区气象局", position=3)
        exam_id = draft(department_ids=[lonely])
        submit(exam_id)
        review(exam_id)
    page = press(browse, "clerk", exam_id, "publish")
    assert "没有应考人员" in page.text_of(".alert-error")
    assert state(app, exam_id) is ExamState.APPROVED


@pytest.mark.parametrize("move", ["pass", "send-back"])
def test_a_draft_can_be_neither_passed_nor_sent_back(browse, app, drafted, move):
    assert "起草中" in force(browse, "chief", drafted, move, 422).text
    assert state(app, drafted) is ExamState.DRAFT


@pytest.mark.parametrize("before", ["drafted", "submitted"])
def test_what_is_not_passed_is_not_published(browse, app, request, before):
    exam_id = request.getfixturevalue(before)
    clerk = browse("clerk")
    page = clerk.follow(clerk.get(f"{url(exam_id)}/publish", status=303))
    assert papers.WRONG_STATE in page.text
    assert papers.WRONG_STATE in force(browse, "clerk", exam_id, "publish").text
    with app.app_context():
        assert get_exam(exam_id).published_at is None


@pytest.mark.db
def test_pressing_publish_several_times_at_once_publishes_once(browse, app, passed):
    clerk = browse("clerk")
    sent = {"csrf_token": clerk.token()}

    def click(browser):
        return lambda: browser.post(f"{url(passed)}/publish", sent).status

    assert at_once([click(each) for each in twins(clerk, 5)]) == [303] * 5
    with app.app_context():
        assert len(events(AuditEvent.EXAMS_PUBLISHED)) == 1


def test_before_the_end_nothing_is_graded_or_released(browse, app, now):
    with app.app_context():
        exam_id = publish_exam()
        sit(exam_id, "staff")
    assert "还没有结束" in refusal(browse, exam_id, "clerk", "grade", 303)
    assert "已发布" in refusal(browse, exam_id, "chief", "release")
    now.move(hours=8, seconds=60)
    # The last answer may still be on its way.
    assert "还没有结束" in refusal(browse, exam_id, "clerk", "grade", 303)
    page = browse("clerk").get(url(exam_id))
    assert not page.all("form[action$=grade], a[href$=release]")


def test_the_page_offers_grading_and_release_to_whom_they_belong(browse, app, now):
    with app.app_context():
        exam_id = graded_exam(now, staff={})
    assert browse("clerk").get(url(exam_id)).all("form[action$=grade]")
    assert "release" not in moves_of(browse, "clerk", exam_id)
    assert moves_of(browse, "chief", exam_id) == {"release"}
    page = press(browse, "chief", exam_id, "release")
    assert "已公布" in page.text_of("h1")
    assert moves_of(browse, "chief", exam_id) == set()
    assert "已经公布" in refusal(browse, exam_id, "clerk", "grade", 303)


def test_releasing_twice_is_one_release(browse, app, now):
    with app.app_context():
        exam_id = graded_exam(now, staff={})
    press(browse, "chief", exam_id, "release")
    with app.app_context():
        first = get_exam(exam_id).released_at
    now.move(minutes=5)
    force(browse, "chief", exam_id, "release", 422)
    with app.app_context():
        assert get_exam(exam_id).released_at == first


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
