"""任务分解表 as Excel: exported in one layout, and read again with what is wrong in each row.

The plan's own attachment, with owners and dates, is missing: it comes in here. 序号 and 举措 say
which row is meant; 牵头部门, 配合部门 and 完成期限 are taken over, nothing else: the sentence and
the indicators of a plan are not changed by a table.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files.uploads import check_lines
from app.kernel import clock, db, formats, sheets_in
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.kernel.sheets_in import CellValue
from app.measures import plans
from app.measures.board import UNASSIGNED
from app.measures.models import Measure, MeasureImport, MeasurePlan, TaskState
from app.measures.workflow import FLOW, READ_ONLY
from app.workflow import service as workflow

MOST_ROWS = 500
MAX_BYTES = 4 << 20
MOST_PARTNERS = 120
CODE, TITLE, DEPARTMENT, PARTNERS, DUE = "序号", "举措", "牵头部门", "配合部门", "完成期限"
NEEDED = (CODE, TITLE, DEPARTMENT, DUE)
# Where a row may still be given to somebody.
ASSIGNABLE = (TaskState.PENDING, TaskState.TO_RECEIVE, TaskState.RUNNING)
Cells = Mapping[str, CellValue]


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row of the file. `problem` says why it is not taken; `is_same` that nothing changes."""

    place: int
    code: str = ""
    title: str = ""
    department: str = ""
    partners: str = ""
    ends_on: str = ""
    problem: str = ""
    is_same: bool = False

    @property
    def says(self) -> str:
        """Say what becomes of the row."""
        return self.problem or ("没有变化" if self.is_same else "将分解到牵头部门")

    def dump(self) -> dict[str, Any]:
        """Give the form in which it is kept until it is taken in."""
        return dict(self.__dict__)


def read_rows(content: bytes, plan: MeasurePlan) -> list[TableRow]:
    """Read a file in a child process; raises RefusedError(file=...) for what is no table."""
    try:
        sheet = sheets_in.read_sheet(content, MOST_ROWS)
    except sheets_in.UnreadableFileError as unreadable:
        raise RefusedError(file=str(unreadable)) from unreadable
    check_lines(list(sheet.header))
    missing = [label for label in NEEDED if label not in sheet.header]
    if missing:
        raise RefusedError(file=f"表头缺少：{'、'.join(missing)}。请用导出的表填写。")
    faults = {each.row: f"{each.place}：{each.message}" for each in sheet.problems}
    found = []
    for index, values in enumerate(sheet.rows):
        place = sheet.first_row + index
        if not sheet.is_blank(index) or place in faults:
            cells = dict(zip(sheet.header, values, strict=True))
            found.append((place, cells, faults.get(place, "")))
    if not found:
        raise RefusedError(file="表里没有一行任务，请检查。")
    return check_rows(found, plan)


def check_rows(found: Sequence[tuple[int, Cells, str]], plan: MeasurePlan) -> list[TableRow]:
    """Hold each row against the plan."""
    measures = {each.code: each for each in plans.list_measures(plan.id)}
    departments = {each.name: each.id for each in accounts.list_departments()}
    rows: list[TableRow] = []
    for place, cells, fault in found:
        row = read_row(place, cells)
        problem = fault or problem_of(row, measures.get(row.code), departments)
        if not problem and row.code in {each.code for each in rows}:
            problem = "序号在表里重复。"
        is_same = not problem and is_unchanged(row, measures[row.code], departments)
        rows.append(TableRow(**{**row.dump(), "problem": problem, "is_same": is_same}))
    return rows


def read_row(place: int, cells: Cells) -> TableRow:
    """Read a row as text."""
    try:
        due = sheets_in.date_of(cells.get(DUE))
    except ValueError:
        due = None
    return TableRow(
        place=place,
        code=text_in(cells, CODE),
        title=text_in(cells, TITLE),
        department="" if text_in(cells, DEPARTMENT) == UNASSIGNED else text_in(cells, DEPARTMENT),
        partners=text_in(cells, PARTNERS),
        ends_on=due.isoformat() if due else "",
    )


def text_in(cells: Cells, label: str) -> str:
    """Give a cell as text; what was neutralised on the way out comes back as it was."""
    return sheets_in.text_of(cells.get(label)).removeprefix("'").strip()


