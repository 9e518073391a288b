"""Exams of the demonstration hall: last month's with results, this month's that runs, a draft, and
one that waits for its markers.

Who answered what is drawn from a generator seeded by the day, so that the same day gives the same
hall: 97 % of those who had to come sat last month's, 93 % of them passed. Whoever was on leave was
excused.
"""

import random
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.demo_days import at
from app.accounts.models import Account
from app.accounts.passwords import NO_PASSWORD
from app.accounts.roster.models import Absence
from app.exams import demo_blueprint, demo_corrections, demo_excuses, demo_marking, demo_notice
from app.exams.demo_answers import read_paper, sit_one
from app.exams.demo_papers import Share, draw_paper, pass_marks, plain
from app.exams.demo_sittings import write_sittings
from app.exams.models import Exam, Sitting, SittingStanding
from app.exams.service import choosing, drafting, grading, papers, publishing
from app.exams.service.papers import Settings
from app.exams.settings import USUAL_MINUTES
from app.jobs import service as jobs
from app.kernel import clock, db
from app.questions import service as questions
from app.questions.models import Question
from app.settings import service as numbers
from app.workdays import service as workdays

DRAFTER, CHIEF, LEADER = "QY0103", "QY0201", "QY0101"
WAITS, HAS_HANDED_IN = "QY0301", "QY0402"
NOTICE = (
    "办件优先：有群众在窗口时先办件，开放时间内任选空闲时段参加。\n"
    "开始后按限时计时，到时自动交卷；叫回窗口、考场暂停时计时停住。\n"
    "每选一次自动保存，断网、断电不丢答案。"
)
ABSENT, FAILED = 0.03, 0.07
# How often as many tenths of the marks are lost, of those who pass and of those who fail.
WRONG_PASSING = {0: 20, 1: 32, 2: 26, 3: 15, 4: 7}
WRONG_FAILING = {5: 6, 6: 3, 7: 1}
# Who passes or fails loses so many hundredths less than that.
LESS_PASSING, LESS_FAILING = 9, 5
# Everybody of the cast passes and has lost two tenths: there is something to look at.
WRONG_OF_CAST = 2
# Of those whose time runs out before they hand in, in last month's exam.
TIMED_OUT = 2
CHOSEN_OF_DRAFT = 35
FIRST_HOUR, LAST_MINUTE = 9, 7 * 60 + 40
TRIAL_MINUTES = 3
TRIAL_QUESTIONS = 5
TRIAL_OPEN_MINUTES = 30


def fill(day: date) -> None:
    """Make the exams as of the day."""
    chance = random.Random(day.toordinal())  # noqa: S311 - invented answers, not secrets.
    finished = make_finished(last_month(day), chance, has_excuses=True)
    demo_corrections.correct_some(finished, day, finish_jobs)
    demo_notice.write_notice(finished, workdays.get_calendar().last_workday(day))
    make_draft(day, chance)
    running = make_running(day, chance)
    make_marking(day, running)
    plan_minutes(day)


def plan_minutes(day: date) -> None:
    """Let the office have planned a longer time for papers from next month on."""
    change = numbers.Change(
        text="45",
        valid_from=(day.replace(day=1) + timedelta(days=32)).replace(day=1),
        reason="办公室例会：岗位题增加，限时放宽到45分钟",
        version=0,
    )
    # Decided on the day before: what holds from a day on can't be set after it.
    with clock.frozen(at(day - timedelta(days=1), 16)), db.write():
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
    return workdays.get_calendar().last_workday(chosen)


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


def draft(given: Settings, question_ids: Sequence[int], now: datetime) -> int:
    """Draft an exam as the 经办人 of the cast; returns its id."""
    drafter = person_id(DRAFTER)
    with clock.frozen(now), db.write():
        exam_id = drafting.draft_paper(settings=given, drafted_by_id=drafter)
        for question_id in question_ids:
            choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=drafter)
    return exam_id


def draw_at(moment: datetime, share: Share, chance: random.Random) -> list[int]:
    """Draw a month's paper from what the bank had at a moment."""
    with clock.frozen(moment):
        return draw_paper(share, chance)


def publish(
    given: Settings,
    question_ids: Sequence[int],
    now: datetime,
    only_person_ids: frozenset[int] | None = None,
    prepare: Callable[[int], object] | None = None,
) -> int:
    """Draft, submit and publish an exam by two people; returns its id.

    `prepare` changes the draft further before it is sent.
    """
    exam_id = draft(given, question_ids, now)
    if prepare is not None:
        with clock.frozen(now + timedelta(minutes=10)), db.write():
            prepare(exam_id)
    with clock.frozen(now + timedelta(minutes=20)), db.write():
        publishing.submit_paper(exam_id=exam_id, submitted_by_id=person_id(DRAFTER))
    with clock.frozen(now + timedelta(minutes=35)), db.write():
        publishing.review_paper(exam_id=exam_id, reviewed_by_id=person_id(CHIEF))
    if given.needs_approval:
        with clock.frozen(now + timedelta(minutes=45)), db.write():
            publishing.approve_paper(exam_id=exam_id, approved_by_id=person_id(LEADER))
    with clock.frozen(now + timedelta(minutes=50)), db.write():
        publishing.publish_paper(
            exam_id=exam_id, published_by_id=person_id(DRAFTER), only_person_ids=only_person_ids
        )
    return exam_id


