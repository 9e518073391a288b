"""What a person still has to read, on his home page: one line, with the nearest deadline."""

from flask import url_for

from app.kernel import formats
from app.kernel.feature import HomeCard, HomeEntry
from app.kernel.permissions import Permission, Principal
from app.regulations import readings


def show_card(user: Principal) -> HomeCard:
    """Say how much there is to read, and until when."""
    if not user.can(Permission.REGULATIONS_READING_CONFIRM):
        return HomeCard()
    waiting = [each for each in readings.list_today((user.person_id,)) if each.confirmed_at is None]
    if not waiting:
        return HomeCard()
    nearest = min(each.due_on for each in waiting)
    entry = HomeEntry(
        text=f"{len(waiting)}份必读制度待确认，最早{formats.month_day(nearest)}到期",
        aside="我的岗位标准",
        url=url_for("regulations.list_own_readings"),
    )
    return HomeCard(open=(entry,))
