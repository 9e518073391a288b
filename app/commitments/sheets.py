"""Sheets and their versions as they are read: which there are, what they say, who may see them.

清廉10 "进行公示". What is typed is checked and written in writing.py; what is frozen, and shown to
whoever decides, stands in facts.py, how a version moves in workflow.py, what the public sees of it
in disclosure.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import not_, or_, select

from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.commitments.models import (
    OPEN_STATES,
    CommitmentLine,
    CommitmentSheet,
    ServiceStandard,
    SheetState,
    SheetVersion,
)
from app.kernel import clock, db
from app.kernel.listing import Condition, Statement
from app.kernel.permissions import Permission, Principal


@dataclass(frozen=True, kw_only=True)
class LineEntry:
    """A line as it is typed; the number is found in the text."""

    text: str = ""
    indicator: str = ""
    measure: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed."""
        return not (self.text or self.indicator or self.measure)


@dataclass(frozen=True, kw_only=True)
class StandardEntry:
    """A standard as it is typed."""

    text: str = ""
    basis: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed."""
        return not (self.text or self.basis)


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that is typed of a version; empty rows are left out."""

    slogan: str = ""
    supervision_phone: str = ""
    receiver: str = ""
    lines: Sequence[LineEntry] = field(default_factory=tuple)
    standards: Sequence[StandardEntry] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A version with what it belongs to."""

    version: SheetVersion
    sheet: CommitmentSheet
    department: Department
    window: ServiceWindow | None

    @property
    def place(self) -> str:
        """Give whose it is, within the department: B12号窗口, or the whole of it."""
        return f"{self.window.number}号窗口" if self.window else "全部门"

    @property
    def title(self) -> str:
        """Give its name in one line."""
        place = self.place if self.window else ""
        return f"{self.department.name}{place}服务承诺"

    @property
    def edition(self) -> str:
        """Give which version it is, in words."""
        return f"第{self.version.edition}版" if self.version.edition else "新版"


def select_versions() -> Statement:
    """Select versions with sheet, department and window."""
    return (
        select(SheetVersion, CommitmentSheet, Department, ServiceWindow)
        .join(CommitmentSheet, CommitmentSheet.id == SheetVersion.sheet_id)
        .join(Department, Department.id == CommitmentSheet.department_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == CommitmentSheet.window_id)
    )


def is_its_own() -> Condition:
    """Give the condition that a sheet's window still belongs to its department."""
    return or_(
        CommitmentSheet.window_id.is_(None),
        ServiceWindow.department_id == CommitmentSheet.department_id,
    )


def select_versions_for(user: Principal, permission: Permission) -> Statement:
    """Select the versions that somebody may see in the departments where he holds a permission."""
    found, scope = select_versions(), user.departments_of(permission)
    if scope is None:
        return found
    return found.where(CommitmentSheet.department_id.in_(scope))


def get_version_for(user: Principal, permission: Permission, record_id: int) -> SheetRow | None:
    """Give a version that somebody may see."""
    found = select_versions_for(user, permission).where(SheetVersion.id == record_id)
    row = db.session.execute(found).one_or_none()
    return None if row is None else row_of(row)


def row_of(found: Sequence[object]) -> SheetRow:
    """Read a row of `select_versions`."""
    version, sheet, department, window = found
    return SheetRow(version=version, sheet=sheet, department=department, window=window)  # type: ignore[arg-type]


def holds_text(word: str) -> Condition:
    """Give the condition that one of a version's lines holds a word, taken literally."""
    sentence = CommitmentLine.before + CommitmentLine.number + CommitmentLine.after
    return SheetVersion.id.in_(
        select(CommitmentLine.version_id).where(sentence.icontains(word, autoescape=True))
    )


def list_lines(version_id: int) -> list[CommitmentLine]:
    """Give the lines of a version in their order."""
    found = select(CommitmentLine).where(CommitmentLine.version_id == version_id)
    return list(db.session.scalars(found.order_by(CommitmentLine.place)))


