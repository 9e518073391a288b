"""个人信息副本: what every room holds about a person, in one workbook, for who ordered it.

"Per-person export": the person himself or the 经办人 of the roster orders it; a job gathers it.
Only who ordered it can fetch it, and after a week the file is erased.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.privacy.models import PersonalCopy
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.jobs import service as jobs
from app.kernel import clock, db, spreadsheets
from app.kernel.feature import JobRun, features
from app.kernel.permissions import Principal
from app.kernel.personal import PersonalTable

COPY_JOB = "accounts.personal_copy"
KEPT = timedelta(days=7)
FILE_NAME = "个人信息副本.xlsx"


def order_copy(*, person_id: int, ordered_by_id: int) -> str:
    """Order a copy in the open write; gives the job's public id, of an open one if there is one."""
    key = f"{COPY_JOB}:{person_id}:{ordered_by_id}"
    append(
        AuditEvent.ACCOUNTS_COPY_ORDERED,
        person_id=ordered_by_id,
        object_type="person",
        object_id=person_id,
    )
    return jobs.order(
        kind=COPY_JOB,
        key=key,
        title="制作个人信息副本",
        payload={"person_id": person_id, "ordered_by_id": ordered_by_id},
        ordered_by_id=ordered_by_id,
    )


def make_copy(job: JobRun) -> Mapping[str, Any]:
    """Gather the tables of all rooms, write them, and keep the file; a job's handler."""
    person_id = int(job.payload["person_id"])
    content = write(gather(job, person_id))
    sha256 = files.put_content(content)
    copy = PersonalCopy(
        public_id=secrets.token_urlsafe(12),
        person_id=person_id,
        ordered_by_id=int(job.payload["ordered_by_id"]),
        made_at=clock.now(),
    )
    with db.write():
        store(copy, sha256, len(content))
    return {
        "endpoint": "accounts.show_copy",
        "values": {"public_id": copy.public_id},
        "label": "查看副本",
    }


def gather(job: JobRun, person_id: int) -> list[PersonalTable]:
    """Ask room by room, telling how far it is; a table without rows is left out."""
    rooms = [room for room in features(current_app) if room.personal_data is not None]
    found: list[PersonalTable] = []
    for place, room in enumerate(rooms):
        job.progress(done=place, total=len(rooms) + 1)
        if room.personal_data is not None:
            found += [table for table in room.personal_data(person_id) if table.rows]
    job.progress(done=len(rooms), total=len(rooms) + 1)
    return found


def write(tables: list[PersonalTable]) -> bytes:
    """Write a sheet for each table."""
    return spreadsheets.write_book((each.title, each.header, each.rows) for each in tables)


def store(copy: PersonalCopy, sha256: str, size: int) -> None:
    """Keep a copy in the open write, in place of the same person's earlier ones."""
    for earlier in db.session.scalars(
        select(PersonalCopy).where(
            PersonalCopy.person_id == copy.person_id,
            PersonalCopy.ordered_by_id == copy.ordered_by_id,
            PersonalCopy.file_id.is_not(None),
        )
    ).all():
        erase(earlier)
    file = files.add_file(
        sha256=sha256, size=size, media_type=spreadsheets.MEDIA_TYPE, name=FILE_NAME
    )
    copy.file_id = file.id
    db.session.add(copy)
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_COPY_MADE,
        person_id=copy.ordered_by_id,
        object_type="personal_copy",
        object_id=copy.public_id,
        of_person=copy.person_id,
    )


def get_copy_for(user: Principal, public_id: str) -> tuple[PersonalCopy, Person] | None:
    """Give a copy that this person ordered, with whom it is about."""
    found = db.session.execute(
        select(PersonalCopy, Person)
        .join(Person, Person.id == PersonalCopy.person_id)
        .where(PersonalCopy.public_id == public_id, PersonalCopy.ordered_by_id == user.person_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def file_of(copy: PersonalCopy) -> StoredFile | None:
    """Give the file of a copy, as long as it is kept."""
    return files.get_kept(copy.file_id, copy.made_at, KEPT)


def erase(copy: PersonalCopy) -> None:
    """Erase the file of a copy in the open write."""
    copy.erased_at = clock.now()
    files.let_go(copy)
    append(
        AuditEvent.ACCOUNTS_COPY_ERASED,
        person_id=None,
        object_type="personal_copy",
        object_id=copy.public_id,
    )


def erase_old() -> None:
    """Erase the files that are a week old; the worker calls it."""
    files.erase_expired(PersonalCopy, KEPT, erase)
