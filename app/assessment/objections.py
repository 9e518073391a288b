"""异议: a person objects to one row of his own portrait; somebody else decides.

"A person can object to each row ... answered within ten working days by someone not in the
chain." Once for each row, within the preview.
"""

import secrets

from sqlalchemy import select

from app.accounts.models import Person
from app.assessment import portraits
from app.assessment.models import (
    Objection,
    ObjectionGround,
    ObjectionState,
    Portrait,
    PortraitRow,
)
from app.assessment.portraits import PortraitView
from app.assessment.workflow import OBJECTION_FLOW
from app.kernel import clock, db
from app.kernel.evidence import EvidenceState
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow

TOO_LATE = "提出异议的期限已过。"
ONCE = "这一条已经提过异议。"
OUT = "这一条已经不计入，不用再提异议。"


def may_object(user: Principal, view: PortraitView) -> bool:
    """Tell whether somebody can object to rows of a portrait now."""
    until = view.cycle.objections_until
    is_own = view.portrait.person_id == user.person_id
    return is_own and view.is_own_open and until is not None and clock.now() <= until


def object_to(
    *, view: PortraitView, place: int, ground: ObjectionGround, reason: str, user: Principal
) -> Objection:
    """Object to a row of one's own portrait, in the open write; raises RefusedError."""
    fresh = portraits.get_view(view.portrait.id)
    if not may_object(user, fresh):
        raise RefusedError(form=TOO_LATE)
    row = db.session.scalars(
        select(PortraitRow)
        .where(PortraitRow.portrait_id == fresh.portrait.id, PortraitRow.place == place)
        .with_for_update()
    ).one()
    if row.state is EvidenceState.OVERTURNED:
        raise RefusedError(form=OUT)
    if db.session.scalar(select(Objection.id).where(Objection.row_id == row.id)) is not None:
        raise RefusedError(form=ONCE)
    objection = Objection(
        public_id=secrets.token_urlsafe(12),
        portrait_id=fresh.portrait.id,
        row_id=row.id,
        state=ObjectionState.OPEN,
        ground=ground,
        reason=reason,
        commented_by_id=fresh.portrait.commented_by_id,
        unit_by_id=fresh.portrait.unit_by_id,
        run_by_id=fresh.cycle.drafted_by_id,
        decision="",
    )
    db.session.add(objection)
    workflow.begin(OBJECTION_FLOW, objection, user=user)
    return objection


def select_objections_for(user: Principal) -> Statement:
    """Select the objections that somebody decides or follows, with portrait, row and person."""
    found = (
        select(Objection, Portrait, PortraitRow, Person)
        .join(Portrait, Portrait.id == Objection.portrait_id)
        .join(PortraitRow, PortraitRow.id == Objection.row_id)
        .join(Person, Person.id == Portrait.person_id)
    )
    scope = user.departments_of(Permission.ASSESSMENT_PORTRAIT_READ)
    return found if scope is None else found.where(PortraitRow.department_id.in_(scope))


def get_objection_for(user: Principal, public_id: str) -> Objection | None:
    """Give an objection of one's own, or that one reads."""
    found: Objection | None = db.session.scalar(
        select(Objection).where(
            Objection.public_id == public_id, Objection.drafted_by_id == user.person_id
        )
    )
    if found is not None and not user.is_administrator:
        return found
    read: Objection | None = db.session.scalar(
        select_objections_for(user).where(Objection.public_id == public_id)
    )
    return read
