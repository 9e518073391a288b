"""巡查记录表 as a paper: a frozen snapshot of all its fields, and its layout.

"编号; 日期, 时段, 起止; 方式; 巡查人(2), 带班领导; 区域/窗口/部门/在岗人"; "结果 正常/提醒/问题;
问题描述"; "照片号; 依据条款; 当场处理; 被查人意见与签字 (拒签注明); 值班长签字."
"""

from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.files.papers import PaperKind
from app.inspections import checklists, rounds
from app.inspections.models import (
    DUTY_PERIOD_LABELS,
    INSPECTION_WAY_LABELS,
    OPINION_LABELS,
    TRACK_LABELS,
    ChecklistItem,
    Finding,
    Inspection,
    Track,
    WindowCheck,
)
from app.kernel import clock, db, formats, pdf
from app.rectifications import service as rectifications
from app.rectifications.models import RectificationOrder
from app.rectifications.workflow import FLOW

NORMAL, REMINDED, PROBLEM = "正常", "提醒", "问题"
NUMBER_DIGITS = 2


@dataclass(frozen=True, kw_only=True)
class SheetWindow:
    """One window of the sheet."""

    number: str
    department: str
    on_duty: str
    at: str
    result: str
    items: str


@dataclass(frozen=True, kw_only=True)
class SheetFinding:
    """One finding of the sheet."""

    number: int
    at: str
    place: str
    item: str
    fact: str
    absence: str
    photos: str
    basis: str
    handling: str


@dataclass(frozen=True, kw_only=True)
class RecordSheet:
    """Everything that stands on a 巡查记录表, as text; the snapshot behind its 校验码."""

    hall: str
    number: str
    day: str
    period: str
    since: str
    until: str
    way: str
    inspectors: str
    leader: str
    areas: str
    items: tuple[str, ...]
    windows: tuple[SheetWindow, ...]
    findings: tuple[SheetFinding, ...]
    summary: str
    opinion: str
    opinion_note: str
    remarks: tuple[str, ...]
    version: str


Line = tuple[Finding, ChecklistItem]


def snapshot(record_id: int) -> RecordSheet:
    """Read all that the paper says of a round."""
    inspection = db.session.get_one(Inspection, record_id)
    lines, windows = read_lines(record_id), read_windows(record_id)
    remarks = rounds.list_remarks(record_id)
    names = accounts.names_of({inspection.inspector_id, inspection.second_id, inspection.leader_id})
    numbers = {check.id: window.number for check, window, _ in windows}
    ended = inspection.ended_at
    return RecordSheet(
        hall=accounts.hall_name(),
        number=inspection.number,
        day=f"{formats.day(inspection.day)} {formats.weekday(inspection.day)}",
        period=DUTY_PERIOD_LABELS[inspection.period],
        since=formats.time_of_day(inspection.started_at),
        until=formats.time_of_day(ended) if ended else "进行中",
        way=INSPECTION_WAY_LABELS[inspection.way],
        inspectors=f"{names[inspection.inspector_id]}、{names[inspection.second_id]}",
        leader=names[inspection.leader_id],
        areas=inspection.areas,
        items=tuple(each.name for each in checklists.list_items(inspection.checklist_id)),
        windows=tuple(sheet_windows(windows, lines)),
        findings=tuple(sheet_findings(lines, numbers)),
        summary=summary_of(len(windows), [finding for finding, _ in lines]),
        opinion=OPINION_LABELS[inspection.opinion] if inspection.opinion else "",
        opinion_note=inspection.opinion_note,
        remarks=tuple(
            f"{formats.moment(each.made_at)}更正：{each.text}（原因：{each.reason}）"
            for each in remarks
        ),
        version=f"更正{len(remarks)}次" if remarks else "无更正",
    )


def read_lines(inspection_id: int) -> list[Line]:
    """Give the findings of a round with their items, by the time at which they were found."""
    rows = db.session.execute(
        select(Finding, ChecklistItem)
        .join(ChecklistItem, ChecklistItem.id == Finding.item_id)
        .join(WindowCheck, WindowCheck.id == Finding.check_id)
        .where(WindowCheck.inspection_id == inspection_id)
        .order_by(Finding.id)
    )
    return [(finding, item) for finding, item in rows]


