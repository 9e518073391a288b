"""看, 陪, 独立: what the master signs item by item, and what somebody else assesses.

独立 counts when an assessor who is not the master has seen it. Whoever does not pass an item goes
on with 陪; what was seen stays in the assessment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.roster.models import ServiceItem
from app.audit.models import AuditEvent
from app.audit.service import append
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.mentoring.models import (
    LEVEL_LABELS,
    Level,
    MentoringAssessment,
    MentoringItem,
    MentoringPair,
    PairState,
)
from app.workflow import service as workflow

NEXT = {Level.NONE: Level.WATCH, Level.WATCH: Level.ASSIST, Level.ASSIST: Level.SOLO}
NOT_MASTER = "看、陪、独立由师傅签。"
NOT_ASSESSOR = "只有这一对的考核人能考核，师傅、徒弟都不能。"
NOT_RUNNING = "这一对现在不在带教中，不能签。"
OUT_OF_ORDER = "这个事项已经签过这一步，或者前一步还没有签，请看最新的情况。"
NOT_SIGNED = "师傅还没有签独立，不能考核。"
NOT_YET = "考核日期不能晚于今天，也不能早于师傅签独立的那天。"
BEFORE_START = "结对期限还没有开始。"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that the apprentice did: 动作, 标准, 结果."""

    action: str
    standard: str
    is_passed: bool


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What an assessor has seen, on a day."""

    held_on: date
    lines: Sequence[Line]
    opinion: str

    @property
    def is_passed(self) -> bool:
        """Tell whether all of it was right."""
        return bool(self.lines) and all(each.is_passed for each in self.lines)


def next_level(item: MentoringItem) -> Level | None:
    """Give what the master can sign next; None where nothing is left for him."""
    return NEXT.get(item.level)


def load_item(pair: MentoringPair, item_id: int) -> tuple[MentoringItem, ServiceItem] | None:
    """Give an item of a pair with its 事项."""
    found = db.session.execute(
        select(MentoringItem, ServiceItem)
        .join(ServiceItem, ServiceItem.id == MentoringItem.service_item_id)
        .where(MentoringItem.id == item_id, MentoringItem.pair_id == pair.id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def sign(*, pair_id: int, item_id: int, level: Level, user: Principal) -> None:
    """Sign the next level of an item, as its master; raises RefusedError."""
    pair, item = lock_running(pair_id, item_id)
    if pair.master_id != user.person_id:
        raise RefusedError(form=NOT_MASTER)
    if next_level(item) is not level:
        raise RefusedError(form=OUT_OF_ORDER)
    today = clock.today()
    if today < pair.starts_on:
        raise RefusedError(form=BEFORE_START)
    if level is Level.WATCH:
        item.watched_on = today
    elif level is Level.ASSIST:
        item.assisted_on = today
    else:
        item.signed_on, item.signed_by_id = today, user.person_id
        tell_assessor(pair)
    workflow.touch(pair)
    db.session.flush()
    note(AuditEvent.MENTORING_ITEM_SIGNED, pair, item, user, LEVEL_LABELS[level])


def tell_assessor(pair: MentoringPair) -> None:
    """Let the assessor know that there is an item to look at; once a day."""
    inbox.tell(
        {pair.assessor_id},
        f"结对{pair.number}有事项签了独立，等你考核。",
        endpoint="mentoring.show_pair",
        arguments={"public_id": pair.public_id},
        key=f"mentoring:assess:{pair.id}:{clock.today().isoformat()}",
    )


def lock_running(pair_id: int, item_id: int) -> tuple[MentoringPair, MentoringItem]:
    """Hold a pair that is running and one of its items; raises RefusedError."""
    pair = db.session.get_one(MentoringPair, pair_id, with_for_update=True)
    if pair.state is not PairState.RUNNING:
        raise RefusedError(form=NOT_RUNNING)
    found = load_item(pair, item_id)
    if found is None:
        raise RefusedError(form=OUT_OF_ORDER)
    return pair, found[0]


def assess(*, pair_id: int, item_id: int, given: Assessment, user: Principal) -> None:
    """Write down how an item was done; what is right stands as 独立. Raises RefusedError."""
    pair, item = lock_running(pair_id, item_id)
    if pair.assessor_id != user.person_id:
        raise RefusedError(form=NOT_ASSESSOR)
    if item.level is not Level.SOLO or item.signed_on is None:
        raise RefusedError(form=NOT_SIGNED)
    if not item.signed_on <= given.held_on <= clock.today():
        raise RefusedError(held_on=NOT_YET)
    add_assessment(pair, given, assessor_id=user.person_id, service_item_id=item.service_item_id)
    if given.is_passed:
        item.assessed_on, item.assessed_by_id = given.held_on, user.person_id
    else:
        item.signed_on = item.signed_by_id = None
    workflow.touch(pair)
    db.session.flush()
    tell_result(pair, user)
    word = LEVEL_LABELS[item.level] if given.is_passed else "继续陪"
    note(AuditEvent.MENTORING_ITEM_ASSESSED, pair, item, user, word)


def tell_result(pair: MentoringPair, user: Principal) -> None:
    """Let the two know that an item was assessed."""
    inbox.tell(
        {pair.master_id, pair.apprentice_id} - {user.person_id},
        f"结对{pair.number}有一个事项考核过了，请看结果。",
        endpoint="mentoring.show_pair",
        arguments={"public_id": pair.public_id},
    )


def add_assessment(
    pair: MentoringPair,
    given: Assessment,
    *,
    assessor_id: int,
    service_item_id: int | None = None,
) -> None:
    """Add an assessment to the open write; without a 事项 it is the 出师考核."""
    db.session.add(
        MentoringAssessment(
            pair_id=pair.id,
            service_item_id=service_item_id,
            assessor_id=assessor_id,
            master_id=pair.master_id,
            apprentice_id=pair.apprentice_id,
            held_on=given.held_on,
            lines=[[each.action, each.standard, each.is_passed] for each in given.lines],
            is_passed=given.is_passed,
            opinion=given.opinion,
            made_at=clock.now(),
        )
    )
    db.session.flush()


def list_assessments(pair_id: int) -> list[tuple[MentoringAssessment, str]]:
    """Give the assessments of a pair with what each was about, oldest first."""
    rows = db.session.execute(
        select(MentoringAssessment, ServiceItem.name)
        .outerjoin(ServiceItem, ServiceItem.id == MentoringAssessment.service_item_id)
        .where(MentoringAssessment.pair_id == pair_id)
        .order_by(MentoringAssessment.id)
    )
    return [(each, name or "出师考核") for each, name in rows]


def note(
    event: AuditEvent, pair: MentoringPair, item: MentoringItem, user: Principal, level: str
) -> None:
    """Write down an act on an item."""
    append(
        event,
        person_id=user.person_id,
        object_type="mentoring_pair",
        object_id=pair.id,
        for_person=pair.apprentice_id,
        service_item=item.service_item_id,
        level=level,
    )
