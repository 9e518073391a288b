"""What the assessment may know of a pair, and the figure for the measures.

"Yearly recognition counts graduated apprentices, not meetings." Of an apprentice: items signed 独立
of those that were planned until then. Of a master: the 出师 of his apprentices, told and never
scored. A pair that ended early gives nothing at all, whatever had been signed by then: "a pair
ended early without blame".
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select

from app.accounts import service as accounts
from app.accounts.models import Person
from app.kernel import clock, db
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.kernel.indicators import Indicator, Reading
from app.mentoring import months
from app.mentoring.models import MentoringItem, MentoringPair, PairState

BASIS = "继续发挥好一月一考、轮岗互学、师徒结对、小组交流等学习机制作用"
ITEMS = EvidenceRule(
    name="mentoring.items",
    version=1,
    label="带教事项能独立办",
    unit="项",
    kind=EvidenceKind.SHARE,
    basis=BASIS,
)
MASTER = EvidenceRule(
    name="mentoring.master",
    version=1,
    label="带教的徒弟出师",
    unit="人",
    kind=EvidenceKind.MENTION,
    basis=BASIS,
)
RULES = (ITEMS, MASTER)
# Those that ended early are not among them, nor those whose early end is being decided.
COUNTED = (
    PairState.RUNNING, PairState.ASSESSING, PairState.TO_GRADUATE, PairState.GRADUATED,
)  # fmt: skip


def give_evidence(span: Span) -> Iterator[Evidence]:
    """Give all facts of a span, in four queries."""
    pairs = list(
        db.session.scalars(select(MentoringPair).where(*ran_in(span)).order_by(MentoringPair.id))
    )
    items: dict[int, list[MentoringItem]] = {}
    for item in db.session.scalars(
        select(MentoringItem).where(MentoringItem.pair_id.in_([each.id for each in pairs]))
    ):
        items.setdefault(item.pair_id, []).append(item)
    names = accounts.names_of({each.apprentice_id for each in pairs})
    left = read_left(pairs)
    for pair in pairs:
        until = min(left.get(pair.master_id, date.max), left.get(pair.apprentice_id, date.max))
        yield from items_evidence(span, pair, items.get(pair.id, []), until)
        yield from master_evidence(span, pair, names[pair.apprentice_id])


def read_left(pairs: list[MentoringPair]) -> dict[int, date]:
    """Read the last days of those who have left: nothing is counted of what was planned later."""
    both = {each.master_id for each in pairs} | {each.apprentice_id for each in pairs}
    rows = db.session.execute(
        select(Person.id, Person.left_on).where(Person.id.in_(both), Person.left_on < clock.today())
    )
    return {person_id: left_on for person_id, left_on in rows if left_on is not None}


def ran_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that a pair ran in a span, and has not ended early since."""
    return (
        MentoringPair.state.in_(COUNTED),
        MentoringPair.starts_on <= span.last,
        MentoringPair.approved_at < span.moments[1],
        or_(
            MentoringPair.graduated_at.is_(None),
            MentoringPair.state != PairState.GRADUATED,
            MentoringPair.graduated_at >= span.moments[0],
        ),
    )


def graduated_on(pair: MentoringPair) -> date | None:
    """Give the day of 出师; None for a pair that has not come to it."""
    if pair.state is not PairState.GRADUATED or pair.graduated_at is None:
        return None
    return clock.local(pair.graduated_at).date()


def items_evidence(
    span: Span, pair: MentoringPair, items: list[MentoringItem], last: date
) -> Iterator[Evidence]:
    """Tell of the apprentice what was signed 独立 of what was planned until then.

    `last` is the last day on which both of the two were here.
    """
    until = min(span.last, clock.today(), graduated_on(pair) or date.max, last)
    planned = [each for each in items if months.last_of(each.planned_on) <= until]
    if not planned or until < span.first:
        return
    signed = sum(each.signed_on is not None and each.signed_on <= until for each in planned)
    yield Evidence(
        rule=ITEMS.name,
        person_id=pair.apprentice_id,
        occurred_on=until,
        amount=Decimal(signed),
        denominator=Decimal(len(planned)),
        event_key=f"{ITEMS.name}:{pair.id}:{span.last.isoformat()}",
        text=f"结对期间，到{until.month}月{until.day}日计划独立{len(planned)}项，已签独立{signed}项",
        clause="结对协议书：事项清单与计划月",
        number=pair.number or "",
        endpoint="mentoring.show_pair",
        values={"public_id": pair.public_id},
    )


def master_evidence(span: Span, pair: MentoringPair, apprentice: str) -> Iterator[Evidence]:
    """Tell of the master that an apprentice of his became 出师."""
    day = graduated_on(pair)
    if day is None or day not in span:
        return
    yield Evidence(
        rule=MASTER.name,
        person_id=pair.master_id,
        occurred_on=day,
        amount=Decimal(1),
        event_key=f"{MASTER.name}:{pair.id}",
        text=f"徒弟{apprentice}出师，证书{pair.certificate_number}",
        number=pair.number or "",
        endpoint="mentoring.show_pair",
        values={"public_id": pair.public_id},
    )


def read_pairs(span: Span) -> Reading | None:
    """Count the pairs that ran in a span; None where there was none."""
    found = list(db.session.scalars(select(MentoringPair).where(*ran_in(span))))
    if not found:
        return None
    days = [graduated_on(each) for each in found]
    graduated = sum(day is not None and day in span for day in days)
    return Reading(
        value=Decimal(len(found)),
        note=f"期间在带教或者出师的师徒{len(found)}对，其中出师{graduated}对；提前结束的、正在决定的不计。",
    )


INDICATORS = (
    Indicator(
        name="mentoring.pairs",
        label="师徒结对",
        unit="对",
        read=read_pairs,
        endpoint="mentoring.list_pairs",
    ),
)
