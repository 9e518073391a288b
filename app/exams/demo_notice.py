"""The 成绩通报 of the demonstration: three people are praised, 补考 and a class are announced."""

from datetime import date

from sqlalchemy import select

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at
from app.exams.models import Exam, Sitting, SittingResult
from app.exams.service import notices
from app.exams.service.notices import Words
from app.exams.service.results import is_counted
from app.kernel import clock, db, formats
from app.workdays import service as workdays

WRITES = "QY0103"
PRAISED = 3
PRAISE = "主动讲解易错题"
MINUTES = 40


def write_notice(exam_id: int, day: date) -> None:
    """Write the words of last month's 通报, on the working day before `day`."""
    exam, calendar = db.session.get_one(Exam, exam_id), workdays.get_calendar()
    people = db.session.scalars(
        select(Sitting.person_id)
        .join(SittingResult, is_counted(exam))
        .where(Sitting.exam_id == exam_id)
        .order_by(SittingResult.marks.desc(), Sitting.id)
        .limit(PRAISED)
    ).all()
    lesson = calendar.next_workday(day)
    opens = calendar.next_workday(lesson)
    closes = calendar.next_workday(opens)
    words = Words(
        praised_ids=people,
        praise=PRAISE,
        arrangement=(
            f"{notices.write_makeup(notices.days_between(opens, closes), MINUTES)}"
            f"{formats.month_day(lesson)}16:30在二楼培训室办业务课堂，讲解上述知识点。"
        ),
        dated_on=calendar.last_workday(day),
    )
    with clock.frozen(at(day, 8)), db.write():
        notices.write_words(exam=exam, words=words, edited_by_id=one_of_cast(WRITES).person_id)
