"""个人考核画像, 考核情况反馈函 and 部门考核表 on paper: frozen snapshots of plain texts.

The fields are those of HALL.md 5, on exactly two A4 pages: what has no room is counted and
stands on the page of the portrait. No rank, 政治面貌, age or 廉洁 remark; "中心内部日常考核参考，
不作为法定年度考核等次".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.accounts import service as accounts
from app.assessment import effects, portraits, scoring, sheet_papers
from app.assessment.collecting import all_rules
from app.assessment.models import (
    UNIT_OPINION_LABELS,
    Portrait,
    PortraitKind,
    PortraitRow,
)
from app.assessment.paper_layout import LETTER_PURPOSE, Heading, document_of
from app.assessment.paper_texts import (
    MOST_CHARACTERS,
    MOST_CLAUSE,
    NOTHING,
    Line,
    clipped,
    points_text,
    signed,
)
from app.files.papers import PaperKind
from app.kernel import charts, formats, pdf
from app.kernel.evidence import EvidenceKind, EvidenceRule, EvidenceState

NO_DATA = "本维度无数据，权重已分摊"
MOST_DETAILS, MOST_LEFT_OUT, MOST_LINES = 9, 5, 5
MOST_LETTER = 12
LEARNING = ("exams.", "training.", "mentoring.", "regulations.")
SAME = "持平"


@dataclass(frozen=True, kw_only=True)
class DimensionLine:
    """One line of 维度表; `has_data` false prints 无数据."""

    name: str
    weight: str
    score: str
    count: str
    rows: str
    change: str
    has_data: bool


@dataclass(frozen=True, kw_only=True)
class PortraitPaper:
    """Everything that stands on a portrait or a letter, as text."""

    hall: str
    name: str
    number: str
    department: str
    post: str
    period: str
    days: str
    leaves: str
    moves: str
    dimensions: tuple[DimensionLine, ...]
    shape: tuple[tuple[str, str, str], ...]
    total: str
    bonus: str
    lacks: str
    weights: str
    details: tuple[Line, ...]
    more_details: int
    left_out: tuple[tuple[str, Line], ...]
    # What a letter tells one by one, each under the name of its rule.
    facts: tuple[Line, ...]
    learning: tuple[tuple[str, str], ...]
    praise: tuple[tuple[str, str], ...]
    comment: str
    comment_by: str
    own_opinion: str
    objections_until: str
    unit_opinion: str
    unit_by: str
    approved: str
    edition: str
    cause: str
    cutoff: str
    state: str


def read_portrait(record_id: int) -> PortraitPaper:
    """Read all that the paper of a person says."""
    view = portraits.get_view(record_id)
    portrait, cycle = view.portrait, view.cycle
    rows, found = effects.rows_of(record_id), portraits.content_of(cycle)
    rules, before = all_rules(), portraits.previous_scores(view)
    edition = portraits.editions_of(record_id)[-1]
    details = [line_of(each, found.dimension_of(each.rule)) for each in rows if is_detail(each)]
    exposures = {item.exposure for _, item in found.items()}
    names = accounts.names_of([portrait.commented_by_id, portrait.unit_by_id, cycle.approved_by_id])
    span = portraits.scheme_of(cycle).span
    return PortraitPaper(
        hall=accounts.hall_name(),
        name=view.person.name,
        number=view.person.staff_number,
        department=view.department.name,
        post=portrait.post,
        period=f"{cycle.name}（{formats.month_day(span.first)}—{formats.month_day(span.last)}）",
        days=f"{portrait.present_days}天 / 应在岗{portrait.expected_days}天",
        leaves="、".join(f"{label}{days}" for label, days in portrait.leaves.items()),
        moves=moves_of(portrait),
        dimensions=tuple(dimension_line(each, before) for each in dimensions_of(portrait)),
        shape=tuple(
            (each["name"], each["score"] or "", str(before.get(each["name"], "")))
            for each in dimensions_of(portrait)
        ),
        total=formats.marks(portrait.total) if portrait.total is not None else "数据不足",
        bonus=formats.marks(Decimal(portrait.scores.get("bonus", "0"))),
        lacks=portrait.scores.get("lacks", ""),
        weights=weights_text(portrait),
        details=tuple(details[:MOST_DETAILS]),
        more_details=max(len(details) - MOST_DETAILS, 0),
        left_out=left_out_of(rows, portrait)[:MOST_LEFT_OUT],
        facts=faults_of(rows, rules),
        learning=summed(rows, rules, lambda rule: is_learning(rule, exposures))[:MOST_LINES],
        praise=summed(rows, rules, lambda rule: is_praise(rule, exposures))[:MOST_LINES],
        comment=portrait.comment,
        comment_by=signed(names, portrait.commented_by_id, portrait.commented_at),
        own_opinion=portrait.own_opinion,
        objections_until=formats.moment(cycle.objections_until) if cycle.objections_until else "",
        unit_opinion=opinion_text(portrait),
        unit_by=signed(names, portrait.unit_by_id, portrait.unit_at),
        approved=signed(names, cycle.approved_by_id, cycle.approved_at),
        edition=f"第{portrait.edition}版",
        cause=edition.cause,
        cutoff=formats.moment(cycle.frozen_at) if cycle.frozen_at else NOTHING,
        state=cycle.state.value,
    )


def dimensions_of(portrait: Portrait) -> Sequence[dict[str, Any]]:
    """Give the stored dimensions; a letter has none."""
    found: Sequence[dict[str, Any]] = portrait.scores.get("dimensions", ())
    return found


def moves_of(portrait: Portrait) -> str:
    """Say of somebody who was transferred how many days he had where."""
    if len(portrait.posts) < 2:  # noqa: PLR2004 - one post is no transfer.
        return ""
    return "；".join(
        f"{each['department']} {each['post']} {each['days']}天" for each in portrait.posts
    )


def dimension_line(each: dict[str, Any], before: dict[str, Decimal]) -> DimensionLine:
    """Write one dimension."""
    score = each["score"]
    return DimensionLine(
        name=each["name"],
        weight=f"{each['weight']}%",
        score=score or NOTHING,
        count=str(each["count"]),
        rows=str(each["rows"]),
        change=change_of(score, before.get(each["name"])),
        has_data=score is not None,
    )


def change_of(score: str | None, before: Decimal | None) -> str:
    """Say how a figure changed since the quarter before."""
    if score is None or before is None:
        return NOTHING
    change = Decimal(score) - before
    return SAME if not change else f"{change:+}".replace("-", "−")


def weights_text(portrait: Portrait) -> str:
    """Say how the weights of what had no data were shared out."""
    gone = [each for each in dimensions_of(portrait) if each["score"] is None]
    if not gone:
        return ""
    names = "、".join(f"“{each['name']}”" for each in gone)
    kept = "、".join(
        f"{each['name']}{each['effective']}%"
        for each in dimensions_of(portrait)
        if each["score"] is not None
    )
    return f"{names}{NO_DATA}：{kept or '没有一个维度有数据'}。"


def is_detail(row: PortraitRow) -> bool:
    """Tell whether a row is one of 加分扣分明细."""
    return row.points is not None


def line_of(row: PortraitRow, dimension: str) -> Line:
    """Write a row."""
    return Line(
        day=formats.month_day(row.occurred_on),
        dimension=dimension or "加分",
        text=clipped(row.text),
        clause=clipped(row.clause, MOST_CLAUSE) or NOTHING,
        points=points_text(row),
        number=row.number or NOTHING,
    )


def left_out_of(rows: Sequence[PortraitRow], portrait: Portrait) -> tuple[tuple[str, Line], ...]:
    """Give what does not count: 申诉中, 已更正, counted with another; and what had no data."""
    words = {EvidenceState.SUSPENDED: "申诉中", EvidenceState.OVERTURNED: "已更正"}
    found = [
        (words.get(each.state, "已合并"), line_of(each, ""))
        for each in rows
        if each.state is not EvidenceState.COUNTED or each.note == scoring.ONCE
    ]
    for each in dimensions_of(portrait):
        if each["score"] is None:
            text = f"“{each['name']}”{NO_DATA}。"
            line = Line(day="全期", dimension=each["name"], text=text, clause=NOTHING,
                        points=NOTHING, number=NOTHING)  # fmt: skip
            found.append(("无数据", line))
    return tuple(found)


def faults_of(rows: Sequence[PortraitRow], rules: Mapping[str, EvidenceRule]) -> tuple[Line, ...]:
    """Give what was amiss and stands, each under the name of its rule."""
    return tuple(
        line_of(each, rules[each.rule].label)
        for each in rows
        if each.state is EvidenceState.COUNTED
        and each.rule in rules
        and rules[each.rule].kind is EvidenceKind.FAULT
    )[:MOST_LETTER]


def is_learning(rule: EvidenceRule, exposures: set[str]) -> bool:
    """Tell whether a rule is told under 学习与带教; how often rounds came is told there too."""
    is_told = rule.kind in {EvidenceKind.SHARE, EvidenceKind.MENTION}
    return is_told and (rule.name.startswith(LEARNING) or rule.name in exposures)


def is_praise(rule: EvidenceRule, exposures: set[str]) -> bool:
    """Tell whether a rule is told under 表扬; what a department did is no praise of a person."""
    if rule.is_department:
        return False
    told = rule.kind in {EvidenceKind.MENTION, EvidenceKind.MERIT}
    return told and not is_learning(rule, exposures)


def summed(
    rows: Sequence[PortraitRow],
    rules: Mapping[str, EvidenceRule],
    is_told: Callable[[EvidenceRule], bool],
) -> tuple[tuple[str, str], ...]:
    """Tell in one line per rule what its facts come to."""
    found = []
    for rule in rules.values():
        mine = [
            each for each in rows if each.rule == rule.name and each.state is EvidenceState.COUNTED
        ]
        if mine and is_told(rule):
            found.append((f"{rule.label}（{len(mine)}{rule.unit}）", facts_text(rule, mine)))
    return tuple(found)


def facts_text(rule: EvidenceRule, rows: Sequence[PortraitRow]) -> str:
    """Tell the facts of one rule in one line: shares as shares, all else in words."""
    if rule.kind is EvidenceKind.SHARE:
        parts = [
            f"{formats.month_day(each.occurred_on)} {formats.marks(each.amount)}"
            f"/{formats.marks(each.denominator)}"
            for each in rows
        ]
        return clipped("；".join(parts), 2 * MOST_CHARACTERS)
    return clipped("；".join(each.text.rstrip("。") for each in rows), 2 * MOST_CHARACTERS)


def opinion_text(portrait: Portrait) -> str:
    """Write 科室意见."""
    if portrait.unit_opinion is None:
        return ""
    label = UNIT_OPINION_LABELS[portrait.unit_opinion]
    return f"{label}。{portrait.unit_note}"


def shape_of(snapshot: PortraitPaper) -> charts.Radar | None:
    """Draw the radar of a portrait."""
    return charts.radar(
        [
            (name, float(score) if score else None, float(before) if before else None)
            for name, score, before in snapshot.shape
        ]
    )


def portrait_document(snapshot: PortraitPaper, code: str) -> pdf.Document:
    """Lay out 个人考核画像."""
    heading = Heading(
        title="个人考核画像",
        subject=f"{subject_of(snapshot)}　{snapshot.edition}",
        version=snapshot.edition,
    )
    return document_of("portrait", heading, snapshot, code, shape_of(snapshot))


def letter_document(snapshot: PortraitPaper, code: str) -> pdf.Document:
    """Lay out 考核情况反馈函."""
    heading = Heading(
        title="考核情况反馈函",
        subject=subject_of(snapshot),
        version=snapshot.edition,
        purpose=LETTER_PURPOSE,
    )
    return document_of("letter", heading, snapshot, code)


def subject_of(snapshot: PortraitPaper) -> str:
    """Say whom and when a paper is about."""
    return f"{snapshot.name}　{snapshot.number}　{snapshot.period[:9]}"


PORTRAIT = PaperKind(
    name="assessment.portrait",
    title="个人考核画像",
    word="portrait",
    endpoint="assessment.show_portrait_paper",
    snapshot=read_portrait,
    document=portrait_document,
    file_name=lambda found: f"个人考核画像-{found.period[:9]}-{found.name}-{found.number}",
)
LETTER = PaperKind(
    name="assessment.letter",
    title="考核情况反馈函",
    word="letter",
    endpoint="assessment.show_letter_paper",
    snapshot=read_portrait,
    document=letter_document,
    file_name=lambda found: f"考核情况反馈函-{found.period[:9]}-{found.name}-{found.number}",
)
SHEET = PaperKind(
    name="assessment.sheet",
    title="部门考核表",
    word="sheet",
    endpoint="assessment.show_sheet_paper",
    snapshot=sheet_papers.read_sheet,
    document=sheet_papers.sheet_document,
    file_name=lambda found: f"部门考核表-{found.period[:9]}-{found.department}",
)
KINDS = (PORTRAIT, LETTER, SHEET)


def kind_of(portrait: Portrait) -> PaperKind:
    """Give the paper that a person gets."""
    return PORTRAIT if portrait.kind is PortraitKind.SCORED else LETTER
