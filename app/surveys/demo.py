"""The demonstration's surveys: a questionnaire in use and its next version, and four surveys of
lectures that are told nowhere else: one with results by department, one with all of them, one of
which too few answered ("survey of four hidden", HALL.md 8), one that is open.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.acting import acting
from app.accounts.demo_days import at, weekday
from app.accounts.models import Department, Person, RoleGrant
from app.accounts.roster.models import Placement
from app.accounts.service import in_force
from app.kernel import clock, db
from app.kernel.permissions import Principal, Role
from app.surveys import comments, questionnaires, service
from app.surveys.models import Survey, SurveyRoll
from app.surveys.questions import STANDARD, Condition, Filled, Question, QuestionKind, is_asked
from app.surveys.workflow import FLOW
from app.workflow.service import execute

SOURCE = "surveys.demo"
VISITORS = ("QY0301", "QY0302", "QY0402")
WROTE = (
    "案例讲得好，希望多讲几个窗口里真的碰到过的。",
    "时间放在周五下午，办件的人少一些。",
    "希望把课件发给大家，轮班没来的也能看。",
    "林老师讲得很细，可以再讲一次系统操作。",
    "后排听不清，换个话筒。",
)
COVERED = "林老师"
# How often each of the five is chosen, of those who liked it and of those who did not.
LIKED, DISLIKED = (10, 8, 2, 1, 0), (3, 6, 6, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One survey of the demonstration: when it opened, whom it asked, how it went."""

    number: int
    title: str
    days_ago: int
    asked: int
    answered: int
    weights: tuple[int, ...] = LIKED


CLOSED = (
    Told(
        number=1, title="首问负责制与一次性告知专题讲座满意度", days_ago=38, asked=46, answered=41,
    ),
    Told(
        number=2, title="窗口系统操作集中讲座满意度", days_ago=24, asked=32, answered=26,
        weights=DISLIKED,
    ),
    Told(number=3, title="晨会微课（急救知识）满意度", days_ago=15, asked=9, answered=4),
)  # fmt: skip
OPEN = Told(number=4, title="廉洁风险案例讲座满意度", days_ago=1, asked=30, answered=12)


def fill(day: date) -> None:
    """Make them all as of the day."""
    with clock.frozen(at(day, 8)):
        clerk, branch = holder(Role.CLERK, day), holder(Role.PARTY_BRANCH, day)
        people = list_people(day)
    put_in_use(day, clerk, branch, days_ago=45, by_department=True)
    hold(day, CLOSED[0], people, branch)
    put_in_use(day, clerk, branch, days_ago=30, by_department=False)
    for told in CLOSED[1:]:
        hold(day, told, people, branch)
    release_words(day, branch)
    draft_next(day, clerk)
    open_one(day, OPEN, people, branch, but=entered())


@contextmanager
def on(day: date, hour: int, *, is_write: bool = True) -> Iterator[None]:
    """Let it be an hour of a working day, usually with one open write."""
    with clock.frozen(at(weekday(day), hour)):
        if is_write:
            with db.write():
                yield
        else:
            yield


def holder(role: Role, day: date) -> Principal:
    """Give the first holder of a role for the whole centre, as services see who acts."""
    person_id = db.session.scalars(
        select(RoleGrant.person_id)
        .where(RoleGrant.role == role, RoleGrant.department_id.is_(None), *in_force(day))
        .order_by(RoleGrant.id)
    ).first()
    if person_id is None:
        message = f"nobody is {role} in the demonstration"
        raise LookupError(message)
    return acting(person_id, day)


def list_people(day: date) -> list[int]:
    """Give those who have worked in the hall long enough to have been at every lecture."""
    begun = day - timedelta(days=60)
    return list(
        db.session.scalars(
            select(Placement.person_id)
            .join(Department, Department.id == Placement.department_id)
            .where(Placement.starts_on <= begun, Placement.ends_on.is_(None))
            .order_by(Department.position, Placement.person_id)
        )
    )


def put_in_use(
    day: date, clerk: Principal, branch: Principal, *, days_ago: int, by_department: bool
) -> None:
    """Draft a version, send it on, and let the branch approve it."""
    begun = day - timedelta(days=days_ago)
    with on(begun, 10):
        record = questionnaires.draft(user=clerk)
        record_id = questionnaires.edit(
            record_id=record.id,
            seen_version=record.version,
            user=clerk,
            is_by_department=by_department,
        ).id
        execute(FLOW, record_id=record_id, name="submit", user=clerk)
    with on(begun, 15):
        execute(FLOW, record_id=record_id, name="approve", user=branch, reason="题目合适。")


