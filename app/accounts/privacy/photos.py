"""Photos of people: set with consent, shown to whoever may see the person, gone when he leaves.

"The photo of somebody who left is gone within the hour" (HALL 6.7): from the day after the last one
no page shows it, and a periodic task deletes row and file.
"""

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.privacy.models import PersonPhoto
from app.accounts.roster.placements import not_left
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import images
from app.files import service as files
from app.files.models import StoredFile
from app.kernel import clock, db
from app.kernel.forms import RefusedError

MAX_BYTES = 10 * 1024 * 1024
SHAPE = (480, 640)
FILE_NAME = "照片.jpg"


def draw(content: bytes) -> bytes:
    """Draw an uploaded photo anew, as a portrait; not inside a write. Raises RefusedError."""
    return images.draw_anew(content, longest=max(SHAPE), shape=SHAPE)


def get_file(person_id: int) -> StoredFile | None:
    """Give the photo of a person in service; who may see the person is asked by the caller."""
    return db.session.scalar(
        select(StoredFile)
        .join(PersonPhoto, PersonPhoto.file_id == StoredFile.id)
        .join(Person, Person.id == PersonPhoto.person_id)
        .where(
            PersonPhoto.person_id == person_id,
            not_left(clock.today()),
        )
    )


def set_photo(*, person_id: int, sha256: str, size: int, set_by_id: int) -> None:
    """Take a photo whose bytes are stored, in place of an earlier one; raises RefusedError."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.left_on is not None and person.left_on < clock.today():
        raise RefusedError(form="这个人已经离岗，不再保存照片。")
    # The new row first: the same picture once more must not lose its bytes to the old row's end.
    file = files.add_file(sha256=sha256, size=size, media_type=images.MEDIA_TYPE, name=FILE_NAME)
    is_replaced = erase(person_id)
    db.session.add(
        PersonPhoto(
            person_id=person_id,
            file_id=file.id,
            consented_at=clock.now(),
            set_by_id=set_by_id,
        )
    )
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_PHOTO_SET,
        person_id=set_by_id,
        object_type="person",
        object_id=person_id,
        is_replaced=is_replaced,
    )


def erase(person_id: int) -> bool:
    """Delete a person's photo, row and file, in the open write; False where there is none."""
    photo = db.session.get(PersonPhoto, person_id, with_for_update=True)
    if photo is None:
        return False
    file = db.session.get_one(StoredFile, photo.file_id)
    db.session.delete(photo)
    db.session.flush()
    files.erase_file(file)
    return True


def remove_photo(*, person_id: int, removed_by_id: int | None) -> None:
    """Delete a person's photo and write that down; raises RefusedError where there is none."""
    if not erase(person_id):
        raise RefusedError(form="没有照片，或者已经删除。")
    append(
        AuditEvent.ACCOUNTS_PHOTO_REMOVED,
        person_id=removed_by_id,
        object_type="person",
        object_id=person_id,
    )


def erase_departed() -> None:
    """Delete the photos of everybody whose last day is over; the worker calls it."""
    departed = (
        select(PersonPhoto.person_id)
        .join(Person, Person.id == PersonPhoto.person_id)
        .where(Person.left_on < clock.today())
    )
    if db.session.scalar(departed.limit(1)) is None:
        return
    with db.write():
        for person_id in db.session.scalars(departed).all():
            remove_photo(person_id=person_id, removed_by_id=None)
