"""Proposing a pair: who may need a master, who may be one and why, and the plan."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError, date_in, text_in
from app.kernel.permissions import Permission, signed_in
from app.mentoring import months, pairs, people, plans
from app.mentoring.forms import PlanForm, ProposalForm, plan_form
from app.mentoring.lists import NEWCOMERS, make_candidates
from app.mentoring.models import MentoringPair
from app.mentoring.pairs import Proposal
from app.mentoring.people import Candidate, Newcomer
from app.mentoring.settings import TERM_MONTHS
from app.mentoring.views import blueprint
from app.mentoring.views.loading import REFUSED, STALE, load, pair_url
from app.settings import service as settings

DRAFT = Permission.MENTORING_PAIR_DRAFT
CHANGED = "你打开之后，这一对已经改过或者办过，你的修改还没有保存。请返回看过最新的内容再改。"


@blueprint.get("/newcomers")
@require(DRAFT)
def list_newcomers() -> ResponseReturnValue:
    """List who came to his post lately and has no master."""
    view = listing.show(
        NEWCOMERS,
        people.select_newcomers_for(signed_in()),
        request.args,
        url=url_for(".list_newcomers"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("mentoring/list_newcomers.html", listing=view)


def load_newcomer(person_id: int) -> Newcomer:
    """Load somebody whom I may find a master for, or answer 404."""
    found = people.get_newcomer_for(signed_in(), person_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/newcomers/<int:person_id>/candidates")
@require(DRAFT)
def list_candidates(person_id: int) -> ResponseReturnValue:
    """List who may be the master of somebody, each with the reasons in words."""
    newcomer = load_newcomer(person_id)
    view = listing.show(
        make_candidates(person_id, people.department_of(person_id)),
        people.select_candidates(person_id),
        request.args,
        url=url_for(".list_candidates", person_id=person_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("mentoring/list_candidates.html", listing=view, newcomer=newcomer)


@blueprint.route(
    "/newcomers/<int:person_id>/candidates/<int:master_id>/new", methods=["GET", "POST"]
)
@require(DRAFT)
def new_pair(person_id: int, master_id: int) -> ResponseReturnValue:
    """Propose a pair of the two."""
    newcomer = load_newcomer(person_id)
    candidate = people.get_candidate(person_id, master_id)
    if candidate is None:
        abort(404)
    form = ProposalForm(starts_on=clock.today(), months=settings.get(TERM_MONTHS))
    form.prepare(
        people.list_assessors(
            master_id=master_id,
            apprentice_id=person_id,
            department_id=people.department_of(person_id),
        )
    )
    if request.method != "POST":
        return draw_new(form, newcomer, candidate)
    user = signed_in()
    pair = save(
        form, lambda: pairs.propose(proposal=proposal_in(form, person_id, master_id), user=user)
    )
    if pair is None:
        return draw_new(form, newcomer, candidate, status=REFUSED)
    flash("已提出。请核对事项和计划月，再送师傅、徒弟同意。", "success")
    return redirect(pair_url(pair), 303)


def proposal_in(form: ProposalForm, person_id: int, master_id: int) -> Proposal:
    """Give what was typed, for the service."""
    return Proposal(
        master_id=master_id,
        apprentice_id=person_id,
        assessor_id=form.assessor_id.data,
        starts_on=date_in(form.starts_on),
        months=form.months.data or 1,
        goals=text_in(form.goals),
    )


def draw_new(
    form: ProposalForm, newcomer: Newcomer, candidate: Candidate, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form of a proposal."""
    page = render_template(
        "mentoring/new_pair.html", form=form, newcomer=newcomer, candidate=candidate
    )
    return page, status


@blueprint.route("/pairs/<string:public_id>/plan/edit", methods=["GET", "POST"])
@require(Permission.HOME_PAGE_VIEW)
def edit_plan(public_id: str) -> ResponseReturnValue:
    """Change the plan: of a draft in place, of a pair that runs as a numbered 变更."""
    pair, user = load(public_id), signed_in()
    if not plans.may_change(pair, user):
        abort(404)
    form = form_of(pair)
    if request.method != "POST":
        return draw_plan(form, pair)

    def act() -> bool:
        plans.change_plan(
            pair_id=pair.id,
            plan=form.plan(present_ids(pair)),
            seen_version=form.version.data,
            user=user,
        )
        return True

    try:
        if save(form, act) is None:
            return draw_plan(form, pair, status=REFUSED)
    except StaleEditError:
        form.add_errors({"": CHANGED})
        return draw_plan(form, pair, status=STALE)
    flash("计划已保存。" if pair.is_draft else "已按变更编号，原来的内容仍可查。", "success")
    return redirect(pair_url(pair), 303)


def form_of(pair: MentoringPair) -> PlanForm:
    """Give the form of a plan with what it says now."""
    items = plans.list_items(pair.id)
    given = {f"month_{each.item.service_item_id}": each.item.planned_on.isoformat()
             for each in items}  # fmt: skip
    form = plan_form(
        [(each.item.service_item_id, each.service_item.name) for each in items],
        list(months.months_from(pair.starts_on, pair.ends_on)),
        plans.list_open_items(pair.department_id),
        people.list_assessors(
            master_id=pair.master_id,
            apprentice_id=pair.apprentice_id,
            department_id=pair.department_id,
        ),
        goals=pair.goals,
        assessor_id=pair.assessor_id,
        **given,
    )
    if request.method != "POST":
        form.version.data = pair.version
    return form


def present_ids(pair: MentoringPair) -> list[int]:
    """Give the 事项 of a plan."""
    return [each.item.service_item_id for each in plans.list_items(pair.id)]


def draw_plan(form: PlanForm, pair: MentoringPair, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of a plan."""
    page = render_template(
        "mentoring/edit_plan.html", form=form, pair=pair, present=present_ids(pair)
    )
    return page, status
