"""The demonstration's ideas and 建议单, made through the services on the days when it all happened.

"Three similar complaints -> 建议单 -> 核验 -> 二次回访 -> case" and "a 建议单 not adopted with
reason" (HALL.md 8); beside them one refused, one that is late, some that are
under way, one handed over.
"""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.demo_days import on, weekday
from app.files import service as files
from app.kernel import clock, db
from app.kernel.permissions import Principal, Role
from app.suggestions import handovers, ideas, orders
from app.suggestions.demo_people import department_id, holder
from app.suggestions.idea_effects import Answer
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import Idea, IdeaChannel, IdeaOutcome, IdeaRating
from app.suggestions.order_effects import Feedback, Visit
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import (
    ImprovementOrder,
    OrderSource,
    OrderVerdict,
    VisitResult,
    VisitWay,
)
from app.workflow.definition import Signature
from app.workflow.service import execute

FIRST_DAY = timedelta(days=110)
# Verified four weeks later, within the quarter that people assess now.
IDEA_DAY = timedelta(days=130)
ALIKE = (
    "取号机旁没有人引导，老人不会操作，排错了队又要重排。",
    "老人在取号机旁不会操作，没有人教，排错队白等半小时。",
    "希望取号机旁有人引导，我母亲不会操作，排错了队。",
)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who acts."""

    staff: Principal
    clerk: Principal
    office: Principal
    chief: Principal
    leader: Principal
    lead: Principal
    officer: Principal
    second: Principal


def fill(day: date) -> None:
    """Make them all as of the day."""
    home = department_id()
    cast = Cast(
        staff=holder(Role.STAFF, day),
        clerk=holder(Role.CLERK, day),
        office=holder(Role.OFFICE, day),
        chief=holder(Role.SECTION_CHIEF, day),
        leader=holder(Role.LEADER, day),
        lead=holder(Role.WINDOW_LEAD, day, department=home),
        officer=holder(Role.FEEDBACK_OFFICER, day),
        second=holder(Role.FEEDBACK_OFFICER, day, place=1),
    )
    carry_idea(day, cast, home)
    become_case(day, cast, home)
    decline(day, cast, home)
    refuse_and_answer(day, cast, home)
    leave_open(day, cast, home)
    hand_over(day, cast, home)


def move(record: Any, name: str, user: Principal, **given: Any) -> None:  # noqa: ANN401
    """Make a move in the open write."""
    flow = IDEA_FLOW if isinstance(record, Idea) else ORDER_FLOW
    execute(
        flow,
        record_id=record.id,
        name=name,
        user=user,
        reason=given.get("reason", "") if flow is ORDER_FLOW else "",
        data=given,
    )


def hear(text: str, channel: IdeaChannel, cast: Cast, home: int) -> Idea:
    """Enter what the public has said, in the open write."""
    return ideas.record(
        content=ideas.Content(problem=text, department_id=home),
        channel=channel,
        received_on=clock.today(),
        user=cast.clerk,
    )


def carry_idea(day: date, cast: Cast, home: int) -> None:
    """A 金点子 of somebody at a window: adopted, carried out and verified before all others."""
    begun = day - IDEA_DAY
    words = "群众办完事才发现漏带材料，白跑一趟。", "叫号屏旁放一张按事项分的材料自查卡。"
    with on(begun, 10):
        idea = propose(cast, "材料自查卡放到叫号屏旁", *words, home)
    with on(begun + timedelta(days=2), 9):
        move(idea, "accept-staff", cast.office, department_id=home)
    with on(begun + timedelta(days=6), 15):
        move(idea, "answer", cast.chief, answer=card_adopted(cast, home))
    carry_out(order_of(idea), begun, cast)


def card_adopted(cast: Cast, home: int) -> Answer:
    """Give the answer that adopts the 金点子."""
    return Answer(
        outcome=IdeaOutcome.ADOPTED,
        finding="抽查一周，登记窗口每天约9人因漏带材料再来一次。",
        text="采纳。自查卡由登记窗口拟稿，先放三个高频事项。",
        department_id=home,
        title="叫号屏旁放材料自查卡",
        cause="材料清单只在网上有，现场看不到。",
        problem="登记窗口每天约9人因漏带材料再来一次。",
        demand="叫号屏旁放按事项分的材料自查卡，漏带的当场提示。",
        user=cast.chief,
    )


def become_case(day: date, cast: Cast, home: int) -> None:
    """Three who say the same: one 建议单, carried out, verified, visited twice, a case."""
    begun = day - FIRST_DAY
    channels = (IdeaChannel.FEEDBACK_WINDOW, IdeaChannel.SLIP, IdeaChannel.PHONE)
    heard = []
    for place, (text, channel) in enumerate(zip(ALIKE, channels, strict=True)):
        with on(begun + timedelta(days=place), 9 + place):
            heard.append(hear(text, channel, cast, home))
    first, *others = heard
    with on(begun + timedelta(days=3), 14):
        move(first, "accept-public", cast.officer, department_id=home)
        for each in others:
            move(each, "merge-public", cast.officer, into_id=first.id)
    with on(begun + timedelta(days=6), 15):
        move(first, "answer", cast.chief, answer=adoption(cast, home))
    order = order_of(first)
    with on(begun + timedelta(days=7), 9):
        edit(
            order,
            cast,
            indicator="平均等候时间",
            current_value="26分钟",
            target_value="15分钟",
        )
    carry_out(order, begun, cast)
    visit_twice(order, begun, day, cast)


def adoption(cast: Cast, home: int) -> Answer:
    """Give the answer that adopts."""
    return Answer(
        outcome=IdeaOutcome.ADOPTED,
        finding="三件意见说的是同一台取号机；现场看了三天，九点到十一点平均等候26分钟。",
        text="采纳。取号机旁设引导岗，贴大字流程图，取错号的就地改号。",
        department_id=home,
        title="取号机旁安排引导",
        cause="取号机旁没有引导岗，流程图字小。",
        problem="九点到十一点取号机旁无人引导，老人取错号重排，平均等候26分钟。",
        demand="高峰时段在取号机旁安排引导，取错号的就地改号，平均等候不超过15分钟。",
        user=cast.chief,
    )


def order_of(idea: Idea) -> ImprovementOrder:
    """Give the 建议单 of an idea that was adopted."""
    found = select(ImprovementOrder).where(ImprovementOrder.idea_id == idea.id)
    return db.session.scalars(found).one()


def edit(order: ImprovementOrder, cast: Cast, **changes: object) -> None:
    """Complete a draft, in the open write."""
    names = orders.Content.__dataclass_fields__
    present = db.session.get_one(ImprovementOrder, order.id)
    given = {name: getattr(present, name) for name in names}
    content = orders.Content(**{**given, **changes})
    orders.edit_order(
        order_id=order.id, content=content, seen_version=present.version, user=cast.clerk
    )


def carry_out(order: ImprovementOrder, begun: date, cast: Cast) -> None:
    """Issue a 建议单, receive it, carry it out with evidence, verify it."""
    with on(begun + timedelta(days=7), 10):
        move(order, "submit", cast.clerk)
    with on(begun + timedelta(days=8), 16):
        move(order, "issue", cast.leader)
    with on(begun + timedelta(days=9), 9):
        move(order, "receive", cast.lead)
    with on(begun + timedelta(days=10), 11):
        move(order, "adopt", cast.lead, feedback=promise(clock.today()))
    content = draw()
    sha256 = files.put_content(content)
    with on(begun + timedelta(days=24), 10):
        orders.add_evidence(order_id=order.id, sha256=sha256, size=len(content), user=cast.lead)
        move(order, "finish", cast.lead, result="引导岗到位，流程图已贴，取错号就地改号。")
    with on(begun + timedelta(days=27), 15):
        move(order, "verify", cast.office, reason="现场看过两次，引导岗在岗；抽查平均等候13分钟。")


def promise(today: date) -> Feedback:
    """Give what the department says it will do."""
    return Feedback(
        verdict=OrderVerdict.ADOPTED,
        measures="九点到十一点由两名导服轮流引导；流程图放大到八开。",
        responsible="窗口负责人",
        finish_on=today + timedelta(days=14),
    )


def visit_twice(order: ImprovementOrder, begun: date, day: date, cast: Cast) -> None:
    """Ask one of the three, and again by another person after the set number of days."""
    first = weekday(begun + timedelta(days=31))
    with on(first, 10):
        said = "现在有人教，取号一次就对了。"
        move(order, "visit", cast.officer, visit=visited(first, VisitWay.PHONE, said))
    again = weekday(min(day - timedelta(days=2), first + timedelta(days=66)))
    with on(again, 14):
        said = "前几天又去了一次，没有等。"
        move(order, "revisit", cast.second, visit=visited(again, VisitWay.IN_PERSON, said))
    with on(again, 16):
        orders.mark_case(order_id=order.id, user=cast.office)


def visited(day: date, way: VisitWay, note: str) -> Visit:
    """Give a visit."""
    return Visit(on=day, way=way, result=VisitResult.SOLVED, note=note)


def decline(day: date, cast: Cast, home: int) -> None:
    """A 建议单 from 12345 that the department did not adopt, with reasons that were accepted."""
    begun = day - timedelta(days=40)
    with on(begun, 9):
        order_id = orders.draft_order(content=hotline(begun, home), user=cast.clerk)
        order = db.session.get_one(ImprovementOrder, order_id)
        move(order, "submit", cast.clerk)
    with on(begun + timedelta(days=1), 16):
        move(order, "issue", cast.leader)
    with on(begun + timedelta(days=3), 10):
        move(order, "receive", cast.lead)
        no = Feedback(
            verdict=OrderVerdict.DECLINED,
            reason="周六只有三名窗口人员，已全部在岗；增开窗口需另行增员，现阶段用预约分流。",
        )
        move(order, "decline", cast.lead, feedback=no)
    with on(begun + timedelta(days=5), 15):
        move(order, "confirm-decline", cast.leader)


def hotline(begun: date, home: int, **changes: Any) -> orders.Content:
    """Give a 建议单 that comes from 12345."""
    given = {
        "title": "周六延时服务增开登记窗口",
        "source": OrderSource.HOTLINE,
        "source_number": "12345热线4件",
        "case_count": 4,
        "period_from": begun - timedelta(days=30),
        "period_until": begun - timedelta(days=1),
        "department_id": home,
        "addressee_id": None,
        "problem": "四件工单反映周六上午登记窗口只开一个，最长等候40分钟。",
        "cause": "周六到岗三人，其余窗口暂停服务。",
        "demand": "周六上午增开一个登记窗口，或者提出分流办法。",
        "indicator": "周六最长等候",
        "current_value": "40分钟",
        "target_value": "20分钟",
        "carry_days": 15,
        "clause": "",
        "points": None,
    }
    return orders.Content(**{**given, **changes})


def refuse_and_answer(day: date, cast: Cast, home: int) -> None:
    """One 金点子 that was not taken in, one that was answered and rated."""
    begun = day - timedelta(days=20)
    with on(begun, 9):
        refused = propose(cast, "改用自己的收件软件", "现有系统慢。", "希望各窗口自己装收件软件。")
        answered = propose(
            cast, "午间错峰取号", "十二点排队的人多，窗口少。", "午间开放预约号，错峰办理。", home
        )
    with on(begun + timedelta(days=2), 10):
        said = "不符合“一网通办”统一系统的要求，系统慢的问题另行转业务科。"
        move(refused, "refuse-staff", cast.office, reason=said)
        move(answered, "accept-staff", cast.office, department_id=home)
    with on(begun + timedelta(days=5), 14):
        given = Answer(
            outcome=IdeaOutcome.DECLINED,
            finding="午间预约号已在十月试行两周，爽约四成。",
            text="暂不采纳，先改进爽约提醒，下季度再试。",
            reason="爽约的号占住窗口，反而更慢。",
        )
        move(answered, "answer", cast.chief, answer=given)
    with on(begun + timedelta(days=6), 9):
        ideas.rate(idea_id=answered.id, rating=IdeaRating.FAIR, user=cast.staff)


def propose(cast: Cast, title: str, problem: str, proposal: str, home: int | None = None) -> Idea:
    """Let somebody of a window propose something, in the open write."""
    content = ideas.Content(title=title, problem=problem, proposal=proposal, department_id=home)
    return ideas.submit(content=content, user=cast.staff)


def leave_open(day: date, cast: Cast, home: int) -> None:
    """What waits on the day: one late, one asked about, one to be carried out, one to be signed."""
    with on(day - timedelta(days=7), 11):
        hear("卫生间洗手液经常是空的。", IdeaChannel.SLIP, cast, home)
        asked = hear("填单台的笔写不出来，表格样张也旧了。", IdeaChannel.PHONE, cast, home)
    with on(day - timedelta(days=6), 15):
        move(asked, "accept-public", cast.officer, department_id=home)
        ideas.ask(idea_id=asked.id, text="是一楼还是二楼的填单台？", user=cast.chief)
    with on(day - timedelta(days=1), 9):
        propose(cast, "样表贴上二维码", "老人看不清样表。", "样表旁贴二维码，扫了放大看。")
    with on(day - timedelta(days=9), 9):
        order_id = orders.draft_order(content=told_once(day, home), user=cast.clerk)
        order = db.session.get_one(ImprovementOrder, order_id)
        move(order, "submit", cast.clerk)
    with on(day - timedelta(days=8), 9):
        sign(order, cast)
        move(order, "receive", cast.lead)
        move(order, "adopt", cast.lead, feedback=promise(clock.today()))
    with on(day - timedelta(days=1), 15):
        waiting = orders.draft_order(content=out_of_paper(day, home), user=cast.clerk)
        move(db.session.get_one(ImprovementOrder, waiting), "submit", cast.clerk)


def sign(order: ImprovementOrder, cast: Cast) -> None:
    """Enter that a 建议单 was signed on paper, with the scan of its sheet, in the open write."""
    content = draw_sheet()
    file = files.add_file(
        sha256=files.put_content(content),
        size=len(content),
        media_type="image/jpeg",
        name=f"签批单{clock.today():%Y%m%d}.jpg",
    )
    signature = Signature(
        signed_by_id=cast.leader.person_id,
        signed_on=clock.today(),
        meeting="主任办公会",
        minute_number="第12期",
        scan_file_id=file.id,
    )
    execute(ORDER_FLOW, record_id=order.id, name="issue", user=cast.clerk, signature=signature)


def hand_over(day: date, cast: Cast, home: int) -> None:
    """What belongs to 派驻纪检组: one that waits for its receiver, without a word in any list."""
    with on(day - timedelta(days=2), 10):
        text = "反映收件时有人暗示要好处，请核实。（演示内容，没有这件事）"
        found = hear(text, IdeaChannel.SLIP, cast, home)
    with on(day - timedelta(days=2), 11):
        receiver, *_ = handovers.list_receivers(clock.today(), cast.officer.person_id)
        handovers.hand_over(
            idea_id=found.id, receiver_id=receiver.id, seen_version=None, user=cast.officer
        )


def told_once(day: date, home: int) -> orders.Content:
    """Give a 建议单 from 好差评 that is being carried out."""
    return hotline(
        day,
        home,
        title="材料清单一次告知",
        source=OrderSource.RATING,
        source_number="好差评6件",
        case_count=6,
        problem="六件差评反映来回补材料，平均跑2.3次。",
        cause="口头告知，各窗口说法不一。",
        demand="收件前发一张勾选好的材料清单，当面核对一次。",
        indicator="人均到窗次数",
        current_value="2.3次",
        target_value="1.2次",
    )


def out_of_paper(day: date, home: int) -> orders.Content:
    """Give a 建议单 from the hall's inspections that waits for its signature."""
    return hotline(
        day,
        home,
        title="自助机缺纸及时补",
        source=OrderSource.INSPECTION,
        source_number="巡查记录2次",
        case_count=2,
        problem="两次巡查见自助打印机缺纸，群众转到窗口排队。",
        cause="没有定人补纸。",
        demand="定人定时补纸，缺纸时挂牌指引到另一台。",
        indicator="",
        current_value="",
        target_value="",
    )


def draw_sheet() -> bytes:
    """Draw a signed sheet on which nothing can be read."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as below.

    picture = Image.new("RGB", (620, 877), (252, 252, 250))
    pen = ImageDraw.Draw(picture)
    for line in range(12):
        pen.line((80, 140 + 44 * line, 540, 140 + 44 * line), fill=(150, 150, 150), width=3)
    pen.arc((330, 700, 520, 790), 200, 520, fill=(40, 60, 140), width=5)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def draw() -> bytes:
    """Draw a sign that shows nobody."""
    # The demonstration alone draws here: elsewhere only children open pictures.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    picture = Image.new("RGB", (640, 420), (226, 234, 242))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((90, 70, 300, 380), fill=(70, 104, 146))
    pen.rectangle((340, 110, 560, 330), fill=(250, 250, 250), outline=(70, 104, 146), width=6)
    for line in range(3):
        pen.line((370, 160 + 55 * line, 530, 160 + 55 * line), fill=(70, 104, 146), width=8)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
