"""What people write into the 成绩通报: who is praised for what, 补考与课堂安排, the day.

"The site proposes, people decide": nobody is praised by a machine. Until somebody has written
something, the time of a 补考 that has been drafted is proposed, and the day on which the marks came
out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import Exam, ExamNotice, ExamState, Sitting
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.strokes import sort_by_strokes

BETWEEN_NAMES = re.compile(r"[、，,；;\s]+")
NO_SUCH_NAME = "应考名单里没有“{name}”，请核对姓名。"
TWO_OF_THAT_NAME = "应考名单里有{count}位“{name}”，请改写工号。"
SAYS_NO_REASON = "请写为什么表扬。"
SAYS_NOBODY = "请写表扬谁，或者把表扬的事由也去掉。"


@dataclass(frozen=True, kw_only=True)
class Words:
    """What people have written, or what is proposed; `version` 0 where nothing is stored yet."""

    praised_ids: Sequence[int]
    praise: str
    arrangement: str
    dated_on: date
    version: int = 0


def read_words(exam: Exam) -> Words:
    """Give what stands in the 通报 of an exam."""
    stored = db.session.get(ExamNotice, exam.id)
    if stored is None:
        out = exam.released_at or exam.graded_at or clock.now()
        return Words(
            praised_ids=(),
            praise="",
            arrangement=propose_arrangement(exam),
            dated_on=clock.local(out).date(),
        )
    return Words(
        praised_ids=tuple(stored.praised_ids),
        praise=stored.praise,
        arrangement=stored.arrangement,
        dated_on=stored.dated_on,
        version=stored.version,
    )


def propose_arrangement(exam: Exam) -> str:
    """Say when the 补考 is, once one has been drafted."""
    makeup = db.session.scalars(
        select(Exam)
        .where(Exam.makeup_of_id == exam.id, Exam.state != ExamState.CANCELLED)
        .order_by(Exam.opens_at, Exam.id)
        .limit(1)
    ).one_or_none()
    if makeup is None:
        return ""
    return write_makeup(days_text(makeup), makeup.minutes)


def write_makeup(days: str, minutes: int) -> str:
    """Say when the 补考 is."""
    return f"补考（含缓考）{days}开放，限时{minutes}分钟。"


def days_text(exam: Exam) -> str:
    """Say on which days an exam is open: 于11月9日至11日."""
    return days_between(clock.local(exam.opens_at).date(), clock.local(exam.closes_at).date())


def days_between(first: date, last: date) -> str:
    """Say from which day to which."""
    if first == last:
        return f"于{formats.month_day(first)}"
    same_month = (first.year, first.month) == (last.year, last.month)
    end = f"{last.day}日" if same_month else formats.month_day(last)
    return f"于{formats.month_day(first)}至{end}"


def names_of(person_ids: Sequence[int]) -> list[str]:
    """Give names in the order of 姓氏笔画."""
    found = db.session.scalars(select(Person.name).where(Person.id.in_(person_ids)))
    return sort_by_strokes(found)


def write_praised(exam: Exam, person_ids: Sequence[int]) -> str:
    """Write who is praised as one types it; two of a name by their 工号."""
    people = people_of(exam)
    names = [name for _, name, _ in people]
    return "、".join(
        number if names.count(name) > 1 else name
        for person_id, name, number in sort_by_strokes(people, lambda each: each[1])
        if person_id in person_ids
    )


def find_praised(exam: Exam, text: str) -> tuple[int, ...]:
    """Find who is named, by name or 工号, on the roll; raises RefusedError."""
    by_name: dict[str, list[int]] = {}
    by_number: dict[str, int] = {}
    for person_id, name, number in people_of(exam):
        by_name.setdefault(name, []).append(person_id)
        by_number[number.upper()] = person_id
    wanted = [word for word in BETWEEN_NAMES.split(text) if word]
    found = [find_one(word, by_name, by_number) for word in wanted]
    return tuple(dict.fromkeys(found))


def find_one(word: str, by_name: Mapping[str, Sequence[int]], by_number: Mapping[str, int]) -> int:
    """Find one of the roll by what was typed; raises RefusedError."""
    if word.upper() in by_number:
        return by_number[word.upper()]
    found = by_name.get(word, ())
    if not found:
        raise RefusedError(praised=NO_SUCH_NAME.format(name=word))
    if len(found) > 1:
        raise RefusedError(praised=TWO_OF_THAT_NAME.format(name=word, count=len(found)))
    return found[0]


def people_of(exam: Exam) -> list[tuple[int, str, str]]:
    """Give the roll of an exam: id, name, 工号."""
    found = db.session.execute(
        select(Person.id, Person.name, Person.staff_number)
        .join(Sitting, Sitting.person_id == Person.id)
        .where(Sitting.exam_id == exam.id)
        .order_by(Person.id)
    )
    return [(person_id, name, number) for person_id, name, number in found]


def write_words(*, exam: Exam, words: Words, edited_by_id: int) -> None:
    """Store what was written, in the open write; raises RefusedError, or StaleEditError."""
    if words.praised_ids and not words.praise:
        raise RefusedError(praise=SAYS_NO_REASON)
    if words.praise and not words.praised_ids:
        raise RefusedError(praised=SAYS_NOBODY)
    # One writer at a time: two that find no row would both add it.
    db.session.get_one(Exam, exam.id, with_for_update=True)
    stored = db.session.get(ExamNotice, exam.id, populate_existing=True)
    if words.version != (stored.version if stored else 0):
        raise StaleEditError
    if stored is None:
        stored = ExamNotice(exam_id=exam.id, version=0)
        db.session.add(stored)
    stored.praised_ids, stored.praise = list(words.praised_ids), words.praise
    stored.arrangement, stored.dated_on = words.arrangement, words.dated_on
    stored.version += 1
    stored.edited_by_id, stored.edited_at = edited_by_id, clock.now()
    append(
        AuditEvent.EXAMS_NOTICE_WRITTEN,
        person_id=edited_by_id,
        object_type="exam",
        object_id=exam.id,
    )
    db.session.flush()
