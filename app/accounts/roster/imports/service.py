"""A roster file on its way: uploaded, read by a job, looked at, applied or left to be erased.

"All or nothing": a file with one fault changes nothing, and only the differences that a person has
seen are applied. How they are written stands in applying.py, how they are taken back in undoing.py.
"""

import base64
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import false, select, true, update

from app.accounts.models import Person
from app.accounts.roster import departures
from app.accounts.roster.imports import applying
from app.accounts.roster.imports.compare import Comparison, compare, counts_of
from app.accounts.roster.imports.known import read_known
from app.accounts.roster.imports.models import RosterImport, RosterImportState
from app.accounts.roster.imports.parse import from_content, parse_sheet
from app.accounts.roster.models import Authorisation, Deputy
from app.audit.models import AuditEvent
from app.audit.service import append
from app.jobs import service as jobs
from app.jobs.service import JobRefusedError
from app.kernel import clock, db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import GRANTS, Permission, Principal
from app.kernel.sheets_in import UnreadableFileError, read_sheet

READ_JOB = "accounts.read_roster"
MAX_ROWS = 10_000
KEPT = timedelta(days=30)
ERASED_NAME = "（已清除）"
# An import that was read and not yet applied; with faults it can only be looked at.
OPEN = (RosterImportState.PREVIEWED, RosterImportState.FAULTY)
NOT_READY = "这份名单已经处理过，或者还没有读完，不能再办。"
ERASED = "这份名单超过30天，内容已经清除，请重新上传。"


def may_import(user: Principal) -> bool:
    """Tell whether somebody may change the roster of the whole hall, not of one department."""
    return any(
        grant.department_id is None and Permission.ACCOUNTS_ROSTER_IMPORT in GRANTS[grant.role]
        for grant in user.grants
    )


def select_imports_for(user: Principal) -> Statement:
    """Select the imports that somebody may see, each with the name of who uploaded it."""
    return (
        select(RosterImport, Person.name)
        .join(Person, Person.id == RosterImport.uploaded_by_id)
        .where(true() if may_import(user) else false())
    )


def get_import_for(user: Principal, public_id: str) -> RosterImport | None:
    """Give an import, to whoever may import the roster of the whole hall."""
    if not may_import(user):
        return None
    return db.session.scalar(select(RosterImport).where(RosterImport.public_id == public_id))


def upload_roster(
    *, content: bytes, file_name: str, effective_on: date, uploaded_by_id: int
) -> str:
    """Take a file in and order its reading; returns the public id of the job."""
    imported = RosterImport(
        public_id=secrets.token_urlsafe(12),
        file_name=file_name,
        effective_on=effective_on,
        state=RosterImportState.READING,
        uploaded_by_id=uploaded_by_id,
        uploaded_at=clock.now(),
        content={"file": base64.b64encode(content).decode()},
        made={},
        fingerprint="",
    )
    db.session.add(imported)
    db.session.flush()
    note(AuditEvent.ACCOUNTS_ROSTER_UPLOADED, imported, person_id=uploaded_by_id)
    return jobs.order(
        kind=READ_JOB,
        key=f"{READ_JOB}:{imported.id}",
        title="读取人员名单",
        payload={"import_id": imported.id},
        ordered_by_id=uploaded_by_id,
    )


def note(
    event: AuditEvent, imported: RosterImport, *, person_id: int | None, **data: object
) -> None:
    """Append an event about an import."""
    append(
        event,
        person_id=person_id,
        object_type="roster_import",
        object_id=imported.id,
        **data,
    )


def read_roster(run: JobRun) -> Mapping[str, Any]:
    """Read an uploaded file and compare it; the job's handler. Harmless to repeat."""
    imported = db.session.get_one(RosterImport, run.payload["import_id"])
    if imported.state is RosterImportState.READING:
        read_file(imported)
    return {
        "endpoint": "accounts.show_import",
        "values": {"public_id": imported.public_id},
        "label": "查看名单的差别",
    }


def read_file(imported: RosterImport) -> None:
    """Turn the stored file into rows; an unreadable one is erased at once."""
    file = base64.b64decode(imported.content["file"])
    try:
        roster = parse_sheet(
            read_sheet(file, max_rows=MAX_ROWS), effective_on=imported.effective_on
        )
    except UnreadableFileError as error:
        store(imported.id, RosterImportState.UNREADABLE, {"error": str(error)}, {})
        raise JobRefusedError(str(error)) from error
    found = compare(
        roster,
        read_known(imported_by_id=imported.uploaded_by_id),
        effective_on=imported.effective_on,
        choices={},
    )
    facts = {"fingerprint": found.fingerprint(), **counts_of(found)}
    content = {**roster.as_content(), "choices": {}}
    store(imported.id, state_of(found), content, facts)


def state_of(found: Comparison) -> RosterImportState:
    """Say how an import stands that was read: ready to be looked at and applied, or faulty."""
    return RosterImportState.FAULTY if found.problems else RosterImportState.PREVIEWED


def state_now(imported: RosterImport, found: Comparison | None) -> RosterImportState:
    """Say how an import stands today: what has changed since may bring a fault or mend one."""
    return imported.state if found is None else state_of(found)