def read_windows(inspection_id: int) -> list[tuple[WindowCheck, ServiceWindow, str]]:
    """Give the windows of a round by number."""
    rows = db.session.execute(
        select(WindowCheck, ServiceWindow, Department.name)
        .join(ServiceWindow, ServiceWindow.id == WindowCheck.window_id)
        .join(Department, Department.id == WindowCheck.department_id)
        .where(WindowCheck.inspection_id == inspection_id)
        .order_by(ServiceWindow.number)
    )
    return [(check, window, department) for check, window, department in rows]


def sheet_windows(
    windows: list[tuple[WindowCheck, ServiceWindow, str]], lines: list[Line]
) -> list[SheetWindow]:
    """Write the table of windows."""
    names = accounts.names_of({each for check, _, _ in windows for each in check.on_duty})
    found = []
    for check, window, department in windows:
        mine = [(finding, item) for finding, item in lines if finding.check_id == check.id]
        found.append(
            SheetWindow(
                number=window.number,
                department=department,
                on_duty="、".join(names[each] for each in check.on_duty) or "—",
                at=formats.time_of_day(check.checked_at),
                result=result_of([finding for finding, _ in mine]),
                items="、".join(dict.fromkeys(item.name for _, item in mine)) or "各项正常",
            )
        )
    return found


def result_of(findings: list[Finding]) -> str:
    """Say 正常, 提醒 or 问题 of one window."""
    if not findings:
        return NORMAL
    is_reminded = all(each.track is Track.REMINDER for each in findings)
    return REMINDED if is_reminded else PROBLEM


def sheet_findings(lines: list[Line], numbers: dict[int, str]) -> list[SheetFinding]:
    """Write the table of findings."""
    orders = rectifications.states_of({each.order_id for each, _ in lines if each.order_id})
    confirmed = accounts.names_of({each.confirmed_by_id for each, _ in lines})
    return [
        SheetFinding(
            number=place,
            at=formats.time_of_day(finding.found_at),
            place=f"{numbers[finding.check_id]}窗口",
            item=item.name,
            fact=finding.fact,
            absence=finding.absence_note,
            photos=photo_numbers(finding, place),
            basis=item.basis,
            handling=handling_of(finding, orders.get(finding.order_id or 0), confirmed),
        )
        for place, (finding, item) in enumerate(lines, start=1)
    ]


def photo_numbers(finding: Finding, place: int) -> str:
    """Give 照片号: the number of the finding, with 前 and 后."""
    words = [
        word
        for word, file_id in (("前", finding.before_file_id), ("后", finding.after_file_id))
        if file_id is not None
    ]
    return "、".join(f"{place:0{NUMBER_DIGITS}d}{word}" for word in words) or "—"


def handling_of(finding: Finding, order: RectificationOrder | None, names: dict[int, str]) -> str:
    """Say 当场处理 of a finding."""
    label = TRACK_LABELS[finding.track]
    if order is not None:
        word = FLOW.state(order.state).label
        return f"{label}{order.number or f'（{word}）'}"
    if finding.track is Track.REMINDER:
        return "首次提醒，不计分" if finding.is_first else label
    if finding.fixed_at is None or finding.confirmed_by_id is None:
        return f"{label}，待改好"
    at, who = formats.time_of_day(finding.fixed_at), names[finding.confirmed_by_id]
    return f"{label}，{at}改好，{who}确认"


def summary_of(windows: int, findings: list[Finding]) -> str:
    """Sum a round up in one sentence."""
    counts = [
        f"{TRACK_LABELS[track]}{sum(each.track is track for each in findings)}项" for track in Track
    ]
    affected = len({each.check_id for each in findings})
    return f"检查窗口{windows}个，正常{windows - affected}个；{'，'.join(counts)}。"


def document(sheet: RecordSheet, code: str) -> pdf.Document:
    """Lay the paper out."""
    return pdf.Document(
        html=render_template("inspections/pdf/record.html", sheet=sheet, check_code=code),
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("inspections/pdf/record.css")),
        title="巡查记录表",
        author=sheet.hall,
        created_at=clock.now(),
    )


PAPER = PaperKind(
    name="inspections.record",
    title="巡查记录表",
    word="record",
    endpoint="inspections.show_record_paper",
    snapshot=snapshot,
    document=document,
    file_name=lambda sheet: f"巡查记录表{sheet.number}",
)