def make_finished(
    day: date,
    chance: random.Random,
    *,
    failed: float = FAILED,
    wrong_of_cast: int = WRONG_OF_CAST,
    has_excuses: bool = False,
) -> int:
    """Make the exam of a month, of two working days: sat, graded and released; gives its id."""
    calendar = workdays.get_calendar()
    last = calendar.next_workday(day)
    given = settings(title(day), at(day, 9), at(last, 18))
    drafted = at(day - timedelta(days=5), 10)
    exam_id = publish(given, draw_at(drafted, Share.EARLIER, chance), drafted)
    if has_excuses:
        crowd = crowd_of(everybody(exam_id))
        away = away_in(crowd, (day, last))
        demo_excuses.excuse_some(exam_id, day, crowd, away, chance)
    roll = everybody(exam_id)
    came = without(roll, absent_in(roll, (day, last), chance), chance)
    begun = {
        each.id: at(chance.choice((day, day, last)), FIRST_HOUR)
        + timedelta(minutes=chance.randrange(LAST_MINUTE), seconds=chance.randrange(60))
        for each in came
    }
    sit(
        exam_id, came, begun, chance, timed_out=TIMED_OUT, failed=failed,
        wrong_of_cast=wrong_of_cast,
    )  # fmt: skip
    with clock.frozen(at(last, 18, 5)):
        with db.write():
            grading.order_grading(exam_id=exam_id, ordered_by_id=person_id(DRAFTER))
        finish_jobs()
    with clock.frozen(at(calendar.next_workday(last), 9)), db.write():
        grading.release_results(exam_id=exam_id, released_by_id=person_id(CHIEF))
    return exam_id


