"""Plans: loading, 任务分解表 out and in, the board on paper, the next year's copy, archiving."""

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.files import papers
from app.files.uploads import take_upload
from app.kernel import db
from app.kernel.acts import move, save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, ask_first, text_in
from app.kernel.permissions import Permission, signed_in
from app.measures import lists, plans, tables
from app.measures.board import list_rows, read_statuses, reds, select_rows
from app.measures.forms import CopyForm, TableForm
from app.measures.models import MeasureImport, MeasurePlan
from app.measures.papers import BOARD
from app.measures.views import blueprint
from app.measures.views.board import count_lights

READ = Permission.MEASURES_TASK_READ
MANAGE = Permission.MEASURES_PLAN_MANAGE
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value


def load(plan_id: int) -> MeasurePlan:
    """Load a plan, or answer 404."""
    plan = db.session.get(MeasurePlan, plan_id)
    if plan is None:
        abort(404)
    return plan


@blueprint.get("/plans")
@require(READ)
def list_plans() -> ResponseReturnValue:
    """List the plans, and those that can be loaded."""
    known = plans.list_plans()
    codes = {each.code for each in known}
    files = [each for each in plans.list_files() if each.content["code"] not in codes]
    return render_template("measures/list_plans.html", plans=known, files=files)


@blueprint.post("/plans/load/<string:name>")
@require(MANAGE)
def load_plan(name: str) -> ResponseReturnValue:
    """Load a plan that comes with the site."""
    file = next((each for each in plans.list_files() if each.name == name), None)
    if file is None:
        abort(404)
    user = signed_in()
    return move(
        lambda: plans.load(file, user=user),
        done=f"已载入“{file.title}”，牵头部门都是待确认。",
        to=url_for("measures.list_plans"),
    )


@blueprint.get("/plans/<int:plan_id>")
@require(READ)
def show_plan(plan_id: int) -> ResponseReturnValue:
    """Show a plan: how its rows stand, and what can be done with it."""
    plan = load(plan_id)
    statuses = read_statuses(list_rows(plan_id=plan_id))
    return render_template(
        "measures/show_plan.html",
        plan=plan,
        counts=count_lights(statuses),
        reds=reds(statuses),
        total=len(statuses),
        unassigned=sum(each.row.measure.department_id is None for each in statuses),
    )


@blueprint.get("/plans/<int:plan_id>/export")
@require(READ)
def export_plan(plan_id: int) -> ResponseReturnValue:
    """Give 任务分解表 of a plan, in the layout in which it is read again."""
    plan = load(plan_id)
    statuses = {each.row.measure.id: each for each in read_statuses(list_rows(plan_id=plan.id))}
    return answer_export(
        lists.make_table(statuses),
        select_rows().where(MeasurePlan.id == plan.id),
        what="measures",
        name=f"{plan.short}{plan.year}任务分解表.xlsx",
        user=signed_in(),
    )


@blueprint.route("/plans/<int:plan_id>/copy", methods=["GET", "POST"])
@require(MANAGE)
def copy_plan(plan_id: int) -> ResponseReturnValue:
    """Make the next year's plan of one."""
    plan = load(plan_id)
    form = CopyForm(year=plan.year + 1, title=plan.title)

    def act() -> int:
        made = plans.copy(
            plan_id=plan.id,
            year=form.year.data or 0,
            title=text_in(form.title),
            span=form.read_span(),
            user=signed_in(),
        )
        return made.id

    made_id = save(form, act) if request.method == "POST" else None
    if made_id is not None:
        flash("已复制。先改目标，再分解任务。", "success")
        return redirect(url_for("measures.show_plan", plan_id=made_id), 303)
    page = render_template("measures/copy_plan.html", form=form, plan=plan)
    return page, REFUSED if request.method == "POST" else 200


@blueprint.post("/plans/<int:plan_id>/close")
@require(MANAGE)
def close_plan(plan_id: int) -> ResponseReturnValue:
    """Archive a plan, after one question more."""
    plan, user = load(plan_id), signed_in()
    back = url_for("measures.show_plan", plan_id=plan_id)
    question = ask_first(
        title="计划归档",
        question=f"“{plan.title}”归档后只能查看，不能再填报、分解和复核。确定归档吗？",
        label="归档",
        back_url=back,
    )
    if question is not None:
        return question
    return move(lambda: plans.close(plan_id=plan_id, user=user), done="已归档，只能查看。", to=back)


@blueprint.route("/plans/<int:plan_id>/imports/new", methods=["GET", "POST"])
@require(MANAGE)
@takes_bytes(tables.MAX_BYTES)
def new_import(plan_id: int) -> ResponseReturnValue:
    """Upload 任务分解表; nothing is taken over before it has been looked at."""
    plan, form = load(plan_id), TableForm()
    if request.method != "POST":
        return show_upload(plan, form)
    upload = take_upload(form, max_bytes=tables.MAX_BYTES)
    if upload is None:
        return show_upload(plan, form, status=REFUSED)
    try:
        rows = tables.read_rows(upload.content, plan)
        with db.write():
            public_id = tables.keep(
                plan_id=plan.id, rows=rows, file_name=upload.name, user=signed_in()
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_upload(plan, form, status=REFUSED)
    return redirect(url_for("measures.show_import", public_id=public_id), 303)


def show_upload(plan: MeasurePlan, form: TableForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the upload."""
    return render_template("measures/new_import.html", form=form, plan=plan), status


def load_import(public_id: str) -> MeasureImport:
    """Load a file that I uploaded, or answer 404."""
    found = tables.get_import_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/imports/<string:public_id>")
@require(MANAGE)
def show_import(public_id: str) -> ResponseReturnValue:
    """Show each row with what is wrong with it, or what becomes of it."""
    found = load_import(public_id)
    rows = tables.rows_of(found)
    return render_template(
        "measures/show_import.html",
        found=found,
        plan=load(found.plan_id),
        rows=sorted(rows, key=lambda row: (not row.problem, row.is_same, row.place)),
        taken=sum(not row.problem and not row.is_same for row in rows),
        refused=sum(bool(row.problem) for row in rows),
    )


@blueprint.post("/imports/<string:public_id>/apply")
@require(MANAGE)
def apply_import(public_id: str) -> ResponseReturnValue:
    """Assign every row that can be taken."""
    found, user = load_import(public_id), signed_in()
    return move(
        lambda: tables.apply(import_id=found.id, user=user),
        done="已按表分解，等各牵头部门签收。",
        to=url_for("measures.show_import", public_id=public_id),
    )


papers.add_routes(blueprint, BOARD, "/plans/<int:plan_id>", READ, load)
