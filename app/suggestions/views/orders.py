"""Pages of 建议单: the list, one with everything on it, drafting, evidence, mark, paper."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roster.people import need_colleague
from app.audit.exports import answer_export
from app.files import images
from app.files import papers as paper_pages
from app.files import service as files
from app.files.uploads import take_upload
from app.kernel import db, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, StaleEditError, text_in
from app.kernel.permissions import Permission, signed_in
from app.suggestions import orders, papers
from app.suggestions.forms import PictureForm, department_choices
from app.suggestions.lists import ORDERS
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_forms import OrderForm
from app.suggestions.order_models import ImprovementOrder, OrderState
from app.suggestions.orders import Content
from app.suggestions.settings import usual_carry_days
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED
from app.suggestions.views.own import MAX_PICTURE, answer_picture
from app.workflow.panels import panel_of

READ = Permission.SUGGESTIONS_ORDER_READ
DRAFT = Permission.SUGGESTIONS_ORDER_DRAFT
CARRY = Permission.SUGGESTIONS_ORDER_CARRY
STALE = "别人在你打开之后改过这张建议单，你的修改还没有保存。请返回看过最新的内容再改。"


@blueprint.get("/suggestions/orders")
@require(READ)
def list_orders() -> ResponseReturnValue:
    """List the 建议单 that I may read."""
    user = signed_in()
    may_draft = user.can(DRAFT)
    view = listing.show(
        ORDERS,
        orders.select_orders_for(user),
        request.args,
        url=url_for("suggestions.list_orders"),
        export_url=url_for("suggestions.export_orders"),
        empty_action=("拟制建议单", url_for("suggestions.new_order")) if may_draft else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("suggestions/list_orders.html", listing=view, may_draft=may_draft)


@blueprint.get("/suggestions/orders/export")
@require(READ)
def export_orders() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        ORDERS, orders.select_orders_for(user), what="orders", name="建议单.xlsx", user=user
    )


def load(record_id: int) -> ImprovementOrder:
    """Load a 建议单 that I may read, or answer 404."""
    order = orders.get_order_for(signed_in(), record_id)
    if order is None:
        abort(404)
    return order


def order_url(order: ImprovementOrder) -> str:
    """Give the address of a 建议单."""
    return url_for("suggestions.show_order", record_id=order.id)


@blueprint.get("/suggestions/orders/<int:record_id>")
@require(READ)
def show_order(record_id: int) -> ResponseReturnValue:
    """Show a 建议单 with every field, its evidence, its moves and its path."""
    order, user = load(record_id), signed_in()
    return render_template(
        "suggestions/show_order.html",
        order=order,
        sections=papers.sections_of(papers.order_snapshot(record_id)),
        evidence=orders.list_evidence(record_id),
        panel=panel_of(ORDER_FLOW, order, user),
        can_edit=user.can(DRAFT) and order.state is OrderState.DRAFT,
        can_add_evidence=may_carry(order),
        can_mark=user.can(Permission.SUGGESTIONS_ORDER_VERIFY)
        and order.state is OrderState.CLOSED
        and not order.is_case,
        is_printed=paper_pages.is_ready(papers.ORDER, record_id),
    )


def may_carry(order: ImprovementOrder) -> bool:
    """Tell whether I may put evidence on a 建议单 now."""
    is_mine = signed_in().can(CARRY, department_id=order.department_id)
    return is_mine and order.state is OrderState.CARRYING


@blueprint.route("/suggestions/orders/new", methods=["GET", "POST"])
@require(DRAFT)
def new_order() -> ResponseReturnValue:
    """Draft a 建议单 from another source than an idea."""
    form = order_form(carry_days=usual_carry_days(), case_count=1)
    if request.method != "POST":
        return show_form(form)
    user = signed_in()
    order_id = save(form, lambda: orders.draft_order(content=content_in(form), user=user))
    if order_id is None:
        return show_form(form, status=REFUSED)
    flash("已保存。核对无误后送签。", "success")
    return redirect(url_for("suggestions.show_order", record_id=order_id), 303)


@blueprint.route("/suggestions/orders/<int:record_id>/edit", methods=["GET", "POST"])
@require(DRAFT)
def edit_order(record_id: int) -> ResponseReturnValue:
    """Change a draft."""
    order, user = load(record_id), signed_in()
    if order.state is not OrderState.DRAFT:
        flash("这张建议单已经送签，不能再改。", "error")
        return redirect(order_url(order), 303)
    form = order_form(obj=order)
    if request.method != "POST":
        form.version.data = order.version
        form.addressee_number.data = papers.staff_number_of(order.addressee_id)
        return show_form(form, order=order)

    def act() -> bool:
        orders.edit_order(
            order_id=record_id,
            content=content_in(form),
            seen_version=form.version.data,
            user=user,
        )
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE})
        return show_form(form, order=order, status=409)
    if not is_saved:
        return show_form(form, order=order, status=REFUSED)
    flash("已保存。", "success")
    return redirect(order_url(order), 303)


def order_form(**given: object) -> OrderForm:
    """Give the form with the departments in the hall's 序列."""
    form = OrderForm(**given)
    form.department_id.choices = department_choices("请选部门")
    return form


