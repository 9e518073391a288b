"""考核细则: drafting one for a quarter, changing the draft, reading it.

"A scheme as versioned data, weights sum to 100, locked before the period": a draft changes freely,
what was sent for approval never does. A new version begins as the one before it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import false, func, select

from app.assessment import content as contents
from app.assessment.content import Content
from app.assessment.models import AssessmentCycle, AssessmentScheme, CycleState, SchemeState
from app.assessment.periods import name_of, span_of
from app.assessment.workflow import CYCLE_FLOW, SCHEME_FLOW
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow

IN_USE = (SchemeState.DRAFT, SchemeState.APPROVAL, SchemeState.LOCKED)
SHOWN = (SchemeState.LOCKED, SchemeState.REVOKED)
TOO_LATE = "{name}已经开始，不能再起草它的细则：细则要在考核期开始之前锁定。"
HAS_ONE = "{name}已经有一版细则在起草、待审定或者已锁定。"
NOT_LOCKED = "只有已锁定的细则可以开始考核。"
NOT_OVER = "{name}还没有结束，结束以后再开始采集。"
HAS_CYCLE = "{name}的考核已经开始。"


@dataclass(frozen=True, kw_only=True)
class SchemeRow:
    """A scheme with the cycle that runs by it, where there is one."""

    scheme: AssessmentScheme
    cycle: AssessmentCycle | None


def draft(*, year: int, quarter: int, known: Collection[str], user: Principal) -> AssessmentScheme:
    """Begin the scheme of a quarter, in the open write; raises RefusedError.

    It starts from the last one that was locked, or from the usual one, as far as the rules in it
    are `known` here.
    """
    name = name_of(year, quarter)
    if clock.today() >= span_of(year, quarter).first:
        raise RefusedError(period=TOO_LATE.format(name=name))
    of_quarter = (AssessmentScheme.year == year, AssessmentScheme.quarter == quarter)
    in_use = select(AssessmentScheme.id).where(*of_quarter, AssessmentScheme.state.in_(IN_USE))
    if db.session.scalar(in_use) is not None:
        raise RefusedError(period=HAS_ONE.format(name=name))
    count = select(func.count(AssessmentScheme.id)).where(*of_quarter)
    found = contents.fitting(last_content() or contents.usual(), known)
    scheme = AssessmentScheme(
        year=year,
        quarter=quarter,
        edition=(db.session.scalar(count) or 0) + 1,
        state=SchemeState.DRAFT,
        content=contents.dump(found),
        weight_sum=found.weight_sum,
    )
    db.session.add(scheme)
    workflow.begin(SCHEME_FLOW, scheme, user=user)
    return scheme


def last_content() -> Content | None:
    """Give what the last scheme that was locked says."""
    found = db.session.scalar(
        select(AssessmentScheme)
        .where(AssessmentScheme.state.in_(SHOWN))
        .order_by(AssessmentScheme.year.desc(), AssessmentScheme.quarter.desc(),
                  AssessmentScheme.edition.desc())
        .limit(1)
    )  # fmt: skip
    return contents.load(found.content) if found else None


def edit(*, record_id: int, seen_version: int, found: Content, user: Principal) -> None:
    """Change a draft, in the open write; raises StaleEditError."""
    scheme = db.session.get_one(AssessmentScheme, record_id, with_for_update=True)
    if scheme.version != seen_version or scheme.state is not SchemeState.DRAFT:
        raise StaleEditError
    scheme.content, scheme.weight_sum = contents.dump(found), found.weight_sum
    scheme.edited_by_id = user.person_id
    workflow.touch(scheme)
    db.session.flush()
    append(
        AuditEvent.ASSESSMENT_SCHEME_EDITED,
        person_id=user.person_id,
        object_type="assessment_scheme",
        object_id=record_id,
        state=scheme.period,
    )


def open_cycle(*, scheme_id: int, user: Principal) -> AssessmentCycle:
    """Begin the assessment of a quarter that is over, in the open write; raises RefusedError."""
    scheme = db.session.get_one(AssessmentScheme, scheme_id, with_for_update=True)
    if scheme.state is not SchemeState.LOCKED:
        raise RefusedError(form=NOT_LOCKED)
    if clock.today() <= scheme.span.last:
        raise RefusedError(form=NOT_OVER.format(name=scheme.period))
    if get_cycle_of(scheme_id) is not None:
        raise RefusedError(form=HAS_CYCLE.format(name=scheme.period))
    cycle = AssessmentCycle(scheme_id=scheme.id, name=scheme.period, state=CycleState.COLLECTING)
    db.session.add(cycle)
    workflow.begin(CYCLE_FLOW, cycle, user=user)
    return cycle


def get_cycle_of(scheme_id: int) -> AssessmentCycle | None:
    """Give the cycle that runs by a scheme."""
    return db.session.scalar(select(AssessmentCycle).where(AssessmentCycle.scheme_id == scheme_id))


def select_schemes_for(user: Principal) -> Statement:
    """Select the schemes that somebody may read: those that hold, and all for who makes them."""
    found = select(AssessmentScheme, AssessmentCycle).outerjoin(
        AssessmentCycle, AssessmentCycle.scheme_id == AssessmentScheme.id
    )
    if not user.can(Permission.ASSESSMENT_OWN_READ):
        return found.where(false())
    makes = (Permission.ASSESSMENT_SCHEME_DRAFT, Permission.ASSESSMENT_SCHEME_APPROVE)
    if any(user.can(each) for each in makes):
        return found
    return found.where(AssessmentScheme.state.in_(SHOWN))


def get_scheme_for(user: Principal, record_id: int) -> SchemeRow | None:
    """Give a scheme that somebody may read."""
    found = db.session.execute(
        select_schemes_for(user).where(AssessmentScheme.id == record_id)
    ).one_or_none()
    return None if found is None else SchemeRow(scheme=found[0], cycle=found[1])


def find_cycle(name: str) -> AssessmentCycle | None:
    """Find a cycle by its name, such as 2026年第三季度."""
    return db.session.scalar(select(AssessmentCycle).where(AssessmentCycle.name == name))
