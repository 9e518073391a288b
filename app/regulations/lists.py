"""The lists of the room: rules, risk points, must-read lists, who has confirmed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, and_, func, or_

from app.accounts.models import Department, Person
from app.accounts.roster.models import Post
from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing, tag
from app.regulations import reading_lists, risks, rules
from app.regulations.models import (
    RISK_LEVEL_LABELS,
    RULE_CLASS_LABELS,
    RULE_KIND_LABELS,
    RULE_PART_LABELS,
    WORK_STAGE_LABELS,
    ReadingItem,
    Regulation,
    RegulationVersion,
    RiskContent,
    RiskLevel,
    RiskPoint,
    RiskState,
    RuleClass,
    RuleKind,
    RulePart,
    WorkStage,
)
from app.regulations.reading_lists import FOR_ALL, ItemRow
from app.regulations.readings import Reading
from app.regulations.risk_flow import FLOW as RISK_FLOW
from app.regulations.risks import RiskRow
from app.regulations.rules import STANDING_KINDS, STANDING_LABELS, RuleRow, Standing

CENTRE = "中心层面"


# ---------- rules


def has_standing(value: str) -> ColumnElement[bool]:
    """Narrow the rules to what the shown version is today."""
    today = clock.today()
    withdrawn = RegulationVersion.withdrawn_on <= today
    return {
        Standing.UNAPPROVED: RegulationVersion.id.is_(None),
        Standing.WITHDRAWN: withdrawn,
        Standing.COMING: and_(
            RegulationVersion.effective_on > today,
            or_(RegulationVersion.withdrawn_on.is_(None), ~withdrawn),
        ),
        Standing.IN_FORCE: and_(
            RegulationVersion.effective_on <= today,
            or_(RegulationVersion.withdrawn_on.is_(None), ~withdrawn),
        ),
    }[Standing(value)]


def of_level(value: str) -> ColumnElement[bool]:
    """Narrow the rules to 中心层面, or to one 进驻部门."""
    if value == "centre":
        return Regulation.department_id.is_(None)
    if value == "departments":
        return Regulation.department_id.is_not(None)
    return Regulation.department_id == int(value)


RULE_COLUMNS: Sequence[Column[RuleRow]] = (
    Column(
        name="name", label="名称", sort=Regulation.name,
        cell=lambda row: Cell(
            text=row.rule.name,
            href=url_for("regulations.show_rule", regulation_id=row.rule.id),
        ),
    ),
    Column(
        name="kind", label="类别", cell=lambda row: RULE_KIND_LABELS[row.rule.kind],
        sort=Regulation.kind, is_short=True,
    ),
    Column(
        name="part", label="方面", cell=lambda row: RULE_PART_LABELS[row.rule.part],
        sort=Regulation.part, is_short=True,
    ),
    Column(
        name="level", label="层面", cell=lambda row: row.department or CENTRE,
        sort=Department.position,
    ),
    Column(
        name="number", label="版本", is_short=True, sort=RegulationVersion.number,
        cell=lambda row: f"第{row.version.number}版" if row.version else "—",
    ),
    Column(
        name="effective", label="生效日", is_short=True, sort=RegulationVersion.effective_on,
        cell=lambda row: formats.day(row.version.effective_on) if row.version else "—",
        export=lambda row: row.version.effective_on if row.version else None,
    ),
    Column(
        name="standing", label="状态", is_short=True,
        cell=lambda row: tag(STANDING_LABELS[row.standing], STANDING_KINDS[row.standing]),
    ),
)  # fmt: skip
RULE_SHEET_COLUMNS: Sequence[Column[RuleRow]] = (
    Column(name="class", label="分类", cell=lambda row: RULE_CLASS_LABELS[row.rule.class_]),
)


def make_rules(departments: Sequence[Department], *, is_sheet: bool = False) -> Listing[RuleRow]:
    """Declare the list of rules; the sheet has all columns."""
    shown = (
        Standing.IN_FORCE, Standing.COMING, Standing.WITHDRAWN, Standing.UNAPPROVED,
    )  # fmt: skip
    return Listing(
        id="rule-list",
        noun="项制度",
        title="制度库",
        row=rules.row_of,
        columns=(*RULE_COLUMNS, *RULE_SHEET_COLUMNS) if is_sheet else RULE_COLUMNS,
        search=(Regulation.name,),
        search_label="名称",
        filters=[
            Filter(
                name="part", label="方面",
                options=[(each.value, label) for each, label in RULE_PART_LABELS.items()],
                where=lambda value: Regulation.part == RulePart(value),
            ),
            Filter(
                name="kind", label="类别",
                options=[(each.value, label) for each, label in RULE_KIND_LABELS.items()],
                where=lambda value: Regulation.kind == RuleKind(value),
            ),
            Filter(
                name="class", label="分类",
                options=[(each.value, label) for each, label in RULE_CLASS_LABELS.items()],
                where=lambda value: Regulation.class_ == RuleClass(value),
            ),
            Filter(
                name="level", label="层面",
                options=[
                    ("centre", CENTRE), ("departments", "进驻部门层面"),
                    *((str(each.id), each.name) for each in departments),
                ],
                where=of_level,
            ),
            Filter(
                name="standing", label="状态",
                options=[(each.value, STANDING_LABELS[each]) for each in shown],
                where=has_standing,
            ),
        ],
        default_sort="name",
        tie_break=Regulation.id,
        empty_text="制度库里还没有制度。",
    )  # fmt: skip


# ---------- risk points


def show_review(row: RiskRow) -> Cell:
    """Show 复核日, and whether it has passed."""
    text = formats.day(row.content.review_on)
    return Cell(text=f"{text}　逾期", kind="light-red") if row.is_overdue else Cell(text=text)


def show_responsible(row: RiskRow) -> Cell:
    """Show who answers for it, and whether he has left."""
    if row.is_orphan:
        return Cell(text=f"{row.responsible}　已离岗", kind="light-red")
    return Cell(text=row.responsible)


def of_state(value: str) -> ColumnElement[bool]:
    """Narrow the risk points to a state, to what is in force, or to what is overdue."""
    holds = and_(RiskPoint.current.is_not(None), RiskPoint.state.not_in((RiskState.ENDED,)))
    if value == "held":
        return holds
    if value == "overdue":
        return and_(holds, RiskContent.review_on < clock.today())
    if value == "orphan":
        return and_(holds, Person.left_on < clock.today())
    return RiskPoint.state == RiskState(value)


RISK_COLUMNS: Sequence[Column[RiskRow]] = (
    Column(
        name="post", label="岗位", cell=lambda row: row.post, sort=Post.name, is_short=True
    ),
    Column(
        name="stage", label="环节", cell=lambda row: WORK_STAGE_LABELS[row.content.stage],
        is_short=True,
    ),
    Column(
        name="manifestation", label="风险表现",
        cell=lambda row: Cell(
            text=row.content.manifestation,
            href=url_for("regulations.show_risk", record_id=row.risk.id),
        ),
    ),
    Column(
        name="level", label="等级", cell=lambda row: RISK_LEVEL_LABELS[row.content.level],
        is_short=True,
    ),
    Column(name="measures", label="防控措施", cell=lambda row: row.content.measures, is_wide=True),
    Column(
        name="responsible", label="责任人", cell=show_responsible, is_short=True,
        export=lambda row: row.responsible,
    ),
    Column(
        name="review", label="复核日", cell=show_review, sort=RiskContent.review_on,
        export=lambda row: row.content.review_on, is_short=True,
    ),
    Column(
        name="state", label="状态", is_short=True, sort=RiskPoint.state,
        cell=lambda row: tag(
            RISK_FLOW.state(row.risk.state).label, RISK_FLOW.state(row.risk.state).kind
        ),
    ),
)  # fmt: skip
RISK_SHEET_COLUMNS: Sequence[Column[RiskRow]] = (
    Column(name="basis", label="依据", cell=lambda row: row.content.basis),
)


def make_risks(posts: Sequence[Post], *, is_sheet: bool = False) -> Listing[RiskRow]:
    """Declare the list of risk points; the sheet has all columns."""
    return Listing(
        id="risk-list",
        noun="个廉政风险点",
        title="岗位廉政风险点清单",
        row=risks.row_of,
        columns=(*RISK_COLUMNS, *RISK_SHEET_COLUMNS) if is_sheet else RISK_COLUMNS,
        search=(RiskContent.manifestation, RiskContent.measures, Post.name),
        search_label="风险表现、措施、岗位",
        filters=[
            Filter(
                name="post", label="岗位",
                options=[(str(each.id), each.name) for each in posts],
                where=lambda value: RiskPoint.post_id == int(value),
            ),
            Filter(
                name="stage", label="环节",
                options=[(each.value, label) for each, label in WORK_STAGE_LABELS.items()],
                where=lambda value: RiskContent.stage == WorkStage(value),
            ),
            Filter(
                name="level", label="等级",
                options=[(each.value, label) for each, label in RISK_LEVEL_LABELS.items()],
                where=lambda value: RiskContent.level == RiskLevel(value),
            ),
            Filter(
                name="state", label="状态",
                options=[
                    ("held", "在用（含待复核）"), ("overdue", "复核逾期"),
                    ("orphan", "责任人已离岗"),
                    *((each.value, each.label) for each in RISK_FLOW.states),
                ],
                where=of_state,
            ),
        ],
        default_sort="post",
        tie_break=(Post.id, RiskPoint.id),
        empty_text="还没有廉政风险点。",
    )  # fmt: skip


# ---------- must-read lists


def show_period(row: ItemRow) -> str:
    """Say since when a line stands, and until when."""
    start = formats.day(row.item.starts_on)
    return (
        f"{start}起" if row.item.ended_on is None else f"{start}至{formats.day(row.item.ended_on)}"
    )


def show_end(row: ItemRow) -> Cell:
    """Offer to take a line off the list."""
    if row.item.ended_on is not None:
        return Cell(text="已移出", kind="muted")
    return Cell(text="移出", href=url_for("regulations.end_item", item_id=row.item.id))


def make_items(posts: Sequence[Post], *, may_edit: bool) -> Listing[ItemRow]:
    """Declare the must-read lists."""
    columns: list[Column[ItemRow]] = [
        Column(
            name="post", label="岗位", cell=lambda row: row.post or FOR_ALL,
            sort=func.coalesce(Post.name, ""), is_short=True,
        ),
        Column(
            name="rule", label="制度", sort=Regulation.name,
            cell=lambda row: Cell(
                text=row.rule.name,
                href=url_for("regulations.show_rule", regulation_id=row.rule.id),
            ),
        ),
        Column(
            name="days", label="期限", cell=lambda row: f"{row.item.days}个工作日",
            sort=ReadingItem.days, export=lambda row: row.item.days, is_short=True,
        ),
        Column(name="period", label="起止", cell=show_period, sort=ReadingItem.starts_on),
    ]  # fmt: skip
    if may_edit:
        columns.append(
            Column(name="act", label="办理", cell=show_end, export=lambda _row: "", is_short=True)
        )
    return Listing(
        id="item-list",
        noun="项必读",
        title="必读清单",
        row=reading_lists.row_of,
        columns=columns,
        search=(Regulation.name, Post.name),
        search_label="制度、岗位",
        filters=[
            Filter(
                name="post", label="岗位",
                options=[("0", FOR_ALL), *((str(each.id), each.name) for each in posts)],
                where=lambda value: (
                    ReadingItem.post_id.is_(None)
                    if value == "0"
                    else ReadingItem.post_id == int(value)
                ),
            ),
            Filter(
                name="state", label="状态", options=[("open", "在清单里"), ("ended", "已移出")],
                where=lambda value: (
                    ReadingItem.ended_on.is_(None)
                    if value == "open"
                    else ReadingItem.ended_on.is_not(None)
                ),
            ),
        ],
        default_sort="post",
        tie_break=ReadingItem.id,
        empty_text="必读清单里还没有制度。",
    )  # fmt: skip


# ---------- who has confirmed


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person with what is asked of him today."""

    person: Person
    department: str
    post: str
    readings: Sequence[Reading]

    @property
    def confirmed(self) -> int:
        """Count what he has confirmed."""
        return sum(each.confirmed_at is not None for each in self.readings)

    @property
    def open_titles(self) -> str:
        """Name what he has not confirmed yet."""
        return "、".join(each.title for each in self.readings if each.confirmed_at is None)


