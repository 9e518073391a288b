"""打包: all papers of a quarter as one zip, in a folder for each department; made by a job.

A lead gets those of his department; of a colleague who came in the middle of the quarter, with
facts of his former department on the paper, he gets none, and the package says how many are left
out. Papers that were printed before are taken as they are. A zip is kept for two weeks.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.assessment import papers
from app.assessment.models import (
    AssessmentCycle,
    CycleState,
    DepartmentSheet,
    Portrait,
    PortraitPackage,
    PortraitRow,
)
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.files.packing import KEPT, MEDIA_TYPE, Part, folder, pack
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal

PACKAGE_JOB = "assessment.package"
NOT_YET = "预览开始以后才能打包。"
NOTHING = "这里没有可以打包的材料。"


def order_package(*, cycle_id: int, department_id: int | None, user: Principal) -> str:
    """Order a package in the open write; gives the job's public id. Raises RefusedError."""
    cycle = db.session.get_one(AssessmentCycle, cycle_id)
    if cycle.state is CycleState.COLLECTING:
        raise RefusedError(form=NOT_YET)
    append(
        AuditEvent.ASSESSMENT_PACKAGE_ORDERED,
        person_id=user.person_id,
        object_type="assessment_cycle",
        object_id=cycle_id,
        department_id=department_id or "",
    )
    place = department_id or "all"
    return jobs.order(
        kind=PACKAGE_JOB,
        key=f"{PACKAGE_JOB}:{cycle_id}:{place}:{user.person_id}",
        title=f"打包考核材料：{cycle.name}",
        payload={
            "cycle_id": cycle_id,
            "department_id": department_id,
            "ordered_by_id": user.person_id,
        },
        ordered_by_id=user.person_id,
    )


def list_parts(cycle_id: int, department_id: int | None) -> tuple[list[Part], int]:
    """Give the papers of a package, and how many of a department are left out."""
    people = (
        select(Portrait, Department.name, Department.position)
        .join(Department, Department.id == Portrait.department_id)
        .join(Person, Person.id == Portrait.person_id)
        .where(Portrait.cycle_id == cycle_id)
        .order_by(Department.position, Person.name_key, Person.id)
    )
    sheets = (
        select(DepartmentSheet.id, Department.name, Department.position)
        .join(Department, Department.id == DepartmentSheet.department_id)
        .where(DepartmentSheet.cycle_id == cycle_id)
        .order_by(Department.position)
    )
    left_out = 0
    if department_id is not None:
        elsewhere = select(PortraitRow.portrait_id).where(
            PortraitRow.department_id != department_id
        )
        people = people.where(Portrait.department_id == department_id)
        sheets = sheets.where(DepartmentSheet.department_id == department_id)
        whole = len(db.session.execute(people).all())
        people = people.where(Portrait.id.not_in(elsewhere))
        left_out = whole - len(db.session.execute(people).all())
    parts = [
        Part(kind=papers.kind_of(portrait), record_id=portrait.id, folder=folder(position, name))
        for portrait, name, position in db.session.execute(people)
    ]
    parts += [
        Part(kind=papers.SHEET, record_id=sheet_id, folder=folder(position, name))
        for sheet_id, name, position in db.session.execute(sheets)
    ]
    return parts, left_out


def make_package(job: JobRun) -> Mapping[str, Any]:
    """Print what is not printed yet, pack all and keep the zip; a job's handler."""
    cycle_id, department_id = int(job.payload["cycle_id"]), job.payload["department_id"]
    cycle = db.session.get_one(AssessmentCycle, cycle_id)
    parts, left_out = list_parts(cycle_id, department_id)
    if not parts:
        raise jobs.JobRefusedError(NOTHING)
    content = pack(parts, lambda done, total: job.progress(done=done, total=total))
    sha256 = files.put_content(content)
    package = PortraitPackage(
        public_id=secrets.token_urlsafe(12),
        cycle_id=cycle_id,
        department_id=department_id,
        papers=len(parts),
        left_out=left_out,
        ordered_by_id=int(job.payload["ordered_by_id"]),
        made_at=clock.now(),
    )
    with db.write():
        store(package, f"考核材料_{cycle.name}.zip", sha256, len(content))
    return {
        "endpoint": "assessment.show_package",
        "values": {"public_id": package.public_id},
        "label": "打开材料包",
    }


def store(package: PortraitPackage, name: str, sha256: str, size: int) -> None:
    """Keep a package, in the open write."""
    file = files.add_file(sha256=sha256, size=size, media_type=MEDIA_TYPE, name=name)
    package.file_id = file.id
    db.session.add(package)
    db.session.flush()
    append(
        AuditEvent.ASSESSMENT_PACKAGE_MADE,
        person_id=package.ordered_by_id,
        object_type="portrait_package",
        object_id=package.public_id,
        records=package.papers,
    )


def select_packages_for(user: Principal) -> Statement:
    """Select the packages that somebody may fetch: his departments', and those of all."""
    found = (
        select(PortraitPackage, AssessmentCycle.name, Department.name)
        .join(AssessmentCycle, AssessmentCycle.id == PortraitPackage.cycle_id)
        .outerjoin(Department, Department.id == PortraitPackage.department_id)
    )
    scope = user.departments_of(Permission.ASSESSMENT_PORTRAIT_READ)
    return found if scope is None else found.where(PortraitPackage.department_id.in_(scope))


def get_package_for(user: Principal, public_id: str) -> tuple[PortraitPackage, str, str] | None:
    """Give a package that somebody may fetch, with the quarter and whose it is."""
    found = db.session.execute(
        select_packages_for(user).where(PortraitPackage.public_id == public_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1], found[2] or "全部部门")


def file_of(package: PortraitPackage) -> StoredFile | None:
    """Give the zip of a package, as long as it is kept."""
    return files.get_kept(package.file_id, package.made_at, KEPT)


def erase(package: PortraitPackage) -> None:
    """Erase the zip of a package in the open write."""
    files.let_go(package)
    append(
        AuditEvent.ASSESSMENT_PACKAGE_ERASED,
        person_id=None,
        object_type="portrait_package",
        object_id=package.public_id,
    )


def erase_old() -> None:
    """Erase the zips that are two weeks old; the worker calls it."""
    files.erase_expired(PortraitPackage, KEPT, erase)
