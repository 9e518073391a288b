"""On the way through the hall: start, one window after the other, four taps for a finding, the end.

Every step is a plain form or link; a double tap sends the same id and gets the same answer.
"""

from http import HTTPStatus
from itertools import groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.roster.models import ServiceWindow
from app.files import papers
from app.files.kept_photos import PhotoForm, take_photo
from app.inspections import checklists, findings, people, rosters, rounds
from app.inspections.findings import Photo
from app.inspections.forms import FindingForm, FinishForm, RemarkForm, StartForm
from app.inspections.models import (
    ChecklistItem,
    DutyPeriod,
    Finding,
    Inspection,
    Opinion,
    Track,
)
from app.inspections.papers import PAPER
from app.inspections.views import blueprint
from app.inspections.views.loading import load, load_item, load_mine, load_row
from app.kernel import clock
from app.kernel.acts import attempt, move, save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import ask_first, text_in
from app.kernel.permissions import Permission, signed_in

READ, MAKE = Permission.INSPECTIONS_ROUND_READ, Permission.INSPECTIONS_ROUND_MAKE
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
MAX_PHOTO = 10 * 1024 * 1024
NOON = 12
FINISH_QUESTION = "结束后，这次巡查的记录不能再改；要更正的，只能加更正说明。"


@blueprint.route("/new", methods=["GET", "POST"])
@require(MAKE)
def start_inspection() -> ResponseReturnValue:
    """Begin a round, filled in from today's duty."""
    user, today = signed_in(), clock.today()
    form = StartForm(data=first_values(user.person_id))
    form.prepare(
        [each for each in people.list_inspectors(today) if each.id != user.person_id],
        people.list_leaders(today),
    )
    if request.method != "POST":
        return render_template("inspections/start_inspection.html", form=form)
    made = save(
        form,
        lambda: (
            rounds.start(
                start=form.read_start(), client_id=form.client_id.data, user=user
            ).public_id
        ),
    )
    if made is None:
        return render_template("inspections/start_inspection.html", form=form), REFUSED
    return redirect(url_for(".list_windows", public_id=made), 303)


def first_values(person_id: int) -> dict[str, object]:
    """Give what the form starts from: today's duty of this half of the day, or else today's only
    one, whose round may begin before noon; or the half of the day.
    """
    half = DutyPeriod.MORNING if clock.local(clock.now()).hour < NOON else DutyPeriod.AFTERNOON
    entries = [each.entry for each in rosters.list_today(person_id)]
    now = [each for each in entries if each.period in {half, DutyPeriod.WHOLE_DAY}]
    entry = next(iter(now or entries), None)
    if entry is None:
        return {"period": half}
    mate = entry.second_id if entry.first_id == person_id else entry.first_id
    return {
        "period": entry.period,
        "second_id": mate,
        "leader_id": entry.leader_id,
        "areas": entry.areas,
    }


@blueprint.get("/<string:public_id>/windows")
@require(MAKE)
def list_windows(public_id: str) -> ResponseReturnValue:
    """Show all windows by area, each with 全部正常 and 有问题."""
    inspection = load_mine(public_id)
    spots = rounds.list_spots(inspection)
    areas = [(area, list(group)) for area, group in groupby(spots, key=lambda each: each.area)]
    return render_template(
        "inspections/list_windows.html",
        inspection=inspection,
        areas=areas,
        total=len(spots),
        checked=sum(each.check is not None for each in spots),
        unfixed=len(rounds.list_unfixed(inspection.id)),
    )


@blueprint.post("/<string:public_id>/windows/<int:window_id>/normal")
@require(MAKE)
def check_window(public_id: str, window_id: int) -> ResponseReturnValue:
    """Write down 全部正常 for a window, in one tap."""
    inspection, window, user = load_mine(public_id), load_window(window_id), signed_in()
    return move(
        lambda: rounds.check_normal(inspection_id=inspection.id, window_id=window_id, user=user),
        done=f"{window.number}窗口：全部正常。",
        to=windows_url(public_id, window_id),
    )


def windows_url(public_id: str, window_id: int) -> str:
    """Give the address of the list, at the window that was just looked at."""
    return url_for(".list_windows", public_id=public_id, _anchor=f"window-{window_id}")


def load_window(window_id: int) -> ServiceWindow:
    """Load a window in use, or answer 404."""
    window = rounds.get_window(window_id, clock.today())
    if window is None:
        abort(404)
    return window


@blueprint.get("/<string:public_id>/windows/<int:window_id>")
@require(MAKE)
def choose_item(public_id: str, window_id: int) -> ResponseReturnValue:
    """Show the items of the checklist: which one is it?"""
    inspection, window = load_mine(public_id), load_window(window_id)
    found = findings.list_of_round(signed_in(), inspection.id)
    return render_template(
        "inspections/choose_item.html",
        inspection=inspection,
        window=window,
        items=checklists.list_items(inspection.checklist_id),
        found=[each for each in found if each.window.id == window_id],
        may_hand_over=signed_in().can(Permission.INSPECTIONS_HANDOVER_MAKE),
    )