Tally = Mapping[int, Sequence[Reading]]


def persons_where(tally: Tally, value: str) -> list[int]:
    """Find the persons of whom something holds; the tally is of today."""
    tests: dict[str, Any] = {
        "open": lambda mine: any(each.confirmed_at is None for each in mine),
        "late": lambda mine: any(each.is_late for each in mine),
        "done": lambda mine: mine and all(each.confirmed_at is not None for each in mine),
    }
    return [person_id for person_id, mine in tally.items() if tests[value](mine)]


def persons_without(tally: Tally, value: str) -> list[int]:
    """Find the persons who have not confirmed one version."""
    return [
        person_id
        for person_id, mine in tally.items()
        if any(str(each.text.version_id) == value and each.confirmed_at is None for each in mine)
    ]


def make_readings(tally: Tally, departments: Sequence[Department]) -> Listing[PersonRow]:
    """Declare the overview; it is sorted by department and 工号, and by no count of anybody."""
    titles = {str(each.text.version_id): each.title for mine in tally.values() for each in mine}

    def row_of(found: Sequence[Any]) -> PersonRow:
        person, department, post = found
        return PersonRow(
            person=person, department=department, post=post, readings=tally.get(person.id, ())
        )

    return Listing(
        id="reading-list",
        noun="人",
        title="必读确认情况",
        row=row_of,
        columns=READING_COLUMNS,
        search=(Person.name, Person.staff_number),
        search_label="姓名、工号",
        filters=[
            Filter(
                name="department", label="部门",
                options=[(str(each.id), each.name) for each in departments],
                where=lambda value: Department.id == int(value),
            ),
            Filter(
                name="state", label="情况",
                options=[("open", "有未确认"), ("late", "有逾期"), ("done", "全部确认")],
                where=lambda value: Person.id.in_(persons_where(tally, value)),
            ),
            Filter(
                name="version", label="未确认的制度",
                options=sorted(titles.items(), key=lambda each: each[1]),
                where=lambda value: Person.id.in_(persons_without(tally, value)),
            ),
        ],
        default_sort="department",
        tie_break=(Person.staff_number, Person.id),
        empty_text="没有人有必读的制度。",
    )  # fmt: skip


READING_COLUMNS: Sequence[Column[PersonRow]] = (
    Column(
        name="name", label="姓名", is_short=True, sort=Person.name_key,
        cell=lambda row: Cell(
            text=row.person.name,
            href=url_for("regulations.show_readings", person_id=row.person.id),
        ),
    ),
    Column(
        name="number", label="工号", cell=lambda row: row.person.staff_number,
        sort=Person.staff_number, is_short=True,
    ),
    Column(
        name="department", label="部门", cell=lambda row: row.department,
        sort=Department.position,
    ),
    Column(name="post", label="岗位", cell=lambda row: row.post, sort=Post.name),
    Column(
        name="confirmed", label="已确认／应读", align="right", is_short=True,
        cell=lambda row: f"{row.confirmed}／{len(row.readings)}" if row.readings else "没有必读",
    ),
    Column(
        name="late", label="逾期未确认", align="right", is_short=True,
        cell=lambda row: str(sum(each.is_late for each in row.readings) or "—"),
        export=lambda row: sum(each.is_late for each in row.readings),
    ),
    Column(
        name="open", label="未确认的制度", cell=lambda row: row.open_titles or "—", is_wide=True
    ),
)  # fmt: skip
