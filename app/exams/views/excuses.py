"""Pages of 缓考 and 免考: the list, an application, one with its path and moves."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.audit.exports import answer_export
from app.exams.excuse_flow import FLOW, facts_of, reason_of
from app.exams.excuse_forms import ExcuseForm
from app.exams.models import (
    EXCUSE_CAUSE_LABELS,
    EXCUSE_KIND_LABELS,
    Exam,
    ExamExcuse,
    ExcuseCause,
    ExcuseKind,
    ExcuseState,
)
from app.exams.service import excuses
from app.exams.views import blueprint
from app.kernel import formats, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.workflow.lists import state_options, state_tag
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ, APPLY = Permission.EXAMS_EXCUSE_READ, Permission.EXAMS_EXCUSE_APPLY


@dataclass(frozen=True, kw_only=True)
class ExcuseRow:
    """One application in the list."""

    excuse: ExamExcuse
    exam: Exam
    person: Person
    department: Department


def person_cell(row: ExcuseRow) -> listing.Cell:
    """Show the name; it leads to the application."""
    url = url_for("exams.show_excuse", record_id=row.excuse.id)
    return listing.Cell(text=row.person.name, href=url)


def excuse_listing() -> listing.Listing[ExcuseRow]:
    """Declare the list, with the departments that there are now."""
    departments = [(str(each.id), each.name) for each in accounts.list_departments()]
    return listing.Listing(
        id="excuse-list",
        noun="份申请",
        title="缓考、免考",
        row=lambda found: ExcuseRow(
            excuse=found[0], exam=found[2], person=found[3], department=found[4]
        ),
        columns=[
            listing.Column(
                name="name", label="姓名", cell=person_cell, sort=Person.name_key, is_short=True
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
                name="exam", label="考试", cell=lambda row: row.exam.title, sort=Exam.closes_at
            ),
            listing.Column(
                name="kind",
                label="种类",
                cell=lambda row: EXCUSE_KIND_LABELS[row.excuse.kind],
                sort=ExamExcuse.kind,
                is_short=True,
            ),
            listing.Column(name="reason", label="原因", cell=lambda row: reason_of(row.excuse)),
            listing.Column(
                name="state",
                label="状态",
                cell=lambda row: state_tag(FLOW, row.excuse.state),
                sort=ExamExcuse.state,
            ),
            listing.Column(
                name="at",
                label="申请时间",
                cell=lambda row: formats.short_moment(row.excuse.drafted_at),
                sort=ExamExcuse.drafted_at,
                export=lambda row: row.excuse.drafted_at,
                is_wide=True,
            ),
        ],
        search=(Person.name, Person.staff_number, Exam.title),
        search_label="姓名、工号或考试",
        filters=[
            listing.Filter(
                name="state",
                label="状态",
                options=state_options(FLOW),
                where=lambda value: ExamExcuse.state == ExcuseState(value),
            ),
            listing.Filter(
                name="kind",
                label="种类",
                options=[(each.value, label) for each, label in EXCUSE_KIND_LABELS.items()],
                where=lambda value: ExamExcuse.kind == ExcuseKind(value),
            ),
            listing.Filter(
                name="cause",
                label="原因",
                options=[(each.value, label) for each, label in EXCUSE_CAUSE_LABELS.items()],
                where=lambda value: ExamExcuse.cause == ExcuseCause(value),
            ),
            listing.Filter(
                name="department",
                label="部门",
                options=departments,
                where=lambda value: Department.id == int(value),
            ),
        ],
        default_sort="-at",
        tie_break=ExamExcuse.id.desc(),
        empty_text="还没有人申请缓考、免考。",
    )


@blueprint.get("/excuses")
@require(READ)
def list_excuses() -> ResponseReturnValue:
    """List the applications of my people, and the exams for which I can apply."""
    user = signed_in()
    view = listing.show(
        excuse_listing(),
        excuses.select_excuses_for(user),
        request.args,
        url=url_for("exams.list_excuses"),
        export_url=url_for("exams.export_excuses"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    may_apply = user.can(APPLY)
    return render_template(
        "exams/list_excuses.html",
        listing=view,
        exams=excuses.list_exams_for(user, APPLY) if may_apply else [],
        may_apply=may_apply,
    )


@blueprint.get("/excuses/export")
@require(READ)
def export_excuses() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        excuse_listing(),
        excuses.select_excuses_for(user),
        what="excuses",
        name="缓考免考.xlsx",
        user=user,
    )


@blueprint.route("/rolls/<int:exam_id>/excuses/new", methods=["GET", "POST"])
@require(APPLY)
def new_excuse(exam_id: int) -> ResponseReturnValue:
    """Apply for people of mine; `who` in the address names one to begin with."""
    user = signed_in()
    exam = excuses.get_exam_for(user, exam_id)
    if exam is None:
        abort(404)
    form = ExcuseForm()
    if request.method != "POST":
        form.people.data = request.args.get("who", "")[:20]
        return show_form(form, exam)

    def act() -> list[int]:
        return excuses.apply_excuses(exam_id=exam_id, wanted=form.wanted(), user=user)

    made = save(form, act)
    if made is None:
        return show_form(form, exam, status=422)
    flash(f"已申请{len(made)}人，等业务科室负责人审批。", "success")
    if len(made) == 1:
        return redirect(url_for("exams.show_excuse", record_id=made[0]), 303)
    return redirect(url_for("exams.list_excuses"), 303)


def show_form(form: ExcuseForm, exam: Exam, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of an application."""
    return render_template("exams/new_excuse.html", form=form, exam=exam), status


@blueprint.get("/excuses/<int:record_id>")
@require(READ)
def show_excuse(record_id: int) -> ResponseReturnValue:
    """Show an application with its path, and the move that comes next."""
    excuse = load_excuse(record_id=record_id)
    facts = facts_of(excuse)
    return render_template(
        "exams/show_excuse.html",
        excuse=excuse,
        heading=f"{FLOW.title(excuse)}",
        rows=[{"label": label, "text": text} for label, text in facts],
        panel=panel_of(FLOW, excuse, signed_in()),
    )


def load_excuse(*, record_id: int) -> ExamExcuse:
    """Load an application that I may see, or answer 404."""
    excuse = excuses.get_excuse_for(signed_in(), record_id)
    if excuse is None:
        abort(404)
    return excuse


register_moves(blueprint, FLOW, rule="/excuses/<int:record_id>", load=load_excuse)
