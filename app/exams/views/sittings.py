"""Pages of somebody who sits an exam: the way in, the paper, saving, handing in."""

from datetime import datetime

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exams import device
from app.exams.models import Exam, Sitting
from app.exams.paper_html import paper_blocks
from app.exams.service import call_backs, presence, sittings
from app.exams.service.frozen import FrozenQuestion
from app.exams.service.sittings import Saved, SaveOutcome
from app.exams.views import blueprint, pictures
from app.exams.views.own import load
from app.kernel import clock, db
from app.kernel.declared import answers_json, require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in

MAX_REVISION = 2_000_000_000
# From here on the page says that time is short; in a short exam from its last quarter.
LOW_SECONDS = 300
LATE = (
    "已超过交卷时间，这次修改没有计入答卷，但已另行留存；"
    "确有原因的，请告诉考试经办人，由其决定是否采纳。"
)
UNFIT = "这次作答和题目对不上，没有保存。请刷新页面后重选。"
SEALED = "你已经交卷，这次修改没有保存。"
STOPPED = "计时已经停住，这次修改还没有保存；考试继续以后请再保存一次。"
TAKEN = "这场考试已换到另一台设备作答，这次修改没有计入答卷，已另行留存。"
# What a whole paper that was saved is told, the weightiest first.
TOLD_ONCE = {
    SaveOutcome.LATE: LATE,
    SaveOutcome.SEALED: SEALED,
    SaveOutcome.TAKEN: TAKEN,
    SaveOutcome.STOPPED: STOPPED,
    SaveOutcome.STALE: "有的题在另一个窗口改过，没有覆盖；请核对后再保存。",
}


@blueprint.post("/<int:exam_id>/start")
@require(Permission.EXAMS_SITTING_SIT)
def start_sitting(exam_id: int) -> ResponseReturnValue:
    """Begin my sitting, or go on with it."""
    user = signed_in()
    if sittings.get_exam_for(user, exam_id) is None:
        abort(404)
    mark = device.choose()
    try:
        with db.write():
            public_id = sittings.start_sitting(
                exam_id=exam_id, person_id=user.person_id, device=device.hash_of(mark)
            )
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("exams.show_notice", exam_id=exam_id), 303)
    answer = redirect(url_for("exams.show_sitting", public_id=public_id), 303)
    return device.keep(answer, mark)


