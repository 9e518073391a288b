"""What 任务分解 puts on a home page: the three reds and why, for whoever answers for them."""

from flask import url_for

from app.kernel.feature import HomeCard, HomeEntry
from app.kernel.permissions import Permission, Principal
from app.measures.board import list_rows, read_statuses, reds

MINE = (
    Permission.MEASURES_TASK_ASSIGN,
    Permission.MEASURES_TASK_CLOSE,
    Permission.MEASURES_TASK_CARRY,
)


def show_card(user: Principal) -> HomeCard:
    """Give the reds of the departments for which somebody answers."""
    permission = next((each for each in MINE if user.can(each)), None)
    if permission is None:
        return HomeCard()
    departments = user.departments_of(permission)
    rows = [
        each
        for each in list_rows()
        if departments is None or each.measure.department_id in departments
    ]
    return HomeCard(
        open=tuple(
            HomeEntry(
                text=f"{each.row.name}　{each.row.measure.title}　{each.word}",
                aside=each.reason,
                url=url_for("measures.show_task", record_id=each.row.measure.id),
            )
            for each in reds(read_statuses(rows))
        )
    )
