"""复制上期: the next month's draft, with the settings, blueprint and batches of another exam.

Its days are the same working days of the next month (the third stays the third). What was chosen by
hand comes along where it may still be asked and was not used of late.
"""

import re
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.exams.models import Exam, ExamBatch, ExamItem
from app.exams.monthly import is_monthly
from app.exams.service import blueprints, choosing, drafting, papers
from app.kernel import clock, db
from app.questions import service as questions
from app.questions.models import Question, QuestionVersion
from app.workdays import service as workdays
from app.workdays.calendar import Calendar

MONTHS_OF_YEAR = 12
# An exam of many years ago is not carried further than this.
MOST_MONTHS = 240
MONTH_OF_TITLE = re.compile(r"\d{4}年\d{1,2}月")


def newest_exam_id() -> int | None:
    """Give the month's exam that 复制上期 of the list takes: the one that opens last."""
    found = select(Exam.id).where(is_monthly())
    return db.session.scalar(found.order_by(Exam.opens_at.desc(), Exam.id.desc()).limit(1))


def copy_paper(*, source_id: int, copied_by_id: int) -> int:
    """Draft the next month's exam from another; raises RefusedError. Returns its id."""
    source = db.session.get_one(Exam, source_id)
    calendar = workdays.get_calendar()
    step = months_ahead(source, calendar)
    settings = papers.Settings(
        title=next_title(source, step),
        notice=source.notice,
        opens_at=same_workday(source.opens_at, step, calendar),
        closes_at=same_workday(source.closes_at, step, calendar),
        minutes=source.minutes,
        pass_marks=source.pass_marks,
        department_ids=papers.list_department_ids(source_id),
        releases_when_complete=source.releases_when_complete,
        needs_approval=source.needs_approval,
    )
    exam_id = drafting.draft_paper(settings=settings, drafted_by_id=copied_by_id)
    exam = papers.get_draft(exam_id)
    exam.starts_by_button, exam.is_double_marked = source.starts_by_button, source.is_double_marked
    blueprints.put(exam, blueprints.rows_of(source_id), blueprints.way_of(source))
    copy_batches(source_id, exam_id, step, calendar)
    copy_fresh_items(source_id, exam, copied_by_id)
    if papers.list_rows(exam_id):
        blueprints.order_drawing(exam_id=exam_id, ordered_by_id=copied_by_id)
    return exam_id


def months_ahead(source: Exam, calendar: Calendar) -> int:
    """Say how many months later the copy is: the next one that is not over yet."""
    for step in range(1, MOST_MONTHS):
        if same_workday(source.opens_at, step, calendar) > clock.now():
            return step
    return MOST_MONTHS


def next_title(source: Exam, step: int) -> str:
    """Put the copy's month into the title, where it names one."""
    first = add_months(clock.local(source.opens_at).date(), step)
    month = f"{first.year}年{first.month}月"
    return MONTH_OF_TITLE.sub(month, source.title, count=1)


def add_months(day: date, step: int) -> date:
    """Give the first day of the month so many months later."""
    months = day.year * MONTHS_OF_YEAR + day.month - 1 + step
    return date(months // MONTHS_OF_YEAR, months % MONTHS_OF_YEAR + 1, 1)


def same_workday(moment: datetime, step: int, calendar: Calendar) -> datetime:
    """Give the same working day of a later month, at the same hour; its last where it has fewer."""
    local = clock.local(moment)
    place = sum(1 for each in workdays_of(local.date(), calendar) if each <= local.date())
    later = workdays_of(add_months(local.date(), step), calendar)
    day = later[min(max(place, 1), len(later)) - 1]
    return clock.from_local(datetime.combine(day, local.time().replace(tzinfo=None)))


def workdays_of(day: date, calendar: Calendar) -> list[date]:
    """Give the working days of a month."""
    first, after = add_months(day, 0), add_months(day, 1)
    days = (first + timedelta(days=count) for count in range((after - first).days))
    return [each for each in days if calendar.is_workday(each)]


def copy_batches(source_id: int, exam_id: int, step: int, calendar: Calendar) -> None:
    """Move the batches to the same working days."""
    found = select(ExamBatch).where(ExamBatch.exam_id == source_id).order_by(ExamBatch.number)
    db.session.add_all(
        ExamBatch(
            exam_id=exam_id,
            number=each.number,
            code=each.code,
            opens_at=same_workday(each.opens_at, step, calendar),
            closes_at=same_workday(each.closes_at, step, calendar),
        )
        for each in db.session.scalars(found).all()
    )
    db.session.flush()


def copy_fresh_items(source_id: int, exam: Exam, copied_by_id: int) -> None:
    """Choose by hand what was chosen there, if it may be asked and was not used of late."""
    since = blueprints.reuse_since(exam)
    chosen = (
        select(ExamItem.question_id, ExamItem.marks, Question.used_on)
        .join(Question, Question.id == ExamItem.question_id)
        .join(QuestionVersion, questions.of_current())
        .where(ExamItem.exam_id == source_id, questions.drawable())
        .order_by(ExamItem.number)
    )
    for question_id, marks, used_on in db.session.execute(chosen).all():
        if since is not None and used_on is not None and used_on >= since:
            continue
        choosing.add_item(exam_id=exam.id, question_id=question_id, edited_by_id=copied_by_id)
        db.session.get_one(ExamItem, (exam.id, question_id)).marks = marks
    db.session.flush()
