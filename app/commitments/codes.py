"""好差评码: the official picture of a window, uploaded and never made here; one per window.

"The official 好差评码 (uploaded picture, one per window, never made by us)". What is stored was
drawn anew from the upload, larger than a card needs, so that it stays legible for a scanner.
"""

from sqlalchemy import select

from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.audit.models import AuditEvent
from app.audit.service import append
from app.commitments.models import RatingCode
from app.files import images
from app.files import service as files
from app.files.models import StoredFile
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal

MAX_BYTES = 10 * 1024 * 1024
LONGEST = 1200
FILE_NAME = "好差评码.jpg"


def draw(content: bytes) -> bytes:
    """Draw an uploaded code anew; not inside a write. Raises RefusedError."""
    return images.draw_anew(content, longest=LONGEST)


def get_window_for(user: Principal, permission: Permission, window_id: int) -> ServiceWindow | None:
    """Give a window in use of a department in which somebody holds a permission."""
    scope = user.departments_of(permission)
    found = select(ServiceWindow).where(
        ServiceWindow.id == window_id, is_open(ServiceWindow, clock.today())
    )
    if scope is not None:
        found = found.where(ServiceWindow.department_id.in_(scope))
    return db.session.scalar(found)


def get_file(window_id: int) -> StoredFile | None:
    """Give the picture of a window's code."""
    return db.session.scalar(
        select(StoredFile)
        .join(RatingCode, RatingCode.file_id == StoredFile.id)
        .where(RatingCode.window_id == window_id)
    )


def set_code(*, window_id: int, sha256: str, size: int, set_by_id: int) -> None:
    """Take a code whose bytes are stored, in place of an earlier one."""
    # The new row first: the same picture once more must not lose its bytes to the old row's end.
    file = files.add_file(sha256=sha256, size=size, media_type=images.MEDIA_TYPE, name=FILE_NAME)
    is_replaced = erase(window_id)
    db.session.add(
        RatingCode(window_id=window_id, file_id=file.id, set_by_id=set_by_id, set_at=clock.now())
    )
    db.session.flush()
    append(
        AuditEvent.COMMITMENTS_CODE_SET,
        person_id=set_by_id,
        object_type="service_window",
        object_id=window_id,
        is_replaced=is_replaced,
    )


def erase(window_id: int) -> bool:
    """Delete a window's code, row and file, in the open write; False where there is none."""
    code = db.session.get(RatingCode, window_id, with_for_update=True)
    if code is None:
        return False
    file = db.session.get_one(StoredFile, code.file_id)
    db.session.delete(code)
    db.session.flush()
    files.erase_file(file)
    return True


def remove_code(*, window_id: int, removed_by_id: int) -> None:
    """Delete a window's code and write that down; raises RefusedError where there is none."""
    if not erase(window_id):
        raise RefusedError(form="没有好差评码，或者已经删除。")
    append(
        AuditEvent.COMMITMENTS_CODE_REMOVED,
        person_id=removed_by_id,
        object_type="service_window",
        object_id=window_id,
    )
