"""The page of one idea, for its author and for whoever handles it; and how it is loaded."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.models import Department, Person
from app.accounts.roster.models import ServiceItem
from app.kernel import db, formats
from app.kernel.forms import BaseForm
from app.kernel.permissions import Permission, Principal, signed_in
from app.suggestions import handovers, ideas
from app.suggestions.forms import RatingForm, ReplyForm
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.lists import HANDED_ON
from app.suggestions.models import (
    IDEA_CHANNEL_LABELS,
    IDEA_KIND_LABELS,
    IDEA_OUTCOME_LABELS,
    IDEA_RATING_LABELS,
    Idea,
    IdeaState,
)
from app.suggestions.order_models import ImprovementOrder
from app.workflow.panels import panel_of


def load(public_id: str) -> Idea:
    """Load an idea that I handle, or answer 404."""
    idea = ideas.get_handled(signed_in(), public_id)
    if idea is None:
        abort(404)
    return idea


def load_own(public_id: str) -> Idea:
    """Load my own idea, or answer 404; of what was handed over there is nothing to be done."""
    idea = ideas.get_own(signed_in(), public_id)
    if idea is None or idea.is_gone:
        abort(404)
    return idea


def idea_url(idea: Idea) -> str:
    """Give the address of an idea."""
    return url_for("suggestions.show_idea", public_id=idea.public_id)


def render_idea(
    idea: Idea, *, forms: Mapping[str, BaseForm] | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the page of an idea; `forms` are those that were refused."""
    user = signed_in()
    handles = ideas.get_handled(user, idea.public_id) is not None
    shown = ideas.answered_with(idea)
    if idea.is_gone or shown.is_gone:
        return render_template("suggestions/show_idea.html", sentence=HANDED_ON), status
    page = render_template(
        "suggestions/show_idea.html",
        idea=idea,
        shown=shown,
        handles=handles,
        is_mine=idea.author_id == user.person_id,
        rows=rows_of(idea, handles=handles),
        answer_rows=answer_rows(shown, handles=handles),
        messages=ideas.list_messages(idea),
        is_asked=ideas.is_asked(idea) and idea.state in ideas.OPEN,
        can_ask=user.can(Permission.SUGGESTIONS_IDEA_ANSWER)
        and handles
        and idea.state is IdeaState.HANDLING
        and idea.author_id != user.person_id,
        can_rate=idea.author_id == user.person_id
        and shown.state is IdeaState.ANSWERED
        and idea.rating is None,
        can_add_picture=idea.author_id == user.person_id and idea.state is IdeaState.STAFF_WAITING,
        can_hand_over=handles and handovers.may_hand_over(idea, user),
        can_call=bool(idea.contact) and handles and user.can(Permission.SUGGESTIONS_IDEA_TRIAGE),
        similar=similar_links(idea, user) if handles else [],
        merged=merged_links(idea, user) if handles else [],
        order=find_order(shown) if handles else None,
        panel=panel_of(IDEA_FLOW, idea, user),
        forms={"reply": ReplyForm(formdata=None), "rating": RatingForm(formdata=None)}
        | dict(forms or {}),
    )
    return page, status


def rows_of(idea: Idea, *, handles: bool) -> list[dict[str, object]]:
    """Give what the idea says of itself, as names and values."""
    author = db.session.get(Person, idea.author_id or 0)
    department = db.session.get(Department, idea.department_id or 0)
    item = db.session.get(ServiceItem, idea.service_item_id or 0)
    rows = [
        ("类别与渠道", f"{IDEA_KIND_LABELS[idea.kind]}，{IDEA_CHANNEL_LABELS[idea.channel]}"),
        ("收到日期", formats.day(idea.received_on)),
        ("提出人", author.name if author else "群众"),
        ("问题" if idea.proposal else "内容", idea.problem),
        *([("建议", idea.proposal)] if idea.proposal else []),
        ("涉及部门", department.name if department else "不限"),
        *([("涉及事项", item.name)] if item else []),
        *([("外部编号", idea.outside_number)] if idea.outside_number and handles else []),
        *([("联系电话", formats.mask_phone(idea.contact))] if idea.contact and handles else []),
        *([("延期理由", idea.extension_reason)] if idea.extension_reason else []),
        *([("延期意见", idea.extension_opinion)] if idea.extension_opinion and handles else []),
    ]
    return [{"label": label, "text": text} for label, text in rows]


def answer_rows(idea: Idea, *, handles: bool) -> list[dict[str, object]]:
    """Give what was answered, as names and values."""
    rows = [
        *([("结果", IDEA_OUTCOME_LABELS[idea.outcome])] if idea.outcome else []),
        *([("核实的情况", idea.finding)] if idea.finding and handles else []),
        *([("答复", idea.answer)] if idea.answer else []),
        *([("理由", idea.reason)] if idea.reason else []),
        *([("评价", IDEA_RATING_LABELS[idea.rating])] if idea.rating else []),
        *([("答复被看到", formats.moment(idea.seen_at))] if idea.seen_at and handles else []),
    ]
    return [{"label": label, "text": text} for label, text in rows]


def similar_links(idea: Idea, user: Principal) -> list[tuple[str, str]]:
    """Give the ideas that say much the same, where I may read them, as links."""
    text = f"{idea.title}{idea.problem}{idea.proposal}"
    found = ideas.similar_to(text, but=idea.id, among=(*ideas.WAITING, *ideas.TAKEN_IN))
    allowed = set(
        db.session.scalars(
            ideas.select_ideas_for(user)
            .where(Idea.id.in_([each.id for each in found]))
            .with_only_columns(Idea.id)
        )
    )
    return [(each.headline, idea_url(each)) for each in found if each.id in allowed]


def merged_links(idea: Idea, user: Principal) -> list[tuple[str, str]]:
    """Give what was merged into an idea, or what it was merged into, as links."""
    related = Idea.merged_into_id == idea.id
    if idea.merged_into_id is not None:
        related = related | (Idea.id == idea.merged_into_id)
    found = db.session.scalars(ideas.select_ideas_for(user).where(related).order_by(Idea.id))
    return [(each.headline, idea_url(each)) for each in found]


def find_order(idea: Idea) -> ImprovementOrder | None:
    """Give the 建议单 of an idea that was adopted."""
    return db.session.scalar(select(ImprovementOrder).where(ImprovementOrder.idea_id == idea.id))


def lead_to(user: Principal, public_id: str) -> ResponseReturnValue:
    """Lead giver and receiver from an idea's address to its 移送; 404 for everybody else."""
    row = handovers.find_handover_for(user, public_id)
    if row is None or not user.can(Permission.SUGGESTIONS_HANDOVER_READ):
        abort(404)
    return redirect(url_for("suggestions.show_handover", public_id=row.handover.public_id), 303)
