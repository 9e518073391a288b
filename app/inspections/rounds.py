"""A round: begun by an inspector, window after window, finished with the opinion of the inspected.

"全部正常 in one tap, or 有问题 → item → photo → track: four taps and no typing (phrases per item);
at the end a summary and the printed 记录表 for signature." Every form brings an id of its own, so
that a double tap makes one record and gives the same answer.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Department, Person
from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.audit.models import AuditEvent
from app.audit.service import append
from app.inspections import checklists, people
from app.inspections.models import (
    DutyPeriod,
    Finding,
    Inspection,
    InspectionRemark,
    InspectionWay,
    Opinion,
    Track,
    WindowCheck,
)
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.workflow.numbering import next_number

SERIES = "巡查"
OVER = "这次巡查已经结束，记录不能再改；要更正的，请加更正说明。"
NOT_FIXED = "还有立行立改没有改好：请补拍改后照片并由窗口确认，或者改开整改通知单。"
Mate, Lead = aliased(Person, name="mate"), aliased(Person, name="lead")


@dataclass(frozen=True, kw_only=True)
class Start:
    """What is chosen at the start of a round; the duty of the day fills it in."""

    period: DutyPeriod
    way: InspectionWay
    second_id: int
    leader_id: int
    areas: str


@dataclass(frozen=True, kw_only=True)
class RoundRow:
    """A round as lists show it: with names, and how many windows and findings it has."""

    inspection: Inspection
    inspector: str
    second: str
    leader: str
    checks: int
    findings: int
    fixed: int


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A window on the list of a round: what it is, and what was found there so far."""

    window: ServiceWindow
    department: str
    check: WindowCheck | None
    findings: int

    @property
    def area(self) -> str:
        """Give the area: what stands before the digits of the number."""
        return f"{self.window.number.rstrip('0123456789') or '其他'}区"


def start(*, start: Start, client_id: str, user: Principal) -> Inspection:
    """Begin a round; the same `client_id` gives the one that it began. Raises RefusedError."""
    # Whoever taps twice waits here for himself.
    db.session.get_one(Person, user.person_id, with_for_update=True)
    found = db.session.scalar(select(Inspection).where(Inspection.client_id == client_id))
    if found is not None:
        if found.inspector_id != user.person_id:
            raise RefusedError(form="请重新打开这一页。")
        return found
    check_mates(start, user.person_id)
    today = clock.today()
    made = Inspection(
        public_id=secrets.token_urlsafe(12),
        client_id=client_id,
        number=next_number(SERIES, on=today),
        day=today,
        period=start.period,
        way=start.way,
        checklist_id=checklists.make_first(made_by_id=user.person_id).id,
        inspector_id=user.person_id,
        second_id=start.second_id,
        leader_id=start.leader_id,
        areas=start.areas,
        started_at=clock.now(),
        opinion_note="",
    )
    db.session.add(made)
    db.session.flush()
    note(AuditEvent.INSPECTIONS_STARTED, made, user, number=made.number)
    return made


def check_mates(start: Start, person_id: int) -> None:
    """Refuse a second inspector or 带班领导 who can't be one today; raises RefusedError."""
    today = clock.today()
    if start.second_id == person_id:
        raise RefusedError(second_id="两名巡查人不能是同一个人。")
    if start.second_id not in {each.id for each in people.list_inspectors(today)}:
        raise RefusedError(second_id="请选择另一名巡查员。")
    if start.leader_id not in {each.id for each in people.list_leaders(today)}:
        raise RefusedError(leader_id="请选择带班领导。")


def check_normal(*, inspection_id: int, window_id: int, user: Principal) -> WindowCheck:
    """Write down that everything at a window is 正常; once more changes nothing."""
    inspection = get_running(inspection_id)
    return get_or_add_check(inspection, window_id, user)


def get_running(inspection_id: int) -> Inspection:
    """Lock a round for writing; raises RefusedError when it is over."""
    inspection = db.session.get_one(Inspection, inspection_id, with_for_update=True)
    if inspection.is_over:
        raise RefusedError(form=OVER)
    return inspection


def get_or_add_check(inspection: Inspection, window_id: int, user: Principal) -> WindowCheck:
    """Give the check of a window in a round, added with who is there now where it is the first."""
    found = db.session.scalar(
        select(WindowCheck).where(
            WindowCheck.inspection_id == inspection.id, WindowCheck.window_id == window_id
        )
    )
    if found is not None:
        return found
    window = db.session.get_one(ServiceWindow, window_id)
    check = WindowCheck(
        inspection_id=inspection.id,
        window_id=window_id,
        department_id=window.department_id,
        on_duty=people.people_at(window_id, clock.today()),
        checked_at=clock.now(),
    )
    db.session.add(check)
    db.session.flush()
    note(AuditEvent.INSPECTIONS_WINDOW_CHECKED, inspection, user, window_id=window_id)
    return check


def finish(*, inspection_id: int, opinion: Opinion, opinion_note: str, user: Principal) -> None:
    """Finish a round: from now on nothing of it changes. Raises RefusedError."""
    inspection = get_running(inspection_id)
    if not count_checks(inspection_id):
        raise RefusedError(form="还没有检查过窗口，不能结束。")
    if list_unfixed(inspection_id):
        raise RefusedError(form=NOT_FIXED)
    if opinion is not Opinion.AGREED and not opinion_note:
        raise RefusedError(opinion_note="请写明被查人的说明，或者拒签的情况。")
    inspection.opinion, inspection.opinion_note = opinion, opinion_note
    inspection.ended_at = clock.now()
    db.session.flush()
    note(AuditEvent.INSPECTIONS_FINISHED, inspection, user, opinion=opinion)


