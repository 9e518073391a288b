"""Moves of a 建议单 that have a page of their own: 承办反馈, 报核验, 回访, 二次回访."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.declared import require
from app.kernel.forms import VersionedForm, text_in
from app.kernel.permissions import Permission
from app.suggestions.order_effects import Visit, words_of
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_forms import FeedbackForm, FinishForm, VisitForm
from app.suggestions.order_models import ImprovementOrder, OrderVerdict, VisitResult
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED
from app.suggestions.views.orders import load, order_url
from app.workflow.late import check_offered, make_once
from app.workflow.pages import register_moves

CARRY = Permission.SUGGESTIONS_ORDER_CARRY
VISIT = Permission.SUGGESTIONS_ORDER_VISIT

register_moves(blueprint, ORDER_FLOW, rule="/suggestions/orders/<int:record_id>", load=load)


def load_for(record_id: int, name: str) -> ImprovementOrder:
    """Load a 建议单 whose move is mine to make, or answer 404."""
    order = load(record_id)
    check_offered(ORDER_FLOW, order, name)
    return order


def answer(
    order: ImprovementOrder,
    form: VersionedForm,
    template: str,
    name: str,
    data: Mapping[str, Any],
) -> ResponseReturnValue:
    """Make a move with what was typed, or show the form with the reasons against it."""
    if form.validate() and make(order, form, name, data):
        return redirect(order_url(order), 303)
    return draw(order, form, template, status=REFUSED)


def make(order: ImprovementOrder, form: VersionedForm, name: str, data: Mapping[str, Any]) -> bool:
    """Make a move and say so; False with the reasons on the form."""
    if not make_once(ORDER_FLOW, order.id, name, form, reason=reason_in(data), data=data):
        return False
    flash(ORDER_FLOW.move(name).done, "success")
    return True


def reason_in(data: Mapping[str, Any]) -> str:
    """Give what the path keeps beside a move: of a visit what it found."""
    visit = data.get("visit")
    return words_of(visit) if isinstance(visit, Visit) else ""


def draw(
    order: ImprovementOrder, form: VersionedForm, template: str, *, status: int = 200
) -> ResponseReturnValue:
    """Draw the page of a move."""
    if request.method != "POST":
        form.version.data = order.version
    page = render_template(f"suggestions/{template}.html", order=order, form=form)
    return page, status


@blueprint.route("/suggestions/orders/<int:record_id>/feedback", methods=["GET", "POST"])
@require(CARRY)
def answer_order(record_id: int) -> ResponseReturnValue:
    """承办反馈: 采纳, 部分采纳 or 不采纳, with reasons."""
    order, form = load_for(record_id, "adopt"), FeedbackForm()
    if request.method != "POST":
        return draw(order, form, "answer_order")
    name = "decline" if form.verdict.data is OrderVerdict.DECLINED else "adopt"
    return answer(order, form, "answer_order", name, {"feedback": form.feedback()})


@blueprint.route("/suggestions/orders/<int:record_id>/finish", methods=["GET", "POST"])
@require(CARRY)
def finish_order(record_id: int) -> ResponseReturnValue:
    """报核验: what was done; the evidence is there already."""
    order = load_for(record_id, "finish")
    form = FinishForm(result=order.result)
    if request.method != "POST":
        return draw(order, form, "finish_order")
    return answer(order, form, "finish_order", "finish", {"result": text_in(form.result)})


@blueprint.route("/suggestions/orders/<int:record_id>/visit", methods=["GET", "POST"])
@require(VISIT)
def visit_order(record_id: int) -> ResponseReturnValue:
    """回访."""
    order, form = load_for(record_id, "visit"), VisitForm(on=clock.today())
    if request.method != "POST":
        return draw(order, form, "visit_order")
    name = "reopen" if form.result.data is VisitResult.UNSOLVED else "visit"
    return answer(order, form, "visit_order", name, {"visit": visit_in(form)})


@blueprint.route("/suggestions/orders/<int:record_id>/revisit", methods=["GET", "POST"])
@require(VISIT)
def revisit_order(record_id: int) -> ResponseReturnValue:
    """二次回访, by another person."""
    order, form = load_for(record_id, "revisit"), VisitForm(on=clock.today())
    if request.method != "POST":
        return draw(order, form, "revisit_order")
    name = "recur" if form.result.data is VisitResult.UNSOLVED else "revisit"
    return answer(order, form, "revisit_order", name, {"visit": visit_in(form)})


def visit_in(form: VisitForm) -> object:
    """Give the visit that was typed; nothing while the form is not complete."""
    return form.visit() if form.validate() else None
