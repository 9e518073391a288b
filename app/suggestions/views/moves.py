"""Moves of an idea that have a page of their own: 受理, 并案, 不予受理, 答复, 申请延期.

Every other move has the page that the workflow makes for it.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.kernel.declared import require
from app.kernel.forms import VersionedForm, text_in
from app.kernel.permissions import Permission, signed_in
from app.suggestions import ideas
from app.suggestions.forms import (
    AcceptForm,
    AnswerForm,
    MergeForm,
    ReasonForm,
    department_choices,
    read_id,
)
from app.suggestions.idea_effects import Answer
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import IDEA_KIND_LABELS, Idea
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED
from app.suggestions.views.pages import idea_url, load
from app.workflow.late import check_offered, make_once
from app.workflow.pages import register_moves

TRIAGE = Permission.SUGGESTIONS_IDEA_TRIAGE
ANSWER = Permission.SUGGESTIONS_IDEA_ANSWER

register_moves(blueprint, IDEA_FLOW, rule="/suggestions/ideas/<string:public_id>", load=load)


def find_move(idea: Idea, word: str) -> str:
    """Give the move of that word which is mine to make, or answer 404."""
    name = f"{word}-{idea.kind}"
    check_offered(IDEA_FLOW, idea, name)
    return name


def make(idea: Idea, name: str, form: VersionedForm, data: Mapping[str, Any]) -> bool:
    """Make a move and say so; False with the reasons on the form."""
    if not make_once(IDEA_FLOW, idea.id, name, form, data=data):
        return False
    flash(IDEA_FLOW.move(name).done, "success")
    return True


def draw(
    template: str, idea: Idea, form: VersionedForm, *, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """Draw the page of a move."""
    if request.method != "POST":
        form.version.data = idea.version
    page = render_template(
        f"suggestions/{template}.html",
        idea=idea,
        form=form,
        back_url=idea_url(idea),
        kind=IDEA_KIND_LABELS[idea.kind],
        **more,
    )
    return page, status


@blueprint.route("/suggestions/ideas/<string:public_id>/accept", methods=["GET", "POST"])
@require(TRIAGE)
def accept_idea(public_id: str) -> ResponseReturnValue:
    """受理: an idea goes to whoever answers for its department."""
    idea = load(public_id)
    name = find_move(idea, "accept")
    form = AcceptForm(department_id=idea.department_id or 0)
    form.department_id.choices = department_choices("不限，由中心答复")
    if request.method != "POST":
        return draw("accept_idea", idea, form)
    data = {
        "department_id": read_id(form.department_id.data),
        "is_hard": bool(form.is_hard.data),
    }
    if form.validate() and make(idea, name, form, data):
        return redirect(url_for("suggestions.list_ideas"), 303)
    return draw("accept_idea", idea, form, status=REFUSED)


@blueprint.route("/suggestions/ideas/<string:public_id>/merge", methods=["GET", "POST"])
@require(TRIAGE)
def merge_idea(public_id: str) -> ResponseReturnValue:
    """并案: an idea follows another that says the same."""
    idea = load(public_id)
    name = find_move(idea, "merge")
    targets = {each.public_id: each for each in ideas.list_mergeable(signed_in(), idea)}
    form = MergeForm()
    form.into.choices = [
        SelectChoice(key, f"{each.headline}（{IDEA_KIND_LABELS[each.kind]}）")
        for key, each in targets.items()
    ]
    if request.method != "POST":
        return draw("merge_idea", idea, form)
    if form.validate() and make(idea, name, form, {"into_id": targets[form.into.data].id}):
        return redirect(url_for("suggestions.list_ideas"), 303)
    return draw("merge_idea", idea, form, status=REFUSED)


@blueprint.route("/suggestions/ideas/<string:public_id>/refuse", methods=["GET", "POST"])
@require(TRIAGE)
def refuse_idea(public_id: str) -> ResponseReturnValue:
    """不予受理, with the reason that its author reads."""
    idea = load(public_id)
    name = find_move(idea, "refuse")
    form = ReasonForm()
    if request.method != "POST":
        return draw("refuse_idea", idea, form)
    if form.validate() and make(idea, name, form, {"reason": text_in(form.reason)}):
        return redirect(url_for("suggestions.list_ideas"), 303)
    return draw("refuse_idea", idea, form, status=REFUSED)


@blueprint.route("/suggestions/ideas/<string:public_id>/answer", methods=["GET", "POST"])
@require(ANSWER)
def answer_idea(public_id: str) -> ResponseReturnValue:
    """答复: 采纳 makes the 建议单 in the same write."""
    idea = load(public_id)
    check_offered(IDEA_FLOW, idea, "answer")
    form = AnswerForm(department_id=idea.department_id or 0)
    form.department_id.choices = department_choices("不采纳的不选")
    if request.method != "POST":
        return draw("answer_idea", idea, form)
    if form.validate() and make(idea, "answer", form, {"answer": answer_in(form)}):
        return redirect(idea_url(idea), 303)
    return draw("answer_idea", idea, form, status=REFUSED)


def answer_in(form: AnswerForm) -> Answer:
    """Give what was typed, for the workflow."""
    return Answer(
        outcome=form.outcome.data,
        finding=text_in(form.finding),
        text=text_in(form.answer),
        reason=text_in(form.reason),
        department_id=read_id(form.department_id.data),
        title=text_in(form.order_title),
        problem=text_in(form.order_problem),
        cause=text_in(form.order_cause),
        demand=text_in(form.demand),
        user=signed_in(),
    )


@blueprint.route("/suggestions/ideas/<string:public_id>/extension", methods=["GET", "POST"])
@require(ANSWER)
def extend_idea(public_id: str) -> ResponseReturnValue:
    """申请延期, once, with a reason; a leader decides."""
    idea = load(public_id)
    check_offered(IDEA_FLOW, idea, "ask-extension")
    form = ReasonForm()
    if request.method != "POST":
        return draw("extend_idea", idea, form)
    data = {"reason": text_in(form.reason)}
    if form.validate() and make(idea, "ask-extension", form, data):
        return redirect(idea_url(idea), 303)
    return draw("extend_idea", idea, form, status=REFUSED)
