"""What belongs to a class: 课件 for those on its list, and 学习会记录 with its one photo."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.files import service as files
from app.files.kept_photos import Kept
from app.files.models import StoredFile
from app.files.scans import Scan
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Principal
from app.training import classes
from app.training.models import (
    HELD_STATES,
    VOID_STATES,
    ClassKind,
    ClassMaterial,
    ClassState,
    StudyRecord,
    TrainingClass,
)

MOST = 10


def list_materials(class_id: int) -> Sequence[ClassMaterial]:
    """Give what was handed out, in order."""
    return db.session.scalars(
        select(ClassMaterial).where(ClassMaterial.class_id == class_id).order_by(ClassMaterial.id)
    ).all()


def get_material_for(
    user: Principal, public_id: str
) -> tuple[ClassMaterial, TrainingClass, StoredFile] | None:
    """Give a material of a class that somebody may see."""
    found = db.session.execute(
        select(ClassMaterial, TrainingClass, StoredFile)
        .join(TrainingClass, TrainingClass.id == ClassMaterial.class_id)
        .join(StoredFile, StoredFile.id == ClassMaterial.file_id)
        .where(ClassMaterial.public_id == public_id)
    ).one_or_none()
    if found is None or classes.get_class_for(user, found[1].public_id) is None:
        return None
    return found[0], found[1], found[2]


def add(*, class_id: int, title: str, scan: Scan, sha256: str, user: Principal) -> ClassMaterial:
    """Add a material to the open write; raises RefusedError."""
    found = classes.get_locked(class_id)
    if found.state in {*VOID_STATES, ClassState.ARCHIVED}:
        raise RefusedError(form="这一课已经取消或者归档，不能再加课件。")
    if len(list_materials(class_id)) >= MOST:
        raise RefusedError(form=f"一个课堂最多{MOST}份课件，请合并后再传。")
    file = files.add_file(
        sha256=sha256,
        size=len(scan.content),
        media_type=scan.media_type,
        name=f"{title}{scan.suffix}",
    )
    material = ClassMaterial(
        public_id=secrets.token_urlsafe(classes.PUBLIC_ID_BYTES),
        class_id=class_id,
        title=title,
        file_id=file.id,
        added_by_id=user.person_id,
        added_at=clock.now(),
    )
    db.session.add(material)
    db.session.flush()
    classes.log(AuditEvent.TRAINING_MATERIAL_ADDED, found, user.person_id, name=title)
    return material


def remove(*, material_id: int, user: Principal) -> None:
    """Delete a material with its file, in the open write: it may not have belonged here."""
    material = db.session.get_one(ClassMaterial, material_id)
    found = classes.get_locked(material.class_id)
    if found.state is ClassState.ARCHIVED:
        raise RefusedError(form="这一课已经归档，课件不能再删。")
    file = db.session.get_one(StoredFile, material.file_id)
    title = material.title
    db.session.delete(material)
    db.session.flush()
    files.erase_file(file)
    classes.log(AuditEvent.TRAINING_MATERIAL_REMOVED, found, user.person_id, name=title)


def get_record(class_id: int) -> StudyRecord | None:
    """Give 学习会记录."""
    return db.session.get(StudyRecord, class_id)


def lacks_record(found: TrainingClass) -> bool:
    """Tell whether a 学习会 still has no record."""
    return found.kind is ClassKind.STUDY and get_record(found.id) is None


def write_record(
    *,
    class_id: int,
    seen_version: int,
    texts: tuple[str, str, str],
    photo: Kept | None,
    user: Principal,
) -> None:
    """Write 主持, 内容 and 发言要点, with a photo where one came, in the open write.

    Raises RefusedError or StaleEditError.
    """
    found = classes.get_locked(class_id)
    if found.state not in HELD_STATES or found.state is ClassState.ARCHIVED:
        raise RefusedError(form="学习会确认已授课以后写记录，归档后不能再改。")
    record = get_record(class_id)
    if (record.version if record else 0) != seen_version:
        raise StaleEditError
    if record is None:
        record = StudyRecord(class_id=class_id, version=0)
    record.chair, record.content, record.points = texts
    record.written_by_id, record.written_at = user.person_id, clock.now()
    record.version += 1
    old = db.session.get(StoredFile, record.photo_file_id or 0) if photo else None
    if photo is not None:
        file = files.add_file(
            sha256=photo.sha256, size=photo.size, media_type="image/jpeg", name="学习会照片.jpg"
        )
        record.photo_file_id = file.id
    db.session.add(record)
    db.session.flush()
    if old is not None:
        files.erase_file(old)
    classes.log(AuditEvent.TRAINING_RECORD_WRITTEN, found, user.person_id)
