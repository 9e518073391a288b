"""Reading portraits, and what people write on them: 评语, 科室意见, 本人意见.

"Nobody reaches a peer's portrait by page, list, search, export or file link": a portrait is the
person's own once its preview has begun; a lead sees those of his department, chiefs, office and
leaders all. Of a colleague who came in the middle of the quarter a lead reads the figures, and not
what happened in his former department.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.assessment import content
from app.assessment.content import Content
from app.assessment.models import (
    AssessmentCycle,
    AssessmentScheme,
    CycleState,
    Objection,
    ObjectionState,
    Portrait,
    PortraitEdition,
    PortraitRow,
    UnitOpinion,
)
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Condition, Statement
from app.kernel.permissions import Permission, Principal

READ = Permission.ASSESSMENT_PORTRAIT_READ
NOT_NOW = "预览期已过，不能再写。"
NOT_HIMSELF = "不能给自己写评语或者科室意见。"
SIGNED = "{what}已由{name}署名，只能由本人修改。"
HAS_DECIDED = "你答复过这份画像的异议，不能再写评语和科室意见。"
OPEN_TO_WORDS = (CycleState.PREVIEW,)


@dataclass(frozen=True, kw_only=True)
class PortraitView:
    """A portrait with all that its pages need."""

    portrait: Portrait
    person: Person
    department: Department
    cycle: AssessmentCycle

    @property
    def is_own_open(self) -> bool:
        """Tell whether people may write on it and object now."""
        return self.cycle.state in OPEN_TO_WORDS


def select_portraits() -> Statement:
    """Select portraits with person, department and cycle."""
    return (
        select(Portrait, Person, Department, AssessmentCycle)
        .join(Person, Person.id == Portrait.person_id)
        .join(Department, Department.id == Portrait.department_id)
        .join(AssessmentCycle, AssessmentCycle.id == Portrait.cycle_id)
    )


def is_shown() -> Condition:
    """Give the condition that a portrait's preview has begun."""
    return AssessmentCycle.state != CycleState.COLLECTING


def select_portraits_for(user: Principal) -> Statement:
    """Select the portraits that somebody reads as lead, chief, office or leader."""
    found, scope = select_portraits().where(is_shown()), user.departments_of(READ)
    return found if scope is None else found.where(Portrait.department_id.in_(scope))


def select_own(user: Principal) -> Statement:
    """Select a person's own portraits; an administrator's account has none."""
    person_id = 0 if user.is_administrator else user.person_id
    return select_portraits().where(is_shown(), Portrait.person_id == person_id)


def view_of(found: Sequence[object]) -> PortraitView:
    """Name the parts of a result row."""
    portrait, person, department, cycle = found
    return PortraitView(portrait=portrait, person=person, department=department, cycle=cycle)  # type: ignore[arg-type]


def get_portrait_for(user: Principal, public_id: str) -> PortraitView | None:
    """Give a portrait that is somebody's own, or that he reads."""
    of_it = Portrait.public_id == public_id
    for statement in (select_own(user), select_portraits_for(user)):
        found = db.session.execute(statement.where(of_it)).one_or_none()
        if found is not None:
            return view_of(found)
    return None


def get_view(portrait_id: int) -> PortraitView:
    """Give a portrait with what belongs to it; nobody is asked whether he may see it."""
    return view_of(db.session.execute(select_portraits().where(Portrait.id == portrait_id)).one())


def may_read_row(user: Principal, view: PortraitView, row: PortraitRow) -> bool:
    """Tell whether somebody may read what a row says: a new lead not what was before."""
    if view.portrait.person_id == user.person_id:
        return True
    scope = user.departments_of(READ)
    return scope is None or row.department_id in scope


def reads_all_rows(user: Principal, view: PortraitView, rows: Sequence[PortraitRow]) -> bool:
    """Tell whether somebody may read every row, and so the paper on which they all stand."""
    return all(may_read_row(user, view, each) for each in rows)


def get_row(portrait_id: int, place: int) -> PortraitRow | None:
    """Give a row of a portrait by its place."""
    return db.session.scalar(
        select(PortraitRow).where(
            PortraitRow.portrait_id == portrait_id, PortraitRow.place == place
        )
    )


def content_of(cycle: AssessmentCycle) -> Content:
    """Give what the scheme of a cycle says."""
    return content.load(db.session.get_one(AssessmentScheme, cycle.scheme_id).content)


def scheme_of(cycle: AssessmentCycle) -> AssessmentScheme:
    """Give the scheme of a cycle."""
    return db.session.get_one(AssessmentScheme, cycle.scheme_id)


def objections_of(portrait_id: int) -> dict[int, Objection]:
    """Give the objections to a portrait by the id of their row."""
    found = db.session.scalars(select(Objection).where(Objection.portrait_id == portrait_id))
    return {each.row_id: each for each in found}


