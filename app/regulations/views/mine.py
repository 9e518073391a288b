"""我的岗位标准: what I must read, what I have confirmed, and the risk points of my post."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roster.models import Post
from app.accounts.roster.placements import get_placement
from app.kernel import clock, db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.regulations import readings, risks, rules
from app.regulations.forms import ConfirmForm
from app.regulations.models import RISK_LEVEL_LABELS, WORK_STAGE_LABELS, RegulationVersion
from app.regulations.readings import Reading
from app.regulations.views.base import REFUSED, blueprint
from app.workdays import service as workdays

CONFIRM = Permission.REGULATIONS_READING_CONFIRM


@blueprint.get("/mine")
@require(CONFIRM)
def list_own_readings() -> ResponseReturnValue:
    """Show what my post asks of me: the open ones first, by deadline."""
    user = signed_in()
    mine = readings.list_today((user.person_id,))
    placement = get_placement(user.person_id, clock.today())
    calendar = workdays.get_calendar()
    return render_template(
        "regulations/list_own_readings.html",
        post=db.session.get_one(Post, placement.post_id) if placement else None,
        waiting=[
            (each, readings.light_for(each, calendar)) for each in mine if each.confirmed_at is None
        ],
        done=[each for each in mine if each.confirmed_at is not None],
        risks=risks.list_of_post(placement.post_id) if placement else [],
        stages=WORK_STAGE_LABELS,
        levels=RISK_LEVEL_LABELS,
    )


@blueprint.route("/mine/<int:version_id>", methods=["GET", "POST"])
@require(CONFIRM)
def confirm_reading(version_id: int) -> ResponseReturnValue:
    """Read a version that is on my list, and confirm it."""
    reading, form = load(version_id), ConfirmForm()
    if request.method != "POST":
        return show_form(form, reading)

    def act() -> bool:
        readings.confirm(version_id=version_id, user=signed_in())
        return True

    if save(form, act) is None:
        return show_form(form, reading, status=REFUSED)
    flash(f"已确认：{reading.title}。", "success")
    return redirect(url_for(".list_own_readings"), 303)


def load(version_id: int) -> Reading:
    """Load what is asked of me, or answer 404."""
    reading = readings.find_today(signed_in().person_id, version_id)
    if reading is None:
        abort(404)
    return reading


def show_form(form: ConfirmForm, reading: Reading, *, status: int = 200) -> ResponseReturnValue:
    """Show the words with the confirmation below them."""
    version = db.session.get_one(RegulationVersion, reading.text.version_id)
    page = render_template(
        "regulations/confirm_reading.html",
        form=form,
        reading=reading,
        version=version,
        articles=rules.list_articles_of(version.id),
        has_earlier=rules.before(version) is not None,
        light=readings.light_for(reading, workdays.get_calendar()),
    )
    return page, status