@blueprint.get("/sittings/<string:public_id>")
@require(Permission.EXAMS_SITTING_SIT)
def show_sitting(public_id: str) -> ResponseReturnValue:
    """Show the paper with what I have answered so far."""
    exam, sitting = load(public_id)
    now = clock.now()
    if sitting.started_at is None or sitting.deadline_at is None:
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    if sitting.is_over(now):
        return redirect(url_for("exams.show_receipt", public_id=public_id), 303)
    if device.is_other(sitting):
        return render_template("exams/take_over.html", exam=exam, sitting=sitting)
    placed = sittings.list_placed(exam, sitting)
    answers = sittings.read_answers(sitting.id)
    return render_template(
        "exams/show_sitting.html",
        exam=exam,
        sitting=sitting,
        user=signed_in(),
        places=[(each.question.number, each.place) for each in placed],
        answered={number for number, given in answers.items() if given.chosen},
        flagged={number for number, given in answers.items() if given.is_flagged},
        question_blocks=paper_blocks(placed, answers, pictures.of_sitting(public_id)),
        seconds_left=seconds_left(sitting),
        low_seconds=min(LOW_SECONDS, exam.minutes * 60 // 4),
        stopped=presence.stopped_by(sitting),
        call_back=call_backs.get_of(sitting.id),
        notices=presence.list_notices(exam, sitting, 0),
    )


@blueprint.post("/sittings/<string:public_id>/answers/<int:number>")
@require(Permission.EXAMS_SITTING_SIT)
@answers_json
def save_answer(public_id: str, number: int) -> ResponseReturnValue:
    """Save one answer; the answer to this request is a promise that it is stored."""
    received_at = clock.now()
    exam, sitting = load(public_id)
    shape = sittings.get_shape(exam, sitting, number)
    sent = request.form.getlist("answer")
    revision = read_revision(request.form.get("revision", ""))
    if shape is None or not shape.fits(sent) or sitting.started_at is None or not revision:
        return jsonify(error="refused", message=UNFIT), 422
    with db.write():
        saved = sittings.save_answer(
            sitting_id=sitting.id,
            number=number,
            chosen=shape.tidy(sent),
            is_flagged=request.form.get("flagged") == "1",
            revision=revision,
            received_at=received_at,
            device=device.read(),
        )
    return answer_save(saved, sitting)


def answer_save(saved: Saved, sitting: Sitting) -> ResponseReturnValue:
    """Say what became of a save, with what the database holds and how much time is left."""
    if saved.outcome is SaveOutcome.LATE:
        return jsonify(error="late", kept=True, message=LATE, seconds_left=0), 409
    if saved.outcome is SaveOutcome.SEALED:
        return jsonify(error="sealed", kept=False, message=SEALED, seconds_left=0), 409
    if saved.outcome is SaveOutcome.TAKEN:
        return jsonify(error="taken", kept=True, message=TAKEN, seconds_left=0), 409
    if saved.outcome is SaveOutcome.STOPPED:
        return jsonify(error="stopped"), 409
    body = {
        "seconds_left": seconds_left(sitting),
        "revision": saved.revision,
        "chosen": list(saved.chosen),
        "saved_at": local_time(saved.saved_at),
    }
    if saved.outcome is SaveOutcome.STALE:
        return jsonify(error="stale", **body), 409
    return jsonify(saved=True, **body)


def seconds_left(sitting: Sitting) -> int:
    """Give the whole seconds until the deadline; none before the start and after handing in."""
    return int(sitting.time_left(clock.now()).total_seconds())


def local_time(value: datetime | None) -> str:
    """Write a time of saving to the second."""
    return clock.local(value).strftime("%H:%M:%S") if value else ""


@blueprint.post("/sittings/<string:public_id>/answers")
@require(Permission.EXAMS_SITTING_SIT)
def save_answers(public_id: str) -> ResponseReturnValue:
    """Save the whole paper as a plain form, for a browser without scripts."""
    received_at = clock.now()
    exam, sitting = load(public_id)
    if sitting.started_at is None:
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    sent = [read_sent(question) for question in sittings.list_asked(exam, sitting)]
    stored = sittings.read_answers(sitting.id)
    with db.write():
        outcomes = [
            sittings.save_answer(
                sitting_id=sitting.id,
                number=number,
                chosen=chosen,
                is_flagged=number in stored and stored[number].is_flagged,
                revision=revision,
                received_at=received_at,
                device=device.read(),
            )
            for number, chosen, revision in filter(None, sent)
            if chosen != list(stored[number].chosen if number in stored else ())
        ]
    flash(*summary_of(outcomes, is_whole=None not in sent))
    if "hand-in" in request.form:
        return redirect(url_for("exams.hand_in", public_id=public_id), 303)
    return redirect(url_for("exams.show_sitting", public_id=public_id), 303)


def read_sent(question: FrozenQuestion) -> tuple[int, list[str], int] | None:
    """Read number, answer and next revision of a question from the paper's form; None for junk."""
    sent = request.form.getlist(f"answer-{question.number}")
    revision = read_revision(request.form.get(f"revision-{question.number}", ""))
    if revision is None or not question.shape.fits(sent):
        return None
    return question.number, question.shape.tidy(sent), revision + 1


def summary_of(outcomes: list[Saved], *, is_whole: bool) -> tuple[str, str]:
    """Say in one line what became of the saves of a whole paper."""
    kinds = {saved.outcome for saved in outcomes}
    for outcome, text in TOLD_ONCE.items():
        if outcome in kinds:
            return text, "error"
    if not is_whole:
        return UNFIT, "error"
    return (
        f"已保存{len(outcomes)}道题的修改。" if outcomes else "答案没有变化，已全部保存。"
    ), "success"


@blueprint.route("/sittings/<string:public_id>/hand-in", methods=["GET", "POST"])
@require(Permission.EXAMS_SITTING_SIT)
def hand_in(public_id: str) -> ResponseReturnValue:
    """Ask once more, then end the sitting; a repeat leads to the same receipt."""
    received_at = clock.now()
    exam, sitting = load(public_id)
    if sitting.handed_in_at is None and device.is_other(sitting):
        return redirect(url_for("exams.show_sitting", public_id=public_id), 303)
    if request.method != "POST":
        if sitting.started_at is None or sitting.is_over(received_at):
            return redirect(url_for("exams.show_receipt", public_id=public_id), 303)
        return ask_to_hand_in(exam, sitting)
    try:
        with db.write():
            sittings.hand_in(sitting_id=sitting.id, received_at=received_at)
    except RefusedError as refused:
        flash(str(refused), "error")
        if sitting.started_at is not None:
            return redirect(url_for("exams.show_sitting", public_id=public_id), 303)
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    return redirect(url_for("exams.show_receipt", public_id=public_id), 303)


def ask_to_hand_in(exam: Exam, sitting: Sitting) -> ResponseReturnValue:
    """Render what is still open, and the question whether to hand in."""
    answers = sittings.read_answers(sitting.id)
    places = [
        (each.place, each.question.number, answers.get(each.question.number))
        for each in sittings.list_placed(exam, sitting)
    ]
    missing = [(place, number) for place, number, given in places if not given or not given.chosen]
    flagged = [(place, number) for place, number, given in places if given and given.is_flagged]
    return render_template(
        "exams/hand_in.html",
        exam=exam,
        sitting=sitting,
        answered=len(places) - len(missing),
        missing=missing,
        flagged=flagged,
    )


def read_revision(text: str) -> int | None:
    """Read the number of a save; None for junk."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_REVISION)):
        return None
    return min(int(text), MAX_REVISION)
