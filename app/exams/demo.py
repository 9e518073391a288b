"""Exams of the demonstration hall: last month's with results, this month's that runs, a draft.

Who answered what is drawn from a generator seeded by the day, so that the same day gives the same
hall: about 97 % of those due sat last month's, about 93 % of them passed.
"""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.accounts import service as accounts
from app.exams.models import PaperKey, PaperQuestion, Sitting
from app.exams.service import grading, papers, sittings
from app.exams.service.papers import Settings
from app.exams.settings import USUAL_MINUTES
from app.jobs import service as jobs
from app.kernel import clock, db
from app.questions.models import Question, QuestionKind, QuestionState
from app.settings import service as numbers
from app.workdays import service as workdays

DRAFTER, CHIEF = "QY0103", "QY0201"
WAITS, HAS_HANDED_IN = "QY0301", "QY0402"
NOTICE = (
    "办件优先：有群众在窗口时先办件，开放时间内任选空闲时段参加。\n"
    "开始后计时不停，到时自动交卷；每选一次自动保存，断网、断电不丢答案。\n"
    "多选题少选、错选均不得分。"
)
ABSENT, CARELESS, WEAK = 0.03, 0.09, 0.07
TRIAL_MINUTES = 3
TRIAL_QUESTIONS = 5
TRIAL_OPEN_MINUTES = 30


def fill(day: date) -> None:
    """Make the three exams as of the day."""
    chance = random.Random(day.toordinal())  # noqa: S311 - invented answers, not secrets.
    bank = list(db.session.scalars(select(Question.id).order_by(Question.id)))
    last = last_month(day)
    make_finished(last, bank[:10], chance)
    # None of them was in last month's: people see their old results and sheets whole meanwhile.
    make_running(day, bank[10:20], chance)
    make_draft(day, bank[5:12])
    plan_minutes(day)


def plan_minutes(day: date) -> None:
    """Let the office have planned a longer time for papers from next month on."""
    change = numbers.Change(
        text="45",
        valid_from=(day.replace(day=1) + timedelta(days=32)).replace(day=1),
        reason="办公室例会：岗位题增加，限时放宽到45分钟",
        version=0,
    )
    with db.write():
        numbers.change_setting(
            setting=USUAL_MINUTES, change=change, set_by_id=None, set_by="办公室（演示）"
        )


def person_id(staff_number: str) -> int:
    """Give the id of one of the cast."""
    account = accounts.find_account(accounts.normalise(staff_number))
    if account is None:
        message = f"the demonstration has no {staff_number}"
        raise LookupError(message)
    return account.person_id


def last_month(day: date) -> date:
    """Give the 20th of the month before, or the last working day before it."""
    chosen = (day.replace(day=1) - timedelta(days=1)).replace(day=20)
    calendar = workdays.get_calendar()
    while not calendar.is_workday(chosen):
        chosen -= timedelta(days=1)
    return chosen


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give an instant in the hall's time."""
    return clock.from_local(datetime.combine(day, time(hour, minute)))


def title(day: date) -> str:
    """Name the exam of a month."""
    return f"{day.year}年{day.month}月一月一考"


def settings(name: str, opens_at: datetime, closes_at: datetime) -> Settings:
    """Give the usual settings of a month, for all departments."""
    return Settings(
        title=name,
        notice=NOTICE,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=40,
        pass_marks=Decimal(60),
        department_ids=[each.id for each in accounts.list_departments()],
    )


def draft(given: Settings, question_ids: list[int], now: datetime) -> int:
    """Draft an exam as the 经办人 of the cast; returns its id."""
    with clock.frozen(now), db.write():
        exam_id = papers.draft_paper(settings=given, drafted_by_id=person_id(DRAFTER))
        for question_id in question_ids:
            papers.add_item(
                exam_id=exam_id, question_id=question_id, edited_by_id=person_id(DRAFTER)
            )
    return exam_id


def publish(
    given: Settings,
    question_ids: list[int],
    now: datetime,
    only_person_ids: frozenset[int] | None = None,
) -> int:
    """Draft, submit and publish an exam by two people; returns its id."""
    exam_id = draft(given, question_ids, now)
    with clock.frozen(now + timedelta(minutes=20)), db.write():
        papers.submit_paper(exam_id=exam_id, submitted_by_id=person_id(DRAFTER))
    with clock.frozen(now + timedelta(minutes=50)), db.write():
        papers.publish_paper(
            exam_id=exam_id, published_by_id=person_id(CHIEF), only_person_ids=only_person_ids
        )
    return exam_id


def make_finished(day: date, question_ids: list[int], chance: random.Random) -> None:
    """Make last month's exam: sat, graded and released."""
    given = settings(title(day), at(day, 9), at(day + timedelta(days=1), 18))
    exam_id = publish(given, question_ids, at(day - timedelta(days=5), 10))
    sit(exam_id, everybody(exam_id), day, chance)
    with clock.frozen(at(day + timedelta(days=1), 18, 5)):
        with db.write():
            grading.order_grading(exam_id=exam_id, ordered_by_id=person_id(DRAFTER))
        finish_jobs()
    with clock.frozen(at(day + timedelta(days=2), 9)), db.write():
        grading.release_results(exam_id=exam_id, released_by_id=person_id(CHIEF))


