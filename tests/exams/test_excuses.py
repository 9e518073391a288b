"""缓考 and 免考: applied for by the lead, decided by the chief; who is excused is in no denominator."""

from datetime import timedelta

import pytest

from app.exams import evidence, own_data
from app.exams.excuse_flow import FLOW
from app.exams.models import ExamExcuse, ExcuseCause, ExcuseKind, SittingStanding
from app.exams.service import excuses, results
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.kernel.forms import RefusedError
from app.workflow import service as workflow
from tests.exams.factories import (
    direct,
    get_exam,
    graded_exam,
    publish_exam,
    release,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture
def exam(app):
    """An exam that staff (lead's department) and other (another one) have to sit."""
    with app.app_context():
        return publish_exam()


def form_url(exam_id):
    return f"/exams/rolls/{exam_id}/excuses/new"


def apply(browse, exam_id, who="lead", status=303, **values):
    """Send the form of an application; gives the page that follows, or the refusal."""
    person = browse(who)
    given = {"people": "SY001", "kind": "deferral", "cause": "errand", "note": ""}
    page = person.get(form_url(exam_id))
    answer = person.submit(page, given | values, form="#excuse-form", status=status)
    return person.follow(answer) if status == 303 else answer


def only():
    return db.session.query(ExamExcuse).one()


def decide(browse, excuse_id, move="approve", who="chief", **values):
    """Make a move on its own page."""
    person = browse(who)
    page = person.get(f"/exams/excuses/{excuse_id}/{move}")
    return person.follow(person.submit(page, values, form=f"form[action$={move}]"))


def excuse(exam_id, who="staff", kind=ExcuseKind.DEFERRAL, cause=ExcuseCause.ERRAND, note=""):
    """Apply for somebody and approve it, past the pages."""
    number = cast.CAST[who][0]
    wanted = excuses.Wanted(kind=kind, cause=cause, people=number, note=note)
    with db.write():
        [made] = excuses.apply_excuses(exam_id=exam_id, wanted=wanted, user=cast.principal("clerk"))
    approve(made)
    return made


def approve(excuse_id):
    move_past_pages(excuse_id, "approve", "chief")


def move_past_pages(excuse_id, name, who):
    with db.write():
        workflow.execute(FLOW, record_id=excuse_id, name=name, user=cast.principal(who))


def test_a_lead_applies_and_the_chief_approves(browse, app, exam):
    page = apply(browse, exam)
    assert "待审批" in page.text_of("main")
    with app.app_context():
        excuse_id = only().id
        assert sitting_of(exam, "staff").standing is SittingStanding.DUE
    assert "缓考" in browse("chief").get("/inbox").text
    decide(browse, excuse_id)
    with app.app_context():
        assert sitting_of(exam, "staff").standing is SittingStanding.DEFERRED
    page = browse("lead").get(f"/exams/excuses/{excuse_id}")
    assert "已批准" in page.text_of("main")
    assert "葛书宁" in page.text_of("main")
    assert "顾晓岚" in page.text_of("main")


def test_who_is_excused_can_not_begin_and_reads_why(browse, app, exam):
    with app.app_context():
        excuse(exam)
    page = browse("staff").get(f"/exams/{exam}")
    assert "缓考已经批准，这场考试不用参加" in page.text_of("main")
    assert not page.all("form[action$=start]")
    staff = browse("staff")
    token = staff.get("/account").all("input[name=csrf_token]")[0].get("value")
    answer = staff.post(f"/exams/{exam}/start", {"csrf_token": token})
    assert "你已经批准缓考，不用参加" in staff.follow(answer).text
    with app.app_context():
        assert sitting_of(exam, "staff").started_at is None
    assert "缓考" in browse("staff").get("/exams").text_of("main")
    assert "你的缓考已经批准" in browse("staff").get("/notices").text_of("main")
    assert "进入考试" not in browse("staff").get("/").text_of("main")


def test_who_has_begun_meanwhile_is_not_excused(browse, app, exam):
    apply(browse, exam)
    with app.app_context():
        excuse_id = only().id
        sit(exam, "staff", hand_in=False)
    chief = browse("chief")
    page = chief.get(f"/exams/excuses/{excuse_id}/approve")
    refused = chief.submit(page, {}, form="form[action$=approve]", status=422)
    assert "已经开始答题" in refused.text_of("main")
    with app.app_context():
        assert only().state == "applied"
        assert sitting_of(exam, "staff").standing is SittingStanding.DUE


def test_a_refusal_says_why_and_changes_nothing(browse, app, exam):
    apply(browse, exam)
    with app.app_context():
        excuse_id = only().id
    decide(browse, excuse_id, "refuse", reason="窗口排得开，请照常参加。")
    assert "窗口排得开" in browse("lead").get(f"/exams/excuses/{excuse_id}").text_of("main")
    with app.app_context():
        assert sitting_of(exam, "staff").standing is SittingStanding.DUE
    assert browse("staff").get(f"/exams/{exam}").all("form[action$=start]")


def test_a_withdrawal_lets_him_be_expected_again(browse, app, exam):
    apply(browse, exam)
    with app.app_context():
        excuse_id = only().id
        approve(excuse_id)
    decide(browse, excuse_id, "withdraw", who="lead")
    with app.app_context():
        assert sitting_of(exam, "staff").standing is SittingStanding.DUE
        sit(exam, "staff")
    assert "已撤回" in browse("lead").get(f"/exams/excuses/{excuse_id}").text_of("main")


def test_after_the_end_an_approved_one_is_not_withdrawn(app, exam, now):
    with app.app_context():
        excuse_id = excuse(exam)
        now.move(hours=9)
        with pytest.raises(RefusedError, match="缺考"):
            move_past_pages(excuse_id, "withdraw", "clerk")


def test_nobody_decides_on_what_he_applied_for(app, exam):
    with app.app_context():
        excuse_id = excuse(exam)
        with db.write():
            db.session.get_one(ExamExcuse, excuse_id)
        with pytest.raises(Exception, match="applicant_does_not_approve"):
            direct("UPDATE exam_excuse SET approved_by_id = drafted_by_id")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"people": "SY002"}, "名单里没有“SY002”"),
        ({"people": "没有的人"}, "名单里没有“没有的人”"),
        ({"people": ""}, "请写姓名或工号"),
        ({"cause": "other"}, "请写明原因"),
        ({"kind": "exemption", "cause": "sick"}, "请申请缓考"),
        ({"cause": "key_seen"}, "原因"),
    ],
)
def test_what_makes_no_sense_is_refused_with_all_that_was_typed(browse, exam, values, told):
    page = apply(browse, exam, status=422, **values)
    assert told in page.text_of("main")
    assert page.one("textarea[name=people]").text == values.get("people", "SY001")


