"""部门考核表 on paper: facts with denominators; nobody is named and nothing is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department
from app.assessment import portraits, scoring
from app.assessment.collecting import all_rules
from app.assessment.models import (
    AssessmentCycle,
    DepartmentSheet,
    Portrait,
    PortraitKind,
    SheetRow,
)
from app.assessment.paper_layout import Heading, document_of
from app.assessment.paper_texts import MOST_CLAUSE, NOTHING, Line, clipped
from app.kernel import db, formats, pdf
from app.kernel.evidence import EvidenceKind, EvidenceRule, EvidenceState

MOST_FACTS = 22
LEAST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class SheetPaper:
    """Everything that stands on a 部门考核表; nobody is named and nothing is ranked."""

    hall: str
    department: str
    period: str
    people: tuple[tuple[str, str], ...]
    means: tuple[tuple[str, str, str], ...]
    is_small: bool
    shares: tuple[tuple[str, str, str], ...]
    facts: tuple[Line, ...]
    more_facts: int
    cutoff: str
    state: str


def read_sheet(record_id: int) -> SheetPaper:
    """Read all that the sheet of a department says."""
    sheet = db.session.get_one(DepartmentSheet, record_id)
    cycle = db.session.get_one(AssessmentCycle, sheet.cycle_id)
    department = db.session.get_one(Department, sheet.department_id)
    found, rules = rows_of_sheet(record_id), all_rules()
    mine = db.session.scalars(
        select(Portrait).where(
            Portrait.cycle_id == cycle.id, Portrait.department_id == sheet.department_id
        )
    ).all()
    scored = [each for each in mine if each.kind is PortraitKind.SCORED]
    span = portraits.scheme_of(cycle).span
    return SheetPaper(
        hall=accounts.hall_name(),
        department=department.name,
        period=f"{cycle.name}（{formats.month_day(span.first)}—{formats.month_day(span.last)}）",
        people=(
            ("在册", f"{len(mine)}人"),
            ("考核画像", f"{len(scored)}份"),
            ("其中数据不足", f"{sum(each.total is None for each in scored)}份"),
            ("情况反馈函", f"{len(mine) - len(scored)}份"),
        ),
        means=() if len(scored) < LEAST_NAMED else means_of(scored),
        is_small=len(scored) < LEAST_NAMED,
        shares=shares_of(found, rules),
        facts=tuple(fact_line(each, rules) for each in found[:MOST_FACTS]),
        more_facts=max(len(found) - MOST_FACTS, 0),
        cutoff=formats.moment(cycle.frozen_at) if cycle.frozen_at else NOTHING,
        state=cycle.state.value,
    )


def rows_of_sheet(sheet_id: int) -> Sequence[SheetRow]:
    """Give the facts of a department in their order."""
    return db.session.scalars(
        select(SheetRow).where(SheetRow.sheet_id == sheet_id).order_by(SheetRow.place)
    ).all()


def means_of(scored: Sequence[Portrait]) -> tuple[tuple[str, str, str], ...]:
    """Give the mean of each dimension with how many have data; only where that are five."""
    figures: dict[str, list[Decimal]] = {}
    for portrait in scored:
        for each in portrait.scores.get("dimensions", ()):
            figures.setdefault(each["name"], [])
            if each["score"] is not None:
                figures[each["name"]].append(Decimal(each["score"]))
    return tuple(
        (
            name,
            f"{len(each)}/{len(scored)}人",
            f"{scoring.tenth(sum(each, Decimal(0)) / len(each))}"
            if len(each) >= LEAST_NAMED
            else "不足5人，不列",
        )
        for name, each in figures.items()
    )


def shares_of(
    rows: Sequence[SheetRow], rules: Mapping[str, EvidenceRule]
) -> tuple[tuple[str, str, str], ...]:
    """Give what the facts of each rule come to, with the denominator."""
    found = []
    for rule in rules.values():
        mine = [
            each for each in rows if each.rule == rule.name and each.state is EvidenceState.COUNTED
        ]
        if mine:
            found.append((rule.label, f"{len(mine)}{rule.unit}", share_text(rule, mine)))
    return tuple(found)


def share_text(rule: EvidenceRule, rows: Sequence[SheetRow]) -> str:
    """Write the whole share of some facts."""
    whole = sum((each.denominator or Decimal(0) for each in rows), Decimal(0))
    if rule.kind is not EvidenceKind.SHARE or not whole:
        return NOTHING
    top = sum((each.amount for each in rows), Decimal(0))
    share = scoring.tenth(top * 100 / whole)
    return f"{share}%（{formats.marks(top)}/{formats.marks(whole)}）"


def fact_line(row: SheetRow, rules: Mapping[str, EvidenceRule]) -> Line:
    """Write a fact of a department."""
    rule = rules.get(row.rule)
    return Line(
        day=formats.month_day(row.occurred_on),
        dimension=rule.label if rule else row.rule,
        text=clipped(row.text),
        clause=clipped(row.clause, MOST_CLAUSE) or NOTHING,
        points=NOTHING,
        number=row.number or NOTHING,
    )


def sheet_document(snapshot: SheetPaper, code: str) -> pdf.Document:
    """Lay out 部门考核表."""
    heading = Heading(
        title="部门考核表",
        subject=f"{snapshot.department}　{snapshot.period[:9]}",
        version="第1版",
    )
    return document_of("sheet", heading, snapshot, code)
