"""The demonstration's assessments: the last finished quarter released, the present one locked.

"portrait: a point → finding → photo; objection; recomputed" (HALL.md 8): one objection is upheld
and makes a second version, one is rejected; a transfer in mid-quarter, somebody with too little
data, letters for 派驻人员 and 派遣人员. All of it is invented, made by the services on its day.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.demo_days import at, weekday
from app.assessment import collecting, content, demo_facts, objections, portraits, schemes
from app.assessment.content import Content, Dimension
from app.assessment.demo_facts import person_of
from app.assessment.models import (
    AssessmentCycle,
    ObjectionGround,
    Portrait,
    PortraitRow,
    UnitOpinion,
)
from app.assessment.periods import preceding, quarter_of, span_of
from app.assessment.settings import PREVIEW_DAYS
from app.assessment.workflow import CYCLE_FLOW, OBJECTION_FLOW, SCHEME_FLOW
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.permissions import Principal
from app.settings import service as settings
from app.suggestions.demo_people import principal_of
from app.workdays import service as workdays
from app.workflow import service as workflow
from app.workflow.definition import Flow

CLERK, OFFICE, LEADER, CHIEF = "QY0103", "QY0102", "QY0101", "QY0201"
# Days before a quarter on which its scheme was drafted, and after it on which all was released.
DRAFTED, RELEASED = 20, 30
COMMENT = "窗口替岗时接待耐心，一次讲清材料。离窗要先摆“暂停服务”牌，九月起都做到了，请继续保持。"
GROUNDS = "当天替岗，系统中断后按值班长要求到取号机旁引导，有值班记录。"
FOUND = "调取值班记录和监控，离窗是按值班长安排引导群众，异议成立。"
STANDS = "当事人称仅短时说话，录音显示未使用文明用语，两名巡查人在场，异议不成立。"


def fill(day: date) -> None:
    """Make them as of the day."""
    year, quarter = quarter_of(day)
    last = preceding(year, quarter)
    if day <= span_of(*last).last + timedelta(days=RELEASED):
        last = preceding(*last)
    scheme_id = lock(*last, short())
    demo_facts.happen(day, span_of(*last))
    assess(scheme_id, span_of(*last).last)
    if last != preceding(year, quarter):
        lock(*preceding(year, quarter), short())
    lock(year, quarter, content.fitting(content.usual(), set(collecting.all_rules())))


def short() -> Content:
    """Give the scheme of the first quarter: what every hall has data for, and one that has none."""
    usual = {each.name: each for each in content.usual().dimensions}
    exam, conduct, lesson = (usual[name] for name in ("月度考试", "规范履职", "训后测试"))
    return Content(
        dimensions=(
            Dimension(name=exam.name, weight=60, items=exam.items),
            Dimension(name=conduct.name, weight=30, items=conduct.items),
            Dimension(name=lesson.name, weight=10, items=lesson.items),
        ),
        merits=content.usual().merits,
        bonus_cap=Decimal(5),
    )


def acting(number: str) -> Principal:
    """Give one of the cast as services see who acts, with what he holds on the clock's day."""
    return principal_of(person_of(number), clock.today())


def lock(year: int, quarter: int, found: Content) -> int:
    """Draft, send and approve the scheme of a quarter before it begins; gives its id."""
    begun = weekday(span_of(year, quarter).first - timedelta(days=DRAFTED))
    with clock.frozen(at(begun, 10)), db.write():
        clerk = acting(CLERK)
        scheme = schemes.draft(
            year=year, quarter=quarter, known=set(collecting.all_rules()), user=clerk
        )
        schemes.edit(record_id=scheme.id, seen_version=scheme.version, found=found, user=clerk)
        scheme_id = scheme.id
        move(SCHEME_FLOW, scheme_id, "submit", CLERK)
    with clock.frozen(at(weekday(begun + timedelta(days=5)), 15)), db.write():
        move(SCHEME_FLOW, scheme_id, "approve", LEADER)
    return scheme_id