def test_one_who_is_excused_already_is_not_applied_for_twice(browse, app, exam):
    apply(browse, exam)
    assert "已经申请过" in apply(browse, exam, status=422).text_of("main")
    with app.app_context():
        sit(exam, "other")
    refused = apply(browse, exam, who="clerk", status=422, people="梁静怡")
    assert "已经开始答题" in refused.text_of("main")


def test_several_people_are_one_form(browse, app, exam):
    page = apply(browse, exam, who="clerk", people="单知远、SY002", cause="duty")
    assert "已申请2人" in page.text
    with app.app_context():
        assert {each.cause for each in db.session.query(ExamExcuse)} == {ExcuseCause.DUTY}


def test_a_lead_sees_his_own_department_only(browse, app, exam):
    with app.app_context():
        other = excuse(exam, "other")
    assert "梁静怡" not in browse("lead").get("/exams/excuses").text_of("main")
    browse("lead").get(f"/exams/excuses/{other}", status=404)
    assert "梁静怡" in browse("chief").get("/exams/excuses").text_of("main")


def test_the_list_is_searched_filtered_and_given_as_excel(browse, app, exam):
    with app.app_context():
        excuse(exam)
        excuse(exam, "other", ExcuseKind.EXEMPTION, ExcuseCause.OTHER, "借调期满离开")
    clerk = browse("clerk")
    assert "单知远" not in clerk.get("/exams/excuses?kind=exemption").text_of("table")
    assert "梁静怡" not in clerk.get("/exams/excuses?q=SY001").text_of("table")
    assert clerk.client.get("/exams/excuses/export").status_code == 200