@blueprint.route(
    "/<string:public_id>/windows/<int:window_id>/items/<int:item_id>", methods=["GET", "POST"]
)
@require(MAKE)
@takes_bytes(MAX_PHOTO)
def record_finding(public_id: str, window_id: int, item_id: int) -> ResponseReturnValue:
    """Record a finding: a ready sentence, a photo if there is one, and its track."""
    inspection, window = load_mine(public_id), load_window(window_id)
    item = load_item(inspection, item_id)
    form = FindingForm()
    form.prepare(item.phrases)
    if request.method != "POST":
        return show_finding_form(form, inspection, window, item)
    photo = read_photo(form)
    if form.errors:
        return show_finding_form(form, inspection, window, item, status=REFUSED)
    finding = attempt(form, lambda: record(form, inspection, window_id, item_id, photo))
    if finding is None:
        return show_finding_form(form, inspection, window, item, status=REFUSED)
    return go_on(finding, public_id, window_id)


def record(
    form: FindingForm, inspection: Inspection, window_id: int, item_id: int, photo: Photo | None
) -> Finding:
    """Record it in the open write."""
    return findings.add_finding(
        inspection_id=inspection.id,
        found=form.read_found(window_id, item_id),
        photo=photo,
        client_id=form.client_id.data,
        user=signed_in(),
    )


def go_on(finding: Finding, public_id: str, window_id: int) -> Response:
    """Go to the photo after for what is mended on the spot, otherwise to the next window."""
    if finding.track is Track.ON_THE_SPOT:
        return redirect(url_for(".fix_finding", public_id=finding.public_id), 303)
    said = {
        Track.REMINDER: "已记为首次提醒，不计分。" if finding.is_first else "已记现场提醒。",
        Track.ORDER: "已开整改通知单，等签发。",
    }
    flash(said[finding.track], "success")
    return redirect(windows_url(public_id, window_id), 303)


def read_photo(form: PhotoForm, *, is_needed: bool = False) -> Photo | None:
    """Give the photo of a form, drawn anew and stored; what is wrong stands on the form."""
    photo = take_photo(form, max_bytes=MAX_PHOTO, is_needed=is_needed)
    return None if photo is None else Photo(sha256=photo.sha256, size=photo.size)


def show_finding_form(
    form: FindingForm,
    inspection: Inspection,
    window: ServiceWindow,
    item: ChecklistItem,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form of a finding, for 空岗 with leave and 替岗 above it."""
    page = render_template(
        "inspections/record_finding.html",
        form=form,
        inspection=inspection,
        window=window,
        item=item,
        absence=people.absence_note(window.id, clock.today()) if item.shows_absence else "",
        is_first=not findings.has_earlier(window.id, item.code),
        tracks=Track,
    )
    return page, status


@blueprint.route("/<string:public_id>/finish", methods=["GET", "POST"])
@require(MAKE)
def finish_inspection(public_id: str) -> ResponseReturnValue:
    """Sum the round up, take 被查人意见, and lock it."""
    inspection, user, form = load_mine(public_id), signed_in(), FinishForm()
    if request.method != "POST":
        return show_finish(form, inspection)
    if not form.validate():
        return show_finish(form, inspection, status=REFUSED)
    asked = ask_first(
        title="确认结束巡查？",
        question=FINISH_QUESTION,
        label="结束巡查",
        back_url=url_for(".finish_inspection", public_id=public_id),
    )
    if asked is not None:
        return asked

    def act() -> bool:
        rounds.finish(
            inspection_id=inspection.id,
            opinion=Opinion(form.opinion.data),
            opinion_note=text_in(form.opinion_note),
            user=user,
        )
        return True

    if save(form, act) is None:
        return show_finish(form, inspection, status=REFUSED)
    flash("巡查已结束，可以打印记录表。", "success")
    return redirect(url_for(".show_inspection", public_id=public_id), 303)


def show_finish(
    form: FinishForm, inspection: Inspection, *, status: int = 200
) -> ResponseReturnValue:
    """Show the end of a round."""
    page = render_template(
        "inspections/finish_inspection.html",
        form=form,
        inspection=inspection,
        sheet=PAPER.snapshot(inspection.id),
        unfixed=len(rounds.list_unfixed(inspection.id)),
        question=FINISH_QUESTION,
    )
    return page, status


@blueprint.get("/<string:public_id>")
@require(READ)
def show_inspection(public_id: str) -> ResponseReturnValue:
    """Show a round: its summary, its windows, what was found."""
    row, user = load_row(public_id), signed_in()
    inspection = row.inspection
    return render_template(
        "inspections/show_inspection.html",
        row=row,
        inspection=inspection,
        sheet=PAPER.snapshot(inspection.id),
        found=findings.list_of_round(user, inspection.id),
        is_mine=rounds.is_mine(inspection, user) and user.can(MAKE),
    )


@blueprint.route("/<string:public_id>/remarks/new", methods=["GET", "POST"])
@require(MAKE)
def new_remark(public_id: str) -> ResponseReturnValue:
    """Correct a finished round by a remark with its reason."""
    inspection, user, form = load_mine(public_id), signed_in(), RemarkForm()
    if request.method != "POST":
        return render_template("inspections/new_remark.html", form=form, inspection=inspection)

    def act() -> bool:
        rounds.add_remark(
            inspection_id=inspection.id,
            text=text_in(form.text),
            reason=text_in(form.reason),
            user=user,
        )
        return True

    if save(form, act) is None:
        page = render_template("inspections/new_remark.html", form=form, inspection=inspection)
        return page, REFUSED
    flash("更正说明已保存。", "success")
    return redirect(url_for(".show_inspection", public_id=public_id), 303)


papers.add_routes(blueprint, PAPER, "/<string:public_id>", READ, load)
