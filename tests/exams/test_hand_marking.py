"""人工评卷: by question, nobody knowing whose, twice where the exam asks for it, and never left out."""

from decimal import Decimal
from hashlib import sha256

import pytest

from app.accounts import first_run
from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import AnswerMark, ExamState, LateAnswer, SittingResult
from app.exams.service import grading, hand_answers, hand_marking
from app.exams.service.hand_marking import Marking
from app.exams.settings import APART_PERCENT
from app.exams.views import marking
from app.inbox.models import Notice
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from app.questions.kinds import QuestionKind
from tests.exams.factories import (
    BANK,
    KEY,
    admit,
    at_once,
    events,
    get_exam,
    jobs_of,
    order_grading,
    publish_exam,
    release,
    run_jobs,
    save,
    sit,
    sitting_of,
    sweep,
)
from tests.questions.factories import add_question
from tests.settings.factories import set_value
from tests.support import cast

pytestmark = pytest.mark.db

ESSAY = 4
TEXTS = {"staff": "减材料。\n减环节。", "other": "多跑一次。"}
MODEL = "减环节、减材料、减时限。"


def hold(now, texts=TEXTS, *, is_handed_in=True, **values):
    """Let people sit three questions and an essay of ten marks, until the exam is over."""
    essay = add_question(
        kind=QuestionKind.ESSAY, stem="怎样让群众只跑一次？", options=[], key=[MODEL]
    )
    ids = [add_question(**each) for each in BANK]
    exam_id = publish_exam([*ids, essay], **values)
    for who, text in texts.items():
        sit(exam_id, who, KEY | ({ESSAY: [text]} if text else {}), hand_in=is_handed_in)
    now.move(hours=8, seconds=67)
    return exam_id


@pytest.fixture
def exam(app, now):
    with app.app_context():
        return hold(now)


def url_of(exam_id, number=ESSAY):
    return f"/exams/papers/{exam_id}/marking/{number}"


def code(exam_id, who):
    return hand_answers.code_of(sitting_of(exam_id, who), ESSAY)


def give(exam_id, who, marks, marker="clerk", version=0, remark=""):
    """Mark somebody's essay past the pages."""
    with db.write():
        grading.mark_by_hand(
            exam_id=exam_id,
            number=ESSAY,
            code=code(exam_id, who),
            marking=Marking(marks=Decimal(marks), remark=remark, version=version),
            user=cast.principal(marker),
        )


def marks_of(exam_id, who):
    run = get_exam(exam_id).graded_run
    return db.session.get_one(SittingResult, (sitting_of(exam_id, who).id, run)).marks


def test_an_exam_is_graded_when_the_last_answer_has_its_marks(browse, app, exam):
    with app.app_context():
        sweep()
        assert jobs_of(GRADE_JOB) == []
        with pytest.raises(RefusedError) as refused:
            order_grading(exam)
        assert str(refused.value) == hand_answers.WAITING.format(count=2)
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{exam}")
    assert "答卷2份，已评定0份" in page.text_of("main")
    page = clerk.get(f"/exams/papers/{exam}/marking")
    assert "等我评2份" in page.text_of("main")
    page = clerk.get(url_of(exam))
    assert MODEL in page.text_of("main")
    for marks in ("8", "2.5"):
        answer = clerk.submit(page, {"marks": marks, "remark": "条理清楚"}, form="#marking-form")
        page = clerk.follow(answer)
    assert "没有等你评的答卷了" in page.text_of("main")
    assert "我评过的2份" in page.text_of("main")
    with app.app_context():
        sweep()
        assert get_exam(exam).state is ExamState.GRADED
        marks = {marks_of(exam, "staff"), marks_of(exam, "other")}
        assert marks == {Decimal(38), Decimal("32.5")}
        release(exam)
        public_id = sitting_of(exam, "staff").public_id
    page = browse("staff").get(f"/exams/sittings/{public_id}/result")
    assert "评语：条理清楚" in page.text_of("main")
    assert "减材料。" in page.text_of("main")