def content_in(form: OrderForm) -> Content:
    """Give what was typed, with the person who was named; raises RefusedError."""
    number = text_in(form.addressee_number)
    addressee_id = need_colleague(number, field="addressee_number") if number else None
    return form.content(addressee_id)


def show_form(
    form: OrderForm, *, order: ImprovementOrder | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show the form of a draft."""
    return render_template("suggestions/edit_order.html", form=form, order=order), status


@blueprint.route("/suggestions/orders/<int:record_id>/evidence/new", methods=["GET", "POST"])
@require(CARRY)
@takes_bytes(MAX_PICTURE)
def new_evidence(record_id: int) -> ResponseReturnValue:
    """Upload a picture of what was done."""
    order, form = load(record_id), PictureForm()
    # Sent too late, it is refused with the reason.
    is_mine = signed_in().can(CARRY, department_id=order.department_id)
    if not (is_mine if request.method == "POST" else may_carry(order)):
        abort(404)
    if request.method != "POST":
        return show_upload(form, order)
    upload = take_upload(form, max_bytes=MAX_PICTURE)
    if upload is None:
        return show_upload(form, order, status=REFUSED)
    try:
        keep_evidence(order, images.draw_anew(upload.content))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_upload(form, order, status=REFUSED)
    flash("佐证已保存。", "success")
    return redirect(order_url(order), 303)


def keep_evidence(order: ImprovementOrder, content: bytes) -> None:
    """Store a picture that was drawn anew; raises RefusedError."""
    sha256, user = files.put_content(content), signed_in()
    with db.write():
        orders.add_evidence(order_id=order.id, sha256=sha256, size=len(content), user=user)


def show_upload(
    form: PictureForm, order: ImprovementOrder, *, status: int = 200
) -> ResponseReturnValue:
    """Show the upload."""
    return render_template("suggestions/new_evidence.html", form=form, order=order), status


@blueprint.get("/suggestions/orders/<int:record_id>/evidence/<int:evidence_id>")
@require(READ)
def show_evidence(record_id: int, evidence_id: int) -> Response:
    """Give a picture of a 建议单 that I may read."""
    load(record_id)
    found = [file for each, file, _ in orders.list_evidence(record_id) if each.id == evidence_id]
    if not found:
        abort(404)
    return answer_picture(found[0])


@blueprint.post("/suggestions/orders/<int:record_id>/case")
@require(Permission.SUGGESTIONS_ORDER_VERIFY)
def mark_case(record_id: int) -> ResponseReturnValue:
    """Put a closed 建议单 on the list for the 典型案例库."""
    order, user = load(record_id), signed_in()
    return move(
        lambda: orders.mark_case(order_id=record_id, user=user),
        done="已入案例库。",
        to=order_url(order),
    )


paper_pages.add_routes(blueprint, papers.ORDER, "/suggestions/orders/<int:record_id>", READ, load)
