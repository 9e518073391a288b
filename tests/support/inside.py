"""Looking into the site from a test: each call opens the context by itself and closes it.

None is held around a request of the test client, or two visitors would be taken for one.
"""

import functools

from flask import has_app_context
from sqlalchemy import func, select

from app.kernel import db
from tests.support import cast

_site = {}


def use(app):
    """Say which site the functions here work in."""
    _site["app"] = app


def inside(function):
    """Call a function inside of the site's context, whether one is open or not."""

    @functools.wraps(function)
    def call(*given, **named):
        if has_app_context():
            return function(*given, **named)
        with _site["app"].app_context():
            return function(*given, **named)

    return call


@inside
def person(who):
    """Give the id of a member of the cast."""
    return cast.person_id(who)


@inside
def one(model, *where):
    """Give the only row of a table."""
    return db.session.scalars(select(model).where(*where)).one()


@inside
def rows(model, *where):
    """Give all rows of a table."""
    return db.session.scalars(select(model).where(*where).order_by(model.id)).all()


@inside
def count(model, *where):
    """Count the rows of a table."""
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


@inside
def run(call):
    """Call what only reads."""
    return call()


@inside
def write(call):
    """Call a service in a write."""
    with db.write():
        return call()
