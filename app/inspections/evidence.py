"""What 巡查 says for the assessment: at whose window a round looked, and what it found there.

清廉8 “现场巡查、电子监察、投诉反馈、明察暗访”. Only rounds that are finished, and orders that were
signed. A finding counts for a person only where he alone was at the window: who was on leave was
not there, whoever stood in for him was (HALL.md 3: 替岗). With an 申诉 it is suspended, revoked it
is overturned. `inspections.check` scores nothing: it says that there was something to be found.
"""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import select

from app.accounts.roster.models import ServiceWindow
from app.inspections.models import (
    ChecklistItem,
    Finding,
    Inspection,
    Track,
    WindowCheck,
)
from app.kernel import clock, db, formats
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, EvidenceState, Span
from app.rectifications.models import (
    SEVERITY_LABELS,
    OrderState,
    RectificationOrder,
)

REMINDER, SPOT = "reminder", "on_the_spot"
CHECK = EvidenceRule(
    name="inspections.check",
    version=1,
    label="在岗时被巡查",
    unit="次",
    kind=EvidenceKind.MENTION,
    basis="清廉8 “现场巡查”",
)
FINDING = EvidenceRule(
    name="inspections.finding",
    version=1,
    label="巡查发现的问题",
    unit="件",
    kind=EvidenceKind.FAULT,
    basis="清廉8 “现场巡查、电子监察、投诉反馈、明察暗访”",
    grades={
        REMINDER: "现场提醒",
        SPOT: "立行立改",
        **{severity.value: label for severity, label in SEVERITY_LABELS.items()},
    },
)
RULES = (CHECK, FINDING)
STATES = {
    OrderState.APPEALED: EvidenceState.SUSPENDED,
    OrderState.REVOKED: EvidenceState.OVERTURNED,
}
# Not signed: nothing that anybody has confirmed.
UNCONFIRMED = (OrderState.TO_SIGN, OrderState.RETURNED, OrderState.NOT_ISSUED)


def read(span: Span) -> Iterator[Evidence]:
    """Give the checks and the findings of the rounds of a span, on those who were there."""
    checks = db.session.execute(
        select(Inspection, WindowCheck, ServiceWindow.number)
        .join(WindowCheck, WindowCheck.inspection_id == Inspection.id)
        .join(ServiceWindow, ServiceWindow.id == WindowCheck.window_id)
        .where(Inspection.day.between(span.first, span.last), Inspection.ended_at.is_not(None))
        .order_by(Inspection.id, WindowCheck.id)
    ).all()
    for inspection, check, window in checks:
        for person_id in check.on_duty:
            yield check_of(inspection, check, window, person_id)
    rows = db.session.execute(
        select(Finding, ChecklistItem, WindowCheck, Inspection, ServiceWindow.number,
               RectificationOrder)
        .join(ChecklistItem, ChecklistItem.id == Finding.item_id)
        .join(WindowCheck, WindowCheck.id == Finding.check_id)
        .join(Inspection, Inspection.id == WindowCheck.inspection_id)
        .join(ServiceWindow, ServiceWindow.id == WindowCheck.window_id)
        .outerjoin(RectificationOrder, RectificationOrder.id == Finding.order_id)
        .where(Inspection.day.between(span.first, span.last), Inspection.ended_at.is_not(None))
        .order_by(Finding.id)
    )  # fmt: skip
    for finding, item, check, inspection, window, order in rows:
        if len(check.on_duty) == 1 and is_confirmed(order):
            yield finding_of(finding, item, check, inspection, window, order)


def check_of(inspection: Inspection, check: WindowCheck, window: str, person_id: int) -> Evidence:
    """Say that a round looked at somebody's window while he was there."""
    return Evidence(
        rule=CHECK.name,
        person_id=person_id,
        occurred_on=inspection.day,
        amount=Decimal(1),
        event_key=f"window-check:{check.id}",
        text=f"{formats.month_day(inspection.day)}巡查{window}窗口，本人在岗。",
        clause="任务举措8“现场巡查”",
        number=inspection.number,
        endpoint="inspections.show_own_check",
        values={"public_id": inspection.public_id, "window_id": check.window_id},
    )


def finding_of(  # noqa: PLR0917 - the parts of one row.
    finding: Finding,
    item: ChecklistItem,
    check: WindowCheck,
    inspection: Inspection,
    window: str,
    order: RectificationOrder | None,
) -> Evidence:
    """Give what was found at a window where one person was."""
    grade = order.severity.value if order is not None else grade_of(finding)
    return Evidence(
        rule=FINDING.name,
        person_id=check.on_duty[0],
        occurred_on=clock.local(finding.found_at).date(),
        amount=Decimal(1),
        state=EvidenceState.COUNTED if order is None else state_of(order),
        event_key=f"finding:{finding.id}",
        grade=grade,
        text=f"{formats.time_of_day(finding.found_at)}，{window}窗口，{finding.fact}"
        f"（{FINDING.grades[grade]}）",
        clause=item.basis,
        number=(order.number or "") if order is not None else inspection.number,
        endpoint="inspections.show_own_finding",
        values={"public_id": finding.public_id},
    )


def is_confirmed(order: RectificationOrder | None) -> bool:
    """Tell whether what was found stands: a reminder does, an order once it is signed."""
    return order is None or order.state not in UNCONFIRMED


def grade_of(finding: Finding) -> str:
    """Give the grade of what became no order."""
    return REMINDER if finding.track is Track.REMINDER else SPOT


def state_of(order: RectificationOrder) -> EvidenceState:
    """Tell whether an order counts now."""
    return STATES.get(order.state, EvidenceState.COUNTED)
