"""Rounds of the demonstration hall: two months of them, what they found, and what came of it.

"at least 80 % of findings closed on the spot; a finding overturned; a deadline over 春节调休";
"eleven windows normal, one 立行立改, one 整改通知单 signed and re-checked." All of it is invented
and written by the services, each act on its day.
"""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.acting import acting
from app.accounts.demo_days import at
from app.accounts.models import Department, Person, RoleGrant
from app.accounts.roster.holders import list_holders
from app.accounts.roster.models import Placement, Post, ServiceWindow
from app.accounts.roster.placements import placed
from app.files import service as files
from app.inspections import (
    checklists,
    demo_quarters,
    findings,
    handovers,
    people,
    rosters,
    rounds,
)
from app.inspections.checklists import ItemContent
from app.inspections.demo_stage import Stage, new_id, person_of
from app.inspections.findings import Found, Photo
from app.inspections.items import ITEMS
from app.inspections.models import DutyPeriod, InspectionWay, Opinion, Track
from app.inspections.rosters import Duty
from app.inspections.rounds import Start
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal, Role
from app.rectifications import service as rectifications
from app.rectifications.models import Cause, RectificationOrder, Severity
from app.rectifications.service import Reply
from app.rectifications.workflow import FLOW
from app.regulations.service import list_articles
from app.workdays import service as workdays
from app.workflow import service as workflow

CLERK, DECIDER = "QY0103", "QY0101"
# Its lead, of the cast, finds work of his own.
ESTATE = "不动产登记中心"
REMIND, SPOT, ORDER = Track.REMINDER, Track.ON_THE_SPOT, Track.ORDER
# How many windows a round looks at.
WINDOWS = 12
AREAS = "A区至J区"
# Days from a Friday to the Monday after it.
WEEKEND = 3
Act = tuple[datetime, Callable[[], object]]


@dataclass(frozen=True)
class Plan:
    """A round: so many working days ago; what it found: (which window, item, phrase, track)."""

    days: int
    finds: tuple[tuple[int, str, int, Track], ...]
    opinion: Opinion = Opinion.AGREED
    note: str = ""
    way: InspectionWay = InspectionWay.ON_SITE
    # The department whose windows it looks at first.
    home: str = ""


PLANS = (
    Plan(24, ((0, "dress", 0, REMIND), (4, "display", 2, REMIND), (7, "machines", 1, SPOT))),
    Plan(22, ((2, "words", 0, REMIND), (5, "supplies", 0, SPOT))),
    Plan(20, ((1, "intake", 1, ORDER), (8, "paused", 0, REMIND))),
    Plan(18, ((3, "display", 0, SPOT), (9, "fire", 0, SPOT), (6, "dress", 2, REMIND))),
    Plan(16, ((0, "dress", 0, REMIND), (10, "queue", 2, REMIND))),
    Plan(
        14, ((4, "first_asked", 1, REMIND), (2, "machines", 2, SPOT)),
        way=InspectionWay.UNANNOUNCED,
    ),
    Plan(12, ((7, "presence", 0, ORDER), (1, "supplies", 2, SPOT))),
    Plan(
        10, ((5, "queue", 0, REMIND), (11, "display", 1, SPOT)),
        Opinion.STATED, "取号机当天检修，已贴说明。",
    ),
    Plan(8, ((3, "dress", 1, REMIND), (8, "words", 1, REMIND))),
    Plan(
        6, ((6, "first_asked", 2, ORDER), (9, "supplies", 1, SPOT)),
        Opinion.REFUSED, "当事人认为等候由系统故障引起，拒绝签字，两名巡查人在场。",
    ),
    Plan(4, ((10, "paused", 1, REMIND), (0, "machines", 0, SPOT))),
    Plan(
        3, ((0, "display", 1, ORDER), (1, "dress", 0, REMIND), (10, "supplies", 0, SPOT)),
        home=ESTATE,
    ),
    Plan(2, ((2, "display", 2, REMIND), (4, "fire", 1, SPOT))),
    Plan(
        1, ((2, "paused", 0, ORDER), (3, "words", 0, REMIND), (9, "machines", 1, SPOT)),
        home=ESTATE,
    ),
    Plan(0, ((3, "display", 0, SPOT),)),
)  # fmt: skip
# The round before the last holiday, whose order runs over it.
EVE_FINDS = (
    (5, "intake", 1, ORDER), (1, "dress", 1, REMIND), (3, "supplies", 1, SPOT),
    (8, "display", 0, SPOT),
)  # fmt: skip
# On which articles of the demonstration's rules items of the checklist rest.
CITED = {
    "presence": ("窗口行为规范（演示制度）", "第四条"),
    "dress": ("窗口行为规范（演示制度）", "第一条"),
    "words": ("窗口行为规范（演示制度）", "第二条"),
    "first_asked": ("首问负责制（演示制度）", "第三条"),
    "intake": ("收件登记办法（演示制度）", "第一条"),
    "queue": ("综合窗口运行办法（演示制度）", "第一条"),
    "paused": ("窗口行为规范（演示制度）", "第四条"),
    "machines": ("设备巡检与报修办法（演示制度）", "第一条"),
}
LONGEST_AGO, EVE = timedelta(days=55), -1
TODAY_ORDER = (7, "paused", 0, ORDER)


