"""The live board of an exam, and what an organiser does from it: each act on a page of its own.

"Live board for whoever watches … message, extra time for one or all, pause, collect; audited".
"""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department, Person
from app.audit.exports import answer_export
from app.exams.control_forms import FORMS
from app.exams.models import EXAM_PHASE_LABELS, ControlKind, Exam, ExamPhase, Sitting
from app.exams.service import live, running
from app.exams.service.live import LIVE_LABELS, LiveState
from app.exams.settings import idle_minutes
from app.exams.views import blueprint
from app.exams.views.exam_columns import phase_column, time_columns, title_column
from app.kernel import clock, db, htmx, listing
from app.kernel.acts import attempt
from app.kernel.declared import polling, require
from app.kernel.forms import BaseForm, text_in
from app.kernel.permissions import Permission, signed_in

STATE_TAGS = {
    LiveState.WAITING: "",
    LiveState.WORKING: "green",
    LiveState.IDLE: "amber",
    LiveState.OFFLINE: "red",
    LiveState.CALLED_BACK: "amber",
    LiveState.PAUSED: "amber",
    LiveState.ENDED: "blue",
    LiveState.EXCUSED: "",
}
WATCHED = (ExamPhase.OPEN, ExamPhase.SCHEDULED, ExamPhase.CLOSED)
# Asked before it is done, to all or to one.
QUESTIONS = {
    ControlKind.START: ("开考以后，应考人员马上就能进入答题。确认开考吗？", ""),
    ControlKind.PAUSE: (
        "暂停以后，所有人的计时停住，不能作答，也不能进入；已保存的答案都在。",
        "暂停以后，他的计时停住，不能作答；已保存的答案都在。",
    ),
    ControlKind.RESUME: (
        "继续以后，停住的时间还给每个人，但不晚于考试结束时间。叫回窗口的人仍由本人返回。",
        "继续以后，停住的时间还给他，但不晚于考试结束时间。",
    ),
    ControlKind.EXTRA_TIME: (
        "正在作答的人几秒内看到新的剩余时间；还没有开始的人，开始时也有这些时间。",
        "几秒内他就看到新的剩余时间；还没有开始的，开始时也有这些时间。",
    ),
    ControlKind.COLLECT: (
        "收卷以后，正在作答的人全部交卷，不能撤回；已保存的答案照常计分，未开始的人不受影响。",
        "收卷以后，他不能再进入，不能撤回。已保存的答案照常计分。",
    ),
    ControlKind.MESSAGE: ("", ""),
}
DONE = {
    ControlKind.START: "已开考。",
    ControlKind.MESSAGE: "消息已发出。",
    ControlKind.EXTRA_TIME: "已加时。",
    ControlKind.PAUSE: "已暂停。",
    ControlKind.RESUME: "已继续。",
    ControlKind.COLLECT: "已收卷。",
}


def exam_of(exam: Exam) -> Exam:
    """Give the exam of a line: the line itself."""
    return exam


RUNNING: listing.Listing[Exam] = listing.Listing(
    id="running-list",
    noun="场考试",
    title="考场",
    row=lambda found: found[0],
    columns=[
        title_column(exam_of, "exams.show_live"),
        phase_column(exam_of),
        *time_columns(exam_of),
        listing.Column(name="minutes", label="限时", cell=lambda exam: f"{exam.minutes}分钟"),
    ],
    search=(Exam.title,),
    search_label="考试名称",
    filters=[
        listing.Filter(
            name="phase",
            label="状态",
            options=[(phase.value, EXAM_PHASE_LABELS[phase]) for phase in WATCHED],
            where=lambda value: running.is_in_phase(ExamPhase(value), clock.now()),
        )
    ],
    default_sort="opens",
    tie_break=Exam.id,
    empty_text="现在没有进行中或者待开放的考试。",
)


