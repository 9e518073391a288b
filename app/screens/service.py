"""Groups of screens: registered, changed, stopped for a while.

"大厅公示栏、宣传屏": what they show is approved elsewhere; here is only said which screens show
whose. A stopped group shows the neutral page within the minute. How slides become a playlist stands
in playlists.py, pictures in packages.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm.attributes import flag_modified

from app.accounts import service as accounts
from app.accounts.models import Department
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal
from app.screens.models import (
    ScreenGroup,
    ScreenGroupDepartment,
    ScreenOrientation,
    ScreenPace,
)


@dataclass(frozen=True, kw_only=True)
class GroupSettings:
    """What is typed about a group."""

    name: str
    orientation: ScreenOrientation
    pace: ScreenPace
    inches: int
    metres: int
    takes_all: bool
    department_ids: Sequence[int] = ()


def select_groups_for(user: Principal) -> Select[Any]:
    """Select the groups that somebody may see: of one department, those that show it."""
    found = select(ScreenGroup)
    scope = user.departments_of(Permission.SCREENS_GROUP_READ)
    if scope is None:
        return found
    chosen = select(ScreenGroupDepartment.group_id).where(
        ScreenGroupDepartment.department_id.in_(scope)
    )
    return found.where(or_(ScreenGroup.takes_all, ScreenGroup.id.in_(chosen)))


def get_group_for(user: Principal, group_id: int) -> ScreenGroup | None:
    """Give a group that somebody may see."""
    found: ScreenGroup | None = db.session.scalar(
        select_groups_for(user).where(ScreenGroup.id == group_id)
    )
    return found


def may_edit(user: Principal) -> bool:
    """Tell whether somebody may change groups: the hall's screens, so in the whole centre."""
    return user.departments_of(Permission.SCREENS_GROUP_EDIT) is None


def get_group_by_slug(slug: str) -> ScreenGroup | None:
    """Give the group with that address, stopped or not; for the public page."""
    return db.session.scalar(select(ScreenGroup).where(ScreenGroup.slug == slug))


def list_department_ids(group_id: int) -> list[int]:
    """Give the departments that a group was told to show, in the hall's 序列."""
    found = (
        select(ScreenGroupDepartment.department_id)
        .join(Department, Department.id == ScreenGroupDepartment.department_id)
        .where(ScreenGroupDepartment.group_id == group_id)
        .order_by(Department.position)
    )
    return list(db.session.scalars(found))


def list_department_names(group_id: int) -> list[str]:
    """Give the names of the departments that a group was told to show, in the hall's 序列."""
    found = (
        select(Department.name)
        .join(ScreenGroupDepartment, ScreenGroupDepartment.department_id == Department.id)
        .where(ScreenGroupDepartment.group_id == group_id)
        .order_by(Department.position)
    )
    return list(db.session.scalars(found))


def add_group(*, slug: str, settings: GroupSettings, added_by_id: int | None) -> int:
    """Register a group in the open write; raises RefusedError for a name or address in use."""
    check_settings(settings)
    if get_group_by_slug(slug) is not None:
        raise RefusedError(slug="这个地址已经有大厅屏在用，请换一个。")
    check_name(settings.name, but=None)
    group = ScreenGroup(slug=slug, stopped_at=None)
    put_settings(group, settings)
    db.session.add(group)
    db.session.flush()
    put_departments(group.id, settings)
    note(AuditEvent.SCREENS_GROUP_ADDED, group, added_by_id, after=describe(settings))
    return group.id


