"""Issuing, amending and answering 整改通知单; the workflow engine makes all other moves.

"整改通知单 (formal: only this one has a deadline and another re-checker)." Another room issues one
with `issue`, in its own write, and names where it came from. Whoever holds the permission for one
department sees the orders of that department, once they have been signed.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement, ServiceWindow
from app.accounts.roster.placements import placed
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import images
from app.files import service as files
from app.files.models import StoredFile
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.rectifications.models import (
    Cause,
    OrderPhoto,
    OrderState,
    RectificationOrder,
    Severity,
)
from app.rectifications.settings import APPEAL_DAYS, mend_days
from app.rectifications.workflow import FLOW, count_photos
from app.settings import service as settings
from app.workflow import service as workflow
from app.workflow.definition import Signature

OPEN_STATES = (
    OrderState.TO_RECEIVE, OrderState.MENDING, OrderState.APPEALED, OrderState.TO_RECHECK,
    OrderState.TO_CLOSE,
)  # fmt: skip
MAX_PHOTOS = 6
NO_PHOTO = "请至少上传一张整改后的照片。"
NO_NEW_PHOTO = "上次复查没有通过，请至少上传一张那以后拍的照片。"
PHOTO_NAME = "整改佐证.jpg"
NOT_HERE = "没有这个工号，或者这个人不在被通知的部门，请核对。"
ONLY_RETURNED = "只有退回补充的通知单可以修改。"


@dataclass(frozen=True, kw_only=True)
class Source:
    """What an order came from: words, and the address of its page in the room that issued it."""

    label: str
    endpoint: str = ""
    arguments: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Finders:
    """Who found it, where persons did: the finder, who went round with him, and 带班领导."""

    found_by_id: int | None = None
    found_with_id: int | None = None
    led_by_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a 整改通知单 says: to whom, the fact, the rule, what is asked for."""

    department_id: int
    window_id: int | None
    severity: Severity
    fact: str
    basis: str
    requirement: str
    # The article that was broken, beside the basis in words.
    article_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The 回执: 原因 (人/流程/系统/制度), 措施, 责任人, 完成日."""

    cause: Cause
    measure: str
    responsible_number: str
    done_on: date


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """An order with the names that lists show."""

    order: RectificationOrder
    department: str
    window: str | None


def issue(
    *,
    content: Content,
    source: Source,
    found_at: datetime,
    finders: Finders,
    user: Principal,
) -> RectificationOrder:
    """Open an order that waits for its signature, in the open write."""
    order = RectificationOrder(
        public_id=secrets.token_urlsafe(12),
        state=OrderState.TO_SIGN,
        source_label=source.label,
        source_endpoint=source.endpoint,
        source_arguments=dict(source.arguments or {}),
        found_at=found_at,
        **asdict(finders),
        measure="",
        cycle=1,
        drafted_at=clock.now(),
        moved_at=clock.now(),
        version=1,
    )
    put(order, content)
    db.session.add(order)
    db.session.flush()
    workflow.begin(FLOW, order, user=user)
    return order


def put(order: RectificationOrder, content: Content) -> None:
    """Write what an order says, with the days that it gives; raises RefusedError.

    The window belongs to the department. What is signed says the same for ever: a setting that
    changes later changes no notice.
    """
    if content.window_id is not None:
        window = db.session.get(ServiceWindow, content.window_id)
        if window is None or window.department_id != content.department_id:
            raise RefusedError(window_id="这个窗口不属于所选的部门。")
    order.department_id, order.window_id = content.department_id, content.window_id
    order.severity, order.fact = content.severity, content.fact
    order.basis, order.requirement = content.basis, content.requirement
    order.article_id = content.article_id
    order.mend_days, order.appeal_days = mend_days(content.severity), settings.get(APPEAL_DAYS)


def amend(*, order_id: int, seen_version: int, content: Content, user: Principal) -> None:
    """Change an order that was sent back; raises StaleEditError and RefusedError."""
    order = db.session.get_one(RectificationOrder, order_id, with_for_update=True)
    if order.version != seen_version:
        raise StaleEditError
    if order.state is not OrderState.RETURNED:
        raise RefusedError(form=ONLY_RETURNED)
    put(order, content)
    order.version += 1
    db.session.flush()
    append(
        AuditEvent.RECTIFICATIONS_AMENDED,
        person_id=user.person_id,
        object_type=FLOW.object_type,
        object_id=order.id,
        severity=content.severity,
    )


def reply(
    *,
    order_id: int,
    seen_version: int,
    answer: Reply,
    user: Principal,
    signature: Signature | None = None,
) -> None:
    """Hand in the 回执: the order goes to its re-check. Raises RefusedError.

    Somebody of the department is responsible; at least one photo, newer than the last re-check,
    shows what was mended. With a `signature` the 回执 came on paper and `user` enters it.
    """
    order = db.session.get_one(RectificationOrder, order_id, with_for_update=True)
    responsible = find_responsible(order.department_id, answer.responsible_number)
    if responsible in {order.rechecked_by_id, order.found_by_id, order.found_with_id}:
        raise RefusedError(responsible_number="巡查的人和复查的人不能当责任人。")
    received_on = clock.local(order.received_at or clock.now()).date()
    if not received_on <= answer.done_on <= clock.today():
        raise RefusedError(done_on="完成日期应在签收之后、今天以前。")
    if not count_photos(order):
        raise RefusedError(photo=NO_NEW_PHOTO if order.cycle > 1 else NO_PHOTO)
    order.cause, order.measure = answer.cause, answer.measure
    order.responsible_id, order.done_on = responsible, answer.done_on
    workflow.execute(
        FLOW,
        record_id=order_id,
        name="reply",
        user=user,
        seen_version=seen_version,
        signature=signature,
        files=list_photo_files(order),
    )


def find_responsible(department_id: int, number: str) -> int:
    """Give somebody of a department by his 工号; raises RefusedError."""
    found = db.session.scalar(
        select(Person.id)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            func.lower(Person.staff_number) == number.strip().lower(),
            Placement.department_id == department_id,
            *placed(clock.today()),
        )
    )
    if found is None:
        raise RefusedError(responsible_number=NOT_HERE)
    return found


def add_photo(*, order_id: int, sha256: str, size: int, user: Principal) -> None:
    """Add a photo whose bytes are stored, while the order is being mended; raises RefusedError."""
    order = db.session.get_one(RectificationOrder, order_id, with_for_update=True)
    if order.state is not OrderState.MENDING:
        raise RefusedError(form="只有整改中的通知单可以加佐证照片。")
    if count_photos(order) >= MAX_PHOTOS:
        raise RefusedError(file=f"每次整改最多{MAX_PHOTOS}张佐证照片。")
    file = files.add_file(sha256=sha256, size=size, media_type=images.MEDIA_TYPE, name=PHOTO_NAME)
    photo = OrderPhoto(
        public_id=secrets.token_urlsafe(12),
        order_id=order_id,
        file_id=file.id,
        cycle=order.cycle,
        added_by_id=user.person_id,
        added_at=clock.now(),
    )
    db.session.add(photo)
    db.session.flush()
    append(
        AuditEvent.RECTIFICATIONS_PHOTO_ADDED,
        person_id=user.person_id,
        object_type=FLOW.object_type,
        object_id=order_id,
        sha256=sha256,
    )


def list_photos(order_id: int) -> list[OrderPhoto]:
    """Give the photos of what was mended, oldest first."""
    found = select(OrderPhoto).where(OrderPhoto.order_id == order_id).order_by(OrderPhoto.id)
    return list(db.session.scalars(found))


def list_photo_files(order: RectificationOrder) -> list[StoredFile]:
    """Give the files of those of this mending."""
    return list(
        db.session.scalars(
            select(StoredFile)
            .join(OrderPhoto, OrderPhoto.file_id == StoredFile.id)
            .where(OrderPhoto.order_id == order.id, OrderPhoto.cycle == order.cycle)
            .order_by(OrderPhoto.id)
        )
    )


def select_orders_for(user: Principal) -> Statement:
    """Select the orders that somebody may see, each with department and window."""
    statement = (
        select(RectificationOrder, Department.name, ServiceWindow.number)
        .join(Department, Department.id == RectificationOrder.department_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == RectificationOrder.window_id)
    )
    departments = user.departments_of(Permission.RECTIFICATIONS_ORDER_READ)
    if departments is None:
        return statement
    return statement.where(
        RectificationOrder.department_id.in_(departments),
        RectificationOrder.signed_at.is_not(None),
    )


def row_of(found: tuple[RectificationOrder, str, str | None]) -> OrderRow:
    """Name the parts of a result row."""
    order, department, window = found
    return OrderRow(order=order, department=department, window=window)


def get_order_for(user: Principal, public_id: str) -> OrderRow | None:
    """Give an order that somebody may see."""
    found = db.session.execute(
        select_orders_for(user).where(RectificationOrder.public_id == public_id)
    ).one_or_none()
    return None if found is None else row_of(found)


def get_photo_for(user: Principal, photo_id: str) -> StoredFile | None:
    """Give the file of a photo of an order that somebody may see."""
    mine = select_orders_for(user).with_only_columns(RectificationOrder.id)
    return db.session.scalar(
        select(StoredFile)
        .join(OrderPhoto, OrderPhoto.file_id == StoredFile.id)
        .where(OrderPhoto.public_id == photo_id, OrderPhoto.order_id.in_(mine))
    )


def list_open_for(user: Principal, *, window_id: int) -> list[OrderRow]:
    """Give the open orders of a window that somebody may see, the most urgent first."""
    statement = select_orders_for(user).where(
        RectificationOrder.state.in_(OPEN_STATES), RectificationOrder.window_id == window_id
    )
    found = db.session.execute(statement.order_by(RectificationOrder.due_at)).all()
    return [row_of(each) for each in found]


def states_of(order_ids: Collection[int]) -> Mapping[int, RectificationOrder]:
    """Give orders by their ids, for the rooms that issued them."""
    found = db.session.scalars(
        select(RectificationOrder).where(RectificationOrder.id.in_(order_ids))
    )
    return {each.id: each for each in found}


def period_days(period: str) -> timedelta:
    """Give how far a period of the ledger goes back."""
    return timedelta(days={"month": 31, "quarter": 92, "year": 366}[period])
