"""What is 公开中: the one place that pages of the public, screens and papers read from.

清廉10 "通过大厅公示栏、宣传屏进行公示": nothing but approved versions in force comes out of here,
with their number, day and 校验码. What was withdrawn or has given way is gone at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from app.accounts.hall import get_profile
from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.commitments import identity
from app.commitments.models import (
    CommitmentLine,
    CommitmentSheet,
    ServiceStandard,
    SheetState,
    SheetVersion,
)
from app.commitments.sheets import SheetRow, holds_text, is_its_own, row_of, select_versions
from app.files.papers import code_text
from app.kernel import clock, db, formats
from app.kernel.listing import Statement
from app.kernel.slides import Slide, SlideLine

SUPERVISION = "监督电话"
HOTLINE = "政务服务热线"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One commitment as it is shown."""

    before: str
    number: str
    after: str
    indicator: str
    measure: str

    @property
    def sentence(self) -> str:
        """Give the line as one sentence."""
        return f"{self.before}{self.number}{self.after}"


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """A version in force, detached from the database."""

    version_id: int
    sheet_id: int
    department_id: int
    department: str
    position: int
    window_id: int | None
    window: str
    window_name: str
    edition: int
    published_on: date
    slogan: str
    receiver: str
    phones: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    standards: tuple[tuple[str, str], ...]
    check_code: str

    @property
    def title(self) -> str:
        """Give whose it is: the window, or the whole department."""
        return f"{self.window}号窗口" if self.window else self.department

    @property
    def stamp(self) -> str:
        """Give what stands at the foot of everything that shows it."""
        return f"公开日期 {formats.day(self.published_on)}　第{self.edition}版"


def select_in_force() -> Statement:
    """Select what is public, in the hall's 序列, the whole department before its windows."""
    today = clock.today()
    return (
        select_versions()
        .where(
            SheetVersion.state == SheetState.PUBLIC,
            is_open(Department, today),
            or_(CommitmentSheet.window_id.is_(None), is_open(ServiceWindow, today)),
            is_its_own(),
        )
        .order_by(Department.position, CommitmentSheet.window_id.is_not(None), ServiceWindow.number)
    )


def search(word: str) -> Statement:
    """Select what is public and speaks of every word: of department, window or commitment."""
    found = select_in_force()
    for each in word.split():
        found = found.where(
            or_(
                Department.name.icontains(each, autoescape=True),
                ServiceWindow.number.icontains(each, autoescape=True),
                ServiceWindow.name.icontains(each, autoescape=True),
                holds_text(each),
            )
        )
    return found


def list_in_force(statement: Statement | None = None) -> list[Disclosed]:
    """Give what is public, or what a narrower statement leaves of it."""
    chosen = select_in_force() if statement is None else statement
    rows = [row_of(each) for each in db.session.execute(chosen)]
    return disclose(rows)


def list_of_department(department_id: int) -> list[Disclosed]:
    """Give the sheet of a department and those of its windows."""
    return list_in_force(select_in_force().where(Department.id == department_id))


def disclose(rows: Sequence[SheetRow]) -> list[Disclosed]:
    """Read what the versions say, all at once."""
    ids = [row.version.id for row in rows]
    lines, standards = read_lines(ids), read_standards(ids)
    profile = get_profile()
    return [
        Disclosed(
            version_id=row.version.id,
            sheet_id=row.sheet.id,
            department_id=row.department.id,
            department=row.department.name,
            position=row.department.position,
            window_id=row.sheet.window_id,
            window=row.window.number if row.window else "",
            window_name=row.window.name if row.window else "",
            edition=row.version.edition or 0,
            published_on=row.version.published_on or clock.today(),
            slogan=row.version.slogan,
            receiver=row.version.receiver,
            phones=phones_of(
                row.version.supervision_phone or profile.supervision_phone, profile.hotline
            ),
            lines=tuple(lines.get(row.version.id, ())),
            standards=tuple(standards.get(row.version.id, ())),
            check_code=code_text(row.version.check_code),
        )
        for row in rows
    ]


def phones_of(own: str, hotline: str) -> tuple[tuple[str, str], ...]:
    """Give the telephones that stand on everything."""
    return tuple(
        (word, number) for word, number in ((SUPERVISION, own), (HOTLINE, hotline)) if number
    )