def test_no_page_tells_whose_an_answer_is(browse, app, exam):
    clerk = browse("clerk")
    with app.app_context():
        secrets = [
            *(cast.name_of(who) for who in TEXTS),
            *(cast.CAST[who][0] for who in TEXTS),
            *(sitting_of(exam, who).public_id for who in TEXTS),
        ]
    page = clerk.get(url_of(exam))
    pages = [clerk.get(f"/exams/papers/{exam}/marking"), page]
    pages.append(clerk.follow(clerk.submit(page, {"marks": "5"}, form="#marking-form")))
    for each in pages:
        assert not [secret for secret in secrets if secret in each.text_of("main")]
    with app.app_context():
        codes = [code(exam, who) for who in TEXTS]
        met = hand_answers.list_answers(get_exam(exam), question(exam), None)
        assert [each.code for each in met] == sorted(codes)


def test_a_code_tells_nothing_to_who_knows_the_sitting(app, exam, monkeypatch):
    with app.app_context():
        sitting = sitting_of(exam, "staff")
        here = hand_answers.code_of(sitting, ESSAY)
        guesses = [f"{sitting.public_id}:{ESSAY}:answer", sitting.public_id]
        assert here not in [sha256(each.encode()).hexdigest()[:10].upper() for each in guesses]
        monkeypatch.setitem(app.config, "SECRET_KEY", "another site's")
        assert hand_answers.code_of(sitting, ESSAY) != here


def question(exam_id):
    [found] = hand_answers.list_hand_questions(exam_id)
    return found


@pytest.mark.parametrize("marks", ["10.5", "-1", "3.3", "", "很好"])
def test_marks_beyond_the_question_are_refused_and_kept_in_the_field(browse, app, exam, marks):
    clerk = browse("clerk")
    page = clerk.get(url_of(exam))
    typed = {"marks": marks, "remark": "写得好"}
    page = clerk.submit(page, typed, form="#marking-form", status=422)
    assert page.one("#remark").get("value") == "写得好"
    assert page.all(".field-error")
    with app.app_context():
        assert db.session.query(AnswerMark).count() == 0


def test_two_markers_and_a_third_where_they_are_apart(browse, app, now):
    with app.app_context():
        exam_id = hold(now, is_double_marked=True)
        give(exam_id, "staff", 8)
        give(exam_id, "other", 4)
        with pytest.raises(RefusedError):
            give(exam_id, "staff", 9)
        assert hand_answers.count_waiting(exam_id) == 2
    page = browse("chief").get(url_of(exam_id))
    assert "第二评" in page.text_of("main")
    assert "第一评" not in page.text_of("main"), "the second sees nothing of the first"
    with app.app_context():
        give(exam_id, "staff", "7.5", "chief")
        give(exam_id, "other", 9, "chief")
        assert hand_answers.count_waiting(exam_id) == 1
        sweep()
        assert get_exam(exam_id).graded_run == 0
        assert told_of("等第三人评定") == set(), "both who may mark have marked it"
        third = give_role("office")
        give(exam_id, "other", 9, "chief", version=1)
        assert told_of("等第三人评定") == {cast.person_id("office")}
    page = browse("office").get(url_of(exam_id))
    text = page.text_of("main")
    assert "第三评" in text
    assert "第一评：4分" in text
    assert "第二评：9分" in text
    assert cast.CAST["clerk"][2] not in text
    with app.app_context():
        give(exam_id, "other", 6, third)
        sweep()
        assert marks_of(exam_id, "staff") == 38, "the mean, rounded up to half a mark"
        assert marks_of(exam_id, "other") == 36
        with pytest.raises(RefusedError) as refused:
            give(exam_id, "other", 6, "chief", version=2)
        assert str(refused.value) == hand_marking.BY_THIRD
        give(exam_id, "other", 5, third, version=1)
        address = f"{url_of(exam_id)}?code={code(exam_id, 'other')}"
    page = browse("chief").get(address)
    assert "已由第三人评定" in page.text_of("main")
    assert not page.all("#marking-form")


def told_of(words):
    """Give who has a notice with some words."""
    found = db.session.query(Notice.person_id).filter(Notice.text.contains(words))
    return {person_id for (person_id,) in found}


def give_role(who):
    """Let one more of the cast mark."""
    with db.write():
        first_run.give(cast.person_id(who), Role.CLERK, None, None)
    return who


def test_of_two_who_mark_the_same_answer_one_is_told(app, exam):
    def act(marker):
        def go():
            with app.app_context():
                try:
                    give(exam, "staff", 5, marker)
                except RefusedError as refused:
                    return str(refused)
                return "stored"

        return go

    found = at_once([act("clerk"), act("chief")])
    assert sorted(found) == sorted(["stored", hand_marking.TAKEN])
    with app.app_context():
        assert db.session.query(AnswerMark).count() == 1


