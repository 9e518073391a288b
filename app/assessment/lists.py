"""The lists of this room: schemes, cycles, portraits, objections, department sheets, packages.

Portraits stand in the order of departments and names, and can't be sorted by any figure: "no
ranking of persons anywhere".
"""

from typing import Any

from flask import url_for

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.assessment.models import (
    PORTRAIT_KIND_LABELS,
    AssessmentScheme,
    DepartmentSheet,
    Objection,
    ObjectionState,
    Portrait,
    PortraitKind,
    PortraitPackage,
    PortraitRow,
)
from app.assessment.portraits import PortraitView, view_of
from app.assessment.schemes import SchemeRow
from app.assessment.workflow import CYCLE_FLOW, OBJECTION_FLOW, SCHEME_FLOW
from app.kernel import formats
from app.kernel.listing import Cell, Column, Filter, Listing
from app.workflow.lists import state_options, state_tag

ROW = tuple[Any, ...]


def cycle_cell(row: SchemeRow) -> Cell | str:
    """Show how far the assessment of a quarter is, and lead to it."""
    if row.cycle is None:
        return "没有开始"
    return Cell(
        text=CYCLE_FLOW.state(row.cycle.state).label,
        href=url_for("assessment.show_cycle", record_id=row.cycle.id),
    )


SCHEMES: Listing[SchemeRow] = Listing(
    id="scheme-list",
    noun="版考核细则",
    title="考核细则",
    row=lambda found: SchemeRow(scheme=found[0], cycle=found[1]),
    columns=[
        Column(
            name="period",
            label="考核期",
            cell=lambda row: Cell(
                text=row.scheme.period,
                href=url_for("assessment.show_scheme", record_id=row.scheme.id),
            ),
            sort=AssessmentScheme.year * 4 + AssessmentScheme.quarter,
        ),
        Column(
            name="edition",
            label="版本",
            cell=lambda row: f"第{row.scheme.edition}版",
            sort=AssessmentScheme.edition,
        ),
        Column(
            name="state",
            label="状态",
            cell=lambda row: state_tag(SCHEME_FLOW, row.scheme.state),
            sort=AssessmentScheme.state,
        ),
        Column(
            name="approved",
            label="锁定",
            cell=lambda row: (
                formats.moment(row.scheme.approved_at) if row.scheme.approved_at else "—"
            ),
            sort=AssessmentScheme.approved_at,
        ),
        Column(name="cycle", label="考核", cell=cycle_cell),
    ],
    filters=[
        Filter(
            name="state",
            label="状态",
            options=state_options(SCHEME_FLOW),
            where=lambda value: AssessmentScheme.state == value,
        )
    ],
    default_sort="-period",
    tie_break=(AssessmentScheme.edition.desc(), AssessmentScheme.id),
    empty_text="还没有考核细则。细则由经办人或办公室起草，批准以后才能考核。",
)  # fmt: skip


def name_cell(row: PortraitView) -> Cell:
    """Show whose portrait it is, and lead to it."""
    url = url_for("assessment.show_portrait", public_id=row.portrait.public_id)
    return Cell(text=row.person.name, href=url)


def result_text(row: PortraitView) -> str:
    """Show the total, or why there is none."""
    if row.portrait.kind is PortraitKind.FACTS:
        return "出反馈函"
    return "数据不足" if row.portrait.total is None else formats.marks(row.portrait.total)


def opinion_text(row: PortraitView) -> str:
    """Show what people have written."""
    found = [
        label
        for label, is_there in (
            ("评语", row.portrait.comment),
            ("科室意见", row.portrait.unit_opinion),
            ("本人意见", row.portrait.own_opinion),
        )
        if is_there
    ]
    return "、".join(found) or "—"


def portraits(scope: frozenset[int] | None) -> Listing[PortraitView]:
    """Declare the list of portraits of a quarter."""
    departments = [
        (str(each.id), each.name)
        for each in accounts.list_departments()
        if scope is None or each.id in scope
    ]
    return Listing(
        id="portrait-list",
        noun="人",
        title="考核画像",
        row=view_of,
        columns=[
            Column(name="department", label="部门", cell=lambda row: row.department.name,
                   sort=Department.position),
            Column(name="name", label="姓名", cell=name_cell, sort=Person.name_key, is_short=True),
            Column(name="number", label="工号", cell=lambda row: row.person.staff_number,
                   sort=Person.staff_number, is_short=True),
            Column(name="post", label="岗位", cell=lambda row: row.portrait.post),
            Column(name="kind", label="种类",
                   cell=lambda row: PORTRAIT_KIND_LABELS[row.portrait.kind]),
            Column(name="result", label="汇总", cell=result_text, align="right"),
            Column(name="edition", label="版本", cell=lambda row: f"第{row.portrait.edition}版"),
            Column(name="words", label="意见", cell=opinion_text),
        ],
        search=(Person.name, Person.staff_number),
        search_label="姓名或工号",
        filters=[
            Filter(name="department", label="部门", options=departments,
                   where=lambda value: Portrait.department_id == int(value)),
            Filter(name="kind", label="种类",
                   options=[(each.value, label) for each, label in PORTRAIT_KIND_LABELS.items()],
                   where=lambda value: Portrait.kind == value),
        ],
        default_sort="department",
        tie_break=(Person.name_key, Portrait.id),
        empty_text="还没有画像。",
    )  # fmt: skip


