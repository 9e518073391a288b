"""Three groups of the demonstration hall: above windows, and a tall one at the entrance.

Each shows so few departments that a visitor who waits sees all of it within three minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts import service as accounts
from app.kernel import db
from app.screens import service
from app.screens.models import ScreenOrientation, ScreenPace


@dataclass(frozen=True, kw_only=True)
class DemoGroup:
    """A group with the names of the departments that it shows."""

    slug: str
    name: str
    orientation: ScreenOrientation
    pace: ScreenPace
    inches: int
    departments: tuple[str, ...]

    def settings(self, department_ids: Sequence[int]) -> service.GroupSettings:
        """Give it as the service takes it."""
        return service.GroupSettings(
            name=self.name,
            orientation=self.orientation,
            pace=self.pace,
            inches=self.inches,
            metres=5,
            takes_all=not department_ids,
            department_ids=department_ids,
        )


GROUPS = (
    DemoGroup(
        slug="windows",
        name="窗口上方屏",
        orientation=ScreenOrientation.LANDSCAPE,
        pace=ScreenPace.NORMAL,
        inches=55,
        departments=("区公安分局",),
    ),
    DemoGroup(
        slug="realty",
        name="不动产登记区屏",
        orientation=ScreenOrientation.LANDSCAPE,
        pace=ScreenPace.NORMAL,
        inches=55,
        departments=("不动产登记中心",),
    ),
    DemoGroup(
        slug="entrance",
        name="入口立屏",
        orientation=ScreenOrientation.PORTRAIT,
        pace=ScreenPace.SLOW,
        inches=65,
        departments=("区税务局",),
    ),
)


def fill(day: date) -> None:
    """Register the groups; what they show comes from the rooms that approve it."""
    del day
    known = {each.name: each.id for each in accounts.list_departments()}
    with db.write():
        for group in GROUPS:
            chosen = [known[name] for name in group.departments if name in known]
            service.add_group(slug=group.slug, settings=group.settings(chosen), added_by_id=None)