def test_the_figures_leave_the_excused_out_of_the_denominator(browse, app, now):
    with app.app_context():
        people = cast.add_staff(4)
        exam_id = publish_exam()
        excuse(exam_id)
        excuse(exam_id, "other", ExcuseKind.EXEMPTION, ExcuseCause.OTHER, "借调期满离开")
        for each in people[:3]:
            sit(exam_id, each)
        now.move(hours=8, seconds=67)
        sweep()
        release(exam_id)
        found = results.read_figures(get_exam(exam_id))
        assert (found.due, found.deferred, found.exempt, found.sat) == (6, 1, 1, 3)
        assert (found.expected, found.missing) == (4, 1)
    page = browse("clerk").get(f"/exams/papers/{exam_id}/results")
    assert "75.0%" in page.text_of("main")
    assert "实考3 ÷（应考6 − 缓考1 − 免考1）" in page.text_of("main")
    table = page.text_of("table")
    assert (table.count("缺考"), table.count("缓考"), table.count("免考")) == (1, 1, 1)
    absent = browse("clerk").get(f"/exams/papers/{exam_id}/results?state=absent").text_of("table")
    assert "单知远" not in absent
    deferred = browse("clerk").get(f"/exams/papers/{exam_id}/results?state=deferred")
    assert "单知远" in deferred.text_of("table")


def test_nobody_waits_for_the_excused_where_marks_come_by_themselves(app, now):
    with app.app_context():
        exam_id = publish_exam(releases_when_complete=True)
        excuse(exam_id, "other")
        sit(exam_id, "staff")
        sweep()
        assert get_exam(exam_id).released_at is not None


def test_an_excuse_is_no_absence_in_the_assessment(app, now):
    with app.app_context():
        exam_id = graded_exam(now)
        direct("UPDATE sitting SET standing = 'deferred' WHERE person_id = :one",
               one=cast.person_id("staff"))  # fmt: skip
        release(exam_id)
        day = clock.today()
        span = Span(first=day - timedelta(days=2), last=day + timedelta(days=2))
        found = [(each.rule, each.person_id) for each in evidence.read(span)]
        assert found == [("exams.absent", cast.person_id("other"))]


def test_after_the_release_nobody_is_excused_any_more(app, now, exam):
    with app.app_context():
        sit(exam, "other")
        wanted = excuses.Wanted(
            kind=ExcuseKind.DEFERRAL, cause=ExcuseCause.SICK, people="SY001", note=""
        )
        with db.write():
            [made] = excuses.apply_excuses(exam_id=exam, wanted=wanted, user=cast.principal("lead"))
        now.move(hours=8, seconds=67)
        sweep()
        release(exam)
        with pytest.raises(RefusedError, match="已经公布"):
            approve(made)
        with pytest.raises(RefusedError, match="不能申请"), db.write():
            excuses.apply_excuses(exam_id=exam, wanted=wanted, user=cast.principal("lead"))


def test_the_person_reads_it_in_his_own_data(browse, app, exam):
    with app.app_context():
        excuse(exam, cause=ExcuseCause.SICK)
        [table] = [
            each
            for each in own_data.tables_of(cast.person_id("staff"))
            if each.title == "缓考、免考"
        ]
        assert [*table.rows[0]][1:3] == ["缓考", "病假"]
