"""What is typed into a version: drafted, checked as it is typed, and whole before it is sent on.

清廉10, HALL.md: "three to five lines of at most 22 characters", each with a number. A text is
checked as it is typed and once more before it is sent and approved.
"""

import re

from app.audit.models import AuditEvent
from app.audit.service import append
from app.commitments.facts import digest_of
from app.commitments.models import (
    LEAST_LINES,
    MOST_LINES,
    MOST_STANDARDS,
    CommitmentLine,
    CommitmentSheet,
    ServiceStandard,
    SheetState,
    SheetVersion,
)
from app.commitments.sheets import (
    Content,
    LineEntry,
    StandardEntry,
    content_of,
    find_open,
    find_sheet,
    list_lines,
    list_standards,
    load_row,
)
from app.commitments.wording import cut, fault_in
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError

PHONE = re.compile(r"[0-9][0-9 \-]{2,18}[0-9]", re.ASCII)
NO_PHONE = "请填电话号码：数字和短横，如“021-12345678”。"
HAS_DRAFT = "这里已经有一份正在办理的新版，请先把它办完，或者不再起草。"
TOO_FEW = f"至少写{LEAST_LINES}条承诺，现在有{{count}}条。"
NOT_A_DRAFT = "这一份已经送审或者不再起草，没有保存。写好的内容请先另存；要改的，请审核人退回。"
NOT_YOUR_DRAFT = "这一份草稿由别人起草，没有保存。要由你来改的，请先在它的页面接手起草。"
MOVED = "这个窗口已经调整到别的部门，这一份不能再办：由现在的部门重新起草。"
TWICE = "和第{place}条一样，请改写或者删去。"


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
