"""The must-read lists: which rule which post reads, within how many working days.

A line that is ended stays, because it says what was asked of whom until then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.roster.models import Post
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.regulations.models import ReadingItem, Regulation, RegulationVersion
from app.regulations.rules import in_force, works_in

FOR_ALL = "全体人员"
NOT_YOURS = "必读清单按全大厅的岗位列，由中心的经办人或办公室办理。"


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """A line of a list, with the names that are shown."""

    item: ReadingItem
    rule: Regulation
    post: str | None


def select_items() -> Statement:
    """Select all lines with their rule and post."""
    return (
        select(ReadingItem, Regulation, Post.name)
        .select_from(ReadingItem)
        .join(Regulation, Regulation.id == ReadingItem.regulation_id)
        .outerjoin(Post, Post.id == ReadingItem.post_id)
    )


def row_of(found: Sequence[object]) -> ItemRow:
    """Name the parts of a result row."""
    item, rule, post = found
    return ItemRow(item=item, rule=rule, post=post)  # type: ignore[arg-type]


def get_item(item_id: int) -> ItemRow | None:
    """Give a line."""
    found = db.session.execute(select_items().where(ReadingItem.id == item_id)).one_or_none()
    return None if found is None else row_of(tuple(found))


def list_readable() -> list[Regulation]:
    """Give the rules that have a version in force today, for the chooser."""
    found = db.session.scalars(
        select(Regulation)
        .join(RegulationVersion, RegulationVersion.regulation_id == Regulation.id)
        .where(in_force(clock.today()))
        .order_by(Regulation.part, Regulation.name, Regulation.id)
    )
    return list(found)


def add_item(*, regulation_id: int, post_id: int | None, days: int, user: Principal) -> int:
    """Put a rule on a list from today on; raises RefusedError where it stands there already."""
    check_whole(user)
    same = select(ReadingItem.id).where(
        ReadingItem.regulation_id == regulation_id,
        ReadingItem.ended_on.is_(None),
        ReadingItem.post_id.is_(None) if post_id is None else ReadingItem.post_id == post_id,
    )
    if db.session.scalars(same).first() is not None:
        raise RefusedError(post_id="这份清单里已经有这项制度。")
    item = ReadingItem(
        regulation_id=regulation_id,
        post_id=post_id,
        days=days,
        starts_on=clock.today(),
        added_by_id=user.person_id,
    )
    db.session.add(item)
    db.session.flush()
    note(item, user, is_added=True)
    return item.id


def end_item(*, item_id: int, user: Principal) -> None:
    """Take a rule off a list from today on; raises RefusedError where it is off already."""
    check_whole(user)
    item = db.session.get_one(ReadingItem, item_id, with_for_update=True)
    if item.ended_on is not None:
        raise RefusedError(form="这一项已经移出清单。")
    item.ended_on, item.ended_by_id = clock.today(), user.person_id
    db.session.flush()
    note(item, user, is_added=False)


def check_whole(user: Principal) -> None:
    """Refuse whoever sees to one department only: a post is the whole hall's."""
    if not works_in(user, Permission.REGULATIONS_READING_EDIT, None):
        raise RefusedError(form=NOT_YOURS)


def note(item: ReadingItem, user: Principal, *, is_added: bool) -> None:
    """Write the change of a list down in the log."""
    append(
        AuditEvent.REGULATIONS_LIST_CHANGED,
        person_id=user.person_id,
        object_type="reading_item",
        object_id=item.id,
        regulation=item.regulation_id,
        post=item.post_id,
        is_added=is_added,
    )
