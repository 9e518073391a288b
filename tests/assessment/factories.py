"""A quarter that is over: its scheme locked in time, facts of several rooms, the cycle collected."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.accounts.models import Employment, Person
from app.accounts.roster.models import Placement, ServiceWindow
from app.assessment import collecting, content, schemes
from app.assessment.models import AssessmentCycle, AssessmentScheme, Portrait, PortraitRow
from app.assessment.workflow import CYCLE_FLOW, SCHEME_FLOW
from app.inspections.models import Track
from app.jobs import service as jobs
from app.kernel import clock, db
from app.workflow import service as workflow
from tests.exams import factories as exams
from tests.inspections import factories as inspections
from tests.support import cast
from tests.support.inside import inside

QUARTER = "2026年第三季度"
SHORT = content.Content(
    dimensions=(
        content.Dimension(
            name="月度考试",
            weight=60,
            items=(content.usual().dimensions[0].items),
        ),
        content.Dimension(name="规范履职", weight=40, items=content.usual().dimensions[4].items),
    ),
    merits=content.usual().merits,
    bonus_cap=Decimal(5),
)


def at(month, day, hour=10):
    """Give a moment of the year in the hall's time."""
    return clock.from_local(datetime(2026, month, day, hour))  # noqa: DTZ001


@inside
def lock_scheme(year=2026, quarter=3, found=None, on=None):
    """Draft, change, send and approve the scheme of a quarter before it begins; gives its id."""
    clerk, leader = cast.principal("clerk"), cast.principal("leader")
    with clock.frozen(on or at(6, 10)), db.write():
        scheme = schemes.draft(
            year=year, quarter=quarter, known=set(collecting.all_rules()), user=clerk
        )
        schemes.edit(
            record_id=scheme.id,
            seen_version=scheme.version,
            found=found or SHORT,
            user=clerk,
        )
        for name, user in (("submit", clerk), ("approve", leader)):
            workflow.execute(SCHEME_FLOW, record_id=scheme.id, name=name, user=user)
        return scheme.id


@inside
def happen():
    """Let the quarter have an exam and a round: staff was reminded, other was absent.

    Gives the hall of the round.
    """
    with clock.frozen(at(8, 20)):
        exam_id = exams.publish_exam(title="2026年8月一月一考")
        exams.sit(exam_id, "staff")
    with clock.frozen(at(8, 20, 19)):
        exams.sweep()
        exams.release(exam_id)
    hall = inspections.furnish()
    with clock.frozen(at(9, 3)):
        round_id, _ = inspections.begin(hall)
        inspections.find(round_id, hall["A01"])
        inspections.find(round_id, hall["A01"], code="words")
        inspections.find(round_id, hall["A01"], code="paused", track=Track.ORDER)
        inspections.normal(round_id, hall["B01"])
        inspections.finish(round_id)
    return hall


@inside
def employ(who, kind):
    """Say who employs somebody."""
    with db.write():
        person = db.session.get_one(Person, cast.person_id(who))
        person.employment = Employment(kind)


@inside
def seat(who, number):
    """Put somebody at a window."""
    with db.write():
        window = db.session.scalars(
            select(ServiceWindow).where(ServiceWindow.number == number)
        ).one()
        placement = db.session.scalars(
            select(Placement).where(Placement.person_id == cast.person_id(who))
        ).one()
        placement.window_id = window.id


@inside
def collect(scheme_id):
    """Open the cycle and collect, as office and worker; gives its id."""
    office = cast.principal("office")
    with db.write():
        cycle = schemes.open_cycle(scheme_id=scheme_id, user=office)
        cycle_id = cycle.id
        collecting.order_collecting(cycle_id=cycle_id, ordered_by_id=office.person_id)
    run_jobs()
    return cycle_id


def run_jobs():
    """Do what was ordered, as the worker would."""
    for job_id in jobs.list_startable():
        jobs.run_job(job_id)


@inside
def work():
    """Let the worker do what was ordered."""
    run_jobs()


@inside
def move(cycle_id, name, who):
    """Make a move of the cycle."""
    with db.write():
        workflow.execute(CYCLE_FLOW, record_id=cycle_id, name=name, user=cast.principal(who))


@inside
def preview(scheme=None):
    """Bring a quarter with facts to its preview; gives the cycle's id."""
    scheme_id = scheme or lock_scheme()
    happen()
    cycle_id = collect(scheme_id)
    move(cycle_id, "preview", "office")
    return cycle_id


@inside
def portrait_of(who):
    """Give the portrait of a member of the cast."""
    return db.session.scalars(
        select(Portrait).where(Portrait.person_id == cast.person_id(who))
    ).one()


@inside
def rows_of(who, rule=""):
    """Give the rows of somebody's portrait, of one rule or all."""
    statement = (
        select(PortraitRow)
        .join(Portrait, Portrait.id == PortraitRow.portrait_id)
        .where(Portrait.person_id == cast.person_id(who), PortraitRow.rule.startswith(rule))
        .order_by(PortraitRow.place)
    )
    return db.session.scalars(statement).all()


@inside
def cycle():
    """Give the only cycle."""
    return db.session.scalars(select(AssessmentCycle)).one()


@inside
def scheme_of(scheme_id):
    """Give a scheme."""
    return db.session.get_one(AssessmentScheme, scheme_id)


def url_of(portrait, *more):
    """Give the address of a portrait, or of something on it."""
    return "/".join(["/assessment/portraits", portrait.public_id, *map(str, more)])
