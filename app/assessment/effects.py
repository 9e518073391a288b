"""What a move does to portraits: the preview opens, an objection is upheld, a quarter is released.

A portrait is reckoned anew from its own rows and from nothing else; what it said before stays as
an earlier version.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import Person
from app.assessment import content, scoring
from app.assessment.models import (
    AssessmentCycle,
    AssessmentScheme,
    Objection,
    Portrait,
    PortraitEdition,
    PortraitKind,
    PortraitRow,
)
from app.assessment.scoring import Fact, Outcome
from app.assessment.settings import PREVIEW_DAYS
from app.inbox import service as inbox
from app.kernel import clock, db, formats
from app.kernel.evidence import EvidenceState
from app.settings import service as settings
from app.workdays import service as workdays
from app.workflow.definition import Act

PREVIEW_TEXT = "{name}的考核情况可以预览了，请核对；有异议的，{until}前提出。"
RELEASED_TEXT = "{name}的考核情况已经公布，可以查看和打印。"
CAUSE = "异议成立：{day}“{text}”不再计入。"


def begin_preview(cycle: AssessmentCycle, act: Act) -> None:
    """Say until when anybody can object, and tell each person."""
    del act
    deadline = workdays.get_deadline(received=clock.now(), days=settings.get(PREVIEW_DAYS))
    cycle.objections_until = deadline.due
    text = PREVIEW_TEXT.format(name=cycle.name, until=formats.moment(deadline.due))
    tell_everybody(cycle, text, "preview")


def tell_released(cycle: AssessmentCycle, act: Act) -> None:
    """Tell each person that his portrait is out."""
    del act
    tell_everybody(cycle, RELEASED_TEXT.format(name=cycle.name), "released")


def tell_everybody(cycle: AssessmentCycle, text: str, what: str) -> None:
    """Write a notice to everybody who has a portrait and still works here; it leads to his own."""
    people = db.session.scalars(
        select(Portrait.person_id)
        .join(Person, Person.id == Portrait.person_id)
        .where(Portrait.cycle_id == cycle.id, Person.left_on.is_(None))
    )
    inbox.tell(
        people.all(),
        text,
        endpoint="assessment.list_own_portraits",
        arguments={},
        key=f"assessment:{cycle.id}:{what}",
    )


def uphold(objection: Objection, act: Act) -> None:
    """Take the row out of the count, and make the portrait anew as its next version."""
    row = db.session.get_one(PortraitRow, objection.row_id)
    objection.decision = act.reason
    row.state = EvidenceState.OVERTURNED
    db.session.flush()
    portrait = db.session.get_one(Portrait, objection.portrait_id, with_for_update=True)
    portrait.edition += 1
    cause = CAUSE.format(day=formats.month_day(row.occurred_on), text=row.text[:80])
    recompute(portrait, cause)


def reject(objection: Objection, act: Act) -> None:
    """Let the row count again, as its room had said."""
    objection.decision = act.reason


def withdraw(objection: Objection, act: Act) -> None:
    """Leave everything as it was."""
    del objection, act


def recompute(portrait: Portrait, cause: str) -> None:
    """Reckon a portrait from its rows, in the open write, and keep what it now says."""
    if portrait.kind is PortraitKind.SCORED:
        outcome = rebuild(portrait)
        portrait.scores, portrait.total = scoring.dump(outcome), outcome.total
        put_points(rows_of(portrait.id), outcome)
    else:
        for row in rows_of(portrait.id):
            row.note = scoring.note_of(row.state)
    db.session.add(
        PortraitEdition(
            portrait_id=portrait.id,
            edition=portrait.edition,
            cause=cause,
            scores=portrait.scores,
            total=portrait.total,
            made_at=clock.now(),
        )
    )
    db.session.flush()


def rebuild(portrait: Portrait) -> Outcome:
    """Reckon what a portrait's rows come to, by the scheme of its quarter; nothing is stored."""
    cycle = db.session.get_one(AssessmentCycle, portrait.cycle_id)
    scheme = db.session.get_one(AssessmentScheme, cycle.scheme_id)
    return scoring.score(
        content.load(scheme.content),
        [fact_of(each) for each in rows_of(portrait.id)],
        [each["days"] for each in portrait.posts],
        portrait.present_days,
    )


def put_points(rows: Sequence[PortraitRow], outcome: Outcome) -> None:
    """Write down what each row added or took."""
    for row in rows:
        row.points = outcome.points.get(row.place)
        row.note = outcome.notes.get(row.place, "")


def rows_of(portrait_id: int) -> Sequence[PortraitRow]:
    """Give the rows of a portrait in their order."""
    return db.session.scalars(
        select(PortraitRow)
        .where(PortraitRow.portrait_id == portrait_id)
        .order_by(PortraitRow.place)
    ).all()


def fact_of(row: PortraitRow) -> Fact:
    """Give what scoring needs of a row."""
    return Fact(
        place=row.place,
        rule=row.rule,
        amount=row.amount,
        denominator=row.denominator,
        grade=row.grade,
        state=row.state,
        event_key=row.event_key,
        occurred_on=row.occurred_on,
        segment=row.segment,
    )
