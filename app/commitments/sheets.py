"""Sheets and their versions: drafting, what must be whole before it is sent on, being frozen.

清廉10 "进行公示", HALL.md: three to five lines of at most 22 characters, each with a number. A text
is checked as it is typed and once more before it is sent and approved. How a version moves stands
in workflow.py, what the public sees of it in disclosure.py.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, not_, or_, select

from app.accounts.hall import get_profile
from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.audit.models import AuditEvent
from app.audit.service import append
from app.commitments.models import (
    LEAST_LINES,
    MOST_LINES,
    MOST_STANDARDS,
    OPEN_STATES,
    CommitmentLine,
    CommitmentSheet,
    ServiceStandard,
    SheetState,
    SheetVersion,
)
from app.commitments.wording import cut, fault_in
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Condition, Statement
from app.kernel.permissions import Permission, Principal
from app.kernel.types import canonical_json

PHONE = re.compile(r"[0-9][0-9 \-]{2,18}[0-9]", re.ASCII)
NO_PHONE = "请填电话号码：数字和短横，如“021-12345678”。"
HAS_DRAFT = "这里已经有一份正在办理的新版，请先把它办完，或者不再起草。"
TOO_FEW = f"至少写{LEAST_LINES}条承诺，现在有{{count}}条。"
NOT_A_DRAFT = "这一份已经送审或者不再起草，没有保存。写好的内容请先另存；要改的，请审核人退回。"
NOT_YOUR_DRAFT = "这一份草稿由别人起草，没有保存。要由你来改的，请先在它的页面接手起草。"
MOVED = "这个窗口已经调整到别的部门，这一份不能再办：由现在的部门重新起草。"
TWICE = "和第{place}条一样，请改写或者删去。"


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


def add_draft(
    *, department_id: int, window_id: int | None, content: Content, drafted_by_id: int
) -> SheetVersion:
    """Add a new version to the open write; the caller begins its path (drafting.py).

    Raises RefusedError where another one is already under way.
    """
    sheet = find_sheet(department_id, window_id)
    if sheet is None:
        sheet = CommitmentSheet(department_id=department_id, window_id=window_id)
        db.session.add(sheet)
        db.session.flush()
    if find_open(sheet.id) is not None:
        raise RefusedError(form=HAS_DRAFT)
    now = clock.now()
    version = SheetVersion(
        sheet_id=sheet.id,
        state=SheetState.DRAFT,
        drafted_by_id=drafted_by_id,
        drafted_at=now,
        moved_at=now,
        version=1,
    )
    db.session.add(version)
    db.session.flush()
    write(version, content)
    return version


def edit(*, record_id: int, seen_version: int, content: Content, edited_by_id: int) -> None:
    """Change a draft; only its drafter does. Raises StaleEditError and RefusedError."""
    version = db.session.get_one(SheetVersion, record_id, with_for_update=True)
    if version.state is not SheetState.DRAFT:
        raise RefusedError(form=NOT_A_DRAFT)
    if version.drafted_by_id != edited_by_id:
        raise RefusedError(form=NOT_YOUR_DRAFT)
    if version.version != seen_version:
        raise StaleEditError
    before = digest_of(content_of(version))
    write(version, content)
    if digest_of(content) == before:
        return
    version.version += 1
    db.session.flush()
    append(
        AuditEvent.COMMITMENTS_SHEET_EDITED,
        person_id=edited_by_id,
        object_type="sheet_version",
        object_id=version.id,
        version=version.version,
    )


def write(version: SheetVersion, content: Content) -> None:
    """Put what was typed in place of what is there; raises RefusedError naming every field."""
    lines = read_lines(content)
    check_rest(content)
    version.slogan, version.receiver = content.slogan, content.receiver
    version.supervision_phone = content.supervision_phone
    for each in (*list_lines(version.id), *list_standards(version.id)):
        db.session.delete(each)
    db.session.flush()
    for place, line in enumerate(lines, start=1):
        line.version_id, line.place = version.id, place
        db.session.add(line)
    for place, entry in enumerate((each for each in content.standards if not each.is_empty), 1):
        db.session.add(
            ServiceStandard(version_id=version.id, place=place, text=entry.text, basis=entry.basis)
        )
    db.session.flush()


def read_lines(content: Content) -> list[CommitmentLine]:
    """Read the lines that were typed; raises RefusedError with every fault at its field."""
    errors: dict[str, str] = {}
    found: list[CommitmentLine] = []
    seen: dict[str, int] = {}
    for row, entry in enumerate(content.lines[:MOST_LINES], start=1):
        if entry.is_empty:
            continue
        faults = faults_of(entry)
        errors |= {f"{name}_{row}": message for name, message in faults.items()}
        if faults:
            continue
        parts = cut(entry.text)
        line = CommitmentLine(
            before=parts.before,
            number=parts.number,
            after=parts.after,
            unit=parts.unit,
            indicator=entry.indicator,
            measure=entry.measure,
        )
        if line.sentence in seen:
            errors[f"text_{row}"] = TWICE.format(place=seen[line.sentence])
        seen[line.sentence] = row
        found.append(line)
    if errors:
        raise RefusedError(**errors)
    return found


def faults_of(entry: LineEntry) -> dict[str, str]:
    """Give what is wrong with a line, by field."""
    faults = {}
    try:
        cut(entry.text)
    except RefusedError as refused:
        faults["text"] = refused.errors["text"]
    for name, label in (("indicator", "指标"), ("measure", "怎样衡量")):
        text = getattr(entry, name)
        if not text:
            faults[name] = f"请写{label}。"
        elif fault := fault_in(text):
            faults[name] = fault
    return faults


def check_rest(content: Content) -> None:
    """Check what stands beside the lines; raises RefusedError with every fault."""
    errors: dict[str, str] = {}
    for name in ("slogan", "receiver"):
        if fault := fault_in(getattr(content, name)):
            errors[name] = fault
    if content.supervision_phone and not PHONE.fullmatch(content.supervision_phone):
        errors["supervision_phone"] = NO_PHONE
    for row, entry in enumerate(content.standards[:MOST_STANDARDS], start=1):
        errors |= standard_faults(row, entry)
    if errors:
        raise RefusedError(**errors)


def standard_faults(row: int, entry: StandardEntry) -> dict[str, str]:
    """Give what is wrong with a standard, by field."""
    if entry.is_empty:
        return {}
    faults = {}
    for name, hint in (("text", "请写标准的内容。"), ("basis", "请写依据：名称和条款。")):
        value = getattr(entry, name)
        fault = fault_in(value) if value else hint
        if fault:
            faults[f"standard_{name}_{row}"] = fault
    return faults


def check_complete(version: SheetVersion) -> None:
    """Refuse a version that is not yet whole; raises RefusedError.

    Its texts are read once more: a rule of wording may be younger than the draft.
    """
    check_place(version)
    content = content_of(version)
    read_lines(content)
    check_rest(content)
    if len(content.lines) < LEAST_LINES:
        raise RefusedError(form=TOO_FEW.format(count=len(content.lines)))


def check_place(version: SheetVersion) -> None:
    """Refuse to go on with the sheet of a window that is another department's by now."""
    row = load_row(version)
    if row.window is not None and row.window.department_id != row.sheet.department_id:
        raise RefusedError(form=MOVED)


