"""The roll of an exam as a lead sees it: who has come, who is excused, who comes in which batch."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department, Person
from app.audit.exports import answer_export
from app.exams import attendance
from app.exams.batching import BATCHES
from app.exams.models import EXAM_PHASE_LABELS, Exam, ExamPhase, Sitting, SittingStanding
from app.exams.service import batches, excuses
from app.exams.views import blueprint
from app.kernel import clock, db, htmx, listing
from app.kernel.acts import move
from app.kernel.declared import require
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, signed_in

ARRANGE = Permission.EXAMS_ROLL_ARRANGE
TAGS = {"缓考": "tag-blue", "免考": "tag-blue", "缺考": "tag-amber", "未参加": "tag"}


@dataclass(frozen=True, kw_only=True)
class RollRow:
    """One person on the roll; the exam and the moment are those of the page."""

    sitting: Sitting
    person: Person
    department: Department
    state: str


def roll_listing(exam: Exam, now: datetime) -> listing.Listing[RollRow]:
    """Declare the list of those for whom one person arranges."""
    return listing.Listing(
        id="roll-list",
        noun="人",
        title="应考名单",
        row=lambda found: RollRow(
            sitting=found[0],
            person=found[1],
            department=found[2],
            state=attendance.state_of(exam, found[0], now),
        ),
        columns=[
            listing.Column(
                name="name",
                label="姓名",
                cell=lambda row: row.person.name,
                sort=Person.name_key,
                is_short=True,
            ),
            listing.Column(
                name="number",
                label="工号",
                cell=lambda row: row.person.staff_number,
                sort=Person.staff_number,
                is_short=True,
            ),
            listing.Column(
                name="department",
                label="部门",
                cell=lambda row: row.department.name,
                sort=Department.position,
            ),
            listing.Column(
                name="batch",
                label="场次",
                cell=lambda row: f"{row.sitting.batch}场" if row.sitting.batch else "—",
                sort=Sitting.batch,
                is_short=True,
            ),
            listing.Column(
                name="state",
                label="状态",
                cell=lambda row: listing.Cell(
                    text=row.state, kind=TAGS.get(row.state, "tag-green")
                ),
            ),
            listing.Column(
                name="excuse", label="缓考、免考", cell=lambda row: excuse_cell(exam, row, now)
            ),
        ],
        search=(Person.name, Person.staff_number),
        search_label="姓名或工号",
        filters=[
            listing.Filter(
                name="state",
                label="状态",
                options=[("waiting", "还没有参加"), ("begun", "已参加"), ("excused", "缓考、免考")],
                where=state_is,
            ),
            listing.Filter(
                name="batch",
                label="场次",
                options=[(each, f"{each}场") for each in BATCHES],
                where=lambda value: Sitting.batch == value,
            ),
        ],
        default_sort="department",
        tie_break=(Person.name_key, Person.staff_number),
        empty_text="名单里还没有人。",
    )


def excuse_cell(exam: Exam, row: RollRow, now: datetime) -> listing.Cell | str:
    """Lead to an application for somebody who has not come, while there is time for it."""
    phase = exam.phase(now)
    is_waiting = row.sitting.standing is SittingStanding.DUE and row.sitting.started_at is None
    if not is_waiting or phase not in {ExamPhase.SCHEDULED, ExamPhase.OPEN, ExamPhase.CLOSED}:
        return "—"
    url = url_for("exams.new_excuse", exam_id=exam.id, who=row.person.staff_number)
    return listing.Cell(text="申请", href=url)


def state_is(value: str) -> listing.Condition:
    """Filter by how somebody stands."""
    if value == "begun":
        return Sitting.started_at.is_not(None)
    if value == "excused":
        return Sitting.standing != SittingStanding.DUE
    return attendance.has_not_come()


@blueprint.get("/rolls/<int:exam_id>")
@require(ARRANGE)
def show_roll(exam_id: int) -> ResponseReturnValue:
    """Show those of my department on the roll, and let me change two of their batches."""
    exam, roll, now = *load_roll(exam_id), clock.now()
    view = listing.show(
        roll_listing(exam, now),
        roll,
        request.args,
        url=url_for("exams.show_roll", exam_id=exam_id),
        export_url=url_for("exams.export_roll", exam_id=exam_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    phase = exam.phase(now)
    is_coming = phase in {ExamPhase.SCHEDULED, ExamPhase.OPEN}
    return render_template(
        "exams/show_roll.html",
        exam=exam,
        listing=view,
        counts=attendance.count(roll),
        is_over=not is_coming,
        phase=EXAM_PHASE_LABELS[phase],
        windows=[batches.read(each) for each in batches.list_windows(exam_id)],
        choices=swap_choices(roll) if is_coming else {},
        may_apply=signed_in().can(Permission.EXAMS_EXCUSE_APPLY),
    )


def swap_choices(roll: Statement) -> dict[str, list[tuple[str, str]]]:
    """Give those of each batch who have not begun, as choices; nothing where one batch is empty."""
    rows = db.session.execute(
        roll.where(attendance.has_not_come(), Sitting.batch.is_not(None)).order_by(
            Department.position, Person.name_key, Person.staff_number
        )
    ).all()
    found = {
        code: [
            (sitting.public_id, f"{person.name}（{person.staff_number}，{department.name}）")
            for sitting, person, department in rows
            if sitting.batch == code
        ]
        for code in BATCHES
    }
    return found if all(found.values()) else {}


@blueprint.get("/rolls/<int:exam_id>/export")
@require(ARRANGE)
def export_roll(exam_id: int) -> ResponseReturnValue:
    """Give the roll of my department as an Excel file."""
    exam, roll = load_roll(exam_id)
    return answer_export(
        roll_listing(exam, clock.now()),
        roll,
        what="exam-roll",
        name=f"{exam.title}应考名单.xlsx",
        user=signed_in(),
    )


@blueprint.post("/rolls/<int:exam_id>/swap")
@require(ARRANGE)
def swap_batches(exam_id: int) -> ResponseReturnValue:
    """Let two of my people change their batches."""
    load_roll(exam_id)
    user = signed_in()

    def act() -> None:
        batches.swap(
            exam_id=exam_id,
            first=request.form.get("first", ""),
            second=request.form.get("second", ""),
            user=user,
        )

    return move(
        act, done="已换，两个人都会收到通知。", to=url_for("exams.show_roll", exam_id=exam_id)
    )


def load_roll(exam_id: int) -> tuple[Exam, Statement]:
    """Load an exam with those of its roll for whom I arrange, or answer 404."""
    exam = excuses.get_exam_for(signed_in(), exam_id, ARRANGE)
    if exam is None:
        abort(404)
    return exam, excuses.select_roll_for(signed_in(), exam_id, ARRANGE)
