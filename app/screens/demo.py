"""Two groups of the demonstration hall: above the windows, and a tall one at the entrance."""

from datetime import date

from app.kernel import db
from app.screens import service
from app.screens.models import ScreenOrientation, ScreenPace

GROUPS = (
    (
        "windows",
        service.GroupSettings(
            name="窗口上方屏",
            orientation=ScreenOrientation.LANDSCAPE,
            pace=ScreenPace.NORMAL,
            inches=55,
            metres=5,
            takes_all=True,
        ),
    ),
    (
        "entrance",
        service.GroupSettings(
            name="入口立屏",
            orientation=ScreenOrientation.PORTRAIT,
            pace=ScreenPace.SLOW,
            inches=65,
            metres=5,
            takes_all=True,
        ),
    ),
)


def fill(day: date) -> None:
    """Register the groups; what they show comes from the rooms that approve it."""
    del day
    with db.write():
        for slug, settings in GROUPS:
            service.add_group(slug=slug, settings=settings, added_by_id=None)