def list_moved() -> list[int]:
    """Give the public versions whose window has gone over to another department."""
    found = select_versions().where(SheetVersion.state == SheetState.PUBLIC, not_(is_its_own()))
    return [row_of(each).version.id for each in db.session.execute(found)]


def freeze(version: SheetVersion) -> None:
    """Give an approved version its number in the sheet, its day and the hash of what it says."""
    # It is 公开中 only with all of the three: nothing is sent to the database in between.
    with db.session.no_autoflush:
        version.edition = next_edition(version.sheet_id)
        version.published_on = clock.today()
        version.check_code = hash_of(version)


def next_edition(sheet_id: int) -> int:
    """Give the number that the next approved version of a sheet gets."""
    highest = select(func.max(SheetVersion.edition)).where(SheetVersion.sheet_id == sheet_id)
    return (db.session.scalar(highest) or 0) + 1


def hash_of(version: SheetVersion) -> str:
    """Give the SHA-256 of all that an approved version says, and of what it is."""
    sheet = db.session.get_one(CommitmentSheet, version.sheet_id)
    facts = {
        "department": sheet.department_id,
        "window": sheet.window_id,
        "edition": version.edition,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "content": facts_of_content(content_of(version)),
    }
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()


def digest_of(content: Content) -> str:
    """Give what tells one content from another."""
    return canonical_json(facts_of_content(content))


