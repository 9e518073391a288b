"""People and registers for the tests of the roster."""

from datetime import date

from sqlalchemy import select

from app.accounts import passwords, service
from app.accounts.models import Person
from app.accounts.roster import people
from app.accounts.roster.models import Placement, Post, PostGroup, ServiceWindow
from app.kernel import db
from app.kernel.permissions import Role
from tests.support import cast

TODAY = date(2026, 11, 20)
JOINED = date(2026, 1, 5)


def join(number="SY900", name="汤望舒", department=1, roles=(Role.STAFF,), **values):
    """Let somebody join the second department (or another); returns his id."""
    with db.write():
        return service.add_person(
            staff_number=number,
            name=name,
            department_id=cast.department_ids()[department],
            post="导服",
            password_hash=passwords.NO_PASSWORD,
            roles=list(roles),
            joined_on=JOINED,
            **values,
        )


def add_window(number="A12", department=0):
    with db.write():
        window = ServiceWindow(
            number=number, name="综合窗口", department_id=cast.department_ids()[department]
        )
        db.session.add(window)
        db.session.flush()
        return window.id


def add_post(name="综合窗口岗", group=PostGroup.GENERAL):
    with db.write():
        post = Post(name=name, post_group=group)
        db.session.add(post)
        db.session.flush()
        return post.id


def placements_of(person_id):
    rows = db.session.scalars(
        select(Placement).where(Placement.person_id == person_id).order_by(Placement.starts_on)
    )
    return [(each.department_id, each.starts_on, each.ends_on) for each in rows]


def move(person_id, starts_on, department=0):
    place = people.Place(
        department_id=cast.department_ids()[department],
        window_id=None,
        post_id=db.session.scalars(select(Post.id).order_by(Post.id)).first(),
    )
    with db.write():
        people.transfer(
            person_id=person_id,
            place=place,
            starts_on=starts_on,
            by_id=cast.person_id("clerk"),
        )


def person(person_id):
    return db.session.get_one(Person, person_id)