def read_lines(version_ids: Collection[int]) -> dict[int, list[Line]]:
    """Give the lines of versions."""
    found: dict[int, list[Line]] = {}
    for each in db.session.scalars(
        select(CommitmentLine)
        .where(CommitmentLine.version_id.in_(version_ids))
        .order_by(CommitmentLine.place)
    ):
        found.setdefault(each.version_id, []).append(
            Line(
                before=each.before,
                number=each.number,
                after=each.after,
                indicator=each.indicator,
                measure=each.measure,
            )
        )
    return found


def read_standards(version_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Give the standards of versions."""
    found: dict[int, list[tuple[str, str]]] = {}
    for each in db.session.scalars(
        select(ServiceStandard)
        .where(ServiceStandard.version_id.in_(version_ids))
        .order_by(ServiceStandard.place)
    ):
        found.setdefault(each.version_id, []).append((each.text, each.basis))
    return found


def list_slides() -> Sequence[Slide]:
    """Give hall screens what is public; a window with a 党员示范岗 on duty says so."""
    shown = list_in_force()
    windows = [each.window_id for each in shown if each.window_id is not None]
    staffed = identity.on_duty(windows)
    return [
        Slide(
            key=f"commitments:{each.sheet_id}",
            window=f"{each.window}号窗口" if each.window else "",
            title=each.department,
            lines=tuple(
                SlideLine(before=line.before, number=line.number, after=line.after)
                for line in each.lines
            ),
            phones=each.phones,
            footer=each.stamp,
            badge=any(person.is_model_post for person in staffed.get(each.window_id or 0, ())),
            department_id=each.department_id,
            window_id=each.window_id,
            valid_from=each.published_on,
            valid_until=None,
        )
        for each in shown
    ]


def select_windows() -> Statement:
    """Select the windows in use for which a sheet is public: their own, or their department's."""
    today = clock.today()
    has_sheet = (
        select(SheetVersion.id)
        .join(CommitmentSheet, CommitmentSheet.id == SheetVersion.sheet_id)
        .where(
            SheetVersion.state == SheetState.PUBLIC,
            CommitmentSheet.department_id == ServiceWindow.department_id,
            or_(CommitmentSheet.window_id.is_(None), CommitmentSheet.window_id == ServiceWindow.id),
        )
    )
    return (
        select(ServiceWindow)
        .join(Department, Department.id == ServiceWindow.department_id)
        .where(is_open(ServiceWindow, today), is_open(Department, today), has_sheet.exists())
        .order_by(ServiceWindow.number)
    )


def shows_person(person_id: int) -> bool:
    """Tell whether a public page shows somebody: he is on duty at a window with a sheet."""
    windows = identity.windows_of(person_id)
    found = select_windows().where(ServiceWindow.id.in_(windows))
    return bool(windows) and db.session.scalar(found.limit(1)) is not None


def windows_under(disclosed: Disclosed) -> list[ServiceWindow]:
    """Give the windows for which a sheet holds: its own, or all of a department without one."""
    return windows_of([disclosed])[disclosed.version_id]


def windows_of(shown: Sequence[Disclosed]) -> dict[int, list[ServiceWindow]]:
    """Give the windows for which each of some sheets holds, all at once, by its version."""
    departments = {each.department_id for each in shown}
    windows: Sequence[ServiceWindow] = db.session.scalars(
        select_windows().where(ServiceWindow.department_id.in_(departments))
    ).all()
    own = own_windows(departments)
    return {
        each.version_id: [
            window
            for window in windows
            if window.id == each.window_id
            or (
                each.window_id is None
                and window.department_id == each.department_id
                and window.id not in own
            )
        ]
        for each in shown
    }


def own_windows(department_ids: Collection[int]) -> set[int]:
    """Give the windows of departments that have a public sheet of their own."""
    found = select_in_force().where(
        CommitmentSheet.department_id.in_(department_ids), CommitmentSheet.window_id.is_not(None)
    )
    return set(db.session.scalars(found.with_only_columns(CommitmentSheet.window_id)))


def get_in_force(version_id: int) -> Disclosed | None:
    """Give a version if it is public."""
    found = list_in_force(select_in_force().where(SheetVersion.id == version_id))
    return found[0] if found else None