def edit_group(
    *, group_id: int, seen_version: int, settings: GroupSettings, edited_by_id: int
) -> None:
    """Change a group in the open write.

    Raises StaleEditError when it has changed since that version, RefusedError for a name in use.
    """
    group = db.session.get_one(ScreenGroup, group_id, with_for_update=True)
    if group.version != seen_version:
        raise StaleEditError
    check_settings(settings)
    check_name(settings.name, but=group_id)
    before = describe(settings_of(group))
    if before == describe(settings):
        return
    put_settings(group, settings)
    # Departments alone are a change of the group too: whoever edits meanwhile must see it.
    flag_modified(group, "takes_all")
    db.session.flush()
    put_departments(group_id, settings)
    note(
        AuditEvent.SCREENS_GROUP_CHANGED,
        group,
        edited_by_id,
        before=before,
        after=describe(settings),
    )


def check_settings(settings: GroupSettings) -> None:
    """Refuse a choice of departments that shows nothing or names one that is not there."""
    if settings.takes_all:
        return
    if not settings.department_ids:
        raise RefusedError(department_ids="请至少选一个部门，或者改选“全部部门”。")
    known = {each.id for each in accounts.list_departments()}
    if not known.issuperset(settings.department_ids):
        raise RefusedError(department_ids="选的部门已经不在名单里，请重新选择。")


def check_name(name: str, *, but: int | None) -> None:
    """Refuse a name that another group has."""
    found = db.session.scalar(select(ScreenGroup.id).where(ScreenGroup.name == name))
    if found is not None and found != but:
        raise RefusedError(name="已经有同名的大厅屏，请换一个名称。")


def put_settings(group: ScreenGroup, settings: GroupSettings) -> None:
    """Write what was typed onto a group."""
    group.name, group.takes_all = settings.name, settings.takes_all
    group.orientation, group.pace = settings.orientation, settings.pace
    group.inches, group.metres = settings.inches, settings.metres


def put_departments(group_id: int, settings: GroupSettings) -> None:
    """Write down the chosen departments, in place of those before."""
    of_group = ScreenGroupDepartment.group_id == group_id
    db.session.execute(delete(ScreenGroupDepartment).where(of_group))
    for department_id in sorted(chosen_in(settings)):
        db.session.add(ScreenGroupDepartment(group_id=group_id, department_id=department_id))
    db.session.flush()


def chosen_in(settings: GroupSettings) -> set[int]:
    """Give the chosen departments; of all none is named, or those of later would be missing."""
    return set() if settings.takes_all else set(settings.department_ids)


def settings_of(group: ScreenGroup) -> GroupSettings:
    """Give what is stored about a group."""
    return GroupSettings(
        name=group.name,
        orientation=group.orientation,
        pace=group.pace,
        inches=group.inches,
        metres=group.metres,
        takes_all=group.takes_all,
        department_ids=list_department_ids(group.id),
    )


def describe(settings: GroupSettings) -> dict[str, object]:
    """Give what the log keeps."""
    return {
        "name": settings.name,
        "orientation": settings.orientation,
        "pace": settings.pace,
        "inches": settings.inches,
        "metres": settings.metres,
        "takes_all": settings.takes_all,
        "department_ids": sorted(chosen_in(settings)),
    }


def stop_group(*, group_id: int, stopped_by_id: int | None) -> None:
    """Let a group's screens show the neutral page; in the open write, harmless to repeat."""
    group = db.session.get_one(ScreenGroup, group_id, with_for_update=True)
    if group.stopped_at is None:
        group.stopped_at = clock.now()
        note(AuditEvent.SCREENS_GROUP_STOPPED, group, stopped_by_id)


def reopen_group(*, group_id: int, reopened_by_id: int) -> None:
    """Let a group play again; in the open write, harmless to repeat."""
    group = db.session.get_one(ScreenGroup, group_id, with_for_update=True)
    if group.stopped_at is not None:
        group.stopped_at = None
        note(AuditEvent.SCREENS_GROUP_REOPENED, group, reopened_by_id)


def note(event: AuditEvent, group: ScreenGroup, person_id: int | None, **data: object) -> None:
    """Write an act on a group into the log."""
    append(event, person_id=person_id, object_type="screen_group", object_id=group.slug, **data)
