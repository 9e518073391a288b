"""What an open sitting asks of the site: its pulse, and to go on in another browser."""

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.exams import device
from app.exams.service import presence, taking_over
from app.exams.views import blueprint
from app.exams.views.own import load
from app.exams.views.sittings import seconds_left
from app.kernel import clock, db
from app.kernel.declared import answers_json, polling, require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in


@blueprint.post("/sittings/<string:public_id>/pulse")
@require(Permission.EXAMS_SITTING_SIT)
@answers_json
@polling
def send_pulse(public_id: str) -> ResponseReturnValue:
    """Tell an open page its time, whether its clock stands still, and what organisers said since.

    "message, extra time for one or all taking effect within 5 s, pause, collect".
    """
    now = clock.now()
    exam, sitting = load(public_id)
    unsaved = presence.clean_count(request.form.get("unsaved", ""))
    known = presence.clean_count(request.form.get("known", ""))
    is_over, is_taken = sitting.is_over(now), device.is_other(sitting)
    body = {
        "seconds_left": seconds_left(sitting),
        "stopped": presence.stopped_by(sitting),
        "controls": exam.control_count,
        "notices": [
            {"text": each.text, "at": clock.local(each.at).strftime("%H:%M")}
            for each in presence.list_notices(exam, sitting, known)
        ],
        "over": is_over,
        "taken": is_taken,
    }
    is_alive = sitting.started_at is not None and not is_over and not is_taken
    if is_alive and presence.is_news(sitting, unsaved, now):
        sitting_id = sitting.id
        with db.write():
            presence.note(sitting_id=sitting_id, unsaved=unsaved, at=now)
    return jsonify(body)


@blueprint.post("/sittings/<string:public_id>/take-over")
@require(Permission.EXAMS_SITTING_SIT)
def take_over(public_id: str) -> ResponseReturnValue:
    """Go on in this browser; the one before saves nothing more into the sitting."""
    _, sitting = load(public_id)
    mark = device.choose()
    try:
        with db.write():
            taking_over.take_over(
                sitting_id=sitting.id,
                device=device.hash_of(mark),
                person_id=signed_in().person_id,
            )
    except RefusedError as refused:
        flash(str(refused), "error")
    answer = redirect(url_for("exams.show_sitting", public_id=public_id), 303)
    return device.keep(answer, mark)
