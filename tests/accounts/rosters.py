"""Roster files as halls write them, and the way of a file through the site."""

import io
import re
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from sqlalchemy import select

from app.accounts.models import Department, Person
from app.accounts.roster.imports import parse, service
from app.accounts.roster.imports.models import RosterImport
from app.accounts.roster.models import Placement, Post, ServiceWindow
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import db
from app.kernel.sheets_in import Sheet, read_sheet
from tests.support import cast

EFFECTIVE_ON = date(2026, 11, 20)
HEADER = (
    "序号", "工号", "姓名", "部门", "窗口", "岗位", "岗位类别", "用工性质", "入职日期", "手机",
    "离岗日期", "角色",
)  # fmt: skip
DEFAULTS = {
    "部门": "不动产登记中心",
    "岗位": "综合窗口",
    "岗位类别": "综窗",
    "用工性质": "派驻",
    "入职日期": "2024-03-01",
}


def line(number: str, name: str, **cells: object) -> list[object]:
    """Write one row; what is not said has its usual value."""
    values = {**DEFAULTS, "工号": number, "姓名": name, **cells}
    return [values.get(heading, "") for heading in HEADER]


def whole_cast() -> list[list[object]]:
    """Write the cast as a file would: nothing to change."""
    members = {**cast.CAST, **cast.OTHERS}.values()
    people = [(number, name, home, post) for number, name, home, post, _ in members]
    people += [
        (number, name, cast.DEPARTMENTS[0], "后台")
        for number, name, *_ in cast.ADMINISTRATORS.values()
    ]
    usual = {"岗位类别": "", "用工性质": "", "入职日期": cast.JOINED_ON}
    return [
        line(number, name, 部门=home, 岗位=post, **usual) for number, name, home, post in people
    ]


def book(
    rows: Sequence[Sequence[object]],
    *,
    header: Sequence[str] = HEADER,
    above: Sequence[Sequence[object]] = (),
) -> bytes:
    """Write an .xlsx; a text that begins with = is a formula, a date a date."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, days = made.add_worksheet(), made.add_format({"num_format": "yyyy-mm-dd"})
    for place, row in enumerate([*above, header, *rows]):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(place, column, value, days)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(place, column, value)
            elif value != "":
                sheet.write(place, column, value)
    made.close()
    return buffer.getvalue()


def sheet_of(
    rows: Sequence[Sequence[object]], *, header: Sequence[str] = HEADER, first_row: int = 2
) -> Sheet:
    """Give a sheet as the reader gives one, without a file."""
    return Sheet(
        header=list(header),
        rows=[[None if value == "" else value for value in row] for row in rows],
        problems=[],
        first_row=first_row,
    )


def parsed(rows: Sequence[Sequence[object]], **options: object) -> parse.Roster:
    """Parse rows without a file."""
    return parse.parse_sheet(sheet_of(rows, **options), effective_on=EFFECTIVE_ON)


def read_file(content: bytes) -> parse.Roster:
    """Read a file as the job does."""
    return parse.parse_sheet(read_sheet(content, max_rows=100), effective_on=EFFECTIVE_ON)


def upload(content: bytes, *, effective_on: date = EFFECTIVE_ON, who: str = "clerk") -> str:
    """Upload a file and let the worker read it; returns the import's public id."""
    with db.write():
        job_id = service.upload_roster(
            content=content,
            file_name="名单.xlsx",
            effective_on=effective_on,
            uploaded_by_id=cast.person_id(who),
        )
    jobs.run_job(db.session.scalars(select(Job.id).where(Job.public_id == job_id)).one())
    db.session.rollback()
    return last_import().public_id


def last_import() -> RosterImport:
    """Give the newest import."""
    return db.session.scalars(select(RosterImport).order_by(RosterImport.id.desc()).limit(1)).one()


def differences(public_id: str, who: str = "clerk"):
    """Compare an upload with the site."""
    imported = db.session.scalars(
        select(RosterImport).where(RosterImport.public_id == public_id)
    ).one()
    return service.compare_now(imported, by_id=cast.person_id(who))


def add_everything(public_id: str) -> None:
    """Choose 新增 for all that is unknown."""
    found = differences(public_id)
    unknown = [*found.unknown_departments, *found.unknown_windows]
    if unknown:
        with db.write():
            service.choose(
                public_id=public_id,
                choices={each.key: "add" for each in unknown},
                chosen_by_id=cast.person_id("clerk"),
            )


def apply(public_id: str, *, leaving: Sequence[int] = ()):
    """Apply an upload as the clerk does."""
    add_everything(public_id)
    seen = differences(public_id).fingerprint()
    with db.write():
        return service.apply_roster(
            public_id=public_id,
            seen=seen,
            leaving=frozenset(leaving),
            applied_by_id=cast.person_id("clerk"),
        )


def brought_in(rows: Sequence[Sequence[object]], **options: object):
    """Upload and apply rows."""
    return apply(upload(book(rows), **options))


def letters(text: str) -> str:
    """Give the column letter that a problem names."""
    return re.sub(r"[^A-Z]", "", text)


def without(number: str) -> list[list[object]]:
    """Write the cast without one of it."""
    return [row for row in whole_cast() if row[1] != number]


def person(number: str) -> Person:
    """Give somebody as he stands in the database now."""
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.staff_number == number)).one()


def places(number: str) -> list[tuple[object, ...]]:
    """Give the placements of somebody: department, window, post, from, until."""
    rows = db.session.execute(
        select(
            Department.name, ServiceWindow.number, Post.name, Placement.starts_on, Placement.ends_on
        )
        .join(Department, Department.id == Placement.department_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == Placement.window_id)
        .join(Post, Post.id == Placement.post_id)
        .where(Placement.person_id == person(number).id)
        .order_by(Placement.starts_on)
    )
    return [tuple(row) for row in rows]