def draft_next(day: date, clerk: Principal) -> None:
    """Leave a version in review that asks one question more."""
    asked = Question(
        code="",
        kind=QuestionKind.SINGLE,
        text="下一次讲座，您希望放在什么时候？",
        options=("周五下午", "周六延时服务以后", "早班前", "都可以"),
        condition=Condition(code="q5", chosen=(0, 2)),
        is_required=False,
    )
    with on(day - timedelta(days=2), 10):
        record = questionnaires.draft(user=clerk)
        questionnaires.edit(
            record_id=record.id,
            seen_version=record.version,
            user=clerk,
            change=questionnaires.put_question(asked, len(STANDARD)),
        )
        execute(FLOW, record_id=record.id, name="submit", user=clerk)


def hold(day: date, told: Told, people: Sequence[int], branch: Principal) -> None:
    """Open a survey, let people answer it, and close it in its time."""
    survey = open_one(day, told, people, branch)
    with clock.frozen(survey.closes_at + timedelta(minutes=1)):
        service.close_due()


def entered() -> list[int]:
    """Give those as whom a visitor enters the demonstration: a ballot waits for them."""
    return list(
        db.session.scalars(
            select(Person.id).where(Person.staff_number.in_(VISITORS)).order_by(Person.id)
        )
    )


def open_one(
    day: date,
    told: Told,
    people: Sequence[int],
    branch: Principal,
    *,
    but: Sequence[int] = (),
) -> Survey:
    """Open a survey for some people and those who do not answer, and let some answer it."""
    opened = day - timedelta(days=told.days_ago)
    draws = random.Random(told.number)  # noqa: S311 - the same people answer the same each time.
    asked = people[told.number * 7 :][: told.asked]
    with on(opened, 16):
        survey_id = service.open_for(
            source=SOURCE,
            source_id=told.number,
            title=told.title,
            person_ids=[*asked, *but],
            opened_by_id=branch.person_id,
        )
    survey = db.session.get_one(Survey, survey_id)
    with on(opened, 17, is_write=False):
        for place, person_id in enumerate(
            draws.sample(sorted(set(asked) - set(but)), told.answered)
        ):
            filled = fill_in(service.questions_of(survey), draws, told.weights, place)
            service.cast(public_id=survey.public_id, person_id=person_id, filled=filled)
    return survey


def answer_for(source: str, source_id: int, *, kept_away: int, until: date) -> None:
    """Let those whom another room's demonstration asked answer, all but some, and close in time.

    `until` is the day of the demonstration: what closes later stays open, and is half answered.
    """
    survey = db.session.scalars(
        select(Survey).where(Survey.source == source, Survey.source_id == source_id)
    ).one_or_none()
    if survey is None:
        return
    draws = random.Random(source_id)  # noqa: S311 - the same people answer the same each time.
    visitors = set(entered())
    roll = select(SurveyRoll.person_id).where(SurveyRoll.survey_id == survey.id)
    ids = db.session.scalars(roll.order_by(SurveyRoll.person_id))
    asked = [each for each in ids if each not in visitors]
    is_over = survey.closes_at < at(until, 8)
    count = len(asked) - kept_away if is_over else len(asked) // 2
    with clock.frozen(survey.opened_at + timedelta(hours=1)):
        for place, person_id in enumerate(draws.sample(asked, max(0, count))):
            filled = fill_in(service.questions_of(survey), draws, LIKED, place)
            service.cast(public_id=survey.public_id, person_id=person_id, filled=filled)
    if is_over:
        with clock.frozen(survey.closes_at + timedelta(minutes=1)):
            service.close_due()


def fill_in(
    asked: Sequence[Question], draws: random.Random, weights: Sequence[int], place: int
) -> Filled:
    """Answer a questionnaire as somebody might."""
    filled = Filled()
    for each in asked:
        if not is_asked(each, filled.chosen):
            continue
        if each.kind is QuestionKind.TEXT:
            if place < len(WROTE):
                filled.written[each.code] = WROTE[place]
        elif each.kind is QuestionKind.SCALE:
            filled.chosen[each.code] = draws.choices(range(len(weights)), weights)
        elif each.kind is QuestionKind.SINGLE:
            filled.chosen[each.code] = [draws.randrange(len(each.options))]
        else:
            filled.chosen[each.code] = sorted(draws.sample(range(len(each.options)), 2))
    return filled


def release_words(day: date, branch: Principal) -> None:
    """Cover a name in the words of the first survey and release them; the second's still wait."""
    with on(day - timedelta(days=30), 9):
        survey = service.get_by_source(SOURCE, CLOSED[0].number)
        if survey is not None:
            comments.cover(survey_id=survey.id, words=[COVERED], user=branch)
            comments.release(survey_id=survey.id, user=branch)
