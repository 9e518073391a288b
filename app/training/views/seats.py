"""Booking by the lead: who is on a class's list, and who gives up his place."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission, signed_in
from app.training import booking, classes
from app.training import sign_ins as signing
from app.training.forms import BookingForm, FreeForm
from app.training.models import ClassState, SeatState, TrainingClass
from app.training.views import blueprint
from app.training.views.loading import REFUSED, load_listed

BOOK = Permission.TRAINING_SEAT_BOOK
ON_LIST = (SeatState.BOOKED, SeatState.WAITING)


@blueprint.route("/classes/<string:public_id>/seats", methods=["GET", "POST"])
@require(BOOK)
def book_seats(public_id: str) -> ResponseReturnValue:
    """Book my people for a class."""
    found, user, form = load_listed(public_id), signed_in(), BookingForm()
    candidates = booking.list_candidates(found, user)
    form.prepare(candidates)
    if request.method != "POST":
        form.person_ids.data = [each.person_id for each in candidates if each.is_left_over]
        return show_seats(found, form, candidates)
    chosen = form.person_ids.data or []
    made = save(form, lambda: booking.book(class_id=found.id, person_ids=chosen, user=user))
    if made is None:
        return show_seats(found, form, candidates, status=REFUSED)
    booked, waiting = made
    flash(f"已报{booked}人。" if not waiting else f"已报{booked}人，候补{waiting}人。", "success")
    return redirect(url_for("training.book_seats", public_id=public_id), 303)


def show_seats(
    found: TrainingClass,
    form: BookingForm,
    candidates: Sequence[booking.Candidate],
    *,
    status: int = 200,
) -> ResponseReturnValue:
    """Show who is on the list, and whom I may book, by department."""
    rows = booking.list_seats(found.id, signed_in().departments_of(BOOK))
    page = render_template(
        "training/book_seats.html",
        found=found,
        form=form,
        groups=group(candidates),
        opened=opened(candidates, form.person_ids.data or []),
        counts=classes.count(found.id),
        is_open=found.state is ClassState.BOOKING,
        hours=booking.open_hours(found),
        rows=[(each, signing.state_text(each.seat, found), may_free(each, found)) for each in rows],
    )
    return page, status


def group(candidates: Sequence[booking.Candidate]) -> list[tuple[str, list[int]]]:
    """Give the departments of people with the places that these have in the list."""
    found: dict[str, list[int]] = {}
    for place, each in enumerate(candidates):
        found.setdefault(each.department, []).append(place)
    return list(found.items())


def opened(candidates: Sequence[booking.Candidate], chosen: Sequence[int]) -> set[str]:
    """Give the departments in which somebody is ticked: they are not folded."""
    return {each.department for each in candidates if each.person_id in set(chosen)}


def may_free(row: booking.SeatRow, found: TrainingClass) -> bool:
    """Tell whether a line can still be given leave."""
    return found.state is ClassState.BOOKING and row.seat.state in ON_LIST


@blueprint.route("/classes/<string:public_id>/seats/<int:seat_id>/free", methods=["GET", "POST"])
@require(BOOK)
def free_seat(public_id: str, seat_id: int) -> ResponseReturnValue:
    """Give leave to one of my people before a class, or take him off the waiting list."""
    found, user, form = load_listed(public_id), signed_in(), FreeForm()
    row = booking.get_seat_for(user, found, seat_id)
    if row is None:
        abort(404)
    if request.method != "POST":
        return show_free(found, row, form)
    freed = save(
        form, lambda: booking.free(seat_id=seat_id, reason=text_in(form.reason), user=user)
    )
    if freed is None:
        return show_free(found, row, form, status=REFUSED)
    flash("已登记请假。" if freed.state is SeatState.LEAVE else "已取消候补。", "success")
    return redirect(url_for("training.book_seats", public_id=public_id), 303)


def show_free(
    found: TrainingClass, row: booking.SeatRow, form: FreeForm, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form of leave."""
    is_booked = row.seat.state is SeatState.BOOKED
    page = render_template(
        "training/free_seat.html", found=found, row=row, form=form, is_booked=is_booked
    )
    return page, status
