"""The assessment of the demonstration: a quarter that is out, and one that people read now.

"portrait: a point → finding → photo; objection; recomputed" (HALL.md 8). Of the quarter in work one
objection is upheld and makes a second version, one is rejected, one is open; 沈知远, as whom most
visitors enter, has facts of every room on his portrait and can object himself. A transfer in
mid-quarter, somebody who was ill and somebody who came late, both with too little data; letters for
派驻人员 and 派遣人员. All of it is invented, made by the services on its day.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import assessed_quarters, at, weekday
from app.assessment import collecting, content, demo_facts, objections, portraits, schemes
from app.assessment.content import Content, Dimension
from app.assessment.demo_facts import person_of
from app.assessment.models import (
    ObjectionGround,
    Portrait,
    PortraitRow,
    UnitOpinion,
)
from app.assessment.periods import following, quarter_of, span_of
from app.assessment.settings import PREVIEW_DAYS
from app.assessment.workflow import CYCLE_FLOW, OBJECTION_FLOW, SCHEME_FLOW
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.settings import service as settings
from app.workdays import service as workdays
from app.workflow import service as workflow
from app.workflow.definition import Flow

CLERK, OFFICE, LEADER, CHIEF = "QY0103", "QY0102", "QY0101", "QY0201"
LEAD = "QY0302"
# Days before a quarter on which its scheme was drafted, and after it on which it was collected.
DRAFTED, COLLECTED = 20, 9
# How many working days ago the preview of the quarter in work began: two are left.
SINCE = 3
COMMENT = "接待耐心，一次讲清材料。离窗要先摆“暂停服务”牌，九月起都做到了，请继续保持。"
GROUNDS = "当时离窗是按值班长安排到取号机旁引导老人，牌子由帮办摆出，有值班记录。"
FOUND = "调取值班记录和监控，离窗是按安排引导群众，暂停服务牌随后摆出，异议成立。"
STANDS = "当事人称仅短时说话，录音显示未使用文明用语，两名巡查人在场，异议不成立。"
# Who objects to which of what cost him something, why, what was decided.
OBJECTIONS = (
    (demo_facts.SHOWN, 1, GROUNDS, "uphold", FOUND),
    (demo_facts.SECOND, 1, "只是小声说话，没有影响办事。", "reject", STANDS),
    (demo_facts.STAND_IN, 1, "当天替岗，交接时牌子由接班的人收走了，可以问值班长。", "", ""),
)


def fill(day: date) -> None:
    """Make them as of the day."""
    older, newer = assessed_quarters(day)
    first = lock(older, short())
    second = lock(newer, whole())
    demo_facts.happen(older, newer)
    with_release(first, older)
    in_work(second, day)
    quarter = quarter_of(day)
    for each in {following(*quarter_of(newer.last)), quarter}:
        lock(span_of(*each), content.fitting(content.usual(), set(collecting.all_rules())))


def usual_dimensions(**weights: int) -> tuple[Dimension, ...]:
    """Give dimensions of the usual scheme with other weights."""
    usual = {each.name: each for each in content.usual().dimensions}
    return tuple(
        Dimension(name=name, weight=weight, items=usual[name].items)
        for name, weight in weights.items()
    )


def short() -> Content:
    """Give the scheme of the older quarter: what every hall has data for, and one that has none."""
    return Content(
        dimensions=usual_dimensions(月度考试=60, 规范履职=30, 训后测试=10),
        merits=content.usual().merits,
        bonus_cap=Decimal(5),
    )


def whole() -> Content:
    """Give the scheme of the newer quarter: all five; who sits behind has a total too."""
    return Content(
        dimensions=usual_dimensions(月度考试=50, 训后测试=10, 师徒互学=5, 制度学习=10, 规范履职=25),
        merits=content.usual().merits,
        bonus_cap=Decimal(5),
    )


def lock(span: Span, found: Content) -> int:
    """Draft, send and approve the scheme of a quarter before it begins; gives its id."""
    year, quarter = quarter_of(span.first)
    begun = weekday(span.first - timedelta(days=DRAFTED))
    with clock.frozen(at(begun, 10)), db.write():
        clerk = one_of_cast(CLERK)
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
    return workflow.execute(
        flow, record_id=record_id, name=name, user=one_of_cast(who), reason=reason
    )


def collect(scheme_id: int, day: date) -> int:
    """Collect a quarter in the morning of a day and begin its preview; gives the cycle's id."""
    with clock.frozen(at(day, 9)):
        with db.write():
            cycle_id = schemes.open_cycle(scheme_id=scheme_id, user=one_of_cast(OFFICE)).id
            collecting.order_collecting(cycle_id=cycle_id, ordered_by_id=person_of(OFFICE))
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
    with clock.frozen(at(day, 15)), db.write():
        move(CYCLE_FLOW, cycle_id, "preview", OFFICE)
    return cycle_id


def with_release(scheme_id: int, span: Span) -> None:
    """Assess a quarter to its end; nobody objected."""
    begun = weekday(span.last + timedelta(days=COLLECTED))
    cycle_id = collect(scheme_id, begun)
    until = workdays.get_deadline(received=at(begun, 15), days=settings.get(PREVIEW_DAYS)).due
    with clock.frozen(until - timedelta(hours=6)):
        comment(cycle_id, "用语和离窗摆牌要注意，考前把制度再看一遍。")
    with clock.frozen(until + timedelta(hours=20)), db.write():
        move(CYCLE_FLOW, cycle_id, "approve", LEADER)
    with clock.frozen(until + timedelta(hours=22)), db.write():
        move(CYCLE_FLOW, cycle_id, "release", OFFICE)


def in_work(scheme_id: int, day: date) -> None:
    """Bring a quarter into its preview; three object, two of them are answered."""
    calendar, begun = workdays.get_calendar(), day
    for _ in range(SINCE):
        begun = calendar.last_workday(begun - timedelta(days=1))
    cycle_id = collect(scheme_id, begun)
    following = calendar.next_workday(begun)
    with clock.frozen(at(following, 10)):
        made = [
            (object_to(cycle_id, number, reason, nth), name, answer)
            for number, nth, reason, name, answer in OBJECTIONS
        ]
        comment(cycle_id, COMMENT)
    with clock.frozen(at(calendar.next_workday(following), 16)):
        for objection_id, name, answer in made:
            if name:
                with db.write():
                    move(OBJECTION_FLOW, objection_id, name, LEADER, answer)


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
            user=one_of_cast(number),
        ).id


def comment(cycle_id: int, text: str) -> None:
    """Let those who may write about two people, and one of these about himself."""
    for number, writer in ((demo_facts.SHOWN, LEAD), (demo_facts.STAND_IN, CHIEF)):
        found = db.session.execute(
            portraits.select_portraits().where(
                Portrait.cycle_id == cycle_id, Portrait.person_id == person_of(number)
            )
        ).one()
        view = portraits.view_of(tuple(found))
        given: dict[str, Any] = {
            "public_id": view.portrait.public_id,
            "seen_version": view.portrait.edition,
        }
        with db.write():
            user = one_of_cast(writer)
            portraits.write_comment(text=text, user=user, **given)
            portraits.write_opinion(opinion=UnitOpinion.AGREED, text="", user=user, **given)
        with db.write():
            portraits.write_own_opinion(text="其余各条无异议。", user=one_of_cast(number), **given)
