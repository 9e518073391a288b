"""What is found at a window, and its three tracks: 现场提醒, 立行立改, 整改通知单.

"现场提醒 (recorded; first time not scored) · 立行立改 (before and after photo, closed on the
spot, confirmed by the window) · 整改通知单 (formal: only this one has a deadline and another
re-checker)."
A finding of 空岗 keeps what the roster says of leave and 替岗 at that moment.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, or_, select

from app.accounts import hall
from app.accounts.models import Department, Person
from app.accounts.roster.models import ServiceWindow
from app.audit.models import AuditEvent
from app.files import images
from app.files import service as files
from app.files.models import StoredFile
from app.inbox import service as inbox
from app.inspections import people
from app.inspections.models import (
    ChecklistItem,
    Finding,
    Inspection,
    Track,
    WindowCheck,
)
from app.inspections.rounds import get_or_add_check, get_running, note
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.rectifications import service as rectifications
from app.rectifications.models import OrderState, RectificationOrder, Severity
from app.rectifications.service import Content, Finders, Source
from app.rectifications.workflow import FLOW

BEFORE, AFTER = "before", "after"
NOT_OF_WINDOW = "没有这个工号，或者这个人不在被查部门，请由窗口人员或窗口负责人输入本人工号。"
NOT_ON_ITEM = "请选择一句事实。"
IS_AWAY = "这个人今天登记了请假，不能确认，请由今天在岗的人输入本人工号。"
CONFIRMED = (
    "你在{at}确认{window}窗口“{fact}”已改好。"
    "不是你确认的，请告诉这次巡查的带班领导{leader}{phone}。"
)
MAX_TOLD = 100
NO_BEFORE = "立行立改要有改前、改后两张照片，请先拍改前的照片。"


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo whose bytes are stored."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an inspector taps at a window: a ready sentence, a remark if any, and the track."""

    window_id: int
    item_id: int
    phrase: str
    addition: str
    track: Track
    severity: Severity


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding as lists show it."""

    finding: Finding
    item: ChecklistItem
    check: WindowCheck
    inspection: Inspection
    window: ServiceWindow
    department: str
    order: RectificationOrder | None
    found_by: str

    @property
    def is_revoked(self) -> bool:
        """Tell whether an 申诉 has taken the finding away; giving the order up does not."""
        return self.order is not None and self.order.state is OrderState.REVOKED

    @property
    def state(self) -> tuple[str, str]:
        """Say in a word what came of it, with the colour of its tag."""
        if self.order is not None:
            state = FLOW.state(self.order.state)
            return state.label, state.kind
        if self.finding.track is Track.REMINDER:
            return ("首次提醒，不计分", "blue") if self.finding.is_first else ("已提醒", "blue")
        return ("已改好", "green") if self.finding.fixed_at else ("待改好", "amber")


def add_finding(
    *, inspection_id: int, found: Found, photo: Photo | None, client_id: str, user: Principal
) -> Finding:
    """Record a finding, and open its order in the same write; raises RefusedError.

    The same `client_id` gives the finding that it made.
    """
    inspection = db.session.get_one(Inspection, inspection_id, with_for_update=True)
    known = db.session.scalar(select(Finding).where(Finding.client_id == client_id))
    if known is not None:
        if known.found_by_id != user.person_id:
            raise RefusedError(form="请重新打开这一页。")
        return known
    get_running(inspection_id)
    item = db.session.get_one(ChecklistItem, found.item_id)
    if found.phrase not in item.phrases:
        raise RefusedError(phrase=NOT_ON_ITEM)
    if found.track is Track.ON_THE_SPOT and photo is None:
        raise RefusedError(file=NO_BEFORE)
    check = get_or_add_check(inspection, found.window_id, user)
    finding = Finding(
        public_id=secrets.token_urlsafe(12),
        client_id=client_id,
        check_id=check.id,
        item_id=item.id,
        fact="；".join(filter(None, (found.phrase, found.addition))),
        absence_note=people.absence_note(check.window_id, inspection.day)
        if item.shows_absence
        else "",
        track=found.track,
        is_first=found.track is Track.REMINDER and not has_earlier(check.window_id, item.code),
        found_at=clock.now(),
        found_by_id=user.person_id,
        before_file_id=keep(photo, "巡查照片.jpg"),
    )
    if found.track is Track.ORDER:
        finding.order_id = open_order(inspection, check, item, finding, found.severity, user)
    db.session.add(finding)
    db.session.flush()
    note(
        AuditEvent.INSPECTIONS_FINDING_ADDED,
        inspection,
        user,
        finding=finding.id,
        track=found.track,
    )
    return finding


def has_earlier(window_id: int, code: str) -> bool:
    """Tell whether anything was ever found at a window about the same item, and stands."""
    found = (
        select(Finding.id)
        .join(WindowCheck, WindowCheck.id == Finding.check_id)
        .join(ChecklistItem, ChecklistItem.id == Finding.item_id)
        .outerjoin(RectificationOrder, RectificationOrder.id == Finding.order_id)
        .where(
            WindowCheck.window_id == window_id,
            ChecklistItem.code == code,
            func.coalesce(RectificationOrder.state, OrderState.CLOSED) != OrderState.REVOKED,
        )
    )
    return db.session.scalar(found.limit(1)) is not None


def keep(photo: Photo | None, name: str) -> int | None:
    """Add the row of a stored photo to the open write."""
    if photo is None:
        return None
    return files.add_file(
        sha256=photo.sha256, size=photo.size, media_type=images.MEDIA_TYPE, name=name
    ).id


def open_order(  # noqa: PLR0917 - the parts of one order.
    inspection: Inspection,
    check: WindowCheck,
    item: ChecklistItem,
    finding: Finding,
    severity: Severity,
    user: Principal,
) -> int:
    """Open the 整改通知单 of a finding in the same write; returns its id."""
    window = db.session.get_one(ServiceWindow, check.window_id)
    content = Content(
        department_id=check.department_id,
        window_id=check.window_id,
        severity=severity,
        fact=f"{formats.moment(finding.found_at)}，{window.number}窗口，{finding.fact}。",
        basis=item.basis,
        article_id=item.article_id,
        requirement=f"就“{item.name}”查明原因，按期改好，在回执里写明措施并附改后照片。",
    )
    source = Source(
        label=inspection.number,
        endpoint="inspections.show_inspection",
        arguments={"public_id": inspection.public_id},
    )
    order = rectifications.issue(
        content=content,
        source=source,
        found_at=finding.found_at,
        finders=finders_of(inspection, finding),
        user=user,
    )
    return order.id


def finders_of(inspection: Inspection, finding: Finding) -> Finders:
    """Give all who were on the round: none of them re-checks or decides about what it found."""
    pair = {inspection.inspector_id, inspection.second_id}
    return Finders(
        found_by_id=finding.found_by_id,
        found_with_id=next(iter(pair - {finding.found_by_id})),
        led_by_id=inspection.leader_id,
    )


def fix(*, finding_id: int, photo: Photo, staff_number: str, user: Principal) -> None:
    """Close a 立行立改 on the spot: the photo after, and who of the window confirms it.

    Raises RefusedError. Nobody who goes round confirms, and nobody who is on leave; whoever
    confirmed gets a notice, because his 工号 was typed on the inspector's device. Once fixed it
    stays.
    """
    finding, check, inspection = get_open(finding_id)
    if finding.fixed_at is not None:
        return
    person_id = people.find_in_department(check.department_id, staff_number, clock.today())
    if person_id is None or person_id in {inspection.inspector_id, inspection.second_id}:
        raise RefusedError(staff_number=NOT_OF_WINDOW)
    if people.is_away(person_id, clock.today()):
        raise RefusedError(staff_number=IS_AWAY)
    finding.after_file_id = keep(photo, "改后照片.jpg")
    finding.fixed_at, finding.confirmed_by_id = clock.now(), person_id
    db.session.flush()
    note(AuditEvent.INSPECTIONS_FINDING_FIXED, inspection, user, finding=finding.id)
    tell_confirmer(finding, check, inspection)


def tell_confirmer(finding: Finding, check: WindowCheck, inspection: Inspection) -> None:
    """Tell somebody what was confirmed in his name, and whom to tell where it was not he."""
    window = db.session.get_one(ServiceWindow, check.window_id)
    leader = db.session.get_one(Person, inspection.leader_id).name
    phone = hall.get_profile().supervision_phone
    inbox.tell(
        {finding.confirmed_by_id or 0},
        CONFIRMED.format(
            at=formats.moment(clock.now()),
            window=window.number,
            fact=finding.fact[:MAX_TOLD],
            leader=leader,
            phone=f"，或者拨打监督电话{phone}" if phone else "",
        ),
        endpoint="inbox.list_notices",
        arguments={},
    )


def escalate(*, finding_id: int, severity: Severity, user: Principal) -> None:
    """Make a 整改通知单 of what could not be mended on the spot; raises RefusedError."""
    finding, check, inspection = get_open(finding_id)
    if finding.fixed_at is not None:
        raise RefusedError(form="这一项已经改好，不用再开整改通知单。")
    item = db.session.get_one(ChecklistItem, finding.item_id)
    finding.order_id = open_order(inspection, check, item, finding, severity, user)
    finding.track = Track.ORDER
    db.session.flush()
    note(
        AuditEvent.INSPECTIONS_FINDING_ADDED,
        inspection,
        user,
        finding=finding.id,
        track=Track.ORDER,
    )


def get_open(finding_id: int) -> tuple[Finding, WindowCheck, Inspection]:
    """Lock a 立行立改 of a round that goes on; raises RefusedError."""
    finding = db.session.get_one(Finding, finding_id)
    check = db.session.get_one(WindowCheck, finding.check_id)
    inspection = get_running(check.inspection_id)
    db.session.refresh(finding)
    if finding.track is not Track.ON_THE_SPOT:
        raise RefusedError(form="这一项不是立行立改。")
    return finding, check, inspection


# ---------- reading


def select_findings() -> Statement:
    """Select findings with all that belongs to them."""
    return (
        select(
            Finding, ChecklistItem, WindowCheck, Inspection, ServiceWindow, Department.name,
            RectificationOrder, Person.name,
        )
        .join(ChecklistItem, ChecklistItem.id == Finding.item_id)
        .join(WindowCheck, WindowCheck.id == Finding.check_id)
        .join(Inspection, Inspection.id == WindowCheck.inspection_id)
        .join(ServiceWindow, ServiceWindow.id == WindowCheck.window_id)
        .join(Department, Department.id == WindowCheck.department_id)
        .join(Person, Person.id == Finding.found_by_id)
        .outerjoin(RectificationOrder, RectificationOrder.id == Finding.order_id)
    )  # fmt: skip


def select_findings_for(user: Principal) -> Statement:
    """Select findings: all of them, or those of one's own departments in finished rounds."""
    statement = select_findings()
    departments = user.departments_of(Permission.INSPECTIONS_FINDING_READ)
    if departments is None:
        return statement
    return statement.where(
        WindowCheck.department_id.in_(departments), Inspection.ended_at.is_not(None)
    )


