"""Drafts that come of another exam: 复制上期 in few clicks, 补考 and the mark that counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.exams import indicators
from app.exams.kinds import MakeupRule
from app.exams.models import Exam, ExamPerson
from app.exams.service import choosing, copying, makeups, papers, readiness
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.workdays import service as workdays
from tests.exams.factories import (
    BANK,
    KEY,
    WRONG,
    draft,
    get_exam,
    graded_exam,
    id_of,
    publish,
    release,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)
from tests.questions.factories import add_question
from tests.support import cast


def last_draft():
    return db.session.scalars(select(Exam).order_by(Exam.id.desc())).first()


def test_last_month_is_copied_and_sent_in_at_most_eight_clicks(browse, app):
    with app.app_context():
        source = draft()
    clerk, clicks = browse("clerk"), 0
    home = clerk.get("/")
    page, clicks = clerk.get(home.one("a[href='/exams/papers']").get("href")), clicks + 1
    page, clicks = clerk.follow(clerk.submit(page, form="form[action$=copy]")), clicks + 1
    page, clicks = clerk.follow(clerk.submit(page, form="form[action$='/submit']")), clicks + 1
    assert clicks <= 8
    with app.app_context():
        made = last_draft()
        assert made.id != source
        assert made.state == "submitted"
        assert made.title == "2026年12月一月一考"
        assert readiness.count_questions(made.id) == 3


def test_a_copy_opens_on_the_same_working_day_of_the_next_month(app):
    with app.app_context():
        source = draft()
        with db.write():
            made = copying.copy_paper(source_id=source, copied_by_id=cast.person_id("clerk"))
        calendar = workdays.get_calendar()
        places = []
        for each in (source, made):
            day = clock.local(get_exam(each).opens_at).date()
            places.append(sum(1 for one in copying.workdays_of(day, calendar) if one <= day))
        assert places[0] == places[1]


@pytest.fixture
def released(app, now):
    """An exam that one failed and nobody else of the roll sat."""
    with app.app_context():
        exam_id = graded_exam(now, staff=WRONG)
        release(exam_id)
    return exam_id


def test_a_makeup_names_who_failed_or_was_absent(browse, app, released):
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{released}/makeup")
    assert "不合格1人" in page.text
    clerk.submit(page, form="main form.card")
    with app.app_context():
        made = last_draft()
        named = db.session.scalars(
            select(ExamPerson.person_id).where(ExamPerson.exam_id == made.id)
        ).all()
        assert made.makeup_of_id == released
        assert made.makeup_rule is MakeupRule.PASS_ONLY
        assert id_of("staff") in named
        assert set(named) == set(makeups.list_candidates(get_exam(released)))


@pytest.mark.parametrize(
    ("rule", "marks"),
    [(MakeupRule.PASS_ONLY, 20), (MakeupRule.BETTER, 30), (MakeupRule.MAKEUP, 30)],
)
def test_the_stated_rule_says_which_mark_counts(app, now, released, rule, marks):
    with app.app_context():
        make_up(now, released, rule, KEY)
        counted = makeups.counted_mark(get_exam(released), id_of("staff"))
        assert counted.marks == Decimal(marks)


@pytest.mark.parametrize(
    ("rule", "marks"),
    [(MakeupRule.PASS_ONLY, 0), (MakeupRule.BETTER, 0), (MakeupRule.MAKEUP, 0)],
)
def test_a_makeup_that_fails_too_gives_no_pass(app, now, released, rule, marks):
    with app.app_context():
        make_up(now, released, rule, WRONG)
        counted = makeups.counted_mark(get_exam(released), id_of("staff"))
        assert counted.marks == Decimal(marks)


def test_both_results_say_which_mark_counts(browse, app, now, released):
    with app.app_context():
        first = sitting_of(released, "staff").public_id
        assert makeups.write_counted(get_exam(released), id_of("staff")) is None
        made = make_up(now, released, MakeupRule.PASS_ONLY, KEY)
        second = sitting_of(made, "staff").public_id
        span = Span(first=clock.today() - timedelta(days=60), last=clock.today())
        assert indicators.read_held(span).value == 1, "a 补考 is no month of its own"
    for public_id, other in ((first, second), (second, first)):
        page = browse("staff").get(f"/exams/sittings/{public_id}/result")
        text = page.text_of("main")
        assert "补考合格的，按合格分计。计入的成绩是20分，满分30分。" in text
        assert f"/exams/sittings/{other}/result" in page.links()
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{released}/results/{first}")
    assert "计入的成绩是20分" in page.text_of("main")
    for exam_id, other in ((released, made), (made, released)):
        assert f"/exams/papers/{other}" in clerk.get(f"/exams/papers/{exam_id}").links()


def test_a_makeup_that_asks_the_same_again_can_not_be_sent(app, released):
    with app.app_context():
        asked = choosing.read_order(released)
        with db.write():
            made = makeups.draft_makeup(
                source_id=released,
                rule=MakeupRule.BETTER,
                drafted_by_id=cast.person_id("clerk"),
            )
            for each in asked:
                choosing.add_item(
                    exam_id=made, question_id=each, edited_by_id=cast.person_id("clerk")
                )
        with pytest.raises(Exception, match="原考试里出过"):
            readiness.check_ready(get_exam(made), papers.list_items(made))


def make_up(now, released, rule, chosen):
    """Let the one who failed sit a 补考 of three new questions, and release it."""
    clerk = cast.person_id("clerk")
    with db.write():
        made = makeups.draft_makeup(source_id=released, rule=rule, drafted_by_id=clerk)
    ids = [add_question(**{**each, "stem": each["stem"] + "（二）"}) for each in BANK]
    with db.write():
        for each in ids:
            choosing.add_item(exam_id=made, question_id=each, edited_by_id=clerk)
    publish(made)
    now.move(hours=24 * 7)
    sit(made, "staff", chosen)
    now.move(hours=10)
    sweep()
    run_jobs()
    release(made)
    return made
