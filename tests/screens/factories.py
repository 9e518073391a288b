"""A room of its own that offers slides, and groups that show them."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from app.kernel import db
from app.kernel.feature import Feature
from app.screens import service
from app.screens.models import ScreenGroup, ScreenOrientation, ScreenPace
from tests.kernel.test_slides import FOUR, SLIDE

SETTINGS = service.GroupSettings(
    name="窗口上方屏",
    orientation=ScreenOrientation.LANDSCAPE,
    pace=ScreenPace.NORMAL,
    inches=55,
    metres=5,
    takes_all=True,
)


def add_group(app, slug="windows", **changes) -> ScreenGroup:
    """Register a group; gives its row, read and let go."""
    with app.app_context():
        with db.write():
            group_id = service.add_group(
                slug=slug, settings=replace(SETTINGS, **changes), added_by_id=None
            )
        return db.session.get_one(ScreenGroup, group_id)


def read_group(app, slug="windows") -> ScreenGroup:
    """Read a group as it is stored now."""
    with app.app_context():
        return db.session.scalars(select(ScreenGroup).where(ScreenGroup.slug == slug)).one()


def act(app, service_call, **given):
    """Call a service in a write of its own."""
    with app.app_context(), db.write():
        return service_call(**given)


def slide(number=1, **changes):
    """Give the slide of a window of the first department."""
    given = {
        "key": f"offering:{number}",
        "window": f"B{number}号窗口",
        "lines": FOUR,
        "valid_from": date(2026, 11, 1),
        **changes,
    }
    return replace(SLIDE, **given)


@contextmanager
def offering(app, *slides):
    """Let a room offer slides while the block runs; what it offers may be changed meanwhile."""
    offered = list(slides)
    rooms = app.extensions["clean-window"]
    app.extensions["clean-window"] = (
        *rooms,
        Feature(name="offering", slides=lambda: tuple(offered)),
    )
    try:
        yield offered
    finally:
        app.extensions["clean-window"] = rooms