def problem_of(  # noqa: PLR0911 - one answer for each thing that can be wrong.
    row: TableRow, measure: Measure | None, departments: Mapping[str, int]
) -> str:
    """Say what is wrong with a row; empty where it can be taken."""
    if measure is None:
        return f"计划里没有序号“{row.code}”。"
    if row.title != measure.title:
        return f"序号{row.code}是“{measure.title}”，和表里的举措不符。"
    if row.department and row.department not in departments:
        return f"没有“{row.department}”这个部门，请写部门全称。"
    if len(row.partners) > MOST_PARTNERS or not row.partners.isprintable():
        return f"配合部门最多{MOST_PARTNERS}个字。"
    if not row.ends_on:
        return "完成期限请写成 2026-11-20。"
    if date.fromisoformat(row.ends_on) < measure.begins_on:
        return f"完成期限不能早于{formats.day(measure.begins_on)}。"
    if measure.state not in ASSIGNABLE and not is_unchanged(row, measure, departments):
        return f"这一项现在是“{FLOW.state(measure.state).label}”，不能再分解。"
    return ""


def is_unchanged(row: TableRow, measure: Measure, departments: Mapping[str, int]) -> bool:
    """Tell whether the row says what holds already; without a department it stays 待确认."""
    if not row.department:
        return True
    told = (departments.get(row.department), row.partners, row.ends_on)
    return told == (measure.department_id, measure.partners, measure.ends_on.isoformat())


def keep(*, plan_id: int, rows: Sequence[TableRow], file_name: str, user: Principal) -> str:
    """Keep what a file says until it is taken in, in the open write; gives the public id."""
    if db.session.get_one(MeasurePlan, plan_id).is_closed:
        raise RefusedError(file=READ_ONLY)
    kept = MeasureImport(
        public_id=secrets.token_urlsafe(12),
        plan_id=plan_id,
        file_name=file_name,
        rows=[each.dump() for each in rows],
        uploaded_by_id=user.person_id,
        uploaded_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    log(AuditEvent.MEASURES_IMPORT_UPLOADED, kept, user, rows=len(rows))
    return kept.public_id


def get_import_for(user: Principal, public_id: str) -> MeasureImport | None:
    """Give a file that somebody uploaded himself."""
    return db.session.scalar(
        select(MeasureImport).where(
            MeasureImport.public_id == public_id, MeasureImport.uploaded_by_id == user.person_id
        )
    )


def rows_of(kept: MeasureImport) -> list[TableRow]:
    """Give the rows as they were read."""
    return [TableRow(**each) for each in kept.rows]


def apply(*, import_id: int, user: Principal) -> int:
    """Assign every row that can be taken, in the open write; gives how many.

    Rows are held against the plan anew: what has changed meanwhile refuses all of it.
    """
    kept = db.session.get_one(MeasureImport, import_id, with_for_update=True)
    if kept.applied_at is not None:
        raise RefusedError(form="这张表已经导入过。")
    departments = {each.name: each.id for each in accounts.list_departments()}
    measures = {each.code: each for each in plans.list_measures(kept.plan_id)}
    count = 0
    for row in rows_of(kept):
        if row.problem or is_unchanged(row, measures[row.code], departments):
            continue
        assign(measures[row.code], row, departments, user)
        count += 1
    kept.applied_at = clock.now()
    db.session.flush()
    log(AuditEvent.MEASURES_IMPORT_APPLIED, kept, user, rows=count)
    return count


def assign(
    measure: Measure, row: TableRow, departments: Mapping[str, int], user: Principal
) -> None:
    """Give one row to its department; raises RefusedError that names it."""
    try:
        workflow.execute(
            FLOW,
            record_id=measure.id,
            name="assign",
            user=user,
            data={
                "department_id": departments.get(row.department),
                "partners": row.partners,
                "ends_on": date.fromisoformat(row.ends_on),
            },
        )
    except RefusedError as refused:
        raise RefusedError(form=f"序号{row.code}：{refused}") from refused


def log(event: AuditEvent, kept: MeasureImport, user: Principal, **data: object) -> None:
    """Write down what was done with a file."""
    append(
        event,
        person_id=user.person_id,
        object_type="measure_import",
        object_id=kept.id,
        **data,
    )