def list_standards(version_id: int) -> list[ServiceStandard]:
    """Give the standards of a version in their order."""
    found = select(ServiceStandard).where(ServiceStandard.version_id == version_id)
    return list(db.session.scalars(found.order_by(ServiceStandard.place)))


def content_of(version: SheetVersion) -> Content:
    """Give what was typed of a version, to be typed again or copied."""
    return Content(
        slogan=version.slogan,
        supervision_phone=version.supervision_phone,
        receiver=version.receiver,
        lines=[
            LineEntry(text=each.sentence, indicator=each.indicator, measure=each.measure)
            for each in list_lines(version.id)
        ],
        standards=[
            StandardEntry(text=each.text, basis=each.basis) for each in list_standards(version.id)
        ],
    )


def find_public(sheet_id: int) -> SheetVersion | None:
    """Give the version of a sheet that is 公开中."""
    return db.session.scalar(
        select(SheetVersion).where(
            SheetVersion.sheet_id == sheet_id, SheetVersion.state == SheetState.PUBLIC
        )
    )


def find_open(sheet_id: int) -> SheetVersion | None:
    """Give the version of a sheet that is being drafted, reviewed or approved."""
    return db.session.scalar(
        select(SheetVersion).where(
            SheetVersion.sheet_id == sheet_id, SheetVersion.state.in_(OPEN_STATES)
        )
    )


def find_sheet(department_id: int, window_id: int | None) -> CommitmentSheet | None:
    """Give a department's sheet of a window, or that of the whole department."""
    of_window: Condition = CommitmentSheet.window_id.is_(None)
    if window_id is not None:
        of_window = CommitmentSheet.window_id == window_id
    return db.session.scalar(
        select(CommitmentSheet).where(CommitmentSheet.department_id == department_id, of_window)
    )


def list_windows(department_id: int) -> list[ServiceWindow]:
    """Give a department's windows in use, by number."""
    found = select(ServiceWindow).where(
        ServiceWindow.department_id == department_id, is_open(ServiceWindow, clock.today())
    )
    return list(db.session.scalars(found.order_by(ServiceWindow.number)))


def last_content(department_id: int, window_id: int | None) -> Content:
    """Give what a new version starts from: the sheet's last one, or else the department's."""
    for window in (window_id, None):
        sheet = find_sheet(department_id, window)
        last = last_version(sheet.id) if sheet else None
        if last is not None:
            return content_of(last)
    return Content()


def last_version(sheet_id: int) -> SheetVersion | None:
    """Give the last version of a sheet that was ever approved."""
    return db.session.scalar(
        select(SheetVersion)
        .where(SheetVersion.sheet_id == sheet_id, SheetVersion.edition.is_not(None))
        .order_by(SheetVersion.edition.desc())
        .limit(1)
    )


def list_moved() -> list[int]:
    """Give the public versions whose window has gone over to another department."""
    found = select_versions().where(SheetVersion.state == SheetState.PUBLIC, not_(is_its_own()))
    return [row_of(each).version.id for each in db.session.execute(found)]


def load_row(version: SheetVersion) -> SheetRow:
    """Give a version with what it belongs to; nobody is asked whether he may see it."""
    return row_of(db.session.execute(select_versions().where(SheetVersion.id == version.id)).one())


def list_targets(sheet: CommitmentSheet) -> list[tuple[ServiceWindow, bool]]:
    """Give the windows of a department to which its sheet can be copied, and whether it can be now.

    A window with a version under way takes no second one.
    """
    is_busy = select(CommitmentSheet.window_id).where(
        CommitmentSheet.department_id == sheet.department_id,
        CommitmentSheet.id.in_(
            select(SheetVersion.sheet_id).where(SheetVersion.state.in_(OPEN_STATES))
        ),
    )
    busy = set(db.session.scalars(is_busy))
    return [(each, each.id not in busy) for each in list_windows(sheet.department_id)]
