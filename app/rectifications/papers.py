"""整改通知单 as a paper, with 回执 and 复查栏: a frozen snapshot of all its fields, and its
layout.

"编号; 送达部门/人; 来源单号; 事实; 违反依据 (制度·条·版本); 整改要求; 时限"; "反馈方式;
申诉权利与期限; 签发人·日期; 经办人·电话; 签收人·时间." What is not known yet is left blank, to be
filled in by hand.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from app.accounts import hall
from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.accounts.service import names_of
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.rectifications.models import CAUSE_LABELS, SEVERITY_LABELS, RectificationOrder
from app.rectifications.settings import contact_phone
from app.rectifications.workflow import count_photos, mend_due

PEOPLE = (
    "drafted_by_id", "signed_by_id", "received_by_id", "responsible_id", "repaired_by_id",
    "rechecked_by_id", "closed_by_id",
)  # fmt: skip
FEEDBACK_WAY = "在本站填写回执；不便使用的，填写本单回执栏送经办人代录"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Everything that stands on a 整改通知单, as text; the snapshot behind its 校验码."""

    hall: str
    number: str
    department: str
    window: str
    source: str
    severity: str
    found_at: str
    fact: str
    basis: str
    requirement: str
    time_limit: str
    feedback_way: str
    appeal: str
    signed_by: str
    signed_on: str
    drafted_by: str
    phone: str
    received_by: str
    received_at: str
    cause: str
    measure: str
    responsible: str
    done_on: str
    evidence: str
    unit_lead: str
    rechecked_by: str
    rechecked_on: str
    result: str
    closed_by: str
    closed_on: str
    made_for: str


def snapshot(record_id: int) -> Notice:
    """Read all that the paper says of an order."""
    order = db.session.get_one(RectificationOrder, record_id)
    window = db.session.get(ServiceWindow, order.window_id) if order.window_id else None
    profile, names = hall.get_profile(), names_on(order)
    return Notice(
        hall=profile.name,
        number=order.number or "",
        department=db.session.get_one(Department, order.department_id).name,
        window=f"{window.number} {window.name}" if window else "整个部门",
        source=order.source_label,
        severity=SEVERITY_LABELS[order.severity],
        found_at=formats.moment(order.found_at),
        fact=order.fact,
        basis=order.basis,
        requirement=order.requirement,
        time_limit=time_limit(order),
        feedback_way=FEEDBACK_WAY,
        appeal=f"对事实或依据有异议的，可在签收起{order.appeal_days}个工作日内申诉；申诉由未参与巡查和签发的人裁定",
        signed_by=names["signed_by_id"],
        signed_on=day_of(order.signed_at),
        drafted_by=names["drafted_by_id"],
        phone=contact_phone(),
        received_by=names["received_by_id"],
        received_at=formats.moment(order.received_at) if order.received_at else "",
        cause=CAUSE_LABELS[order.cause] if order.cause else "",
        measure=order.measure,
        responsible=names["responsible_id"],
        done_on=formats.day(order.done_on) if order.done_on else "",
        evidence=f"照片{count}张" if (count := count_photos(order)) else "",
        unit_lead=names["repaired_by_id"],
        rechecked_by=names["rechecked_by_id"],
        rechecked_on=day_of(order.rechecked_at),
        result={True: "通过", False: "退回重改", None: ""}[order.is_passed],
        closed_by=names["closed_by_id"],
        closed_on=day_of(order.closed_at),
        made_for=formats.moment(order.moved_at),
    )


def names_on(order: RectificationOrder) -> dict[str, str]:
    """Give the names of all who had to do with an order, by the column that says so."""
    ids = {column: getattr(order, column) for column in PEOPLE}
    names = names_of(ids.values())
    return {column: names.get(person_id, "") for column, person_id in ids.items()}


def time_limit(order: RectificationOrder) -> str:
    """Write 时限: working days from the day after the receipt, and until when once it is known."""
    rule = f"签收次日起{order.mend_days}个工作日"
    if order.received_at is None:
        return f"{rule}，至　　月　　日17:00"
    due = clock.local(mend_due(order))
    return f"{rule}，至{due.month}月{due.day}日{due:%H:%M}"


def day_of(moment: datetime | None) -> str:
    """Write the day of an instant; nothing where there is none."""
    return "" if moment is None else formats.day(clock.local(moment).date())


def document(notice: Notice, code: str) -> pdf.Document:
    """Lay the paper out."""
    return pdf.Document(
        html=render_template("rectifications/pdf/notice.html", notice=notice, check_code=code),
        stylesheets=(
            pdf.stylesheet("pdf/base.css"),
            pdf.stylesheet("rectifications/pdf/notice.css"),
        ),
        title="整改通知单",
        author=notice.hall,
        created_at=clock.now(),
    )


PAPER = PaperKind(
    name="rectifications.order",
    title="整改通知单",
    word="order",
    endpoint="rectifications.show_order_paper",
    snapshot=snapshot,
    document=document,
    file_name=lambda notice: f"整改通知单{notice.number or '未编号'}",
)
