"""Signing in: the code on the wall, what a person types of it, and the organiser's ticks."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db, formats, htmx
from app.kernel.acts import save
from app.kernel.declared import polling, require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission, signed_in
from app.training import booking, classes
from app.training import sign_ins as signing
from app.training.forms import CodeForm, SignInsForm
from app.training.models import SeatState, SignInWay, TrainingClass
from app.training.views import blueprint
from app.training.views.loading import DRAFT, REFUSED, load, load_own


@blueprint.route("/classes/<string:public_id>/sign-in", methods=["GET", "POST"])
@require(Permission.TRAINING_CLASS_VIEW)
def sign_in_class(public_id: str) -> ResponseReturnValue:
    """Sign in with the code on the wall, on a phone or at a desk."""
    found, user, form = load(public_id), signed_in(), CodeForm()
    if request.method != "POST":
        return render_template("training/sign_in_class.html", found=found, form=form)
    if form.validate():
        with db.write():
            hindered = signing.sign_in(class_id=found.id, code=form.read_code(), user=user)
        if not hindered:
            flash("已签到。", "success")
            return redirect(url_for("training.show_class", public_id=public_id), 303)
        form.add_errors({"code": hindered})
    return render_template("training/sign_in_class.html", found=found, form=form), REFUSED


@blueprint.get("/classes/<string:public_id>/code")
@require(DRAFT)
@polling
def show_code(public_id: str) -> ResponseReturnValue:
    """Show the code of now, large, for the beamer; the page asks for the next one by itself."""
    found = load_own(public_id)
    parts = {
        "found": found,
        "code": signing.current_code(found),
        "is_open": signing.takes_codes(found),
        "counts": classes.count(found.id),
        "when": f"{formats.moment(found.starts_at)}—{formats.time_of_day(found.ends_at)}",
    }
    if htmx.is_fragment_request():
        return render_template("training/_code.html", **parts)
    return render_template("training/show_code.html", **parts)


@blueprint.route("/classes/<string:public_id>/sign-ins", methods=["GET", "POST"])
@require(DRAFT)
def edit_sign_ins(public_id: str) -> ResponseReturnValue:
    """Tick who is there, or take over the printed sheet."""
    found, user, form = load_own(public_id), signed_in(), SignInsForm()
    rows = list_booked(found)
    form.prepare(rows)
    if request.method != "POST":
        form.fill(rows)
        return show_ticks(found, form, rows)
    made = save(
        form,
        lambda: signing.set_sign_ins(
            class_id=found.id,
            seat_ids=form.seat_ids.data or [],
            seen_ids=form.read_seen(),
            way=SignInWay(form.way.data),
            reason=text_in(form.reason),
            user=user,
        ),
    )
    if made is None:
        return show_ticks(found, form, rows, status=REFUSED)
    added, removed = made
    flash(f"新签到{added}人，撤销{removed}人。", "success")
    return redirect(url_for("training.edit_sign_ins", public_id=public_id), 303)


def list_booked(found: TrainingClass) -> list[booking.SeatRow]:
    """Give who is booked for a class."""
    rows = booking.list_seats(found.id)
    return [each for each in rows if each.seat.state is SeatState.BOOKED]


def show_ticks(
    found: TrainingClass, form: SignInsForm, rows: list[booking.SeatRow], *, status: int = 200
) -> ResponseReturnValue:
    """Show who has signed in and how."""
    page = render_template(
        "training/edit_sign_ins.html",
        found=found,
        form=form,
        counts=classes.count(found.id),
        late_from=signing.late_from(found),
        late=[each.name for each in rows if signing.is_late(each.seat, found)],
    )
    return page, status
