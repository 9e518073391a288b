"""The year's plan."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.kernel import htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import ask_first, text_in
from app.kernel.permissions import Permission, signed_in
from app.training import lists, plan
from app.training.forms import PlanForm
from app.training.models import ClassKind
from app.training.views import blueprint
from app.training.views.loading import DRAFT, REFUSED

READ = Permission.TRAINING_CLASS_READ


@blueprint.get("/plan")
@require(READ)
def list_plan() -> ResponseReturnValue:
    """List the plan with what came of each line."""
    user = signed_in()
    view = listing.show(
        lists.plan_for(user),
        plan.select_plan_for(user),
        request.args,
        url=url_for("training.list_plan"),
        export_url=url_for("training.export_plan"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "training/list_plan.html",
        listing=view,
        tabs=lists.tabs_of(user, "training.list_plan"),
        may_draft=user.can(DRAFT),
    )


@blueprint.get("/plan/export")
@require(READ)
def export_plan() -> Response:
    """Give the plan as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.plan_for(user),
        plan.select_plan_for(user),
        what="plan",
        name="年度培训计划.xlsx",
        user=user,
    )


@blueprint.route("/plan/new", methods=["GET", "POST"])
@require(DRAFT)
def new_plan_item() -> ResponseReturnValue:
    """Add a line to the plan."""
    form, user = PlanForm(), signed_in()
    form.prepare()
    if request.method != "POST":
        return render_template("training/new_plan_item.html", form=form)

    def act() -> int:
        year, month = form.read_month()
        kind = ClassKind(form.kind.data)
        return plan.add(year=year, month=month, kind=kind, title=text_in(form.title), user=user)

    if save(form, act) is None:
        return render_template("training/new_plan_item.html", form=form), REFUSED
    flash("已列入计划。", "success")
    return redirect(url_for("training.list_plan"), 303)


@blueprint.route("/plan/<int:item_id>/drop", methods=["GET", "POST"])
@require(DRAFT)
def drop_plan_item(item_id: int) -> ResponseReturnValue:
    """Take a line out of the plan, after asking."""
    item, user = plan.get_item(item_id), signed_in()
    if item is None:
        abort(404)
    back = url_for("training.list_plan")
    asked = ask_first(
        title="移出计划",
        question=f"{item.year}年{item.month}月“{item.title}”移出计划？",
        label="移出",
        back_url=back,
    )
    if request.method != "POST" or asked is not None:
        return asked or redirect(back, 303)
    return move(lambda: plan.drop(item_id=item.id, user=user), done="已移出计划。", to=back)