def fill(day: date) -> None:
    """Make roster, checklist, rounds and orders as of a working day."""
    photo = draw_photo()
    with db.write():
        give_roles(day)
    stage = set_stage(day, photo)
    # Rounds are numbered as they are made: those of the quarters before come first.
    with clock.frozen(at(demo_quarters.first_day(day), 8)), db.write():
        checklists.make_first(made_by_id=stage.clerk)
    begun = at(stage.day_before(max(25, (find_eve(stage) or 0) + 1)), 8)
    demo_quarters.go_rounds(stage, begun)
    # By then the hall has rules: the items rest on their articles from now on.
    with clock.frozen(begun), db.write():
        checklists.make_version(cited_items(), made_by_id=stage.clerk)
    acts = [*plan_duties(stage), *plan_rounds(stage)]
    for moment, act in sorted(acts, key=itemgetter(0)):
        with clock.frozen(moment):
            act()
    follow_orders(stage)
    hand_over(stage)


def cited_items() -> list[ItemContent]:
    """Give the items that a hall begins with, resting on articles where the hall has such rules."""
    articles = {(each.rule, each.label): each for each in list_articles(clock.today())}
    found = []
    for each in ITEMS:
        cited = articles.get(CITED.get(each.code, ("", "")))
        found.append(
            ItemContent(
                code=each.code, name=each.name, phrases=each.phrases,
                shows_absence=each.shows_absence, basis=cited.name if cited else each.basis,
                article_id=cited.article_id if cited else None,
            )
        )  # fmt: skip
    return found


def give_roles(day: date) -> None:
    """Name a third inspector: who re-checks was not one of the two who found it."""
    found = db.session.scalars(
        select(Placement.person_id)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .where(Department.name == "督查科", Post.name == "科室负责人", *placed(day))
        .order_by(Placement.person_id)
        .limit(1)
    ).one()
    accounts.grant_at_set_up(
        person_id=found, role=Role.INSPECTOR, starts_on=day - timedelta(days=59)
    )


def set_stage(day: date, photo: Photo) -> Stage:
    """Find who acts."""
    # Who has been inspecting for long enough to have gone every round.
    begun = day - timedelta(days=40)
    windows = db.session.scalars(select(ServiceWindow).order_by(ServiceWindow.number)).all()
    decider = person_of(DECIDER)
    # Who leads the rounds does not decide about what they found.
    leaders = [each.id for each in list_holders((Role.LEADER,), begun) if each.id != decider]
    return Stage(
        day=day,
        inspectors=[
            each.id
            for each in sorted(people.list_inspectors(begun), key=lambda each: each.staff_number)
        ],
        leader=leaders[0],
        decider=decider,
        chief=list_holders((Role.SECTION_CHIEF,), begun)[0].id,
        clerk=person_of(CLERK),
        windows=windows,
        photo=photo,
    )


def find_eve(stage: Stage) -> int | None:
    """Give how many working days ago the last one before a holiday of several days was."""
    calendar = workdays.get_calendar()
    # Some days are left after it in which what was found is mended, checked and closed.
    for days in itertools.count(6):
        day = stage.day_before(days)
        if stage.day - day > LONGEST_AGO:
            return None
        if (calendar.next_workday(day) - day).days > WEEKEND:
            return days
    return None


def draw_photo() -> Photo:
    """Draw a picture of nothing in particular, and store its bytes."""
    # The demonstration alone draws here: elsewhere only children open pictures.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    picture = Image.new("RGB", (640, 480), (222, 228, 236))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((80, 250, 560, 420), fill=(150, 164, 182))
    pen.rectangle((250, 120, 390, 250), fill=(120, 136, 158))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    content = buffer.getvalue()
    return Photo(sha256=files.put_content(content), size=len(content))