OWN: Listing[PortraitView] = Listing(
    id="own-portrait-list",
    noun="个季度",
    title="我的考核",
    row=view_of,
    columns=[
        Column(
            name="period",
            label="考核期",
            cell=lambda row: Cell(
                text=row.cycle.name,
                href=url_for("assessment.show_portrait", public_id=row.portrait.public_id),
            ),
            sort=Portrait.id,
        ),
        Column(name="state", label="状态", cell=lambda row: state_tag(CYCLE_FLOW, row.cycle.state)),
        Column(name="kind", label="种类", cell=lambda row: PORTRAIT_KIND_LABELS[row.portrait.kind]),
        Column(name="result", label="汇总", cell=result_text, align="right"),
        Column(name="edition", label="版本", cell=lambda row: f"第{row.portrait.edition}版"),
    ],
    default_sort="-period",
    tie_break=Portrait.id,
    empty_text="还没有你的考核画像。每个季度结束以后由办公室采集，预览时会通知你。",
)


def objection_cell(row: ROW) -> Cell:
    """Show who objects, and lead to it."""
    url = url_for("assessment.show_objection", public_id=row[0].public_id)
    return Cell(text=row[3].name, href=url)


OBJECTIONS: Listing[ROW] = Listing(
    id="objection-list",
    noun="条异议",
    title="考核异议",
    row=tuple,
    columns=[
        Column(name="name", label="姓名", cell=objection_cell, sort=Person.name_key, is_short=True),
        Column(name="fact", label="事实", cell=lambda row: row[2].text),
        Column(name="state", label="状态", cell=lambda row: state_tag(OBJECTION_FLOW, row[0].state),
               sort=Objection.state),
        Column(name="raised", label="提出", cell=lambda row: formats.moment(row[0].drafted_at),
               sort=Objection.drafted_at),
        Column(name="decided", label="答复", sort=Objection.decided_at,
               cell=lambda row: formats.moment(row[0].decided_at) if row[0].decided_at else "—"),
    ],
    search=(Person.name, PortraitRow.text),
    search_label="姓名或事实",
    filters=[
        Filter(name="state", label="状态",
               options=[(each.value, OBJECTION_FLOW.state(each).label) for each in ObjectionState],
               where=lambda value: Objection.state == value)
    ],
    default_sort="-raised",
    tie_break=Objection.id,
    empty_text="还没有异议。",
)  # fmt: skip

SHEETS: Listing[ROW] = Listing(
    id="department-sheet-list",
    noun="个部门",
    title="部门考核表",
    row=tuple,
    columns=[
        Column(
            name="department",
            label="部门",
            cell=lambda row: Cell(
                text=row[1].name, href=url_for("assessment.show_sheet", record_id=row[0].id)
            ),
            sort=Department.position,
        ),
        Column(name="facts", label="部门事实", cell=lambda row: f"{row[2]}条", align="right"),
        Column(name="people", label="人数", cell=lambda row: f"{row[3]}人", align="right"),
    ],
    search=(Department.name,),
    search_label="部门",
    default_sort="department",
    tie_break=DepartmentSheet.id,
    empty_text="还没有部门考核表。",
)

PACKAGES: Listing[ROW] = Listing(
    id="portrait-package-list",
    noun="个材料包",
    title="考核材料包",
    row=tuple,
    columns=[
        Column(
            name="made",
            label="制作",
            cell=lambda row: Cell(
                text=formats.moment(row[0].made_at),
                href=url_for("assessment.show_package", public_id=row[0].public_id),
            ),
            sort=PortraitPackage.made_at,
        ),
        Column(name="whose", label="范围", cell=lambda row: row[2] or "全部部门"),
        Column(name="papers", label="份数", cell=lambda row: f"{row[0].papers}份", align="right"),
    ],
    default_sort="-made",
    tie_break=PortraitPackage.id,
    empty_text="还没有打包过。",
)