def store(
    import_id: int, state: RosterImportState, content: Mapping[str, Any], facts: Mapping[str, Any]
) -> None:
    """Write down what reading has found, unless another worker has already."""
    with db.write():
        db.session.execute(
            update(RosterImport)
            .where(RosterImport.id == import_id, RosterImport.state == RosterImportState.READING)
            .values(state=state, content=content, **facts)
        )


def compare_now(imported: RosterImport, *, by_id: int) -> Comparison:
    """Compare a file that was read with what the site knows at this moment."""
    return compare(
        from_content(imported.content),
        read_known(imported_by_id=by_id),
        effective_on=imported.effective_on,
        choices=imported.content.get("choices", {}),
    )


def get_open_import(public_id: str) -> RosterImport:
    """Give an import that waits for being applied, held for this write; raises RefusedError."""
    imported = db.session.scalars(
        select(RosterImport).where(RosterImport.public_id == public_id).with_for_update()
    ).one()
    if imported.erased_at is not None:
        raise RefusedError(form=ERASED)
    if imported.state not in OPEN:
        raise RefusedError(form=NOT_READY)
    return imported


def choose(*, public_id: str, choices: Mapping[str, str], chosen_by_id: int) -> None:
    """Keep what somebody decided about unknown departments and windows; raises RefusedError."""
    imported = get_open_import(public_id)
    found = compare_now(imported, by_id=chosen_by_id)
    offered = {
        each.key: {"add", *(value for value, _ in each.options)}
        for each in (*found.unknown_departments, *found.unknown_windows)
    }
    taken = {key: value for key, value in choices.items() if value in offered.get(key, ())}
    if not taken:
        raise RefusedError(form="请为没见过的部门和窗口逐个选择：新增，还是对应到已有的。")
    kept = {**imported.content["choices"], **taken}
    imported.content = {**imported.content, "choices": kept}
    now = compare_now(imported, by_id=chosen_by_id)
    imported.fingerprint, imported.state = now.fingerprint(), state_of(now)
    for name, count in counts_of(now).items():
        setattr(imported, name, count)
    note(AuditEvent.ACCOUNTS_ROSTER_MATCHED, imported, person_id=chosen_by_id, choices=taken)


def apply_roster(
    *, public_id: str, seen: str, leaving: frozenset[int], applied_by_id: int
) -> Comparison:
    """Write all the differences that were seen, and who was ticked as 离岗, or nothing.

    Raises StaleEditError when the differences are others by now, RefusedError for a file with
    faults or open questions.
    """
    imported = get_open_import(public_id)
    found = compare_now(imported, by_id=applied_by_id)
    if found.fingerprint() != seen:
        raise StaleEditError
    if not found.can_be_applied:
        raise RefusedError(form="名单里还有错误或者没有选择的部门、窗口，一行也没有导入。")
    free = {each.person_id for each in found.missing if not each.hindrance}
    if leaving - free:
        raise RefusedError(form="勾选的离岗人员和名单对不上，请重新勾选。")
    departed = [*found.departed, *(each for each in found.missing if each.person_id in leaving)]
    if not (found.joined or found.moved or found.changed or departed):
        raise RefusedError(form="没有要改的内容：名单和系统里的一样，也没有勾选离岗。")
    found.departed, found.missing = departed, []
    made = applying.write(found, from_content(imported.content), imported, by_id=applied_by_id)
    finish(imported, found, made, applied_by_id=applied_by_id)
    return found


def finish(
    imported: RosterImport, found: Comparison, made: Mapping[str, Any], *, applied_by_id: int
) -> None:
    """Write down that an import has been applied, with what is needed to show and undo it."""
    imported.state = RosterImportState.APPLIED
    imported.applied_at, imported.applied_by_id = clock.now(), applied_by_id
    imported.fingerprint, imported.made = found.fingerprint(), dict(made)
    imported.content = {"report": applying.report_of(found)}
    for name, count in counts_of(found).items():
        setattr(imported, name, count)
    ended = [departures.from_list(each) for each in made["ended"]]
    note(
        AuditEvent.ACCOUNTS_ROSTER_IMPORTED,
        imported,
        person_id=applied_by_id,
        effective_on=imported.effective_on.isoformat(),
        added=made["people"],
        moved=[each.person_id for each in found.moved],
        changed={
            str(each.person_id): [change.field for change in each.changes] for each in found.changed
        },
        departed=[each.person_id for each in found.departed],
        ended_deputies=departures.ids_of(ended, Deputy),
        ended_authorisations=departures.ids_of(ended, Authorisation),
        departments=made["departments"],
        windows=made["windows"],
        posts=made["posts"],
    )


def erase_old() -> None:
    """Erase what was uploaded more than 30 days ago; the history of who and when stays."""
    old = (RosterImport.uploaded_at < clock.now() - KEPT, RosterImport.erased_at.is_(None))
    if db.session.scalar(select(RosterImport.id).where(*old).limit(1)) is None:
        return
    with db.write():
        for imported in db.session.scalars(select(RosterImport).where(*old).with_for_update()):
            imported.content, imported.made, imported.file_name = {}, {}, ERASED_NAME
            imported.erased_at = clock.now()
            note(AuditEvent.ACCOUNTS_ROSTER_ERASED, imported, person_id=None)