def editions_of(portrait_id: int) -> Sequence[PortraitEdition]:
    """Give all versions of a portrait, oldest first."""
    return db.session.scalars(
        select(PortraitEdition)
        .where(PortraitEdition.portrait_id == portrait_id)
        .order_by(PortraitEdition.edition)
    ).all()


def previous_scores(view: PortraitView) -> dict[str, Decimal]:
    """Give a person's figures of the last released quarter before, by the dimension's name."""
    scheme = scheme_of(view.cycle)
    found = db.session.execute(
        select(Portrait.scores)
        .join(AssessmentCycle, AssessmentCycle.id == Portrait.cycle_id)
        .join(AssessmentScheme, AssessmentScheme.id == AssessmentCycle.scheme_id)
        .where(
            Portrait.person_id == view.portrait.person_id,
            AssessmentCycle.state == CycleState.RELEASED,
            AssessmentScheme.year * 4 + AssessmentScheme.quarter < scheme.year * 4 + scheme.quarter,
        )
        .order_by(AssessmentScheme.year.desc(), AssessmentScheme.quarter.desc())
        .limit(1)
    ).scalar_one_or_none()
    dimensions = (found or {}).get("dimensions", ())
    return {each["name"]: Decimal(each["score"]) for each in dimensions if each["score"]}


# ---------- what people write


def lock(public_id: str, seen_version: int) -> tuple[Portrait, AssessmentCycle]:
    """Lock a portrait on which somebody writes; raises StaleEditError, RefusedError."""
    portrait = db.session.scalars(
        select(Portrait).where(Portrait.public_id == public_id).with_for_update()
    ).one()
    if portrait.edition != seen_version:
        raise StaleEditError
    cycle = db.session.get_one(AssessmentCycle, portrait.cycle_id)
    if cycle.state not in OPEN_TO_WORDS:
        raise RefusedError(form=NOT_NOW)
    return portrait, cycle


def write_comment(*, public_id: str, seen_version: int, text: str, user: Principal) -> None:
    """Write the 评语 of a portrait, signed with one's name, in the open write."""
    portrait, _ = lock(public_id, seen_version)
    check_writer(portrait, user)
    check_signature("评语", portrait.commented_by_id, user)
    portrait.comment, portrait.commented_by_id = text, user.person_id
    portrait.commented_at = clock.now()
    bar_from_objections(portrait)
    note(AuditEvent.ASSESSMENT_COMMENT_WRITTEN, portrait, user)


def write_opinion(
    *, public_id: str, seen_version: int, opinion: UnitOpinion, text: str, user: Principal
) -> None:
    """Write the 科室意见 of a portrait, in the open write."""
    portrait, _ = lock(public_id, seen_version)
    check_writer(portrait, user)
    check_signature("科室意见", portrait.unit_by_id, user)
    portrait.unit_opinion, portrait.unit_note = opinion, text
    portrait.unit_by_id, portrait.unit_at = user.person_id, clock.now()
    bar_from_objections(portrait)
    note(AuditEvent.ASSESSMENT_OPINION_WRITTEN, portrait, user)


def write_own_opinion(*, public_id: str, seen_version: int, text: str, user: Principal) -> None:
    """Write one's own opinion of one's portrait, in the open write."""
    portrait, _ = lock(public_id, seen_version)
    portrait.own_opinion, portrait.own_opinion_at = text, clock.now()
    note(AuditEvent.ASSESSMENT_OWN_OPINION_WRITTEN, portrait, user)


def check_writer(portrait: Portrait, user: Principal) -> None:
    """Refuse who writes about himself, or has decided an objection; raises RefusedError."""
    if portrait.person_id == user.person_id:
        raise RefusedError(form=NOT_HIMSELF)
    decided = select(Objection.id).where(
        Objection.portrait_id == portrait.id, Objection.decided_by_id == user.person_id
    )
    if db.session.scalar(decided.limit(1)) is not None:
        raise RefusedError(form=HAS_DECIDED)


def check_signature(what: str, signed_by_id: int | None, user: Principal) -> None:
    """Refuse to write over what another has signed: he had a hand in it; raises RefusedError."""
    if signed_by_id not in {None, user.person_id}:
        names = accounts.names_of([signed_by_id])
        raise RefusedError(form=SIGNED.format(what=what, name=names.get(signed_by_id or 0, "别人")))


def bar_from_objections(portrait: Portrait) -> None:
    """Keep whoever now has a hand in a portrait from deciding its open objections."""
    for each in db.session.scalars(
        select(Objection).where(
            Objection.portrait_id == portrait.id, Objection.state == ObjectionState.OPEN
        )
    ):
        each.commented_by_id, each.unit_by_id = portrait.commented_by_id, portrait.unit_by_id
    db.session.flush()


def note(event: AuditEvent, portrait: Portrait, user: Principal) -> None:
    """Write down who wrote on a portrait; not what."""
    db.session.flush()
    append(event, person_id=user.person_id, object_type="portrait", object_id=portrait.public_id)