def make_running(day: date, question_ids: list[int], chance: random.Random) -> None:
    """Make this month's exam: open on the day and for some days on, sat by about a third."""
    given = settings(title(day), at(day, 0, 30), at(day + timedelta(days=6), 18))
    exam_id = publish(given, question_ids, at(day - timedelta(days=3), 10))
    roll = [each for each in everybody(exam_id) if each.person_id != person_id(WAITS)]
    first = [each for each in roll if each.person_id == person_id(HAS_HANDED_IN)]
    others = [each for each in roll if each not in first]
    sit(exam_id, first + others[:25], day, chance, begin=at(day, 0, 31))


def make_draft(day: date, question_ids: list[int]) -> None:
    """Make next month's exam: still a draft."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=18)
    given = settings(title(following), at(following, 9), at(following + timedelta(days=3), 18))
    draft(given, question_ids, at(day - timedelta(days=1), 15))


def everybody(exam_id: int) -> list[Sitting]:
    """Give the roll of an exam in a fixed order."""
    return list(
        db.session.scalars(select(Sitting).where(Sitting.exam_id == exam_id).order_by(Sitting.id))
    )


def sit(
    exam_id: int,
    roll: list[Sitting],
    day: date,
    chance: random.Random,
    begin: datetime | None = None,
) -> None:
    """Let people sit an exam: most know most, a few are weak, a few don't come."""
    paper = read_paper(exam_id)
    cast = {person_id(HAS_HANDED_IN), person_id(WAITS)}
    crowd = [sitting for sitting in roll if sitting.person_id not in cast]
    absent = set(chance.sample(crowd, round(len(crowd) * ABSENT)))
    weak = set(
        chance.sample([each for each in crowd if each not in absent], round(len(crowd) * WEAK))
    )
    with db.write():
        for place, sitting in enumerate(roll):
            if sitting not in absent:
                started = (begin or at(day, 9)) + timedelta(seconds=place * 7)
                sit_one(sitting, paper, started, chance, is_weak=sitting in weak)


def read_paper(exam_id: int) -> list[tuple[PaperQuestion, list[str]]]:
    """Give the frozen questions with their keys."""
    rows = db.session.execute(
        select(PaperQuestion, PaperKey.key)
        .join(
            PaperKey,
            (PaperKey.exam_id == PaperQuestion.exam_id) & (PaperKey.number == PaperQuestion.number),
        )
        .where(PaperQuestion.exam_id == exam_id)
        .order_by(PaperQuestion.number)
    )
    return [(question, key) for question, key in rows]


def sit_one(
    sitting: Sitting,
    paper: list[tuple[PaperQuestion, list[str]]],
    started: datetime,
    chance: random.Random,
    *,
    is_weak: bool,
) -> None:
    """Let one person start, answer and hand in, in the open write."""
    with clock.frozen(started):
        sittings.start_sitting(exam_id=sitting.exam_id, person_id=sitting.person_id)
    for question, key in paper:
        is_right = chance.random() >= (0.65 if is_weak else CARELESS)
        sittings.save_answer(
            sitting_id=sitting.id,
            number=question.number,
            chosen=key if is_right else wrong_answer(question, key, chance),
            is_flagged=False,
            revision=1,
            received_at=started + timedelta(seconds=40 * question.number),
        )
    ended = started + timedelta(seconds=40 * len(paper) + 60)
    with clock.frozen(ended):
        sittings.hand_in(sitting_id=sitting.id, received_at=ended)


def wrong_answer(question: PaperQuestion, key: list[str], chance: random.Random) -> list[str]:
    """Invent a wrong answer."""
    others = [option["label"] for option in question.options if option["label"] not in key]
    if question.kind is QuestionKind.MULTIPLE:
        return sorted(key)[:-1]
    return [chance.choice(others)]


def finish_jobs() -> None:
    """Do what has been ordered at once, as the worker would."""
    for job_id in jobs.list_startable():
        jobs.run_job(job_id)


def make_trial(*, staff_number: str, now: datetime) -> int:
    """Make a five-question exam for one person that grades and releases itself; returns its id.

    Raises RefusedError where a visitor has retired too many questions.
    """
    chance = random.Random(int(now.timestamp()))  # noqa: S311 - which questions, not secrets.
    active = select(Question.id).where(Question.state == QuestionState.ACTIVE)
    bank = list(db.session.scalars(active.order_by(Question.id)))
    examinee = person_id(staff_number)
    # What he sits in another exam would be left out of his result until that one is released.
    taken = papers.questions_sat_by(examinee)
    free = [each for each in bank if each not in taken]
    given = Settings(
        title=f"三分钟体验（{clock.local(now):%H:%M:%S}）",
        notice=NOTICE,
        opens_at=now - timedelta(minutes=1),
        # A trial that nobody finishes gives its questions free by itself.
        closes_at=now + timedelta(minutes=TRIAL_OPEN_MINUTES),
        minutes=TRIAL_MINUTES,
        pass_marks=Decimal(30),
        department_ids=[each.id for each in accounts.list_departments()],
        releases_when_complete=True,
    )
    pool = free if len(free) >= TRIAL_QUESTIONS else bank
    chosen = sorted(chance.sample(pool, min(TRIAL_QUESTIONS, len(pool))))
    return publish(given, chosen, now - timedelta(hours=1), frozenset({examinee}))
