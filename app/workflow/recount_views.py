"""期限重算: what the calendar has moved, and the button that agrees to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from app.kernel import clock, db, formats
from app.kernel.declared import require
from app.kernel.feature import HomeCard, HomeTask
from app.kernel.forms import BaseForm, StaleEditError, text_in
from app.kernel.permissions import Permission, Principal, signed_in
from app.workflow import recounting

EDIT = Permission.WORKDAYS_CALENDAR_EDIT
STALE = 409

blueprint = Blueprint("deadlines", __name__)


class RecountForm(BaseForm):
    """The list that was seen."""

    seen = HiddenField()


@blueprint.route("/deadlines/recount", methods=["GET", "POST"])
@require(EDIT)
def recount_deadlines() -> ResponseReturnValue:
    """Show the open deadlines that the calendar has moved, then move them: all or none."""
    form = RecountForm()
    if request.method != "POST":
        return draw(form)
    try:
        with db.write():
            count = recounting.recount(
                seen=text_in(form.seen), recounted_by_id=signed_in().person_id
            )
    except StaleEditError:
        return draw(form, status=STALE)
    flash(f"已按工作日历重算{count}件待办的期限。", "success")
    return redirect(url_for(".recount_deadlines"), 303)


def draw(form: RecountForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the list as it is now, for agreeing to just this."""
    moved = recounting.list_moved()
    form.seen.data = recounting.fingerprint(moved)
    rows = [
        [
            each.step.title,
            each.step.noun,
            each.step.label,
            formats.day(clock.local(each.before).date()),
            formats.day(clock.local(each.after).date()),
        ]
        for each in moved
    ]
    page = render_template(
        "workflow/recount_deadlines.html", form=form, rows=rows, is_stale=status == STALE
    )
    return page, status


def show_card(user: Principal) -> HomeCard:
    """Tell whoever keeps the calendar that it has moved open deadlines."""
    count = len(recounting.list_moved()) if user.can(EDIT) else 0
    if not count:
        return HomeCard()
    task = HomeTask(
        title="工作日历有变动",
        facts=(f"{count}件待办的期限要重算",),
        hint="先列出每一件的新旧期限，看过再改。",
        action="去看",
        url=url_for("deadlines.recount_deadlines"),
    )
    return HomeCard(tasks=(task,))
