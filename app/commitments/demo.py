"""The demonstration hall's commitments: a sheet for each department by one decision, a dozen of
windows, one of every way that a sheet can be on; 党员示范岗 asked for and confirmed.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.acting import acting
from app.accounts.demo_days import at, weekday
from app.accounts.models import Department, Person, RoleGrant
from app.accounts.roster.demo_hall import DEPARTMENTS
from app.accounts.roster.models import Placement, Post, ServiceWindow
from app.accounts.roster.placements import not_left, placed
from app.commitments import codes, drafting, prints, sheets, writing
from app.commitments.models import CommitmentSheet, PrintKind, SheetState, SheetVersion
from app.commitments.sheets import Content, LineEntry, StandardEntry
from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.files import service as files
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal, Role
from app.workflow import batches
from app.workflow import service as workflow

CLERK, CHIEF = "QY0103", "QY0201"
SHOWN = "QY0301"
# How many days ago things were done.
DEPARTMENTS_DRAFTED, WINDOWS_DRAFTED, UPDATE_DRAFTED = 62, 30, 20
WITHDRAWN, WAITING, BEGUN = 6, 3, 1
OWN_WINDOWS = ("A01", "A02", "B03", "B04", "C01", "C02", "D03", "D04", "E01", "E02", "F01", "J03")
WITHDRAWN_WINDOW, UPDATED = "J03", "不动产登记中心"
WAITING_WINDOWS = ("A03", "C03", "E03")
IN_REVIEW, SENT_BACK, CORRECTED = "D05", "B05", "F02"
SLOGANS = ("一次讲清 一次办成", "您的事 我来办", "少跑一次 办成一件", "坐下来讲 站起来迎")
VAGUE = LineEntry(text="材料齐全的尽快办理", indicator="收件用时", measure="叫号系统记录")
RECEIVED = "叫号系统从叫号到收件的时间"
STANDARDS = (
    StandardEntry(
        text="首次接待的人员负责到底，不推给别的窗口", basis="首问负责制（演示制度）第二条"
    ),
    StandardEntry(
        text="要补的材料一次写清楚，书面交给办事人", basis="一次性告知制度（演示制度）第一条"
    ),
    StandardEntry(
        text="在岗佩戴工牌，离开时摆出暂停服务牌", basis="窗口行为规范（演示制度）第五条"
    ),
)
GROUNDS = "今年以来没有有责投诉，带教两名新同事，承诺时限内办结率100%。"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The day of the demonstration, and who acts on it."""

    day: date
    clerk: Principal
    chief: Principal
    leader: Principal
    branch: Principal

    def on(self, days_ago: int) -> date:
        """Give a weekday so many days ago."""
        return weekday(self.day - timedelta(days=days_ago))


def fill(day: date) -> None:
    """Fill the room as of a working day."""
    with clock.frozen(at(day, 8)):
        with db.write():
            name_leader()
        stage = Stage(
            day=day,
            clerk=acting(person_of(CLERK)),
            chief=acting(person_of(CHIEF)),
            leader=acting(holder_of(Role.LEADER)),
            branch=acting(holder_of(Role.PARTY_BRANCH)),
        )
    fill_departments(stage)
    fill_windows(stage)
    update_one(stage)
    withdraw_one(stage)
    leave_some_open(stage)
    fill_plates(stage)
    add_code(stage)