def plan_duties(stage: Stage) -> Iterator[Act]:
    """Fill the 值班表 of this week and the next."""
    monday = stage.day - timedelta(days=stage.day.weekday())
    first, second = stage.inspectors[:2]

    def plan() -> None:
        for period in (DutyPeriod.MORNING, DutyPeriod.AFTERNOON):
            duty = Duty(
                since=monday, until=monday + timedelta(days=6), period=period, first_id=first,
                second_id=second, leader_id=stage.leader, areas=AREAS,
            )  # fmt: skip
            with db.write():
                rosters.add_duties(duty=duty, added_by_id=stage.clerk)

    def copy() -> None:
        # The week to come may be a holiday from its first day to its last.
        with suppress(RefusedError), db.write():
            rosters.copy_week(monday=monday + rosters.WEEK, copied_by_id=stage.clerk)

    yield at(monday - timedelta(days=3), 15), plan
    yield at(stage.day, 8, 40), copy


def plan_rounds(stage: Stage) -> Iterator[Act]:
    """Let the rounds happen, each with the windows after those of the one before."""
    eve = find_eve(stage)
    plans = PLANS if eve is None else (*PLANS, Plan(eve, EVE_FINDS))
    for place, plan in enumerate(plans):
        windows = windows_of(stage, plan, place)
        finds = (*plan.finds, TODAY_ORDER) if plan.days == 0 else plan.finds
        first = stage.inspectors[place % len(stage.inspectors)]
        second = stage.inspectors[(place + 1) % len(stage.inspectors)]
        yield (
            # The one before the holiday may share its day with another.
            at(stage.day_before(plan.days), 14 if plan.finds is EVE_FINDS else 9, 10),
            lambda plan=plan, windows=windows, finds=finds, pair=(first, second): go_round(  # type: ignore[misc]
                stage, plan, windows, finds, pair
            ),
        )


def windows_of(stage: Stage, plan: Plan, place: int) -> list[ServiceWindow]:
    """Give the windows of a round: those of a department first where it names one."""
    homes = dict(db.session.execute(select(Department.id, Department.name)).all())
    first = [each for each in stage.windows if homes[each.department_id] == plan.home]
    others = [each for each in stage.windows if each not in first]
    begun, count = place * WINDOWS, WINDOWS + (plan.days == 0) - len(first)
    return [*first, *(others[(begun + each) % len(others)] for each in range(count))]


def go_round(
    stage: Stage,
    plan: Plan,
    windows: Sequence[ServiceWindow],
    finds: Sequence[tuple[int, str, int, Track]],
    pair: tuple[int, int],
) -> None:
    """Make one round: the windows one after the other, findings where they are, the end."""
    begun = clock.now()
    with db.write():
        user = acting(pair[0])
        start = Start(
            period=DutyPeriod.MORNING, way=plan.way, second_id=pair[1], leader_id=stage.leader,
            areas=AREAS,
        )  # fmt: skip
        made = rounds.start(start=start, client_id=new_id(), user=user)
        items = {each.code: each for each in checklists.list_items(made.checklist_id)}
        for place, window in enumerate(windows):
            with clock.frozen(begun + timedelta(minutes=4 * place + 2)):
                mine = [each for each in finds if each[0] == place]
                if not mine:
                    rounds.check_normal(inspection_id=made.id, window_id=window.id, user=user)
                for _, code, phrase, track in mine:
                    item = items[code]
                    found = Found(
                        window_id=window.id, item_id=item.id, phrase=item.phrases[phrase],
                        addition="", track=track, severity=Severity.MINOR,
                    )  # fmt: skip
                    order_id = record(stage, made.id, found, user)
                    if order_id is not None:
                        stage.orders[EVE if plan.finds is EVE_FINDS else plan.days] = order_id
        with clock.frozen(begun + timedelta(minutes=62)):
            rounds.finish(
                inspection_id=made.id, opinion=plan.opinion, opinion_note=plan.note, user=user
            )


def record(stage: Stage, inspection_id: int, found: Found, user: Principal) -> int | None:
    """Record one finding; what is mended on the spot is mended a few minutes later.

    Gives the order where one was opened.
    """
    finding = findings.add_finding(
        inspection_id=inspection_id,
        found=found,
        photo=stage.photo if found.track is not Track.REMINDER else None,
        client_id=new_id(),
        user=user,
    )
    if found.track is Track.ON_THE_SPOT:
        with clock.frozen(clock.now() + timedelta(minutes=3)):
            findings.fix(
                finding_id=finding.id,
                photo=stage.photo,
                staff_number=somebody_of(found.window_id),
                user=user,
            )
    return finding.order_id


def somebody_of(window_id: int) -> str:
    """Give the 工号 of somebody of the window's department."""
    home = select(ServiceWindow.department_id).where(ServiceWindow.id == window_id)
    return db.session.scalars(
        select(Person.staff_number)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            Placement.department_id == home.scalar_subquery(),
            *placed(clock.today()),
            Person.id.not_in([each.id for each in people.list_inspectors(clock.today())]),
        )
        .order_by(Person.id)
        .limit(1)
    ).one()


# ---------- what comes of the orders