def row_of(found: tuple[object, ...]) -> FindingRow:
    """Name the parts of a result row."""
    names = (
        "finding", "item", "check", "inspection", "window", "department", "order", "found_by",
    )  # fmt: skip
    return FindingRow(**dict(zip(names, found, strict=True)))  # type: ignore[arg-type]


def get_finding_for(user: Principal, public_id: str) -> FindingRow | None:
    """Give a finding that somebody may see."""
    found = db.session.execute(
        select_findings_for(user).where(Finding.public_id == public_id)
    ).one_or_none()
    return None if found is None else row_of(tuple(found))


def list_of_round(user: Principal, inspection_id: int) -> list[FindingRow]:
    """Give the findings of a round, by window."""
    found = db.session.execute(
        select_findings_for(user)
        .where(Inspection.id == inspection_id)
        .order_by(ServiceWindow.number, Finding.id)
    )
    return [row_of(tuple(each)) for each in found]


def get_photo(finding: Finding, moment: str) -> StoredFile | None:
    """Give the photo from before or after; who may see the finding is asked by the caller."""
    file_id = {BEFORE: finding.before_file_id, AFTER: finding.after_file_id}.get(moment)
    return db.session.get(StoredFile, file_id) if file_id else None


def share_on_the_spot(user: Principal, *, days: int) -> tuple[int, int]:
    """Give how many findings of the last days were closed on the spot, and of how many."""
    since = clock.now() - timedelta(days=days)
    mine = select_findings_for(user).where(Finding.found_at >= since)
    is_closed = or_(Finding.track == Track.REMINDER, Finding.fixed_at.is_not(None))
    counted = mine.with_only_columns(
        func.count(Finding.id), func.coalesce(func.sum(case((is_closed, 1), else_=0)), 0)
    )
    whole, closed = db.session.execute(counted).one()
    return closed, whole
