"""Typing a reading, correcting one, opening its evidence; changing a target of a new plan."""

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.files import scans
from app.files import service as files
from app.files.models import StoredFile
from app.files.uploads import Upload, take_optional_upload
from app.kernel import clock, db
from app.kernel.acts import attempt, save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, text_in
from app.kernel.permissions import Permission, signed_in
from app.measures import readings
from app.measures.board import Row
from app.measures.forms import ReadingForm, TargetForm
from app.measures.models import IndicatorKind, MeasureIndicator, MeasureReading, ReadingOrigin
from app.measures.plans import TargetChange, change_target, may_change_target
from app.measures.readings import Correction, Evidence, may_record
from app.measures.views import blueprint
from app.measures.views.tasks import READ, load_row

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
NO_REASON = "请写明更正原因。"


def load_indicator(indicator_id: int) -> tuple[MeasureIndicator, Row]:
    """Load an indicator of a row for which I may write readings; 404 or 403."""
    indicator = db.session.get(MeasureIndicator, indicator_id)
    if indicator is None:
        abort(404)
    row = load_row(indicator.measure_id)
    if not may_record(signed_in(), row.measure):
        abort(403)
    return indicator, row


@blueprint.route("/indicators/<int:indicator_id>/readings/new", methods=["GET", "POST"])
@require(Permission.MEASURES_READING_RECORD)
@takes_bytes(scans.MAX_BYTES)
def new_reading(indicator_id: int) -> ResponseReturnValue:
    """Type a reading."""
    indicator, row = load_indicator(indicator_id)
    form = ReadingForm(read_on=clock.today())
    del form.reason
    form.prepare(indicator)
    return answer("new_reading", indicator, row, form, lambda: None)


@blueprint.route("/readings/<int:reading_id>/correct", methods=["GET", "POST"])
@require(Permission.MEASURES_READING_RECORD)
@takes_bytes(scans.MAX_BYTES)
def correct_reading(reading_id: int) -> ResponseReturnValue:
    """Correct a reading: the old one stays, the new one names it."""
    old = db.session.get(MeasureReading, reading_id)
    if old is None:
        abort(404)
    indicator, row = load_indicator(old.indicator_id)
    if old.origin is ReadingOrigin.AUTOMATIC:
        abort(404)
    form = ReadingForm(obj=old, progress=str(int(old.value >= 1)))
    form.reason.data = text_in(form.reason) if request.method == "POST" else ""
    form.prepare(indicator)

    def correction() -> Correction:
        if not form.reason.data:
            raise RefusedError(reason=NO_REASON)
        return Correction(reading_id=old.id, reason=text_in(form.reason))

    return answer("correct_reading", indicator, row, form, correction, old=old)


def answer(  # noqa: PLR0917 - the parts of one page.
    name: str,
    indicator: MeasureIndicator,
    row: Row,
    form: ReadingForm,
    correction: Callable[[], Correction | None],
    old: MeasureReading | None = None,
) -> ResponseReturnValue:
    """Show the form of a reading, or add it."""
    if request.method == "POST" and enter(indicator, form, correction):
        flash("已填报。" if old is None else "已更正，原来的读数仍在下面。", "success")
        return redirect(url_for("measures.show_task", record_id=row.measure.id), 303)
    page = render_template(
        f"measures/{name}.html",
        form=form,
        row=row,
        indicator=indicator,
        old=old,
        accept=scans.ACCEPTED,
    )
    return page, REFUSED if request.method == "POST" else 200


def enter(
    indicator: MeasureIndicator, form: ReadingForm, correction: Callable[[], Correction | None]
) -> bool:
    """Store the evidence and add the reading; False with the reasons on the form."""
    is_valid, upload = take_optional_upload(form, max_bytes=scans.MAX_BYTES)
    if not is_valid:
        return False
    try:
        evidence = keep(upload) if upload else None
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return False
    user = signed_in()

    def act() -> MeasureReading:
        return readings.add(
            indicator_id=indicator.id,
            entry=form.read_entry(),
            user=user,
            evidence=evidence,
            correction=correction(),
        )

    return attempt(form, act) is not None


def keep(upload: Upload) -> Evidence:
    """Store the bytes of an evidence, drawn anew; raises RefusedError(file=...)."""
    scan = scans.keep_scan(upload)
    return Evidence(
        sha256=files.put_content(scan.content),
        size=len(scan.content),
        media_type=scan.media_type,
        name=f"佐证{clock.today():%Y%m%d}{scan.suffix}",
    )


@blueprint.get("/readings/<int:reading_id>/evidence")
@require(READ)
def show_evidence(reading_id: int) -> ResponseReturnValue:
    """Give the evidence of a reading, as a file that the browser saves."""
    reading = db.session.get(MeasureReading, reading_id)
    if reading is None or reading.file_id is None:
        abort(404)
    return files.answer_if_there(db.session.get(StoredFile, reading.file_id), is_inline=False)


@blueprint.route("/indicators/<int:indicator_id>/edit", methods=["GET", "POST"])
@require(Permission.MEASURES_PLAN_MANAGE)
def edit_indicator(indicator_id: int) -> ResponseReturnValue:
    """Change a target while its row is nobody's yet."""
    indicator, row = load_indicator(indicator_id)
    if not may_change_target(row.measure, indicator):
        flash("任务分解以后，或者计划归档以后，目标不能再改。", "error")
        return redirect(url_for("measures.show_task", record_id=row.measure.id), 303)
    form = TargetForm(
        version=indicator.version, target=indicator.target, upper=indicator.upper_target
    )
    if indicator.kind is not IndicatorKind.RANGE:
        del form.upper

    def act() -> bool:
        change = TargetChange(
            target=form.target.data or Decimal(0),
            upper=form.upper.data if "upper" in form else None,
            version=form.version.data,
        )
        change_target(indicator_id=indicator.id, change=change, user=signed_in())
        return True

    if request.method == "POST" and save(form, act):
        flash("已修改目标。", "success")
        return redirect(url_for("measures.show_task", record_id=row.measure.id), 303)
    page = render_template("measures/edit_indicator.html", form=form, row=row, indicator=indicator)
    return page, REFUSED if request.method == "POST" else 200
