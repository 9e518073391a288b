"""优化工作建议单 on paper: a frozen snapshot of plain texts, laid out by a template.

It has every field of HALL.md 5, 白头 and with its own number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import (
    ORDER_SOURCE_LABELS,
    ORDER_VERDICT_LABELS,
    VISIT_RESULT_LABELS,
    VISIT_WAY_LABELS,
    ImprovementOrder,
    VisitResult,
    VisitWay,
)
from app.suggestions.orders import list_evidence

NOTHING = "—"


@dataclass(frozen=True, kw_only=True)
class OrderPaper:
    """Everything that stands on a 建议单, as text; a dash where nothing is filled in yet."""

    hall: str
    number: str
    title: str
    state: str
    drafted: str
    source: str
    source_number: str
    case_count: str
    period: str
    addressee: str
    problem: str
    cause: str
    demand: str
    indicator: str
    carry_days: str
    issued: str
    received: str
    verdict: str
    verdict_reason: str
    measures: str
    responsible: str
    finish_on: str
    declined: str
    result: str
    evidence: str
    verified: str
    verification: str
    clause: str
    is_unsuitable: bool
    unsuitable_reason: str
    visit: tuple[str, ...]
    revisit: tuple[str, ...]
    case: str


def get_order(record_id: int) -> ImprovementOrder:
    """Give a 建议单 by its id."""
    return db.session.get_one(ImprovementOrder, record_id)


def order_snapshot(record_id: int) -> OrderPaper:
    """Read all that a 建议单 says."""
    order = get_order(record_id)
    names = names_on(order)
    return OrderPaper(
        hall=accounts.hall_name(),
        number=order.number or "未编号",
        title=order.title,
        state=ORDER_FLOW.state(order.state).label,
        drafted=signed(names, order.drafted_by_id, order.drafted_at),
        source=ORDER_SOURCE_LABELS[order.source],
        source_number=order.source_number or NOTHING,
        case_count=f"{order.case_count}件",
        period=period_text(order.period_from, order.period_until),
        addressee=addressee_text(order, names),
        problem=order.problem,
        cause=order.cause or NOTHING,
        demand=order.demand,
        indicator=indicator_text(order),
        carry_days=f"承办反馈后{order.carry_days}个工作日",
        issued=signed(names, order.issued_by_id, order.issued_at),
        received=signed(names, order.received_by_id, order.received_at),
        verdict=ORDER_VERDICT_LABELS[order.verdict] if order.verdict else NOTHING,
        verdict_reason=order.verdict_reason or NOTHING,
        measures=order.measures or NOTHING,
        responsible=order.responsible or NOTHING,
        finish_on=day_text(order.finish_on),
        declined=signed(names, order.confirmed_by_id, order.confirmed_at),
        result=order.result or NOTHING,
        evidence=evidence_text(record_id),
        verified=signed(names, order.verified_by_id, order.verified_at),
        verification=order.verification or NOTHING,
        clause=clause_text(order),
        is_unsuitable=order.is_unsuitable,
        unsuitable_reason=order.unsuitable_reason,
        visit=visit_parts(
            names, order.visited_by_id, order.visit_on, order.visit_way, order.visit_result,
            order.visit_note,
        ),
        revisit=visit_parts(
            names, order.revisited_by_id, order.revisit_on, order.revisit_way,
            order.revisit_result, order.revisit_note,
        ),
        case="已入典型案例库" if order.is_case else NOTHING,
    )  # fmt: skip


def names_on(order: ImprovementOrder) -> dict[int, str]:
    """Give the names of everybody who stands on a 建议单."""
    return accounts.names_of([
        order.drafted_by_id, order.issued_by_id, order.received_by_id, order.confirmed_by_id,
        order.verified_by_id, order.visited_by_id, order.revisited_by_id, order.addressee_id,
    ])  # fmt: skip


def staff_number_of(person_id: int | None) -> str:
    """Give the 工号 of a person; nothing for nobody."""
    person = db.session.get(Person, person_id or 0)
    return person.staff_number if person else ""


def signed(names: dict[int, str], person_id: int | None, at: datetime | None) -> str:
    """Write who signed when; a dash where nobody has."""
    if at is None:
        return NOTHING
    return f"{names.get(person_id or 0, '系统')}　{formats.moment(at)}"


def day_text(day: date | None) -> str:
    """Write a day, or a dash."""
    return formats.day(day) if day else NOTHING


def period_text(since: date | None, until: date | None) -> str:
    """Write a period, or a dash."""
    return f"{formats.day(since)}至{formats.day(until)}" if since and until else NOTHING


def addressee_text(order: ImprovementOrder, names: dict[int, str]) -> str:
    """Write 派发对象: the department, and somebody of it."""
    department = db.session.get(Department, order.department_id or 0)
    person = names.get(order.addressee_id or 0, "")
    return "　".join(filter(None, [department.name if department else "", person])) or NOTHING


def indicator_text(order: ImprovementOrder) -> str:
    """Write 指标 现值→目标值, or a dash."""
    if not order.indicator:
        return NOTHING
    return f"{order.indicator}：{order.current_value} → {order.target_value}"


def clause_text(order: ImprovementOrder) -> str:
    """Write 计入考核的条款与分值."""
    if not order.clause:
        return "不计入考核"
    points = f"，{formats.marks(order.points)}分" if order.points is not None else ""
    return f"{order.clause}{points}"


def evidence_text(record_id: int) -> str:
    """Write how much evidence there is, by the hash of each picture."""
    found = list_evidence(record_id)
    if not found:
        return NOTHING
    return f"{len(found)}张图片（{'、'.join(file.sha256[:8] for _, file, _ in found)}）"


def visit_parts(  # noqa: PLR0917 - the columns of one visit.
    names: dict[int, str],
    person_id: int | None,
    on: date | None,
    way: VisitWay | None,
    result: VisitResult | None,
    note: str,
) -> tuple[str, ...]:
    """Write a visit: 日期, 方式, 回访人, 结果, what was said; empty where there was none."""
    if on is None or way is None or result is None:
        return ()
    return (
        formats.day(on),
        VISIT_WAY_LABELS[way],
        names.get(person_id or 0, NOTHING),
        VISIT_RESULT_LABELS[result],
        note or NOTHING,
    )


def sections_of(paper: OrderPaper) -> list[tuple[str, list[dict[str, object]]]]:
    """Arrange the fields for the page, in the order of the paper."""
    groups: Sequence[tuple[str, Sequence[tuple[str, object]]]] = (
        ("来源与要求", [
            ("编号", paper.number), ("派发对象", paper.addressee),
            ("来源渠道", f"{paper.source}，{paper.case_count}"), ("来源单号", paper.source_number),
            ("期间", paper.period), ("问题（数据）", paper.problem), ("原因", paper.cause),
            ("改进要求", paper.demand), ("指标", paper.indicator), ("承办时限", paper.carry_days),
            ("计入考核", paper.clause), ("签发", paper.issued), ("签收", paper.received),
        ]),
        ("承办反馈与落实", [
            ("承办反馈", paper.verdict), ("理由", paper.verdict_reason), ("措施", paper.measures),
            ("责任人", paper.responsible), ("完成日", paper.finish_on),
            ("确认不采纳", paper.declined), ("落实情况", paper.result), ("佐证", paper.evidence),
        ]),
        ("核验与回访", [
            ("核验人", paper.verified), ("核验情况", paper.verification),
            ("首次回访", "，".join(paper.visit) or visit_gap(paper)),
            ("二次回访", "，".join(paper.revisit) or visit_gap(paper)), ("案例库", paper.case),
        ]),
    )  # fmt: skip
    return [
        (title, [{"label": label, "text": text} for label, text in rows]) for title, rows in groups
    ]


def visit_gap(paper: OrderPaper) -> str:
    """Write why nobody was asked."""
    return f"不宜回访：{paper.unsuitable_reason}" if paper.is_unsuitable else NOTHING


def order_document(paper: OrderPaper, code: str) -> pdf.Document:
    """Lay a 建议单 out."""
    return pdf.Document(
        html=render_template(
            "suggestions/pdf/order.html", sheet=paper, check_code=code, printed=printed_on()
        ),
        stylesheets=tuple(map(pdf.stylesheet, ("pdf/base.css", "suggestions/pdf/order.css"))),
        title=f"优化工作建议单{paper.number}",
        author=paper.hall,
        created_at=clock.now(),
    )


def printed_on() -> str:
    """Write when a paper is printed."""
    return formats.moment(clock.now())


ORDER = PaperKind(
    name="suggestions.order",
    title="优化工作建议单",
    word="order",
    endpoint="suggestions.show_order_paper",
    snapshot=order_snapshot,
    document=order_document,
    file_name=lambda paper: f"优化工作建议单{paper.number}",
)