def follow_orders(stage: Stage) -> None:
    """One is mended, re-checked and closed, another one over a holiday; one is revoked; one is
    overdue; one is being mended, one waits for its receipt; today's waits for its signature.
    """
    eve = find_eve(stage)
    if eve is not None:
        bring_to_end(stage, stage.orders[EVE], eve, received_after=0)
    bring_to_end(stage, stage.orders[20], 20)
    for days in (6, 3):
        sign_and_receive(stage, stage.orders[days], days)
    move(stage.orders[1], "sign", stage.chief, at(stage.day_before(1), 15))
    revoked = stage.orders[12]
    sign_and_receive(stage, revoked, 12)
    lead = lead_of(revoked)
    move(
        revoked,
        "appeal",
        lead,
        at(stage.day_before(10), 16),
        "当时按规定摆了暂停服务牌，照片角度没有拍到，有监控为证。",
    )
    move(
        revoked,
        "uphold",
        stage.decider,
        at(stage.day_before(8), 10),
        "调看监控，暂停服务牌在位，事实不成立，予以撤销。",
    )


def bring_to_end(stage: Stage, order_id: int, days: int, *, received_after: int = 1) -> None:
    """Let an order be mended in time, re-checked by somebody else, and closed."""
    sign_and_receive(stage, order_id, days, received_after=received_after)
    mend(stage, order_id, days - 2)
    move(
        order_id,
        "pass",
        re_checker(stage, order_id),
        at(stage.day_before(days - 3), 10),
        "现场查看三天的收件记录，均当日录入。",
    )
    move(order_id, "close", stage.chief, at(stage.day_before(days - 4), 11))


def sign_and_receive(stage: Stage, order_id: int, days: int, *, received_after: int = 1) -> None:
    """Let an order be signed the same afternoon and received then, or the next working morning."""
    move(order_id, "sign", stage.chief, at(stage.day_before(days), 15, 20))
    received = at(stage.day_before(days - received_after), 9 if received_after else 16)
    move(order_id, "receive", lead_of(order_id), received)


def mend(stage: Stage, order_id: int, days: int) -> None:
    """Hand in the 回执 with a photo."""
    lead, moment = lead_of(order_id), at(stage.day_before(days), 16)
    with clock.frozen(moment), db.write():
        user = acting(lead)
        order = db.session.get_one(RectificationOrder, order_id)
        rectifications.add_photo(
            order_id=order_id, sha256=stage.photo.sha256, size=stage.photo.size, user=user
        )
        rectifications.reply(
            order_id=order_id,
            seen_version=order.version,
            answer=Reply(
                cause=Cause.PROCESS,
                measure="收件台增设当日清点，下班前由专人核对系统录入。",
                responsible_number=db.session.get_one(Person, lead).staff_number,
                done_on=clock.today(),
            ),
            user=user,
        )


def move(order_id: int, name: str, person_id: int, moment: datetime, reason: str = "") -> None:
    """Make one move at a time."""
    with clock.frozen(moment), db.write():
        workflow.execute(FLOW, record_id=order_id, name=name, user=acting(person_id), reason=reason)


def lead_of(order_id: int) -> int:
    """Give who answers for the department of an order; he is named here if nobody was."""
    order = db.session.get_one(RectificationOrder, order_id)
    holds = RoleGrant.department_id == order.department_id, RoleGrant.role == Role.WINDOW_LEAD
    found = db.session.scalar(
        select(RoleGrant.person_id).where(*holds, RoleGrant.is_granted.is_(True)).limit(1)
    )
    if found is not None:
        return found
    lead = db.session.scalars(
        select(Placement.person_id)
        .where(Placement.department_id == order.department_id, *placed(clock.today()))
        .order_by(Placement.person_id)
        .limit(1)
    ).one()
    with db.write():
        accounts.grant_at_set_up(
            person_id=lead,
            role=Role.WINDOW_LEAD,
            starts_on=clock.local(order.found_at).date(),
            department_id=order.department_id,
        )
    return lead


def re_checker(stage: Stage, order_id: int) -> int:
    """Give an inspector who was not on the round."""
    order = db.session.get_one(RectificationOrder, order_id)
    on_round = {order.found_by_id, order.found_with_id}
    return next(each for each in stage.inspectors if each not in on_round)


def hand_over(stage: Stage) -> None:
    """Give a number to one hand-over, so that its page can be looked at by its two people."""
    with clock.frozen(at(stage.day_before(9), 11)), db.write():
        user = acting(stage.inspectors[0])
        receivers = handovers.list_receivers(clock.today(), user.person_id)
        if receivers and user.can(Permission.INSPECTIONS_HANDOVER_MAKE):
            handovers.hand_over(receiver_id=receivers[0].id, client_id=new_id(), user=user)
