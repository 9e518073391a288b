"""The page that a point of the assessment opens: an idea of somebody that was carried out."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.models import Department, Person
from app.accounts.roster.placements import get_placement
from app.kernel import clock, db
from app.kernel.declared import require
from app.kernel.evidence import may_open
from app.kernel.permissions import Permission, signed_in
from app.suggestions.ideas import visible
from app.suggestions.models import IDEA_OUTCOME_LABELS, Idea, IdeaOutcome
from app.suggestions.order_models import ImprovementOrder
from app.suggestions.views import blueprint


@blueprint.get("/suggestions/ideas/<string:public_id>/adopted")
@require(Permission.ASSESSMENT_OWN_READ)
def show_adopted_idea(public_id: str) -> ResponseReturnValue:
    """Show what became of an idea to its author and to who assesses him."""
    found = db.session.execute(
        select(Idea, ImprovementOrder, Person, Department.name)
        .join(ImprovementOrder, ImprovementOrder.idea_id == Idea.id)
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(Department, Department.id == ImprovementOrder.department_id)
        .where(Idea.public_id == public_id, visible(), ImprovementOrder.verified_at.is_not(None))
    ).one_or_none()
    if found is None:
        abort(404)
    idea, order, person, department = found
    verified_on = clock.local(order.verified_at or clock.now()).date()
    placement = get_placement(person.id, verified_on)
    user = signed_in()
    home = placement.department_id if placement else None
    if not may_open(user, person_id=person.id, department_id=home):
        abort(404)
    return render_template(
        "suggestions/show_adopted_idea.html",
        idea=idea,
        order=order,
        person=person,
        department=department,
        outcome=IDEA_OUTCOME_LABELS[idea.outcome or IdeaOutcome.ADOPTED],
    )
