"""岗位廉政风险点清单: prevention, by post; never a word about a person, never a count of persons.

"深入推进窗口作风建设常态化、长效化，杜绝办事程序不透明、办事依据不公开等因素带来的廉政风险"
(清廉8). 问题线索 and 涉廉情形 are other things and stand elsewhere. People set 等级; nothing is
computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select

from app.accounts.models import Person
from app.accounts.roster.models import Post
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.regulations.models import RiskContent, RiskLevel, RiskPoint, RiskState, WorkStage
from app.regulations.risk_flow import FLOW
from app.regulations.rules import works_in
from app.regulations.settings import AHEAD_DAYS
from app.settings import service as settings
from app.workdays import service as workdays
from app.workflow import service as workflow

HELD = (RiskState.IN_FORCE, RiskState.REVIEW_DUE)
MOST_AHEAD = timedelta(days=3 * 366)
MORNING = time(9)
NOT_YOURS = "廉政风险点按全大厅的岗位列，由中心的经办人办理。"


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a risk point says."""

    stage: WorkStage
    level: RiskLevel
    manifestation: str
    measures: str
    responsible_id: int
    basis: str
    article_id: int | None
    review_on: date


@dataclass(frozen=True, kw_only=True)
class RiskRow:
    """A risk point as lists show it: with the content in force, or with the only one it has."""

    risk: RiskPoint
    content: RiskContent
    post: str
    responsible: str
    # The last day of a 责任人 who has one.
    left_on: date | None = None

    @property
    def is_orphan(self) -> bool:
        """Tell whether its 责任人 has left: nobody sees to it until it is reviewed."""
        has_ended = self.risk.state in {RiskState.ENDED, RiskState.DROPPED}
        return not has_ended and self.left_on is not None and self.left_on < clock.today()

    @property
    def is_overdue(self) -> bool:
        """Tell whether its review is overdue; the day itself is not."""
        has_ended = self.risk.state in {RiskState.ENDED, RiskState.DROPPED}
        return not has_ended and self.content.review_on < clock.today()


def select_risks() -> Statement:
    """Select risk points with their content, post and 责任人."""
    return (
        select(RiskPoint, RiskContent, Post.name, Person.name, Person.left_on)
        .select_from(RiskPoint)
        .join(
            RiskContent,
            and_(
                RiskContent.risk_id == RiskPoint.id,
                RiskContent.number == func.coalesce(RiskPoint.current, RiskPoint.latest),
            ),
        )
        .join(Post, Post.id == RiskPoint.post_id)
        .join(Person, Person.id == RiskContent.responsible_id)
    )


def row_of(found: Sequence[object]) -> RiskRow:
    """Name the parts of a result row."""
    risk, content, post, responsible, left_on = found
    return RiskRow(
        risk=risk,  # type: ignore[arg-type]
        content=content,  # type: ignore[arg-type]
        post=str(post),
        responsible=str(responsible),
        left_on=left_on,  # type: ignore[arg-type]
    )


def get_risk(risk_id: int) -> RiskRow | None:
    """Give a risk point."""
    found = db.session.execute(select_risks().where(RiskPoint.id == risk_id)).one_or_none()
    return None if found is None else row_of(tuple(found))


def list_of_post(post_id: int) -> list[RiskRow]:
    """Give what is in force for a post, by 环节."""
    found = db.session.execute(
        select_risks().where(RiskPoint.post_id == post_id, RiskPoint.current.is_not(None))
    )
    rows = [row_of(tuple(each)) for each in found]
    order = list(WorkStage)
    return sorted(
        (each for each in rows if each.risk.state is not RiskState.ENDED),
        key=lambda each: (order.index(each.content.stage), each.risk.id),
    )


def list_contents(risk_id: int) -> list[RiskContent]:
    """Give all that a risk point ever said, the newest first."""
    return list(
        db.session.scalars(
            select(RiskContent)
            .where(RiskContent.risk_id == risk_id)
            .order_by(RiskContent.number.desc())
        )
    )


def propose(*, post_id: int, content: Content, user: Principal) -> RiskPoint:
    """Add a risk point that waits for its approval, in the open write; raises RefusedError."""
    if not works_in(user, Permission.REGULATIONS_RISK_DRAFT, None):
        raise RefusedError(form=NOT_YOURS)
    risk = RiskPoint(
        post_id=post_id,
        state=RiskState.REVIEWING,
        latest=1,
        written_by_id=user.person_id,
        drafted_at=clock.now(),
        moved_at=clock.now(),
        version=1,
    )
    db.session.add(risk)
    db.session.flush()
    write(risk, content, user)
    workflow.begin(FLOW, risk, user=user)
    return risk


def revise(*, risk_id: int, seen_version: int, content: Content, user: Principal) -> None:
    """Write a risk point anew and send it to its approval; the content in force stays until then.

    This is also how it is reviewed: the same words with a later 复核日. Raises RefusedError and
    StaleEditError.
    """
    risk = workflow.get_locked(FLOW, risk_id)
    if risk.version != seen_version:
        raise StaleEditError
    risk.latest += 1
    risk.written_by_id = user.person_id
    # An approval belongs to the content that it approved, where it stays written down.
    risk.approved_by_id = risk.approved_at = None
    write(risk, content, user)
    workflow.execute(FLOW, record_id=risk.id, name="revise", user=user, seen_version=seen_version)


def write(risk: RiskPoint, content: Content, user: Principal) -> None:
    """Add the content that `latest` announces; raises RefusedError."""
    if not clock.today() < content.review_on <= clock.today() + MOST_AHEAD:
        raise RefusedError(review_on="复核日要在今天之后、三年以内。")
    db.session.add(
        RiskContent(
            risk_id=risk.id,
            number=risk.latest,
            stage=content.stage,
            level=content.level,
            manifestation=content.manifestation,
            measures=content.measures,
            responsible_id=content.responsible_id,
            basis=content.basis,
            article_id=content.article_id,
            review_on=content.review_on,
            written_by_id=user.person_id,
            written_at=clock.now(),
        )
    )
    db.session.flush()
    append(
        AuditEvent.REGULATIONS_RISK_WRITTEN,
        person_id=user.person_id,
        object_type=FLOW.object_type,
        object_id=risk.id,
        number=risk.latest,
    )


def ask_for_reviews() -> None:
    """Open the step of each review that is near, or whose 责任人 has left; the worker calls it.

    It may be called often.
    """
    morning = clock.from_local(datetime.combine(clock.today(), MORNING))
    ahead = workdays.get_deadline(received=morning, days=settings.get(AHEAD_DAYS)).due
    near = select_risks().where(
        RiskPoint.state == RiskState.IN_FORCE,
        or_(
            RiskContent.review_on <= clock.local(ahead).date(),
            Person.left_on < clock.today(),
        ),
    )
    for risk_id in db.session.scalars(near.with_only_columns(RiskPoint.id)).all():
        with db.write():
            if workflow.get_locked(FLOW, risk_id).state is RiskState.IN_FORCE:
                workflow.execute(FLOW, record_id=risk_id, name="fall-due", user=None)