def test_marks_are_changed_until_the_release_and_count_at_once(browse, app, exam):
    with app.app_context():
        give(exam, "staff", 5)
        give(exam, "other", 5, "chief")
        sweep()
        assert marks_of(exam, "staff") == 35
        with pytest.raises(RefusedError) as refused:
            give(exam, "staff", 6)
        assert str(refused.value) == hand_marking.CHANGED
    clerk = browse("clerk")
    with app.app_context():
        address = f"{url_of(exam)}?code={code(exam, 'staff')}"
    page = clerk.get(address)
    assert page.one("#marks").get("value") == "5"
    clerk.follow(clerk.submit(page, {"marks": "9"}, form="#marking-form"))
    with app.app_context():
        run_jobs()
        assert (get_exam(exam).graded_run, marks_of(exam, "staff")) == (2, 39)
        release(exam)
        with pytest.raises(RefusedError) as refused:
            give(exam, "staff", 1, version=2)
        assert str(refused.value) == hand_marking.RELEASED
    assert clerk.get(address, status=303)
    with app.app_context():
        assert len(events(AuditEvent.EXAMS_ANSWER_MARKED)) == 3


def test_somebody_elses_answer_is_not_changed(browse, app, exam):
    with app.app_context():
        give(exam, "staff", 5)
        address = f"{url_of(exam)}?code={code(exam, 'staff')}"
    chief = browse("chief")
    page = chief.follow(chief.get(address, status=303))
    assert marking.NOT_FOR_ME in page.text


def test_what_was_typed_for_an_answer_that_another_settled_is_shown_again(browse, app, exam):
    chief = browse("chief")
    page = chief.get(url_of(exam))
    with app.app_context():
        met = page.one("[name=code]").get("value")
        [who] = [each for each in TEXTS if code(exam, each) == met]
        give(exam, who, 5)
    page = chief.submit(
        page, {"marks": "7.5", "remark": "条理清楚"}, form="#marking-form", status=422
    )
    text = page.text_of("main")
    assert marking.NOT_FOR_ME in text
    assert "你写的得分 7.5" in text
    assert "条理清楚" in text
    assert not page.all("#marking-form"), "the next answer is not mistaken for this one"
    with app.app_context():
        assert db.session.query(AnswerMark.marks).all() == [(Decimal(5),)]


def test_marks_without_the_answer_they_are_for_are_for_none(browse, app, exam):
    clerk = browse("clerk")
    page = clerk.get(url_of(exam))
    page = clerk.submit(page, {"marks": "3", "code": ""}, form="#marking-form", status=422)
    assert marking.NO_CODE in page.text_of("main")
    with app.app_context():
        assert db.session.query(AnswerMark).count() == 0


def test_a_blank_answer_earns_nothing_and_waits_for_nobody(app, now):
    with app.app_context():
        exam_id = hold(now, {"staff": "", "other": ""})
        sweep()
        assert get_exam(exam_id).state is ExamState.GRADED
        assert marks_of(exam_id, "staff") == 30


def test_a_late_answer_that_is_admitted_is_read_again(app, now):
    with app.app_context():
        exam_id = hold(now, is_handed_in=False)
        sitting = sitting_of(exam_id, "staff")
        with db.write():
            save(sitting.id, ESSAY, ["减时限。"], revision=2)
        assert hand_answers.count_waiting(exam_id) == 2, "both papers are still to be sealed"
        sweep()
        give(exam_id, "staff", 5)
        give(exam_id, "other", 5)
        sweep()
        admit(db.session.query(LateAnswer.id).scalar())
        assert hand_answers.count_waiting(exam_id) == 1
        told = db.session.query(Notice.person_id).filter(Notice.text.contains("有1份主观题"))
        assert (cast.person_id("clerk"),) in told.all()
        [answer] = [
            each
            for each in hand_answers.list_answers(
                get_exam(exam_id), question(exam_id), cast.person_id("clerk")
            )
            if each.round
        ]
        assert answer.text == "减时限。"
        sweep()
        assert get_exam(exam_id).graded_run == 1, "no run before it is marked"
        give(exam_id, "staff", 9)
        run_jobs()
        assert (get_exam(exam_id).graded_run, marks_of(exam_id, "staff")) == (2, 39)


