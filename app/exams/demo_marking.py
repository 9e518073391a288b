"""人工评卷 of the demonstration: an exam of two 简答题 that is over and waits for its markers.

Twelve people answered; two mark each answer. The 经办人 has marked the first question whole and
some of the second, the chief has begun.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at
from app.exams.demo_sittings import Sat, write_sittings
from app.exams.models import Exam, Sitting
from app.exams.service import grading
from app.exams.service.hand_answers import code_of
from app.exams.service.hand_marking import Marking
from app.exams.service.papers import Settings
from app.kernel import clock, db
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import Question, QuestionVersion
from app.workdays import service as workdays

FIRST, SECOND = "QY0103", "QY0201"
TITLE = "窗口业务练兵（简答）"
NOTICE = (
    "办件优先：有群众在窗口时先办件，开放时间内任选空闲时段参加。\n"
    "每题写清做法和理由，打字停一秒自动保存，断网、断电不丢答案。"
)
PEOPLE, MINUTES, PASS_MARKS = 12, 30, Decimal(12)
STEMS = ("群众少带两份材料。", "同事请你用他的账号代办一件。")
# What was written, with the marks of the 经办人 and of the chief; ten are full marks.
TEXTS = (
    (
        ("办什么事、缺哪两份材料、咨询电话。书面告知，群众回去照单准备，不会跑第三趟。", 10, 9),
        ("写事项名称和缺的材料，再留窗口电话；口头说容易忘，写下来双方都有依据。", 9, 9),
        ("缺少的材料、在哪里办。因为制度要求书面告知。", 5, 6),
        ("告知单写：事项、材料、电话、办公时间。一次说清，免得换个窗口说法不一样。", 10, 10),
        ("让他回去补齐再来，材料清单网上能查到。", 2, 3),
        ("三项：事项、缺的两份材料、电话。书面的有据可查。", 8, 9),
    ),
    (
        ("不办。账号是本人的，谁登录谁负责，请他自己办或者按请假交接走流程。", 10, 10),
        ("婉拒，说明保密和网络安全的规定；急件报告窗口负责人，由B角用自己的账号办。", 10, 9),
        ("不借不代办，出了差错查不到人。", 7, 8),
        ("先帮他办完，事后提醒他下次不要这样。", 2, 1),
        ("不能代办，操作记录要对应到本人。可以请信息员给他重置密码，让他自己登录。", 9, 9),
        ("看急不急，急的请负责人同意后再办。", 3, 4),
    ),
)
SECONDS_EACH = (240, 600)
# How many answers to each question the 经办人 and the chief have marked.
MARKED = ((PEOPLE, 7), (5, 0))
FULL, BEST = 10, "要点齐全。"


def settings(day: date, department_ids: Sequence[int]) -> Settings:
    """Give the settings: an hour and a half of the working day before."""
    held = last_workday(day)
    return Settings(
        title=TITLE,
        notice=NOTICE,
        opens_at=at(held, 14),
        closes_at=at(held, 15, 30),
        minutes=MINUTES,
        pass_marks=PASS_MARKS,
        department_ids=department_ids,
        is_for_named=True,
        is_double_marked=True,
    )


def last_workday(day: date) -> date:
    """Give the working day before a day."""
    return workdays.get_calendar().last_workday(day - timedelta(days=1))


def list_questions() -> list[int]:
    """Give the two questions."""
    rows = db.session.execute(
        select(Question.id, QuestionVersion.stem)
        .join(QuestionVersion, questions.of_current())
        .where(questions.drawable(), QuestionVersion.kind == QuestionKind.SHORT)
    ).all()
    return [next(found for found, stem in rows if stem.startswith(begin)) for begin in STEMS]


def sit(exam_id: int, roll: Sequence[Sitting], chance: random.Random) -> None:
    """Let everybody answer both questions, one person after the other."""
    exam = db.session.get_one(Exam, exam_id)
    sat = [
        sit_one(each, place, exam.opens_at + timedelta(minutes=3 * place + 1), chance)
        for place, each in enumerate(roll)
    ]
    with db.write():
        write_sittings(exam, sat)


def sit_one(sitting: Sitting, place: int, started_at: datetime, chance: random.Random) -> Sat:
    """Let one person answer; who comes later writes what is next in the list."""
    answers, now = {}, started_at
    for number in range(1, len(TEXTS) + 1):
        now += timedelta(seconds=chance.randint(*SECONDS_EACH))
        answers[number] = ([text_of(place, number)[0]], now)
    return Sat(
        sitting=sitting,
        started_at=started_at,
        answers=answers,
        ended_at=now + timedelta(seconds=chance.randint(15, 90)),
    )


def mark(exam_id: int, roll: Sequence[Sitting], day: date) -> None:
    """Let the 经办人 and the chief mark what they have got to, on the evening of the exam."""
    moment = at(last_workday(day), 16)
    for number, counts in enumerate(MARKED, start=1):
        for marker, (who, count) in enumerate(zip((FIRST, SECOND), counts, strict=True)):
            for place, sitting in enumerate(roll[:count]):
                moment += timedelta(minutes=1)
                earned = text_of(place, number)[1 + marker]
                marking = Marking(
                    marks=Decimal(earned), remark=BEST if earned == FULL else "", version=0
                )
                with clock.frozen(moment), db.write():
                    grading.mark_by_hand(
                        exam_id=exam_id,
                        number=number,
                        code=code_of(sitting, number),
                        marking=marking,
                        user=one_of_cast(who),
                    )


def text_of(place: int, number: int) -> tuple[str, int, int]:
    """Give what the person at a place of the roll wrote to a question, with both marks."""
    texts = TEXTS[number - 1]
    return texts[(place + number) % len(texts)]