def make_running(day: date, chance: random.Random) -> int:
    """Make this month's exam: open on the day and for some days on, sat by about a third.

    Returns its id.
    """
    last = workdays.get_calendar().next_workday(day + timedelta(days=5))
    given = settings(title(day), at(day, 0, 30), at(last, 18))
    drafted = at(day - timedelta(days=3), 10)
    exam_id = publish(
        given,
        draw_at(drafted, Share.THIS_MONTH, chance),
        drafted,
        prepare=lambda made: demo_excuses.add_windows(
            made, day, last, edited_by_id=person_id(DRAFTER)
        ),
    )
    for each in (WAITS, HAS_HANDED_IN):
        moment = drafted + timedelta(hours=2)
        demo_excuses.put_into_a(exam_id, person_id(each), moment)
    roll = everybody(exam_id)
    away = {*absent_in(roll, (day,), chance, share=0), *not_activated()}
    away |= demo_excuses.let_wait(
        exam_id, day, [each for each in crowd_of(roll) if each.person_id not in away]
    )
    here = [each for each in crowd_of(roll) if each.batch == "A" and each.person_id not in away]
    done = person_id(HAS_HANDED_IN)
    first = [each for each in roll if each.person_id == done]
    came = first + sorted(chance.sample(here, len(roll) // 3), key=lambda each: each.id)
    begun = {
        each.id: at(day, 0, 31) + timedelta(seconds=place * 4) for place, each in enumerate(came)
    }
    sit(exam_id, came, begun, chance)
    return exam_id


def make_marking(day: date, running_id: int) -> None:
    """Make the exam that people mark: sat by a few of those who are on this month's roll."""
    chance = random.Random(day.toordinal() + 1)  # noqa: S311 - who and how long, not secrets.
    idle = not_activated()
    here = [
        each.person_id for each in crowd_of(everybody(running_id)) if each.person_id not in idle
    ]
    people = chance.sample(here, demo_marking.PEOPLE)
    exam_id = publish(
        demo_marking.settings(day, [each.id for each in accounts.list_departments()]),
        demo_marking.list_questions(),
        at(demo_marking.last_workday(day) - timedelta(days=3), 10),
        prepare=lambda made: publishing.name_persons(exam_id=made, person_ids=people),
    )
    roll = everybody(exam_id)
    demo_marking.sit(exam_id, roll, chance)
    demo_marking.mark(exam_id, roll, day)


def make_draft(day: date, chance: random.Random) -> None:
    """Make next month's exam: still a draft; its 判断 are drawn, the others chosen by hand."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=18)
    given = settings(title(following), at(following, 9), at(following + timedelta(days=3), 18))
    drafted = at(day - timedelta(days=4), 15)
    exam_id = draft(given, draw_at(drafted, Share.EARLIER, chance)[:CHOSEN_OF_DRAFT], drafted)
    demo_blueprint.order_judged(
        exam_id, drafted, drafted_by_id=person_id(DRAFTER), seed=day.toordinal()
    )
    with clock.frozen(drafted + timedelta(minutes=41)):
        finish_jobs()


def everybody(exam_id: int) -> list[Sitting]:
    """Give those of a roll who have to come, in a fixed order."""
    return list(
        db.session.scalars(
            select(Sitting)
            .where(Sitting.exam_id == exam_id, Sitting.standing == SittingStanding.DUE)
            .order_by(Sitting.id)
        )
    )


def crowd_of(roll: Sequence[Sitting]) -> list[Sitting]:
    """Give those on a roll who are none of the cast."""
    cast = {person_id(HAS_HANDED_IN), person_id(WAITS)}
    return [each for each in roll if each.person_id not in cast]


def not_activated() -> Collection[int]:
    """Give those who still wait for their activation slip."""
    waiting = select(Account.person_id).where(Account.password_hash == NO_PASSWORD)
    return db.session.scalars(waiting).all()


def absent_in(
    roll: Sequence[Sitting], days: Sequence[date], chance: random.Random, share: float = ABSENT
) -> set[int]:
    """Give who does not sit: those on leave on all of these days, and others up to the share."""
    on_leave = away_in(roll, days)
    away = sorted(on_leave)
    others = [each.person_id for each in crowd_of(roll) if each.person_id not in on_leave]
    missing = max(0, round(len(roll) * share) - len(away))
    return {*away, *chance.sample(others, missing)}


def away_in(roll: Sequence[Sitting], days: Sequence[date]) -> set[int]:
    """Give who of a roll is on leave on all of these days."""
    on_leave = set(
        db.session.scalars(
            select(Absence.person_id).where(
                Absence.cancelled_at.is_(None),
                Absence.starts_on <= days[0],
                Absence.ends_on >= days[-1],
            )
        )
    )
    return {each.person_id for each in roll if each.person_id in on_leave}


def without(
    roll: Sequence[Sitting], absent: Collection[int], chance: random.Random
) -> list[Sitting]:
    """Give the others, in any order."""
    came = [each for each in roll if each.person_id not in absent]
    return chance.sample(came, len(came))


def sit(
    exam_id: int,
    came: Sequence[Sitting],
    begun: dict[int, datetime],
    chance: random.Random,
    *,
    timed_out: int = 0,
    failed: float = FAILED,
    wrong_of_cast: int = WRONG_OF_CAST,
) -> None:
    """Let people sit an exam: most know most, a few fail; some of these run out of time."""
    exam, paper = db.session.get_one(Exam, exam_id), read_paper(exam_id)
    crowd = crowd_of(came)
    failing = chance.sample(crowd, round(len(came) * failed))
    slow = {each.id for each in failing[:timed_out]}
    lost = {each.id: draw(WRONG_PASSING, LESS_PASSING, chance) for each in crowd}
    lost |= {each.id: draw(WRONG_FAILING, LESS_FAILING, chance) for each in failing}
    sat = [
        sit_one(
            each,
            paper,
            begun[each.id],
            chance,
            lost=lost.get(each.id, wrong_of_cast * 10),
            is_slow=each.id in slow,
        )
        for each in came
    ]
    with db.write():
        write_sittings(exam, sat)


def draw(weights: dict[int, int], less: int, chance: random.Random) -> int:
    """Draw how many hundredths of the marks somebody loses."""
    tenths = chance.choices([*weights], weights=[*weights.values()])[0]
    return max(0, tenths * 10 - chance.randint(0, less))


def finish_jobs() -> None:
    """Do what has been ordered at once, as the worker would."""
    for job_id in jobs.list_startable():
        jobs.run_job(job_id)


def make_trial(*, staff_number: str, now: datetime) -> int:
    """Make a five-question exam for one person that grades and releases itself; returns its id.

    Raises RefusedError where a visitor has retired too many questions.
    """
    chance = random.Random(int(now.timestamp()))  # noqa: S311 - which questions, not secrets.
    bank = db.session.scalars(
        questions.select_drawable_ids().where(*plain()).order_by(Question.id)
    ).all()
    examinee = person_id(staff_number)
    # What he sits in another exam would be left out of his result until that one is released.
    taken = papers.questions_sat_by(examinee)
    free = [each for each in bank if each not in taken]
    pool = free if len(free) >= TRIAL_QUESTIONS else bank
    chosen = sorted(chance.sample(pool, min(TRIAL_QUESTIONS, len(pool))))
    given = Settings(
        title=f"三分钟体验（{clock.local(now):%H:%M:%S}）",
        notice=NOTICE,
        opens_at=now - timedelta(minutes=1),
        # A trial that nobody finishes gives its questions free by itself.
        closes_at=now + timedelta(minutes=TRIAL_OPEN_MINUTES),
        minutes=TRIAL_MINUTES,
        pass_marks=pass_marks(chosen) or Decimal(1),
        department_ids=[each.id for each in accounts.list_departments()],
        releases_when_complete=True,
    )
    return publish(given, chosen, now - timedelta(hours=1), frozenset({examinee}))
