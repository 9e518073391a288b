"""Pages of somebody who sits an exam: notice, paper, saving, handing in, receipt, result, sheet."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.exams import attendance, device, excuse_flow
from app.exams.models import (
    EXAM_PHASE_LABELS,
    EXCUSE_KIND_LABELS,
    Exam,
    ExamPhase,
    Sitting,
    SittingResult,
    SittingStanding,
)
from app.exams.paper_html import paper_blocks
from app.exams.rule_lines import rule_lines
from app.exams.service import (
    batches,
    call_backs,
    doubts,
    excuses,
    grading,
    makeups,
    presence,
    results,
    sheets,
    sittings,
)
from app.exams.service.frozen import FrozenQuestion
from app.exams.service.sittings import Saved, SaveOutcome
from app.exams.views import blueprint, pictures
from app.files import service as files
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.declared import answers_json, polling, require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.kinds import QUESTION_KIND_LABELS

MAX_REVISION = 2_000_000_000
# From here on the page says that time is short; in a short exam from its last quarter.
LOW_SECONDS = 300
# How often a receipt asks for the marks: while they are being made, and while others still sit,
# for whose answers the site must have room.
POLL_SECONDS = 1
WAIT_SECONDS = 15
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
SHEET_WAITS = "成绩单里有题正用于尚未公布成绩的考试，等那场考试公布成绩后再打开。"


@dataclass(frozen=True, kw_only=True)
class ExamRow:
    """An exam in my list."""

    exam: Exam
    sitting: Sitting
    result: SittingResult | None


def my_state(row: ExamRow) -> str:
    """Say how far my sitting is."""
    now = clock.now()
    is_due = row.sitting.standing is SittingStanding.DUE
    if is_due and row.exam.phase(now) is ExamPhase.SCHEDULED:
        return EXAM_PHASE_LABELS[ExamPhase.SCHEDULED]
    return attendance.state_of(row.exam, row.sitting, now)


def my_marks(row: ExamRow) -> listing.Cell | str:
    """Show my marks once they are released."""
    if row.exam.released_at is None:
        return "未公布"
    if row.result is None:
        return "—"
    verdict = "合格" if row.result.is_passed else "不合格"
    return listing.Cell(
        text=f"{formats.marks(row.result.marks)}分，{verdict}",
        href=url_for("exams.show_result", public_id=row.sitting.public_id),
    )


MY_EXAMS: listing.Listing[ExamRow] = listing.Listing(
    id="exam-list",
    noun="场考试",
    title="我的考试",
    row=lambda found: ExamRow(exam=found[0], sitting=found[1], result=found[2]),
    columns=[
        listing.Column(
            name="title",
            label="考试",
            cell=lambda row: listing.Cell(
                text=row.exam.title, href=url_for("exams.show_notice", exam_id=row.exam.id)
            ),
            sort=Exam.title,
        ),
        listing.Column(
            name="opens",
            label="开放时间",
            cell=lambda row: formats.short_moment(row.exam.opens_at),
            sort=Exam.opens_at,
            export=lambda row: row.exam.opens_at,
        ),
        listing.Column(
            name="closes",
            label="结束时间",
            cell=lambda row: formats.short_moment(row.exam.closes_at),
            sort=Exam.closes_at,
            export=lambda row: row.exam.closes_at,
        ),
        listing.Column(name="state", label="我的状态", cell=my_state),
        listing.Column(name="marks", label="成绩", cell=my_marks),
    ],
    search=(Exam.title,),
    search_label="考试名称",
    filters=[
        listing.Filter(
            name="released",
            label="成绩",
            options=[("yes", "已公布"), ("no", "未公布")],
            where=lambda value: (
                Exam.released_at.is_not(None) if value == "yes" else Exam.released_at.is_(None)
            ),
        )
    ],
    default_sort="-closes",
    tie_break=Exam.id.desc(),
    empty_text="还没有安排你参加的考试。",
)


@blueprint.get("")
@require(Permission.EXAMS_SITTING_SIT)
def list_exams() -> ResponseReturnValue:
    """List the exams that I am on the roll of."""
    view = listing.show(
        MY_EXAMS,
        results.with_marks(sittings.select_exams_for(signed_in())),
        request.args,
        url=url_for("exams.list_exams"),
        export_url=url_for("exams.export_exams"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_exams.html", listing=view)


@blueprint.get("/export")
@require(Permission.EXAMS_SITTING_SIT)
def export_exams() -> ResponseReturnValue:
    """Give my list as an Excel file."""
    user = signed_in()
    return answer_export(
        MY_EXAMS,
        results.with_marks(sittings.select_exams_for(user)),
        what="my-exams",
        name="我的考试.xlsx",
        user=user,
    )


@blueprint.get("/<int:exam_id>")
@require(Permission.EXAMS_SITTING_SIT)
def show_notice(exam_id: int) -> ResponseReturnValue:
    """Show what to know before an exam, and the way in."""
    found = sittings.get_exam_for(signed_in(), exam_id)
    if found is None:
        abort(404)
    exam, sitting = found
    now = clock.now()
    return render_template(
        "exams/show_notice.html",
        exam=exam,
        sitting=sitting,
        is_open=exam.phase(now) is ExamPhase.OPEN and not sitting.is_over(now),
        is_over=sitting.is_over(now),
        state=attendance.state_of(exam, sitting, now),
        phase=EXAM_PHASE_LABELS[exam.phase(now)],
        batch=batches.batch_text(exam, sitting),
        wait=batches.why_not_now(exam, sitting, now),
        rules=rule_lines(exam, {each.kind for each in sittings.list_asked(exam, sitting)}),
        is_excused=sitting.standing is not SittingStanding.DUE,
        **excuse_lines(sitting),
    )


def excuse_lines(sitting: Sitting) -> dict[str, str]:
    """Say what came of an application for me, if there is one."""
    excuse = excuses.get_excuse_of(sitting.id)
    if excuse is None:
        return {"excuse_label": "", "excuse_text": ""}
    state = excuse_flow.FLOW.state(excuse.state).label
    return {
        "excuse_label": EXCUSE_KIND_LABELS[excuse.kind],
        "excuse_text": f"{excuse_flow.reason_of(excuse)}（{state}）",
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


@blueprint.get("/sittings/<string:public_id>/receipt")
@require(Permission.EXAMS_SITTING_SIT)
@polling
def show_receipt(public_id: str) -> ResponseReturnValue:
    """Show the proof of handing in; where marks come by themselves, wait for them here."""
    exam, sitting = load(public_id)
    receipt = sittings.get_receipt(sitting, exam)
    if receipt is None:
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    context = {
        "exam": exam,
        "sitting": sitting,
        "receipt": receipt,
        "is_released": exam.released_at is not None,
        "poll_seconds": POLL_SECONDS if grading.is_finished(exam, clock.now()) else WAIT_SECONDS,
        "late": sittings.list_late_answers(sitting.id),
    }
    if not htmx.is_fragment_request():
        return render_template("exams/show_receipt.html", **context)
    body = render_template("exams/_release_state.html", **context)
    return htmx.respond(body, status=htmx.STOP_POLLING if exam.released_at else 200)


@blueprint.get("/sittings/<string:public_id>/result")
@require(Permission.EXAMS_SITTING_SIT)
def show_result(public_id: str) -> ResponseReturnValue:
    """Show my released result with wrong questions and what they rest on."""
    exam, sitting = load(public_id)
    if exam.released_at is None:
        return redirect(url_for("exams.show_notice", exam_id=exam.id), 303)
    result = results.get_result(exam, sitting, hidden=questions.hidden_from(signed_in()))
    if result is None:
        state = attendance.state_of(exam, sitting, clock.now())
        return render_template("exams/show_absence.html", exam=exam, state=state)
    return render_template(
        "exams/show_result.html",
        exam=exam,
        sitting=sitting,
        result=result,
        kinds=QUESTION_KIND_LABELS,
        sheet=sheets.get_sheet(sitting, exam),
        person=None,
        pictures_at=pictures.of_sitting(public_id),
        counted=makeups.write_counted(exam, sitting.person_id),
        doubts=doubts.list_own(sitting),
        may_doubt=doubts.is_time(exam, clock.now()),
        doubt_until=doubts.ends_at(exam),
        may_correct=False,
    )


@blueprint.post("/sittings/<string:public_id>/sheet")
@require(Permission.EXAMS_SITTING_SIT)
def make_sheet(public_id: str) -> ResponseReturnValue:
    """Order my result sheet; one that exists opens at once."""
    exam, sitting = load(public_id)
    if exam.released_at is None or not results.has_result(exam, sitting):
        abort(409)
    if is_asked_elsewhere(exam):
        return refuse_sheet(public_id)
    if sheets.get_sheet(sitting, exam) is not None:
        return redirect(url_for("exams.show_sheet", public_id=public_id), 303)
    with db.write():
        job_id = sheets.order_sheet(sitting=sitting, exam=exam, ordered_by_id=signed_in().person_id)
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)


@blueprint.get("/sittings/<string:public_id>/sheet.pdf")
@require(Permission.EXAMS_SITTING_SIT)
def show_sheet(public_id: str) -> ResponseReturnValue:
    """Open my result sheet."""
    exam, sitting = load(public_id)
    found = sheets.get_sheet(sitting, exam)
    if found is None:
        abort(404)
    if is_asked_elsewhere(exam):
        return refuse_sheet(public_id)
    return files.answer_with(found[1], is_inline=True)


def is_asked_elsewhere(exam: Exam) -> bool:
    """Tell whether the paper holds a question that I sit in an exam without released marks."""
    return results.is_asked_elsewhere(exam.id, questions.hidden_from(signed_in()))


def refuse_sheet(public_id: str) -> ResponseReturnValue:
    """Lead back to the result: a sheet is whole or not given, its check code covers all of it."""
    flash(SHEET_WAITS, "error")
    return redirect(url_for("exams.show_result", public_id=public_id), 303)


def load(public_id: str) -> tuple[Exam, Sitting]:
    """Load my own sitting, or answer 404."""
    found = sittings.get_sitting_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found


def read_revision(text: str) -> int | None:
    """Read the number of a save; None for junk."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_REVISION)):
        return None
    return min(int(text), MAX_REVISION)
