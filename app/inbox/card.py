"""What waits for a person, on the home page: the most urgent three, each with its light."""

from flask import url_for

from app.inbox import lists, service
from app.inbox.models import OpenStep
from app.kernel import db
from app.kernel.feature import HomeCard, HomeEntry, HomeTask
from app.kernel.permissions import Principal

MOST = 3


def show_card(user: Principal) -> HomeCard:
    """Gather what waits, and say how much more there is."""
    found = db.session.execute(
        service.select_steps_for(user).order_by(OpenStep.due_at, OpenStep.id).limit(MOST + 1)
    ).all()
    rows = lists.rows_of(found[:MOST], user)
    tasks = tuple(task_of(each) for each in rows)
    unread = service.count_unread(user)
    notices = (
        (HomeEntry(text=f"{unread}条通知未读", aside="通知", url=url_for("inbox.list_notices")),)
        if unread
        else ()
    )
    if len(found) <= MOST:
        return HomeCard(tasks=tasks, open=notices)
    more = service.count_steps(user) - MOST
    rest = HomeEntry(text=f"还有{more}件待办", aside="全部待办", url=url_for("inbox.list_steps"))
    return HomeCard(tasks=tasks, open=(rest, *notices))


def task_of(row: lists.StepRow) -> HomeTask:
    """Make the card of one step."""
    label, url = row.move or ("去办理", row.url)
    return HomeTask(
        title=row.step.title,
        facts=(row.step.noun, row.step.label, row.light.word),
        hint=row.light.reason,
        action=label,
        url=url,
    )