def name_leader() -> None:
    """Give whoever is 中心主任 the role, unless somebody holds it."""
    if find_holder(Role.LEADER) is not None:
        return
    found = db.session.scalars(
        select(Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .where(Post.name == "中心主任", *placed(clock.today()))
    ).first()
    if found is None:
        raise LookupError("nobody is 中心主任")
    accounts.grant_at_set_up(
        person_id=found, role=Role.LEADER, starts_on=clock.today() - timedelta(days=60)
    )


def find_holder(role: Role) -> int | None:
    """Give somebody who holds a role for the whole centre."""
    return db.session.scalars(
        select(RoleGrant.person_id)
        .where(
            RoleGrant.role == role,
            RoleGrant.department_id.is_(None),
            *accounts.in_force(clock.today()),
        )
        .order_by(RoleGrant.id)
    ).first()


def holder_of(role: Role) -> int:
    """Give somebody who holds a role."""
    found = find_holder(role)
    if found is None:
        raise LookupError(role)
    return found


def person_of(staff_number: str) -> int:
    """Give the id of one of the cast."""
    return db.session.scalars(select(Person.id).where(Person.staff_number == staff_number)).one()


def content_for(department: str, place: int) -> Content:
    """Invent what a department promises, from its 事项."""
    home = next(each for each in DEPARTMENTS if each.name == department)
    lines = [
        LineEntry(
            text=f"材料齐全，{10 + place % 3 * 5}分钟内完成收件",
            indicator="收件用时",
            measure=RECEIVED,
        ),
        LineEntry(
            text="所缺材料1次书面告知清楚",
            indicator="补正次数",
            measure="同一件的补正通知书不超过一份",
        ),
        *item_lines([name for name, _, _ in home.items], place),
        LineEntry(
            text="咨询问题1个工作日内回复", indicator="回复用时", measure="咨询台账登记到回复的时间"
        ),
    ]
    return Content(
        slogan=SLOGANS[place % len(SLOGANS)],
        receiver="大厅值班长",
        lines=lines[:5],
        standards=STANDARDS[: 2 + place % 2],
    )


def item_lines(items: Sequence[str], place: int) -> Iterator[LineEntry]:
    """Promise how long the first of a department's 事项 take."""
    names = [each.partition("（")[0] for each in items][: 1 + place % 2] or ["一般事项"]
    for offset, name in enumerate(names):
        yield LineEntry(
            text=f"{name}{2 + (place + offset) % 4}个工作日内办结",
            indicator="办结用时",
            measure="业务系统从受理到办结的工作日数",
        )


def draft(stage: Stage, window_id: int | None, department: Department, content: Content) -> int:
    """Draft a version in the open write; gives its id."""
    version = drafting.draft_with(stage.clerk, department.id, window_id, content)
    return version.id


def move(record_id: int, name: str, user: Principal, reason: str = "") -> None:
    """Make a move in the open write."""
    workflow.execute(SHEET_FLOW, record_id=record_id, name=name, user=user, reason=reason)


def carry_on(stage: Stage, ids: Sequence[int], days_ago: int, until: str) -> None:
    """Submit, review and approve drafts on the days that follow, as far as asked."""
    steps: tuple[tuple[str, Principal, int], ...] = (
        ("submit", stage.clerk, 0),
        ("review", stage.chief, 1),
        ("approve", stage.leader, 3),
    )
    for name, user, later in steps:
        with clock.frozen(at(max(stage.on(days_ago - later), stage.on(days_ago)), 15)), db.write():
            for record_id in ids:
                move(record_id, name, user)
        if name == until:
            return


def fill_departments(stage: Stage) -> None:
    """Give every department its sheet."""
    with clock.frozen(at(stage.on(DEPARTMENTS_DRAFTED), 10)), db.write():
        ids = [
            draft(stage, None, each, content_for(each.name, place))
            for place, each in enumerate(accounts.list_departments())
        ]
    carry_on(stage, ids, DEPARTMENTS_DRAFTED, "review")
    approved_on = stage.on(DEPARTMENTS_DRAFTED - 3)
    with clock.frozen(at(approved_on, 10)), db.write():
        batch_id = put_on_sheet(stage, ids)
    with clock.frozen(at(approved_on, 15)), db.write():
        places = range(1, len(ids) + 1)
        batches.decide_batch(batch_id=batch_id, places=places, user=stage.leader)


def put_on_sheet(stage: Stage, ids: Sequence[int]) -> int:
    """Put versions that wait for 审定 on one 汇总表, in the open write; gives its id."""
    return batches.draft_batch(
        flow=SHEET_FLOW, move=SHEET_FLOW.move("approve"), record_ids=ids, user=stage.clerk
    ).id


def windows(*numbers: str) -> list[tuple[ServiceWindow, Department]]:
    """Give windows with their departments, by number."""
    rows = db.session.execute(
        select(ServiceWindow, Department)
        .join(Department, Department.id == ServiceWindow.department_id)
        .where(ServiceWindow.number.in_(numbers))
        .order_by(ServiceWindow.number)
    )
    return [(window, department) for window, department in rows]


def draft_windows(stage: Stage, days_ago: int, *numbers: str) -> list[int]:
    """Draft a sheet of its own for each window, a bit quicker than its department."""
    with clock.frozen(at(stage.on(days_ago), 10)), db.write():
        return [
            draft(stage, window.id, department, content_for(department.name, place + 3))
            for place, (window, department) in enumerate(windows(*numbers))
        ]


def fill_windows(stage: Stage) -> None:
    """Give a dozen windows a sheet of their own; somebody prints the card of the first ones."""
    ids = draft_windows(stage, WINDOWS_DRAFTED, *OWN_WINDOWS)
    carry_on(stage, ids, WINDOWS_DRAFTED, "approve")
    with clock.frozen(at(stage.on(WINDOWS_DRAFTED - 5), 16)), db.write():
        for record_id in (*ids[:3], ids[-1]):
            for kind in (PrintKind.DESK_CARD, PrintKind.POSTER):
                prints.note_print(
                    record_id=record_id, kind=kind, printed_by_id=stage.clerk.person_id
                )


def update_one(stage: Stage) -> None:
    """Let a department promise something quicker: its first version gives way to the second."""
    department = next(each for each in accounts.list_departments() if each.name == UPDATED)
    content = content_for(UPDATED, 1)
    quicker = LineEntry(text="材料齐全，15分钟内完成收件", indicator="收件用时", measure=RECEIVED)
    with clock.frozen(at(stage.on(UPDATE_DRAFTED), 10)), db.write():
        new = Content(
            slogan="一次讲清 一次办成",
            receiver="不动产登记窗口负责人",
            lines=[quicker, *content.lines[1:]],
            standards=content.standards,
        )
        record_id = draft(stage, None, department, new)
    carry_on(stage, [record_id], UPDATE_DRAFTED, "approve")
    # What was approved weeks ago waits in nobody's notices.
    with clock.frozen(at(stage.on(WITHDRAWN + 2), 9)), db.write():
        inbox.mark_read(person_id=stage.clerk.person_id)


def withdraw_one(stage: Stage) -> None:
    """Withdraw the sheet of a window; one of its prints is fetched, the other still hangs."""
    ((window, _),) = windows(WITHDRAWN_WINDOW)
    with clock.frozen(at(stage.on(WITHDRAWN), 11)), db.write():
        record_id = db.session.scalars(
            select(SheetVersion.id).where(
                SheetVersion.sheet_id == found_sheet(window).id,
                SheetVersion.state == SheetState.PUBLIC,
            )
        ).one()
        move(record_id, "withdraw", stage.chief, "业务整合，本窗口改为综合受理，承诺另行公布。")
        first = prints.list_prints(record_id)[0]
        prints.collect(
            print_id=first.print_id, record_id=record_id, collected_by_id=stage.clerk.person_id
        )


def found_sheet(window: ServiceWindow) -> CommitmentSheet:
    """Give the sheet of a window that has one."""
    found = sheets.find_sheet(window.department_id, window.id)
    if found is None:
        raise LookupError(window.number)
    return found


def leave_some_open(stage: Stage) -> None:
    """Leave three waiting for 审定, one for its review, one sent back, one being corrected."""
    waiting = draft_windows(stage, WAITING, *WAITING_WINDOWS)
    carry_on(stage, waiting, WAITING, "review")
    with clock.frozen(at(stage.on(BEGUN), 17)), db.write():
        put_on_sheet(stage, waiting[:2])
    ids = draft_windows(stage, WAITING, IN_REVIEW, SENT_BACK)
    carry_on(stage, ids, WAITING, "submit")
    with clock.frozen(at(stage.on(BEGUN), 9)), db.write():
        move(ids[0], "send-back", stage.chief, "第1条的用时和叫号系统里的不一致，请核对后再报。")
    correct_one(stage)


def correct_one(stage: Stage) -> None:
    """Begin a draft: 「尽快」 is refused, a number of minutes is taken."""
    (record_id,) = draft_windows(stage, BEGUN, CORRECTED)
    with clock.frozen(at(stage.on(BEGUN), 14)), db.write():
        version = db.session.get_one(SheetVersion, record_id)
        content = sheets.content_of(version)

        def edit(first: LineEntry) -> None:
            writing.edit(
                record_id=record_id,
                seen_version=version.version,
                content=Content(slogan=content.slogan, lines=[first, *content.lines[1:]]),
                edited_by_id=stage.clerk.person_id,
            )

        refused(lambda: edit(VAGUE))
        edit(LineEntry(text="材料齐全，12分钟内完成收件", indicator="收件用时", measure=RECEIVED))


def refused(act: Callable[[], None]) -> None:
    """Do what must be refused; raises LookupError when it is not."""
    try:
        act()
    except RefusedError:
        return
    raise LookupError("a vague word was taken")


def fill_plates(stage: Stage) -> None:
    """Ask for four plates; the branch has confirmed two, refused one, and one waits."""
    people = [person_of(SHOWN), *others(stage)]
    decisions = (("confirm", ""), ("confirm", ""), ("refuse", "到岗不满半年，请下半年再申请。"))
    with clock.frozen(at(stage.on(UPDATE_DRAFTED), 10)), db.write():
        ids = [ask(stage, person_id) for person_id in people[:3]]
    with clock.frozen(at(stage.on(UPDATE_DRAFTED - 2), 16)), db.write():
        for record_id, (name, reason) in zip(ids, decisions, strict=True):
            workflow.execute(
                PLATE_FLOW, record_id=record_id, name=name, user=stage.branch, reason=reason
            )
    with clock.frozen(at(stage.on(BEGUN), 10)), db.write():
        ask(stage, people[3])


def others(stage: Stage) -> list[int]:
    """Give three more people who have worked at a window for a while."""
    long_ago = stage.day - timedelta(days=90)
    return list(
        db.session.scalars(
            select(Placement.person_id)
            .join(Person, Person.id == Placement.person_id)
            .where(
                Placement.window_id.is_not(None),
                Placement.starts_on < long_ago,
                *placed(stage.day),
                not_left(stage.day),
                Person.id.not_in((person_of(SHOWN), stage.branch.person_id)),
                Person.left_on.is_(None),
            )
            .order_by(Person.staff_number.desc())
            .limit(3)
        )
    )


def ask(stage: Stage, person_id: int) -> int:
    """Ask for a plate in the open write."""
    number = db.session.get_one(Person, person_id).staff_number
    return drafting.ask_for_plate(user=stage.clerk, staff_number=number, grounds=GROUNDS).id


def add_code(stage: Stage) -> None:
    """Give the window of one of the cast a picture in the place of its 好差评码."""
    content = draw_placeholder()
    sha256 = files.put_content(content)
    with clock.frozen(at(stage.on(UPDATE_DRAFTED), 11)), db.write():
        window_id = db.session.scalars(
            select(Placement.window_id).where(
                Placement.person_id == person_of(SHOWN),
                Placement.window_id.is_not(None),
                *placed(stage.day),
            )
        ).first()
        if window_id is not None:
            codes.set_code(
                window_id=window_id,
                sha256=sha256,
                size=len(content),
                set_by_id=stage.clerk.person_id,
            )


def draw_placeholder() -> bytes:
    """Draw a frame with a star in it: nobody takes it for a code."""
    # The demonstration alone draws here: elsewhere only children open pictures.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    picture = Image.new("RGB", (400, 400), (243, 245, 248))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, 387, 387), outline=(135, 150, 166), width=4)
    pen.regular_polygon((200, 200, 90), 5, fill=(23, 55, 95))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
