"""题目纠错: a doubt, a check, a decision by another, marks worked out again, only who changes is told."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import first_run
from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.exams import correction_flow
from app.exams.correction_flow import FLOW
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import (
    CorrectionKind,
    CorrectionState,
    QuestionCorrection,
    QuestionDoubt,
    SittingResult,
)
from app.exams.printing.result_sheet import read_sheet
from app.exams.service import corrections, doubts, foresight, remarking
from app.inbox.models import Notice
from app.jobs.models import JobState
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from app.workflow import service as workflow
from tests.exams.factories import (
    KEY,
    direct,
    events,
    frozen,
    get_exam,
    graded_exam,
    id_of,
    jobs_of,
    publish_exam,
    release,
    released_exam,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast

pytestmark = pytest.mark.db

REASON = "选项A也写在规范第三条里。"
OPINION = "规范第三条第二款，两种都可以。"


@pytest.fixture
def exam(app, now):
    """A released exam of three questions, ten marks each."""
    with app.app_context():
        exam_id = marked_exam(now)
        release(exam_id)
        return exam_id


def marked_exam(now):
    """Let three sit: one chose A for C, one has everything right, one answered a question only."""
    third = cast.add_staff(1)[0]
    exam_id = publish_exam()
    given = {"staff": KEY | {1: ["A"]}, "other": KEY, third: {2: KEY[2]}}
    for who, chosen in given.items():
        sit(exam_id, who, chosen)
    now.move(hours=8, seconds=67)
    sweep()
    return exam_id


def third():
    """Give the id of the third who sat."""
    return db.session.scalars(select(Person.id).where(Person.staff_number == "SY1000")).one()


def doubt_url(exam_id, number=1, who="staff"):
    return f"/exams/sittings/{sitting_of(exam_id, who).public_id}/doubts/{number}"


def say(browse, app, exam_id, who="staff", number=1, reason=REASON, status=303):
    """Raise a doubt on its page."""
    with app.app_context():
        url = doubt_url(exam_id, number, who)
    person = browse(who)
    answer = person.submit(person.get(url), {"reason": reason}, form="#doubt-form", status=status)
    return person.follow(answer) if status == 303 else answer


def only():
    return db.session.query(QuestionCorrection).one()


def check(browse, record_id, who="clerk", status=303, **values):
    """Send the form of a finding."""
    person = browse(who)
    page = person.get(f"/exams/corrections/{record_id}/check")
    given = {"kind": "further", "further": "A", "opinion": OPINION} | values
    answer = person.submit(page, given, form="#finding-form", status=status)
    return person.follow(answer) if status == 303 else answer


def decide(browse, record_id, move="apply", who="chief", status=303, **values):
    """Make a move on its own page."""
    person = browse(who)
    page = person.get(f"/exams/corrections/{record_id}/{move}")
    answer = person.submit(page, values, form=f"form[action$={move}]", status=status)
    return person.follow(answer) if status == 303 else answer


def correct(exam_id, number=1, kind=CorrectionKind.FURTHER, further="A"):
    """Begin, check and carry out a correction past the pages; gives its id."""
    clerk = cast.principal("clerk")
    with db.write():
        record_id = corrections.open_correction(exam_id=exam_id, number=number, user=clerk)
    with db.write():
        corrections.check_correction(
            correction_id=record_id,
            finding=corrections.Finding(kind=kind, further=further, opinion=OPINION),
            seen_version=db.session.get_one(QuestionCorrection, record_id).version,
            user=clerk,
        )
    move(record_id, "keep" if kind is CorrectionKind.UNCHANGED else "apply")
    return record_id


def move(record_id, name, who="chief", **values):
    with db.write():
        workflow.execute(FLOW, record_id=record_id, name=name, user=cast.principal(who), **values)


def marks_of(exam_id):
    """Give the marks that count, by member of the cast."""
    run = get_exam(exam_id).graded_run
    people = {"staff": "staff", "other": "other", "third": third()}
    return {
        name: db.session.get_one(SittingResult, (sitting_of(exam_id, who).id, run)).marks
        for name, who in people.items()
    }


def notices_of(who):
    rows = db.session.query(Notice).filter_by(person_id=id_of(who)).order_by(Notice.id)
    return [row.text for row in rows]


def test_from_a_doubt_to_other_marks(browse, app, exam):
    page = say(browse, app, exam)
    assert "你对本题的疑问：选项A也写在规范第三条里。" in page.text_of("main")
    assert "待核对" in page.text_of("main")
    with app.app_context():
        record_id = only().id
        assert marks_of(exam) == {"staff": 20, "other": 30, "third": 10}
    assert "题目纠错" in browse("clerk").get("/inbox").text_of("main")
    page = browse("clerk").get(f"/exams/corrections/{record_id}")
    assert REASON in page.text_of("main")
    assert "单知远" not in page.text, "who doubted stands on no page of it"
    page = check(browse, record_id)
    assert "待决定" in page.text_of("main")
    page = browse("chief").get(f"/exams/corrections/{record_id}")
    assert "3人答过这道题，1人成绩变动" in page.text_of("main")
    decide(browse, record_id)
    with app.app_context():
        assert only().state is CorrectionState.APPLIED
        assert marks_of(exam) == {"staff": 20, "other": 30, "third": 10}, "not before the job"
        run_jobs()
        assert marks_of(exam) == {"staff": 30, "other": 30, "third": 10}
        assert get_exam(exam).release_version == 2
    page = browse("staff").get("/notices").text_of("main")
    assert "你的成绩由20分改为30分（合格）" in page
    assert "已重新评卷" not in browse("other").get("/notices").text_of("main")
    with app.app_context():
        result = f"/exams/sittings/{sitting_of(exam, 'staff').public_id}/result"
    text = browse("staff").get(result).text_of("main")
    assert "A 也算对" in text
    assert "成绩第2版" in text
    assert f"理由：{OPINION}" in text


def test_a_void_question_gives_everybody_who_sat_full_marks(app, exam):
    with app.app_context():
        correct(exam, 3, CorrectionKind.VOID, "")
        run_jobs()
        assert marks_of(exam) == {"staff": 20, "other": 30, "third": 20}
        assert db.session.query(SittingResult).filter_by(run=2).count() == 3, "who did not sit"
        told = "你的成绩由10分改为20分（合格）"
        assert any(told in each for each in notices_of(third()))
        assert not any("改为" in each for each in notices_of("other") + notices_of("staff"))


def test_revoking_gives_the_marks_back_to_the_last_hundredth(browse, app, exam):
    with app.app_context():
        before = marks_of(exam)
        record_id = correct(exam, 2, CorrectionKind.VOID, "")
        run_jobs()
        other = correct(exam, 1, CorrectionKind.FURTHER, "A")
        run_jobs()
        assert marks_of(exam)["staff"] == 30
    page = decide(browse, record_id, "revoke", status=422)
    assert "请写明撤销原因" in page.text_of("main")
    decide(browse, record_id, "revoke", reason="原答案没有错。")
    with app.app_context():
        run_jobs()
        move(other, "revoke", reason="核对有误。")
        run_jobs()
        assert marks_of(exam) == before
        runs = db.session.query(SittingResult.run).distinct().order_by(SittingResult.run)
        assert [run for (run,) in runs] == [1, 2, 3, 4, 5], "no result is ever written over"
        assert get_exam(exam).release_version == 5


def test_the_sheet_of_a_corrected_result_says_so(app, exam, now):
    with app.app_context():
        first = read_sheet(sitting_of(exam, "staff").id)
        assert first.released_at == formats.moment(get_exam(exam).released_at)
        now.move(hours=3)
        correct(exam, 2, CorrectionKind.FURTHER, "AB")
        run_jobs()
        sheet = read_sheet(sitting_of(exam, "staff").id)
        assert (sheet.run, sheet.marks, [each.key for each in sheet.wrong_items]) == (
            2,
            "20",
            ["C"],
        )
        assert sheet.released_at == formats.moment(clock.now()), "no older than what it says"
        sheet = read_sheet(sitting_of(exam, third()).id)
        assert [each.number for each in sheet.wrong_items] == [1, 3]
        correct(exam, 1, CorrectionKind.FURTHER, "B")
        run_jobs()
        sheet = read_sheet(sitting_of(exam, "staff").id)
        assert sheet.wrong_items[0].key == "C（更正后B也算对）"


def test_keeping_the_key_answers_the_doubt_and_marks_nothing(browse, app, exam):
    say(browse, app, exam)
    with app.app_context():
        record_id = only().id
    check(browse, record_id, kind="unchanged", further="")
    page = browse("chief").get(f"/exams/corrections/{record_id}").text_of("main")
    assert "没有人的成绩变动" in page
    decide(browse, record_id, "keep")
    with app.app_context():
        assert only().state is CorrectionState.KEPT
        assert len(jobs_of(GRADE_JOB)) == 1
        assert any("维持原答案" in each for each in notices_of("staff"))
        assert get_exam(exam).release_version == 1
        url = f"/exams/sittings/{sitting_of(exam, 'staff').public_id}/result"
    assert f"维持原答案 理由：{OPINION}" in " ".join(
        browse("staff").get(url).text_of("main").split()
    )


def test_whoever_checked_or_doubted_decides_nothing(browse, app, exam):
    with app.app_context():
        say_past_pages(exam, "other", 1)
        record_id = only().id
    check(browse, record_id)
    with app.app_context():
        for who in ("clerk", "other"):
            with pytest.raises(RefusedError):
                move(record_id, "apply", who)
        assert only().state is CorrectionState.CHECKED
    browse("clerk").get(f"/exams/corrections/{record_id}/apply", status=403)


def say_past_pages(exam_id, who, number, reason=REASON):
    with db.write():
        return doubts.raise_doubt(sitting=sitting_of(exam_id, who), number=number, reason=reason)


def test_a_decider_who_doubted_is_barred(app, exam):
    with app.app_context():
        say_past_pages(exam, "other", 1)
        with db.write():
            first_run.give(cast.person_id("other"), Role.SECTION_CHIEF, None, None)
        clerk = cast.principal("clerk")
        finding = corrections.Finding(kind=CorrectionKind.VOID, further="", opinion=OPINION)
        with db.write():
            corrections.check_correction(
                correction_id=only().id, finding=finding, seen_version=only().version, user=clerk
            )
        with pytest.raises(RefusedError) as refused:
            move(only().id, "apply", "other")
        assert only().state is CorrectionState.CHECKED
        assert str(refused.value) == correction_flow.NOT_YOUR_OWN


def test_the_database_refuses_a_checker_who_decides(app, exam):
    with app.app_context():
        record_id = correct(exam)
        same = "UPDATE question_correction SET decided_by_id = checked_by_id WHERE id = :id"
        with pytest.raises(IntegrityError):
            direct(same, id=record_id)


def test_doubts_of_several_wait_together_and_nobody_says_it_twice(browse, app, exam):
    say(browse, app, exam)
    say(browse, app, exam, who="other", reason="题干不清楚。")
    with app.app_context():
        assert only().state is CorrectionState.RAISED
        assert db.session.query(QuestionDoubt).count() == 2
        url = doubt_url(exam)
    staff = browse("staff")
    answer = staff.get(url, status=303)
    assert doubts.ALREADY_SAID in staff.follow(answer).text
    with app.app_context(), pytest.raises(RefusedError) as refused:
        say_past_pages(exam, "staff", 1)
    assert str(refused.value) == doubts.ALREADY_SAID
    page = browse("clerk").get("/exams/corrections")
    assert "2人" in page.text_of("#correction-list")


def test_a_doubt_needs_a_reason_and_keeps_what_was_typed(browse, app, exam):
    page = say(browse, app, exam, reason="", status=422)
    assert "请写明疑问在哪里" in page.text_of("main")
    page = say(browse, app, exam, reason="长" * 501, status=422)
    assert "最多500字" in page.text_of("main")
    assert "长" * 501 in page.text
    with app.app_context():
        assert db.session.query(QuestionDoubt).count() == 0


def test_after_the_days_nobody_doubts_any_more(browse, app, exam, now):
    with app.app_context():
        until = doubts.ends_at(get_exam(exam))
        url = doubt_url(exam)
        result = f"/exams/sittings/{sitting_of(exam, 'staff').public_id}/result"
    assert "对本题有疑问" in browse("staff").get(result).text_of("main")
    now.move(seconds=(until - now.now).total_seconds() + 1)
    assert "对本题有疑问" not in browse("staff").get(result).text_of("main")
    staff = browse("staff")
    assert doubts.TOO_LATE in staff.follow(staff.get(url, status=303)).text
    with app.app_context(), pytest.raises(RefusedError):
        say_past_pages(exam, "staff", 1)


def test_nobody_doubts_before_the_release_or_for_somebody_else(browse, app, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=KEY)
        url = doubt_url(exam_id)
    browse("staff").get(url, status=404)
    with app.app_context():
        release(exam_id)
    browse("other").get(url, status=404)
    browse("staff").get(url.replace("/1", "/9"), status=404)
    browse("staff").get(url)


@pytest.mark.parametrize(
    ("further", "told"),
    [
        ("C", corrections.ALREADY_RIGHT),
        ("E", "答案E在选项里没有"),
        ("AB", "单选题写了2个答案"),
        ("", "没有答案，请补上"),
    ],
)
def test_a_further_answer_must_fit_the_question(browse, app, exam, further, told):
    with app.app_context():
        clerk = cast.principal("clerk")
        with db.write():
            record_id = corrections.open_correction(exam_id=exam, number=1, user=clerk)
    page = check(browse, record_id, further=further, status=422)
    assert told in page.text_of("main")
    assert page.one("#opinion").text.strip() == OPINION
    with app.app_context():
        assert only().state is CorrectionState.RAISED
        assert only().kind is None


def test_a_preview_shows_who_changes_and_stores_nothing(browse, app, exam):
    with app.app_context(), db.write():
        record_id = corrections.open_correction(
            exam_id=exam, number=1, user=cast.principal("clerk")
        )
    page = check(browse, record_id, kind="void", further="", opinion="", preview="yes", status=200)
    assert "3人答过这道题，2人成绩变动" in page.text_of("main")
    names = [cell.text for cell in page.all(".table tbody td:first-child")]
    assert names == ["单知远", "员工1000"], "by department"
    with app.app_context():
        assert only().kind is None
    page = check(browse, record_id, further="", preview="yes", status=422)
    assert "没有答案" in page.text_of("main")


def test_the_forecast_is_what_the_run_then_finds(app, exam):
    with app.app_context():
        foreseen = foresight.foresee(exam, 2, CorrectionKind.FURTHER, ["A", "B"])
        found = {each.sitting_id: (each.before, each.after) for each in foreseen.changes}
        assert found == {}
        foreseen = foresight.foresee(exam, 1, CorrectionKind.VOID, [])
        found = {each.sitting_id: (each.before, each.after) for each in foreseen.changes}
        correct(exam, 1, CorrectionKind.VOID, "")
        run_jobs()
        changes = remarking.list_changes(exam, 1, 2)
        sittings = [sitting_of(exam, who) for who in ("staff", third())]
        ids = {each.public_id: each.id for each in sittings}
        assert {ids[each.public_id]: (each.before, each.after) for each in changes} == found
        assert len(found) == 2


def test_only_one_marking_at_a_time(app, exam):
    with app.app_context():
        correct(exam, 1)
        clerk = cast.principal("clerk")
        with db.write():
            second = corrections.open_correction(exam_id=exam, number=2, user=clerk)
        finding = corrections.Finding(kind=CorrectionKind.VOID, further="", opinion=OPINION)
        with pytest.raises(RefusedError) as refused, db.write():
            corrections.check_correction(
                correction_id=second, finding=finding, seen_version=1, user=clerk
            )
        assert str(refused.value) == remarking.BUSY
        run_jobs()
        correct(exam, 2, CorrectionKind.VOID, "")
        run_jobs()
        assert marks_of(exam) == {"staff": 30, "other": 30, "third": 10}


def test_before_the_release_the_marks_are_put_right_and_nobody_is_told(app, now):
    with app.app_context():
        exam_id = marked_exam(now)
        correct(exam_id)
        run_jobs()
        assert marks_of(exam_id) == {"staff": 30, "other": 30, "third": 10}
        assert notices_of("other") == []
        assert get_exam(exam_id).release_version == 0
        release(exam_id)
        assert get_exam(exam_id).release_version == 1


def test_an_exam_without_marks_is_not_corrected(browse, app):
    with app.app_context():
        exam_id = publish_exam()
        with pytest.raises(RefusedError), db.write():
            corrections.open_correction(exam_id=exam_id, number=1, user=cast.principal("clerk"))
    assert db_count(app) == 0


def db_count(app):
    with app.app_context():
        return db.session.query(QuestionCorrection).count()


def test_keys_stay_hidden_from_whoever_sits_the_question_elsewhere(browse, app, now):
    with app.app_context():
        exam_id = released_exam(now, staff=KEY, other=KEY)
        with db.write():
            record_id = corrections.open_correction(
                exam_id=exam_id, number=1, user=cast.principal("clerk")
            )
        question_id = frozen(exam_id)[0].question_id
        with db.write():
            first_run.give(cast.person_id("other"), Role.CLERK, None, None)
        publish_exam([question_id], title="补充测试", pass_marks=Decimal(5))
    page = browse("other").get(f"/exams/corrections/{record_id}")
    assert "公布以后才能看和办" in page.text_of("main")
    assert "正确答案" not in page.text
    browse("other").get(f"/exams/corrections/{record_id}/check", status=404)


def test_a_failed_marking_can_be_ordered_again(browse, app, exam, now):
    now.move(minutes=1)
    with app.app_context():
        record_id = correct(exam)
        with db.write():
            job = jobs_of(GRADE_JOB)[-1]
            job.state, job.finished_at = JobState.FAILED, now.now
    now.move(minutes=1)
    clerk = browse("clerk")
    page = clerk.get(f"/exams/corrections/{record_id}")
    assert "重新评卷没有完成" in page.text_of("main")
    clerk.follow(clerk.submit(page, form="form[action$=mark-again]"))
    with app.app_context():
        run_jobs()
        assert marks_of(exam)["staff"] == 30
    page = browse("clerk").get(f"/exams/corrections/{record_id}")
    assert "重新评卷没有完成" not in page.text_of("main")
    with app.app_context(), pytest.raises(RefusedError) as refused, db.write():
        remarking.order_again(exam, ordered_by_id=cast.person_id("clerk"))
    assert str(refused.value) == remarking.UP_TO_DATE


def test_everything_is_in_the_log(browse, app, exam):
    say(browse, app, exam)
    with app.app_context():
        assert events(AuditEvent.EXAMS_DOUBT_RAISED)[-1].data == {"number": 1}
        correct(exam)
        run_jobs()
        assert events(AuditEvent.EXAMS_GRADED)[-1].data == {"run": 2, "sittings": 3, "changed": 1}
    page = browse("chief").get(f"/exams/corrections/{record_of(app)}").text_of("main")
    assert "提出 → 待核对" in page
    assert "核对，报决定 → 待决定" in page


def record_of(app):
    with app.app_context():
        return only().id


def test_the_clerk_begins_from_a_result_without_any_doubt(browse, app, exam):
    with app.app_context():
        public_id = sitting_of(exam, "staff").public_id
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{exam}/results/{public_id}")
    answer = clerk.submit(page, form=f"form[action='/exams/papers/{exam}/corrections/1']")
    page = clerk.follow(answer)
    assert "没有人提出，由经办人自己发现" in page.text_of("main")
    again = clerk.submit(
        clerk.get(f"/exams/papers/{exam}/results/{public_id}"),
        form=f"form[action='/exams/papers/{exam}/corrections/1']",
    )
    assert again.location == answer.location, "one waits already"
    assert Decimal(marks_staff(app, exam)) == 20


def marks_staff(app, exam):
    with app.app_context():
        return marks_of(exam)["staff"]
