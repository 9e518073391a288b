"""A late answer is kept, shown to both sides, and counts only by a decision with its reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import LateAdmission, LateAnswer
from app.exams.service import grading
from app.exams.service.sittings import SaveOutcome
from app.jobs import service as jobs
from app.kernel import db
from app.kernel.forms import RefusedError
from tests.exams.factories import (
    KEY,
    Examinee,
    admit,
    answers_of,
    direct,
    events,
    get_exam,
    jobs_of,
    late_of,
    publish_exam,
    release,
    results_of,
    run_jobs,
    save,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast

ONCE_MORE = (
    "INSERT INTO late_answer (sitting_id, number, chosen, revision, received_at)"
    " SELECT sitting_id, number, chosen, revision, received_at FROM late_answer"
)


def late_url(exam_id):
    return f"/exams/papers/{exam_id}/late-answers"


def be_late(app, exam_id, number=1, labels=("C",), revision=2):
    """Let an answer come 61 s after the deadline; returns its id."""
    with app.app_context(), db.write():
        sitting = sitting_of(exam_id, "staff")
        at = sitting.deadline_at + timedelta(seconds=61)
        assert save(sitting.id, number, list(labels), revision, at).outcome is SaveOutcome.LATE
        return db.session.query(LateAnswer).order_by(LateAnswer.id.desc()).first().id


@pytest.fixture
def late_id(app, exam_id):
    """The staff member answered question 2 in time, and question 1 too late."""
    with app.app_context():
        sit(exam_id, "staff", {2: KEY[2]}, hand_in=False)
    return be_late(app, exam_id)


def close(app, now):
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()


def marks(app, exam_id):
    with app.app_context():
        run = get_exam(exam_id).graded_run
        return [row[2] for row in results_of(exam_id) if row[1] == run]


@pytest.mark.db
def test_a_late_answer_is_shown_to_the_person_and_to_the_organiser(
    app, browse, now, exam_id, enter
):
    staff = enter()
    now.move(minutes=20)
    staff.page()
    now.move(minutes=21, seconds=1)
    staff.save(1, ["C"], 3, status=409)
    receipt = staff.browser.follow(staff.browser.get(staff.url, status=303))
    assert "第1题" in receipt.text_of(".alert-warning")
    assert "10:41" in receipt.text_of(".alert-warning")
    clerk = browse("clerk")
    assert "迟到的答案（1）" in clerk.get(f"/exams/papers/{exam_id}/results").text
    page = clerk.get(late_url(exam_id))
    assert cast.name_of("staff") in page.text
    assert "第1题，答 C" in page.text


@pytest.mark.db
def test_a_late_answer_counts_for_nothing_by_itself(app, now, exam_id, late_id):
    close(app, now)
    assert marks(app, exam_id) == [Decimal(10)]


@pytest.mark.db
def test_an_admitted_answer_is_graded_anew_and_counts(app, browse, now, exam_id, late_id):
    close(app, now)
    clerk = browse("clerk")
    page = clerk.get(late_url(exam_id))
    answer = clerk.submit(page, {"reason": "窗口网络中断，有值班记录。"}, form="main form")
    page = clerk.follow(answer)
    assert "已采纳" in page.text
    assert "窗口网络中断，有值班记录。" in page.text
    assert not page.all("main form")
    with app.app_context():
        run_jobs()
        exam = get_exam(exam_id)
        assert exam.graded_run == 2
        assert [row[1:3] for row in results_of(exam_id)] == [(1, Decimal(10)), (2, Decimal(20))]
        sitting = sitting_of(exam_id, "staff")
        assert answers_of(sitting.id) == {2: (KEY[2], 1)}
        assert late_of(sitting.id) == [(1, ["C"], 2)]
        [entry] = events(AuditEvent.EXAMS_LATE_ADMITTED)
        assert entry.person_id == cast.person_id("clerk")
        assert entry.data == {"late_answer": late_id, "reason": "窗口网络中断，有值班记录。"}
        release(exam_id)
    result = browse("staff").get(f"/exams/sittings/{sitting.public_id}/result")
    assert "20分" in result.text
    assert "你的答案：C" in result.text


def test_the_person_sees_that_his_answer_was_admitted(app, browse, now, exam_id, late_id):
    with app.app_context():
        public_id = sitting_of(exam_id, "staff").public_id
    now.move(minutes=50)
    receipt = f"/exams/sittings/{public_id}/receipt"
    assert "已采纳" not in browse("staff").get(receipt).text
    with app.app_context():
        admit(late_id)
    assert "已采纳" in browse("staff").get(receipt).text_of(".alert-warning li")


@pytest.mark.parametrize("reason", ["", " 　", "长" * 501])
def test_admitting_needs_a_reason(app, browse, exam_id, late_id, reason):
    clerk = browse("clerk")
    page = clerk.get(late_url(exam_id))
    answer = clerk.submit(page, {"reason": reason}, form="main form", status=422)
    assert answer.all(f"#reason-{late_id}-error")
    field = answer.one(f"#reason-{late_id}")
    assert field.get("value") == reason.strip()
    assert field.get("aria-describedby") == f"reason-{late_id}-error"
    assert field.get("aria-invalid") == "true"
    with app.app_context():
        assert db.session.query(LateAdmission).count() == 0


@pytest.mark.db
def test_after_release_nothing_is_admitted(app, browse, now, exam_id, late_id):
    close(app, now)
    clerk = browse("clerk")
    page = clerk.get(late_url(exam_id))
    with app.app_context():
        release(exam_id)
    answer = clerk.submit(page, {"reason": "太晚了"}, form="main form")
    page = clerk.follow(answer)
    assert grading.ALREADY_RELEASED in page.text_of(".alert-error")
    assert not page.all("main form")
    with app.app_context():
        assert db.session.query(LateAdmission).count() == 0
        assert get_exam(exam_id).graded_run == 1


def test_admitting_before_the_end_waits_for_the_first_grading(app, now, exam_id, late_id):
    with app.app_context():
        admit(late_id)
        assert jobs_of(GRADE_JOB) == []
    close(app, now)
    assert marks(app, exam_id) == [Decimal(20)]


def test_admitting_twice_is_one_decision(app, now, exam_id, late_id):
    close(app, now)
    with app.app_context():
        admit(late_id, "第一个原因")
        run_jobs()
        admit(late_id, "第二个原因")
        run_jobs()
        assert db.session.get_one(LateAdmission, late_id).reason == "第一个原因"
        assert len(events(AuditEvent.EXAMS_LATE_ADMITTED)) == 1
        assert get_exam(exam_id).graded_run == 2


@pytest.mark.db
def test_what_is_admitted_while_grading_runs_is_not_lost(app, now, exam_id, late_id):
    """The sitting has been marked in this run already: to admit now would count for nothing."""
    now.move(hours=8, seconds=67)
    with app.app_context():
        grading.sweep()
        [job] = jobs_of(GRADE_JOB)
        run = jobs.take_lease(job.id)
        assert run is not None
        with pytest.raises(RefusedError) as refusal:
            admit(late_id)
        assert "正在评卷" in str(refusal.value)
        assert db.session.query(LateAdmission).count() == 0
        now.move(seconds=21)
        run_jobs()
        admit(late_id)
        run_jobs()
    assert marks(app, exam_id) == [Decimal(20)]


@pytest.mark.db
def test_what_is_admitted_before_an_ordered_grading_begins_is_counted_by_it(
    app, now, exam_id, late_id
):
    now.move(hours=8, seconds=67)
    with app.app_context():
        grading.sweep()
        admit(late_id)
        run_jobs()
        assert get_exam(exam_id).graded_run == 1
    assert marks(app, exam_id) == [Decimal(20)]


@pytest.mark.db
def test_results_are_not_released_while_an_admitted_answer_waits(app, now, exam_id, late_id):
    close(app, now)
    with app.app_context():
        admit(late_id)
        with pytest.raises(RefusedError) as refusal:
            release(exam_id)
        assert "重新评卷" in str(refusal.value)
        run_jobs()
        release(exam_id)
        assert get_exam(exam_id).released_at is not None


def test_of_several_admitted_answers_to_one_question_the_newest_counts(app, now, exam_id, late_id):
    newest = be_late(app, exam_id, labels=("A",), revision=7)
    older = be_late(app, exam_id, labels=("B",), revision=5)
    close(app, now)
    with app.app_context():
        for each in (newest, older, late_id):
            admit(each)
            run_jobs()
    assert marks(app, exam_id) == [Decimal(10)]


@pytest.mark.db
def test_different_late_answers_of_two_windows_are_both_kept(app, exam_id, late_id):
    """Both windows number their change alike; each was told that his was kept."""
    be_late(app, exam_id, labels=("A",), revision=2)
    be_late(app, exam_id, labels=("A",), revision=2)
    be_late(app, exam_id, labels=("C",), revision=2)
    with app.app_context():
        kept = late_of(sitting_of(exam_id, "staff").id)
    assert kept == [(1, ["C"], 2), (1, ["A"], 3)]


@pytest.mark.db
def test_an_answer_whose_turn_came_after_the_sweep_is_kept(app, now, exam_id):
    """It arrived within the grace and waited longer than the gate lets anybody wait."""
    with app.app_context():
        sit(exam_id, "staff", {}, hand_in=False)
        sitting = sitting_of(exam_id, "staff")
        arrived = sitting.deadline_at + timedelta(seconds=59)
        now.now = sitting.deadline_at + timedelta(seconds=67)
        grading.sweep()
        with db.write():
            assert save(sitting.id, 1, ["C"], at=arrived).outcome is SaveOutcome.LATE
        assert late_of(sitting.id) == [(1, ["C"], 1)]


def test_what_was_handed_in_by_the_person_takes_no_late_answers(app, now, exam_id, enter):
    staff = enter()
    staff.hand_in()
    now.move(minutes=20)
    staff.save(1, ["C"], 1, status=409)
    now.move(minutes=25)
    assert staff.save(1, ["C"], 2, status=409)["error"] == "sealed"
    with app.app_context():
        assert late_of(sitting_of(exam_id, "staff").id) == []


@pytest.mark.parametrize("who", ["chief", "staff"])
def test_only_a_clerk_admits(app, browse, exam_id, late_id, who):
    person = browse(who)
    sent = {"reason": "原因", "csrf_token": person.token()}
    person.post(f"{late_url(exam_id)}/{late_id}", sent, status=403)
    with app.app_context():
        assert db.session.query(LateAdmission).count() == 0


def test_a_chief_sees_late_answers_without_a_form(browse, exam_id, late_id):
    page = browse("chief").get(late_url(exam_id))
    assert cast.name_of("staff") in page.text
    assert not page.all("main form")


def test_a_late_answer_of_another_exam_is_not_found(app, browse, exam_id, late_id):
    with app.app_context():
        other = publish_exam()
    clerk = browse("clerk")
    sent = {"reason": "原因", "csrf_token": clerk.token()}
    clerk.post(f"{late_url(other)}/{late_id}", sent, status=404)
    clerk.post(f"{late_url(exam_id)}/4711", sent, status=404)


def test_an_exam_without_late_answers_says_so(browse, exam_id):
    assert "没有迟到的答案。" in browse("clerk").get(late_url(exam_id)).text


def test_a_true_or_false_answer_and_an_emptied_one_are_written_in_words(app, browse, exam_id):
    with app.app_context():
        sit(exam_id, "staff", {}, hand_in=False)
    be_late(app, exam_id, 3, ["true"])
    be_late(app, exam_id, 2, [])
    text = browse("clerk").get(late_url(exam_id)).text
    assert "第3题，答 正确" in text
    assert "第2题，答 （清空）" in text


@pytest.mark.db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE late_answer SET chosen = '[\"A\"]'",
        "DELETE FROM late_answer",
        ONCE_MORE,
    ],
    ids=["update", "delete", "once more"],
)
def test_the_database_keeps_a_late_answer_as_it_came(app, exam_id, late_id, statement):
    with app.app_context():
        with pytest.raises(IntegrityError):
            direct(statement)
        assert late_of(sitting_of(exam_id, "staff").id) == [(1, ["C"], 2)]


def test_the_script_page_of_somebody_late_leads_to_his_receipt(app, now, browse, exam_id):
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    now.move(minutes=25)
    staff.page()
    now.move(minutes=20)
    assert staff.page(303).location == f"{staff.url}/receipt"
