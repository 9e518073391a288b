"""党员示范岗: asked for by a 经办人 or a lead, confirmed by the Party branch, ended with the post.

清廉10 "于所在窗口铭牌上增设“党员示范岗”标识": only 「党员示范岗(支部确认)」 is kept, never why
somebody is a member, and nothing here reads 政治面貌. A plate holds for the placement for which it
was confirmed: from the day of a transfer or after the last day no page shows it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement, Post, ServiceWindow
from app.accounts.roster.placements import get_placement, not_left, placed
from app.commitments.models import ModelPost, PlateState
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Condition, Statement
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow
from app.workflow.definition import Flow

NOT_HERE = "没有这个工号，或者这个人不在你管理的部门。"
HAS_ONE = "这个人已经有一份党员示范岗在办理或者已挂牌。"
GONE = "这个人已经离岗或者调动，不能确认；请按新的岗位重新申请。"
OPEN = (PlateState.ASKED, PlateState.CONFIRMED)


@dataclass(frozen=True, kw_only=True)
class PlateRow:
    """A plate with the person and the post for which it is."""

    plate: ModelPost
    person: Person
    placement: Placement
    department: Department
    window: ServiceWindow | None
    post: Post

    @property
    def place(self) -> str:
        """Give the post, with its window where it has one."""
        return f"{self.window.number}号窗口 {self.post.name}" if self.window else self.post.name


def select_plates() -> Statement:
    """Select plates with person, placement, department, window and post."""
    return (
        select(ModelPost, Person, Placement, Department, ServiceWindow, Post)
        .join(Person, Person.id == ModelPost.person_id)
        .join(Placement, Placement.id == ModelPost.placement_id)
        .join(Department, Department.id == Placement.department_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == Placement.window_id)
        .join(Post, Post.id == Placement.post_id)
    )


def select_plates_for(user: Principal) -> Statement:
    """Select the plates that somebody may see in the departments where he may."""
    found, scope = select_plates(), user.departments_of(Permission.COMMITMENTS_PLATE_READ)
    return found if scope is None else found.where(Placement.department_id.in_(scope))


def get_plate_for(user: Principal, record_id: int) -> PlateRow | None:
    """Give a plate that somebody may see."""
    found = select_plates_for(user).where(ModelPost.id == record_id)
    row = db.session.execute(found).one_or_none()
    return None if row is None else row_of(row)


def row_of(found: Sequence[object]) -> PlateRow:
    """Read a row of `select_plates`."""
    plate, person, placement, department, window, post = found
    return PlateRow(
        plate=plate,  # type: ignore[arg-type]
        person=person,  # type: ignore[arg-type]
        placement=placement,  # type: ignore[arg-type]
        department=department,  # type: ignore[arg-type]
        window=window,  # type: ignore[arg-type]
        post=post,  # type: ignore[arg-type]
    )


def holds_today() -> Condition:
    """Give the condition that a plate is confirmed and its placement is that of today."""
    today = clock.today()
    is_placed = select(Placement.id).where(*placed(today))
    is_here = select(Person.id).where(not_left(today))
    return and_(
        ModelPost.state == PlateState.CONFIRMED,
        ModelPost.placement_id.in_(is_placed),
        ModelPost.person_id.in_(is_here),
    )


def list_holders(window_ids: Collection[int]) -> set[tuple[int, int]]:
    """Give window and person of the plates that hold today at these windows."""
    rows = db.session.execute(
        select(Placement.window_id, ModelPost.person_id)
        .join(Placement, Placement.id == ModelPost.placement_id)
        .where(holds_today(), Placement.window_id.in_(window_ids))
    )
    return {(window, person) for window, person in rows if window is not None}


def find_person(user: Principal, staff_number: str) -> Placement:
    """Give where somebody whom I may name works today; raises RefusedError."""
    person = db.session.scalar(
        select(Person).where(
            Person.staff_number == staff_number.strip().upper(), not_left(clock.today())
        )
    )
    placement = get_placement(person.id, clock.today()) if person else None
    if placement is None or not user.can(
        Permission.COMMITMENTS_PLATE_ASK, department_id=placement.department_id
    ):
        raise RefusedError(staff_number=NOT_HERE)
    return placement


def add_plate(*, placement: Placement, grounds: str, asked_by_id: int) -> ModelPost:
    """Add a plate to the open write; the caller begins its path. Raises RefusedError."""
    has_one = select(ModelPost.id).where(
        ModelPost.person_id == placement.person_id, ModelPost.state.in_(OPEN)
    )
    if db.session.scalar(has_one) is not None:
        raise RefusedError(staff_number=HAS_ONE)
    now = clock.now()
    plate = ModelPost(
        person_id=placement.person_id,
        placement_id=placement.id,
        state=PlateState.ASKED,
        grounds=grounds,
        drafted_by_id=asked_by_id,
        drafted_at=now,
        moved_at=now,
        version=1,
    )
    db.session.add(plate)
    db.session.flush()
    return plate


def has_lapsed(plate: ModelPost) -> bool:
    """Tell whether the placement of a plate is over."""
    person = db.session.get_one(Person, plate.person_id)
    placement = get_placement(plate.person_id, clock.today())
    has_left = person.left_on is not None and person.left_on < clock.today()
    return has_left or placement is None or placement.id != plate.placement_id


def check_holds(plate: ModelPost) -> None:
    """Refuse to confirm a plate whose placement is over; raises RefusedError."""
    if has_lapsed(plate):
        raise RefusedError(form=GONE)


def list_lapsed() -> list[tuple[int, str]]:
    """Give the plates whose placement is over, each with the move that says so."""
    found = db.session.scalars(select(ModelPost).where(ModelPost.state.in_(OPEN)))
    return [
        (plate.id, "expire" if plate.state is PlateState.CONFIRMED else "lapse")
        for plate in found.all()
        if has_lapsed(plate)
    ]


def move_by_site(flow: Flow, record_id: int, name: str) -> None:
    """Make a move that no person makes, unless somebody has moved the plate meanwhile."""
    with db.write():
        plate = db.session.get_one(ModelPost, record_id, with_for_update=True)
        if str(plate.state) in {str(each) for each in flow.move(name).sources}:
            workflow.execute(flow, record_id=record_id, name=name, user=None)


def title_of(plate: ModelPost) -> str:
    """Name a plate in lists of what waits."""
    row = load_row(plate)
    return f"{row.department.name} {row.person.name}"


def department_of(plate: ModelPost) -> int:
    """Give the department to which a plate belongs."""
    return db.session.get_one(Placement, plate.placement_id).department_id


def load_row(plate: ModelPost) -> PlateRow:
    """Give a plate with what it belongs to; nobody is asked whether he may see it."""
    return row_of(db.session.execute(select_plates().where(ModelPost.id == plate.id)).one())


def facts_of(plate: ModelPost) -> Sequence[tuple[str, str]]:
    """Give what the branch reads beside the question."""
    row = load_row(plate)
    return [
        ("姓名", f"{row.person.name}（{row.person.staff_number}）"),
        ("岗位", f"{row.department.name} {row.place}"),
        ("申请理由", plate.grounds),
    ]