def move(flow: Flow, record_id: int, name: str, who: str, reason: str = "") -> Any:  # noqa: ANN401
    """Make a move in the open write."""
    return workflow.execute(flow, record_id=record_id, name=name, user=acting(who), reason=reason)


def assess(scheme_id: int, last: date) -> None:
    """Collect a quarter, let people read and object, answer, approve and release it."""
    begun = weekday(last + timedelta(days=9))
    with clock.frozen(at(begun, 9)):
        with db.write():
            cycle_id = schemes.open_cycle(scheme_id=scheme_id, user=acting(OFFICE)).id
            collecting.order_collecting(cycle_id=cycle_id, ordered_by_id=person_of(OFFICE))
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
    with clock.frozen(at(begun, 15)), db.write():
        move(CYCLE_FLOW, cycle_id, "preview", OFFICE)
    until = workdays.get_deadline(received=at(begun, 15), days=settings.get(PREVIEW_DAYS)).due
    with clock.frozen(at(workdays.get_calendar().next_workday(begun), 10)):
        words = [object_to(cycle_id, demo_facts.STAND_IN, GROUNDS, 1)]
        words.append(object_to(cycle_id, demo_facts.SECOND, "只是小声说话，没有影响办事。", 1))
        comment(cycle_id)
    with clock.frozen(until + timedelta(hours=17)):
        for objection_id, name, reason in zip(
            words, ("uphold", "reject"), (FOUND, STANDS), strict=True
        ):
            with db.write():
                move(OBJECTION_FLOW, objection_id, name, LEADER, reason)
    with clock.frozen(until + timedelta(hours=20)), db.write():
        move(CYCLE_FLOW, cycle_id, "approve", LEADER)
    with clock.frozen(until + timedelta(hours=22)), db.write():
        move(CYCLE_FLOW, cycle_id, "release", OFFICE)


def object_to(cycle_id: int, number: str, reason: str, nth: int) -> int:
    """Let somebody object to one of what cost him something; gives the objection's id."""
    portrait_id = db.session.scalars(
        select(Portrait.id).where(
            Portrait.cycle_id == cycle_id, Portrait.person_id == person_of(number)
        )
    ).one()
    places = db.session.scalars(
        select(PortraitRow.place)
        .where(
            PortraitRow.portrait_id == portrait_id,
            PortraitRow.rule == "inspections.finding",
        )
        .order_by(PortraitRow.place)
    ).all()
    with db.write():
        return objections.object_to(
            view=portraits.get_view(portrait_id),
            place=places[nth],
            ground=ObjectionGround.FACT,
            reason=reason,
            user=acting(number),
        ).id


def comment(cycle_id: int) -> None:
    """Let the chief write about his section, and one of them about himself."""
    cycle = db.session.get_one(AssessmentCycle, cycle_id)
    mine = db.session.execute(
        portraits.select_portraits().where(
            Portrait.cycle_id == cycle.id,
            Portrait.person_id.in_(
                [person_of(each) for each in (demo_facts.STAND_IN, demo_facts.SECOND)]
            ),
        )
    ).all()
    for found in mine:
        view = portraits.view_of(tuple(found))
        is_first = view.person.staff_number == demo_facts.STAND_IN
        given: dict[str, Any] = {
            "public_id": view.portrait.public_id,
            "seen_version": view.portrait.edition,
        }
        with db.write():
            portraits.write_comment(
                text=COMMENT if is_first else "办件仔细，用语要注意。", user=acting(CHIEF), **given
            )
            portraits.write_opinion(
                opinion=UnitOpinion.AGREED, text="", user=acting(CHIEF), **given
            )
            if is_first:
                portraits.write_own_opinion(
                    text="其余各条无异议。", user=acting(demo_facts.STAND_IN), **given
                )
