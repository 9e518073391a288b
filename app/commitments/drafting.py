"""Beginning what has a path: a new version, copies of it for windows, a plate that is asked for."""

from collections.abc import Collection

from app.commitments import plates, sheets, writing
from app.commitments.models import ModelPost, SheetVersion
from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow

NOT_YOURS = "你不能为这个部门起草。"
NOT_ITS_WINDOW = "这个窗口不属于所选的部门，或者已经停用。"
NO_WINDOW = "请至少选一个窗口。"


def draft(
    *, user: Principal, department_id: int, window_id: int | None, is_blank: bool = False
) -> SheetVersion:
    """Begin a new version, from the last one unless it is to be blank; raises RefusedError."""
    check_place(user, department_id, window_id)
    content = sheets.Content() if is_blank else sheets.last_content(department_id, window_id)
    return draft_with(user, department_id, window_id, content)


def draft_with(
    user: Principal, department_id: int, window_id: int | None, content: sheets.Content
) -> SheetVersion:
    """Begin a new version that says this."""
    version = writing.add_draft(
        department_id=department_id,
        window_id=window_id,
        content=content,
        drafted_by_id=user.person_id,
    )
    workflow.begin(SHEET_FLOW, version, user=user)
    return version


def check_place(user: Principal, department_id: int, window_id: int | None) -> None:
    """Refuse a department of others and a window of another department."""
    if not user.can(Permission.COMMITMENTS_SHEET_DRAFT, department_id=department_id):
        raise RefusedError(place=NOT_YOURS)
    if window_id is not None and window_id not in {
        each.id for each in sheets.list_windows(department_id)
    }:
        raise RefusedError(place=NOT_ITS_WINDOW)


def copy_to_windows(
    *, user: Principal, record_id: int, window_ids: Collection[int]
) -> list[SheetVersion]:
    """Copy a department's version to windows of it, each as a draft; raises RefusedError."""
    version = db.session.get_one(SheetVersion, record_id)
    sheet = sheets.load_row(version).sheet
    if not window_ids:
        raise RefusedError(window_ids=NO_WINDOW)
    content = sheets.content_of(version)
    drafts = []
    for window_id in sorted(window_ids):
        check_place(user, sheet.department_id, window_id)
        drafts.append(draft_with(user, sheet.department_id, window_id, content))
    return drafts


def ask_for_plate(*, user: Principal, staff_number: str, grounds: str) -> ModelPost:
    """Ask the branch for a 党员示范岗; raises RefusedError."""
    placement = plates.find_person(user, staff_number)
    plate = plates.add_plate(placement=placement, grounds=grounds, asked_by_id=user.person_id)
    workflow.begin(PLATE_FLOW, plate, user=user)
    return plate
