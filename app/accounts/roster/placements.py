"""Where somebody works on a day. A transfer ends one placement the day before the next begins."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select

from app.accounts.models import Person
from app.accounts.roster.models import Absence, Placement, Post, PostGroup
from app.kernel import db, formats
from app.kernel.forms import RefusedError

# What halls call their posts, and the group that such a name means.
GROUP_OF_NAME = {
    "综合": PostGroup.GENERAL,
    "综窗": PostGroup.GENERAL,
    "专业": PostGroup.SPECIAL,
    "专窗": PostGroup.SPECIAL,
    "帮办": PostGroup.ASSISTANT,
    "代办": PostGroup.ASSISTANT,
    "导服": PostGroup.GUIDE,
    "导办": PostGroup.GUIDE,
    "咨询": PostGroup.GUIDE,
}


def placed(day: date) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a placement holds on a day."""
    return (
        Placement.starts_on <= day,
        or_(Placement.ends_on.is_(None), Placement.ends_on >= day),
    )


def absent(day: date) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which an absence holds on a day."""
    return Absence.starts_on <= day, Absence.ends_on >= day, Absence.cancelled_at.is_(None)


def not_left(day: date) -> ColumnElement[bool]:
    """Give the condition that a person has not left the hall before a day; his last one counts."""
    return or_(Person.left_on.is_(None), Person.left_on >= day)


def is_open(model: type[Any], day: date) -> ColumnElement[bool]:
    """Give the condition that an entry of a register is in use on a day."""
    return or_(model.closed_on.is_(None), model.closed_on > day)


def standing(today: date) -> ColumnElement[bool]:
    """Give the condition that joins a person to the placement that stands for him today.

    For one who has left it is his last, for one who has not yet come his first.
    """
    day = case(
        (Person.left_on < today, Person.left_on),
        (Person.joined_on > today, Person.joined_on),
        else_=today,
    )
    return and_(
        Placement.person_id == Person.id,
        Placement.starts_on <= day,
        or_(Placement.ends_on.is_(None), Placement.ends_on >= day),
    )


def group_of(post_name: str) -> PostGroup:
    """Guess the group of a post from its name: 后台 where nothing speaks for another."""
    return next(
        (group for word, group in GROUP_OF_NAME.items() if word in post_name),
        PostGroup.BACK_OFFICE,
    )


def find_or_add_post(name: str) -> int:
    """Give the id of a post by its name, added where it is missing."""
    post = db.session.scalar(select(Post).where(Post.name == name))
    if post is None:
        post = Post(name=name, post_group=group_of(name))
        db.session.add(post)
        db.session.flush()
    return post.id


def place(
    *,
    person_id: int,
    department_id: int,
    window_id: int | None,
    post_id: int,
    starts_on: date,
    ends_on: date | None = None,
) -> None:
    """Add a placement to the open write."""
    db.session.add(
        Placement(
            person_id=person_id,
            department_id=department_id,
            window_id=window_id,
            post_id=post_id,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    )
    db.session.flush()


def get_placement(person_id: int, day: date) -> Placement | None:
    """Give a person's placement on a day."""
    return db.session.scalar(
        select(Placement).where(Placement.person_id == person_id, *placed(day))
    )


def transfer(
    *,
    person_id: int,
    department_id: int,
    window_id: int | None,
    post_id: int,
    starts_on: date,
) -> None:
    """Let a person work elsewhere from a day on; raises RefusedError.

    The day must lie behind the beginning of his last placement: what has been is not rewritten.
    """
    person = db.session.get_one(Person, person_id, with_for_update=True)
    last = db.session.scalars(
        select(Placement)
        .where(Placement.person_id == person_id)
        .order_by(Placement.starts_on.desc())
        .limit(1)
    ).one()
    if person.left_on is not None:
        raise RefusedError(form="这个人已经登记离岗，不能再调动。")
    if starts_on <= last.starts_on:
        raise RefusedError(
            starts_on=f"调动日期要晚于现岗位的开始日期（{formats.day(last.starts_on)}）。"
        )
    if (last.department_id, last.window_id, last.post_id) == (department_id, window_id, post_id):
        raise RefusedError(form="新的部门、窗口、岗位和现在一样，没有变化。")
    last.ends_on = starts_on - timedelta(days=1)
    db.session.flush()
    place(
        person_id=person_id,
        department_id=department_id,
        window_id=window_id,
        post_id=post_id,
        starts_on=starts_on,
    )