def test_the_last_to_hand_in_is_not_refused_where_answers_wait_for_a_person(app):
    with app.app_context():
        essay = add_question(kind=QuestionKind.ESSAY, stem="怎样？", options=[], key=[MODEL])
        exam_id = publish_exam(
            [essay], only=["staff"], releases_when_complete=True, pass_marks=Decimal(5)
        )
        sit(exam_id, "staff", {1: ["写了。"]})
        sweep()
        assert get_exam(exam_id).graded_run == 0
        with db.write():
            grading.mark_by_hand(
                exam_id=exam_id,
                number=1,
                code=hand_answers.code_of(sitting_of(exam_id, "staff"), 1),
                marking=Marking(marks=Decimal(5), remark="", version=0),
                user=cast.principal("clerk"),
            )
        sweep()
        assert get_exam(exam_id).released_at is not None


def test_whoever_may_mark_is_told_once(app, exam):
    with app.app_context():
        grading.tell_markers()
        grading.tell_markers()
        rows = db.session.query(Notice).filter(Notice.text.contains("主观题")).all()
        people = {row.person_id for row in rows}
        assert {cast.person_id("clerk"), cast.person_id("chief")} <= people
        assert len(rows) == len(people)


def test_who_sits_the_exam_is_not_told_to_mark_it(browse, app, now):
    with app.app_context():
        give_role("other")
        exam_id = hold(now)
        grading.tell_markers()
        told = told_of("主观题")
        assert cast.person_id("clerk") in told
        assert cast.person_id("other") not in told
    browse("other").get(f"/exams/papers/{exam_id}/marking", status=404)


def test_a_question_that_one_sits_elsewhere_is_left_to_others(browse, app, now):
    with app.app_context():
        give_role("other")
        exam_id = hold(now, {"staff": "减材料。"}, only=["staff"])
        [essay] = hand_answers.list_hand_questions(exam_id)
        publish_exam([essay.question_id], only=["other"], pass_marks=Decimal(5))
        grading.tell_markers()
        assert cast.person_id("other") not in told_of("主观题")
    page = browse("other").get(f"/exams/papers/{exam_id}/marking")
    assert "不由你评" in page.text_of("main")
    assert not page.all(f"a[href='{url_of(exam_id)}']")
    browse("other").get(url_of(exam_id), status=404)


def test_nobody_marks_while_others_still_answer(browse, app, now):
    with app.app_context():
        essay = add_question(kind=QuestionKind.ESSAY, stem="怎样？", options=[], key=[MODEL])
        exam_id = publish_exam([essay], pass_marks=Decimal(5))
        sit(exam_id, "staff", {1: ["写了。"]})
        with pytest.raises(RefusedError), db.write():
            grading.mark_by_hand(
                exam_id=exam_id,
                number=1,
                code=hand_answers.code_of(sitting_of(exam_id, "staff"), 1),
                marking=Marking(marks=Decimal(5), remark="", version=0),
                user=cast.principal("clerk"),
            )
    browse("clerk").get(url_of(exam_id, 1), status=303)


def test_who_holds_no_right_to_mark_gets_nothing(browse, exam):
    browse("staff").get(url_of(exam), status=403)
    browse("lead").get(f"/exams/papers/{exam}/marking", status=403)
    browse("clerk").get(url_of(exam, 1), status=404)


def test_a_release_waits_for_an_answer_that_lost_its_marks(app, exam):
    with app.app_context():
        give(exam, "staff", 5)
        give(exam, "other", 5)
        sweep()
        with db.write():
            hand_marking.forget_marks(sitting_of(exam, "staff").id, ESSAY)
        with pytest.raises(RefusedError) as refused:
            release(exam)
        assert "还有1份主观题没有评完" in str(refused.value)


def test_a_limit_of_another_day_changes_nothing_in_an_exam_that_was_published(browse, app, now):
    with app.app_context():
        exam_id = hold(now, is_double_marked=True)
        for who in TEXTS:
            give(exam_id, who, 8)
            give(exam_id, who, 6, "chief")
        sweep()
        assert marks_of(exam_id, "staff") == 37
        now.move(days=1)
        set_value(APART_PERCENT.key, "10", clock.today())
        assert hand_answers.count_waiting(exam_id) == 0
        order_grading(exam_id)
        run_jobs()
        assert (get_exam(exam_id).graded_run, marks_of(exam_id, "staff")) == (2, 37)
    assert "满分20%" in browse("clerk").get(f"/exams/papers/{exam_id}/marking").text_of("main")