@blueprint.get("/live")
@require(Permission.EXAMS_SITTING_WATCH)
def list_running() -> ResponseReturnValue:
    """List the exams that run or are about to."""
    view = listing.show(
        RUNNING,
        running.select_open(signed_in()),
        request.args,
        url=url_for("exams.list_running"),
        export_url=url_for("exams.export_running"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_running.html", listing=view)


@blueprint.get("/live/export")
@require(Permission.EXAMS_SITTING_WATCH)
def export_running() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        RUNNING, running.select_open(user), what="running-exams", name="考场.xlsx", user=user
    )


@blueprint.get("/papers/<int:exam_id>/live")
@require(Permission.EXAMS_SITTING_WATCH)
@polling
def show_live(exam_id: int) -> ResponseReturnValue:
    """Show how far everybody is; asked again every three seconds, answered only with news."""
    exam = load_watched(exam_id)
    now = clock.now()
    state, department = request.args.get("state", ""), request.args.get("department", "")
    board = live.read_board(exam, now=now, idle=idle_time(), state=state, department=department)
    is_fragment = htmx.is_fragment_request()
    if is_fragment and request.args.get("mark") == board.mark:
        return htmx.respond(status=204)
    context = {
        "exam": exam,
        "board": board,
        "state": state,
        "department": department,
        "departments": live.list_departments(exam_id),
        "labels": LIVE_LABELS,
        "tags": STATE_TAGS,
        "phase": EXAM_PHASE_LABELS[exam.phase(now)],
        "acts": acts_for(exam),
        "control_labels": running.CONTROL_LABELS,
        "may_read": signed_in().can(Permission.EXAMS_PAPER_READ),
    }
    if is_fragment:
        return render_template("exams/_live_board.html", **context)
    return render_template("exams/show_live.html", **context)


@blueprint.get("/papers/<int:exam_id>/live/<string:public_id>")
@require(Permission.EXAMS_SITTING_WATCH)
def show_live_sitting(exam_id: int, public_id: str) -> ResponseReturnValue:
    """Show one person on the board, with what can be done for him."""
    exam = load_watched(exam_id)
    sitting = load_sitting(exam_id, public_id)
    board = live.read_board(exam, now=clock.now(), idle=idle_time(), only=public_id)
    [row] = board.rows
    return render_template(
        "exams/show_live_sitting.html",
        exam=exam,
        row=row,
        label=LIVE_LABELS[row.state],
        tag_kind=STATE_TAGS[row.state],
        acts=acts_on(exam, sitting, row.state),
        control_labels=running.CONTROL_LABELS,
        log=live.list_acts(exam_id, sitting.id),
    )


@blueprint.route("/papers/<int:exam_id>/live/acts/<string:act>", methods=["GET", "POST"])
@require(Permission.EXAMS_SITTING_CONTROL)
def control_exam(exam_id: int, act: str) -> ResponseReturnValue:
    """Ask what an act to all needs, then do it."""
    exam = load_watched(exam_id)
    return answer_act(exam, None, kind_of(act))


@blueprint.route(
    "/papers/<int:exam_id>/live/<string:public_id>/acts/<string:act>", methods=["GET", "POST"]
)
@require(Permission.EXAMS_SITTING_CONTROL)
def control_sitting(exam_id: int, public_id: str, act: str) -> ResponseReturnValue:
    """Ask what an act to one person needs, then do it."""
    exam = load_watched(exam_id)
    sitting = load_sitting(exam_id, public_id)
    kind = kind_of(act)
    if kind is ControlKind.START:
        abort(404)
    return answer_act(exam, sitting, kind)


def answer_act(exam: Exam, sitting: Sitting | None, kind: ControlKind) -> ResponseReturnValue:
    """Show the page of an act, or do it and go back to the board."""
    form = FORMS[kind]()
    if request.method != "POST":
        return show_act(exam, sitting, kind, form)
    exam_id, sitting_id = exam.id, None if sitting is None else sitting.id
    # What a person on the roll reads is kept with him: the page needs it after the write too.
    if not form.validate() or not do(form, exam_id, sitting_id, kind):
        again = load_watched(exam_id)
        one = None if sitting_id is None else db.session.get_one(Sitting, sitting_id)
        return show_act(again, one, kind, form, status=422)
    flash(DONE[kind], "success")
    return redirect(url_for("exams.show_live", exam_id=exam_id), 303)


def do(form: BaseForm, exam_id: int, sitting_id: int | None, kind: ControlKind) -> bool:
    """Do an act in one write; False when the service refuses."""
    minutes = form["minutes"].data if "minutes" in form else None
    text = text_in(form["text"]) if "text" in form else ""

    def act() -> bool:
        running.control(
            exam_id=exam_id,
            kind=kind,
            made_by_id=signed_in().person_id,
            sitting_id=sitting_id,
            minutes=minutes,
            text=text,
        )
        return True

    return attempt(form, act) is not None


def show_act(
    exam: Exam, sitting: Sitting | None, kind: ControlKind, form: BaseForm, status: int = 200
) -> ResponseReturnValue:
    """Render the page of an act."""
    for_all, for_one = QUESTIONS[kind]
    page = render_template(
        "exams/control.html",
        exam=exam,
        sitting=sitting,
        form=form,
        label=running.CONTROL_LABELS[kind],
        whom="全部" if sitting is None else name_of(sitting),
        question=for_all if sitting is None else for_one,
        act=kind.value.replace("_", "-"),
    )
    return page, status


def acts_for(exam: Exam) -> list[ControlKind]:
    """Give the acts to all that make sense now."""
    phase = exam.phase(clock.now())
    if not signed_in().can(Permission.EXAMS_SITTING_CONTROL):
        return []
    if phase is ExamPhase.SCHEDULED:
        start = [ControlKind.START] if exam.starts_by_button else []
        return [*start, ControlKind.MESSAGE, ControlKind.EXTRA_TIME]
    if phase not in {ExamPhase.OPEN, ExamPhase.CLOSED}:
        return []
    still = ControlKind.RESUME if exam.paused_at else ControlKind.PAUSE
    return [ControlKind.MESSAGE, ControlKind.EXTRA_TIME, still, ControlKind.COLLECT]


def acts_on(exam: Exam, sitting: Sitting, state: LiveState) -> list[ControlKind]:
    """Give the acts on one person that make sense now."""
    if not acts_for(exam) or state in {LiveState.ENDED, LiveState.EXCUSED}:
        return []
    usual = [ControlKind.MESSAGE, ControlKind.EXTRA_TIME]
    if sitting.started_at is None:
        return usual
    still = {LiveState.PAUSED: [ControlKind.RESUME], LiveState.CALLED_BACK: []}
    return [*usual, *still.get(state, [ControlKind.PAUSE]), ControlKind.COLLECT]


def kind_of(act: str) -> ControlKind:
    """Read an act off its address, or answer 404."""
    found = {kind.value.replace("_", "-"): kind for kind in ControlKind}.get(act)
    if found is None:
        abort(404)
    return found


def load_watched(exam_id: int) -> Exam:
    """Load an exam that I may watch, or answer 404."""
    exam = running.get_watched(signed_in(), exam_id)
    if exam is None:
        abort(404)
    return exam


def load_sitting(exam_id: int, public_id: str) -> Sitting:
    """Load a sitting of an exam, or answer 404."""
    sitting = running.get_sitting_in(exam_id, public_id)
    if sitting is None:
        abort(404)
    return sitting


def name_of(sitting: Sitting) -> str:
    """Name somebody with his department at publication."""
    department = db.session.get_one(Department, sitting.department_id).name
    return f"{db.session.get_one(Person, sitting.person_id).name}（{department}）"


def idle_time() -> timedelta:
    """Give after how long without a save somebody counts as away."""
    return timedelta(minutes=idle_minutes())