def count_checks(inspection_id: int) -> int:
    """Count the windows that were looked at."""
    found = select(func.count(WindowCheck.id)).where(WindowCheck.inspection_id == inspection_id)
    return db.session.scalar(found) or 0


def list_unfixed(inspection_id: int) -> list[Finding]:
    """Give what was to be mended on the spot and has not been."""
    return list(
        db.session.scalars(
            select(Finding)
            .join(WindowCheck, WindowCheck.id == Finding.check_id)
            .where(
                WindowCheck.inspection_id == inspection_id,
                Finding.track == Track.ON_THE_SPOT,
                Finding.fixed_at.is_(None),
            )
        )
    )


def add_remark(*, inspection_id: int, text: str, reason: str, user: Principal) -> None:
    """Correct a finished round by a remark; raises RefusedError while it goes on."""
    inspection = db.session.get_one(Inspection, inspection_id, with_for_update=True)
    if not inspection.is_over:
        raise RefusedError(form="巡查还没有结束，请直接记录。")
    remark = InspectionRemark(
        inspection_id=inspection_id,
        text=text,
        reason=reason,
        made_by_id=user.person_id,
        made_at=clock.now(),
    )
    db.session.add(remark)
    db.session.flush()
    note(AuditEvent.INSPECTIONS_REMARK_ADDED, inspection, user)


def list_remarks(inspection_id: int) -> list[InspectionRemark]:
    """Give the corrections of a round, oldest first."""
    found = select(InspectionRemark).where(InspectionRemark.inspection_id == inspection_id)
    return list(db.session.scalars(found.order_by(InspectionRemark.id)))


def note(event: AuditEvent, inspection: Inspection, user: Principal, **data: object) -> None:
    """Write an act on a round down in the log."""
    append(
        event,
        person_id=user.person_id,
        object_type="inspection",
        object_id=inspection.id,
        **data,
    )


# ---------- reading


def select_rounds_for(user: Principal) -> Statement:
    """Select the rounds; whoever reads for one department only gets no whole round."""
    checks = (
        select(func.count(WindowCheck.id))
        .where(WindowCheck.inspection_id == Inspection.id)
        .scalar_subquery()
    )
    findings = (
        select(func.count(Finding.id))
        .join(WindowCheck, WindowCheck.id == Finding.check_id)
        .where(WindowCheck.inspection_id == Inspection.id)
    )
    fixed = findings.where(or_(Finding.track == Track.REMINDER, Finding.fixed_at.is_not(None)))
    statement = (
        select(
            Inspection, Person.name, Mate.name, Lead.name, checks,
            findings.scalar_subquery(), fixed.scalar_subquery(),
        )
        .join(Person, Person.id == Inspection.inspector_id)
        .join(Mate, Mate.id == Inspection.second_id)
        .join(Lead, Lead.id == Inspection.leader_id)
    )  # fmt: skip
    if user.departments_of(Permission.INSPECTIONS_ROUND_READ) is not None:
        return statement.where(Inspection.id.is_(None))
    return statement


def row_of(found: tuple[Inspection, str, str, str, int, int, int]) -> RoundRow:
    """Name the parts of a result row."""
    inspection, inspector, second, leader, checks, findings, fixed = found
    return RoundRow(
        inspection=inspection, inspector=inspector, second=second, leader=leader, checks=checks,
        findings=findings, fixed=fixed,
    )  # fmt: skip


def get_round_for(user: Principal, public_id: str) -> RoundRow | None:
    """Give a round that somebody may see."""
    found = db.session.execute(
        select_rounds_for(user).where(Inspection.public_id == public_id)
    ).one_or_none()
    return None if found is None else row_of(found)


def is_mine(inspection: Inspection, user: Principal) -> bool:
    """Tell whether somebody is one of the two who go round."""
    return user.person_id in {inspection.inspector_id, inspection.second_id}


def list_running(person_id: int) -> list[Inspection]:
    """Give the rounds that somebody has begun and not finished, the newest first."""
    mine = or_(Inspection.inspector_id == person_id, Inspection.second_id == person_id)
    found = select(Inspection).where(Inspection.ended_at.is_(None), mine)
    return list(db.session.scalars(found.order_by(Inspection.id.desc())))


def list_spots(inspection: Inspection) -> list[Spot]:
    """Give all windows in use, by number, with what is known of each in this round."""
    counts = (
        select(Finding.check_id, func.count(Finding.id).label("count"))
        .group_by(Finding.check_id)
        .subquery()
    )
    rows = db.session.execute(
        select(ServiceWindow, Department.name, WindowCheck, func.coalesce(counts.c.count, 0))
        .join(Department, Department.id == ServiceWindow.department_id)
        .outerjoin(
            WindowCheck,
            (WindowCheck.window_id == ServiceWindow.id)
            & (WindowCheck.inspection_id == inspection.id),
        )
        .outerjoin(counts, counts.c.check_id == WindowCheck.id)
        .where(is_open(ServiceWindow, inspection.day))
        .order_by(ServiceWindow.number)
    )
    return [
        Spot(window=window, department=department, check=check, findings=count)
        for window, department, check, count in rows
    ]


def get_window(window_id: int, on: date) -> ServiceWindow | None:
    """Give a window that is in use on a day."""
    return db.session.scalar(
        select(ServiceWindow).where(ServiceWindow.id == window_id, is_open(ServiceWindow, on))
    )