def facts_of_content(content: Content) -> Mapping[str, object]:
    """Give a content as plain values, without its empty rows."""
    return {
        "slogan": content.slogan,
        "phone": content.supervision_phone,
        "receiver": content.receiver,
        "lines": [
            [each.text, each.indicator, each.measure] for each in content.lines if not each.is_empty
        ],
        "standards": [[each.text, each.basis] for each in content.standards if not each.is_empty],
    }


def code_text(check_code: str) -> str:
    """Write a 校验码 as papers print it: sixteen digits in groups of four."""
    digits = check_code[:16].upper()
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def load_row(version: SheetVersion) -> SheetRow:
    """Give a version with what it belongs to; nobody is asked whether he may see it."""
    return row_of(db.session.execute(select_versions().where(SheetVersion.id == version.id)).one())


def title_of(version: SheetVersion) -> str:
    """Name a version in lists of what waits."""
    return load_row(version).title


def department_of(version: SheetVersion) -> int:
    """Give the department to which a version belongs."""
    return db.session.get_one(CommitmentSheet, version.sheet_id).department_id


def facts_of(version: SheetVersion) -> Sequence[tuple[str, str]]:
    """Give what whoever decides reads beside the question: all that becomes public."""
    content = content_of(version)
    before = find_public(version.sheet_id)
    is_new = before is None or before.id == version.id
    lines = [f"{each.text}（{each.indicator}：{each.measure}）" for each in content.lines]
    standards = [f"{each.text}（依据：{each.basis}）" for each in content.standards]
    own, of_hall = content.supervision_phone, get_profile().supervision_phone
    return [
        *((f"第{place}条承诺", text) for place, text in enumerate(lines, start=1)),
        *((f"第{place}条标准", text) for place, text in enumerate(standards, start=1)),
        *(() if standards else (("标准", "没有"),)),
        ("标语", content.slogan or "没有"),
        ("监督电话", own or (f"大厅的{of_hall}" if of_hall else "没有")),
        ("公示受理人", content.receiver or "没有"),
        ("内容校验码", content_code(content)),
        (
            "现在公开的",
            "没有" if is_new or before is None else f"第{before.edition}版，{since(before)}起",
        ),
    ]


def brief_of(version: SheetVersion) -> Sequence[str]:
    """Give what a 汇总表 says of a version: which, what it promises, and the rest by its code.

    The same code stands on the page on which the version is decided alone.
    """
    content = content_of(version)
    edition = version.edition or next_edition(version.sheet_id)
    lines = "；".join(each.text for each in content.lines)
    return [
        f"第{edition}版，{len(content.standards)}条标准，内容校验码 {content_code(content)}",
        lines,
    ]


def content_code(content: Content) -> str:
    """Give the short hash of all that was typed; before it is approved there is no other."""
    return code_text(hashlib.sha256(digest_of(content).encode()).hexdigest())


def since(version: SheetVersion) -> str:
    """Write from which day on a version is public."""
    return formats.day(version.published_on) if version.published_on else "—"


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
