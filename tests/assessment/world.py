"""Assessments in every state, for the hall of tests/site; made by the services.

Facts stand in portraits as a room would have given them: what rooms give is tested with them.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.accounts.acting import acting
from app.accounts.models import Person
from app.assessment import collecting, objections, packages, papers, portraits, schemes
from app.assessment.models import (
    AssessmentScheme,
    CycleState,
    DepartmentSheet,
    Objection,
    ObjectionGround,
    Portrait,
    PortraitPackage,
    PortraitRow,
    SheetRow,
)
from app.assessment.workflow import CYCLE_FLOW, SCHEME_FLOW
from app.files import papers as paper_pages
from app.files import service as files
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import clock, db
from app.kernel.evidence import EvidenceState
from app.workflow import service as workflow
from app.workflow.definition import Signature
from tests.assessment.factories import SHORT, employ
from tests.support import cast

PDF = b"%PDF-1.7\n% stands for a portrait\n"
SCAN = b"\xff\xd8\xff stands for a signed sheet"


def fill(mark=""):
    """Make them all; gives the arguments of their addresses by name."""
    employ("other", "dispatched")
    over = lock(2025, 2, moment(2025, 3, 10), mark)
    collecting_id = collect(lock(2025, 3, moment(2025, 6, 10), mark), mark)
    approved = bring(collect(lock(2025, 4, moment(2025, 9, 10), mark), mark), "approved", mark)
    ready = bring(collect(lock(2026, 1, moment(2025, 12, 10), mark), mark), "preview", mark)
    current = bring(collect(lock(2026, 3, moment(2026, 6, 10), mark), mark), "preview", mark,
                    begun=clock.now() - timedelta(hours=1))  # fmt: skip
    portrait, other = portrait_of(current, "staff"), portrait_of(current, "other")
    print_papers(current)
    return {
        "scheme_draft": {"record_id": draft(2027, 1, mark)},
        "scheme_waiting": {"record_id": draft(2027, 2, mark, "submit")},
        "scheme_signed": {"record_id": sign(draft(2028, 1, mark, "submit"), mark), "step": 3},
        "scheme_locked": {"record_id": lock(2027, 4, clock.now() - timedelta(hours=2), mark)},
        "scheme_over": {"record_id": over},
        "cycle_collecting": {"record_id": collecting_id},
        "cycle_ready": {"record_id": ready, "step": 9},
        "cycle_current": {"record_id": current},
        "cycle_approved": {"record_id": approved},
        "portrait": {"public_id": portrait.public_id, "place": 102},
        "letter": {"public_id": other.public_id},
        "objection": {"public_id": add_objection(portrait.id, mark)},
        "department_sheet": {"record_id": sheet_of(current)},
        "portrait_package": {"public_id": add_package(current)},
        "document": {"code": paper_pages.code_of(papers.read_portrait(portrait.id))},
    }


def moment(year, month, day):
    """Give a moment of a working day."""
    return clock.from_local(datetime(year, month, day, 10))  # noqa: DTZ001


def draft(year, quarter, mark, *names):
    """Draft a scheme and make the clerk's moves with it; gives its id."""
    clerk = cast.principal("clerk")
    with db.write():
        scheme = schemes.draft(
            year=year, quarter=quarter, known=set(collecting.all_rules()), user=clerk
        )
        schemes.edit(record_id=scheme.id, seen_version=scheme.version, found=SHORT, user=clerk)
        for name in names:
            workflow.execute(SCHEME_FLOW, record_id=scheme.id, name=name, user=clerk)
        del mark
        return scheme.id


def lock(year, quarter, when, mark):
    """Lock the scheme of a quarter in time; gives its id."""
    with clock.frozen(when):
        scheme_id = draft(year, quarter, mark, "submit")
        with db.write():
            workflow.execute(
                SCHEME_FLOW, record_id=scheme_id, name="approve", user=cast.principal("leader")
            )
    return scheme_id


def sign(scheme_id, mark):
    """Let the clerk enter the leader's signature; gives the scheme's id."""
    sha256 = files.put_content(SCAN)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(SCAN), media_type="image/jpeg", name="签批单.jpg"
        )
        workflow.execute(
            SCHEME_FLOW,
            record_id=scheme_id,
            name="approve",
            user=cast.principal("clerk"),
            reason=f"同意{mark}",
            signature=Signature(
                signed_by_id=cast.person_id("leader"),
                signed_on=clock.today(),
                meeting=f"主任办公会{mark}",
                minute_number="8",
                scan_file_id=scan.id,
            ),
        )
    return scheme_id


def own_jobs():
    """Give the jobs of this room that wait: those of others stay as they are."""
    ids = jobs.list_startable()
    kinds = select(Job.id).where(Job.id.in_(ids), Job.kind.startswith("assessment."))
    return db.session.scalars(kinds.order_by(Job.id)).all()


def collect(scheme_id, mark):
    """Collect a quarter, and give its portraits facts; gives the cycle's id."""
    last = db.session.get_one(AssessmentScheme, scheme_id).span.last
    with clock.frozen(moment(last.year, last.month, last.day) + timedelta(days=10)):
        with db.write():
            office = cast.principal("office")
            cycle_id = schemes.open_cycle(scheme_id=scheme_id, user=office).id
            collecting.order_collecting(cycle_id=cycle_id, ordered_by_id=office.person_id)
        for job_id in own_jobs():
            jobs.run_job(job_id)
        with db.write():
            add_facts(cycle_id, last, mark)
    return cycle_id


def add_facts(cycle_id, last, mark):
    """Put facts of two kinds on every portrait and on every sheet."""
    for portrait in db.session.scalars(select(Portrait).where(Portrait.cycle_id == cycle_id)):
        for place, rule in ((101, "exams.mark"), (102, "inspections.finding")):
            add_row(PortraitRow, place, rule, last, mark, portrait_id=portrait.id, segment=0,
                    department_id=portrait.department_id,
                    points=Decimal(-1) if place > 101 else None, note="")  # fmt: skip
    sheets = select(DepartmentSheet).where(DepartmentSheet.cycle_id == cycle_id)
    for sheet in db.session.scalars(sheets):
        add_row(SheetRow, 101, "rectifications.in_time", last, mark, sheet_id=sheet.id)
    db.session.flush()


def add_row(table, place, rule, last, mark, **more):
    """Add one fact."""
    is_fault = rule == "inspections.finding"
    db.session.add(
        table(
            place=place,
            rule=rule,
            rule_version=1,
            amount=Decimal(1 if is_fault else 90),
            denominator=None if is_fault else Decimal(100),
            grade="reminder" if is_fault else "",
            state=EvidenceState.COUNTED,
            event_key=f"{rule}:{place}",
            occurred_on=last,
            text=f"离窗未摆牌{mark}",
            clause=f"任务举措8{mark}",
            number=f"巡查2026-003{mark}",
            endpoint="inbox.list_notices",
            arguments={},
            **more,
        )
    )


def bring(cycle_id, state, mark, begun=None):
    """Bring a cycle to a state; its preview began at a moment, or long ago."""
    cycle = db.session.get_one(schemes.AssessmentCycle, cycle_id)
    with clock.frozen(begun or cycle.drafted_at + timedelta(hours=2)):
        move(cycle_id, "preview", "office")
        write_words(cycle_id, mark)
    if state == CycleState.APPROVED:
        with clock.frozen(cycle.drafted_at + timedelta(days=20)):
            move(cycle_id, "approve", "leader")
    return cycle_id


def move(cycle_id, name, who):
    """Make one move of a cycle."""
    with db.write():
        workflow.execute(CYCLE_FLOW, record_id=cycle_id, name=name, user=cast.principal(who))


def write_words(cycle_id, mark):
    """Let the lead and the person himself write on the portrait of `staff`."""
    portrait = portrait_of(cycle_id, "staff")
    given = {"public_id": portrait.public_id, "seen_version": 1}
    with db.write():
        portraits.write_comment(text=f"讲解耐心{mark}", user=cast.principal("lead"), **given)
        portraits.write_own_opinion(text=f"无异议{mark}", user=cast.principal("staff"), **given)


def portrait_of(cycle_id, who):
    """Give somebody's portrait of a cycle."""
    return db.session.scalars(
        select(Portrait).where(
            Portrait.cycle_id == cycle_id, Portrait.person_id == cast.person_id(who)
        )
    ).one()


def add_objection(portrait_id, mark):
    """Let `staff` object to the mark; gives the objection's public id."""
    with db.write():
        return objections.object_to(
            view=portraits.get_view(portrait_id),
            place=101,
            ground=ObjectionGround.FACT,
            reason=f"当天在引导老人{mark}",
            user=cast.principal("staff"),
        ).public_id


def sheet_of(cycle_id):
    """Give the sheet of the department of `staff`."""
    return db.session.scalars(
        select(DepartmentSheet.id).where(
            DepartmentSheet.cycle_id == cycle_id,
            DepartmentSheet.department_id == cast.department_ids()[0],
        )
    ).one()


def print_papers(cycle_id):
    """Store the papers of `staff` and of his department as they are now, without printing."""
    parts = [(papers.PORTRAIT, portrait_of(cycle_id, "staff").id)]
    parts.append((papers.SHEET, sheet_of(cycle_id)))
    for kind, record_id in parts:
        snapshot = kind.snapshot(record_id)
        content = PDF + kind.name.encode()
        sha256 = files.put_content(content)
        with db.write():
            paper_pages.store(
                kind, record_id, paper_pages.code_of(snapshot), snapshot, sha256=sha256,
                size=len(content),
            )  # fmt: skip


def add_package(cycle_id):
    """Store a package that nobody has made; gives its public id."""
    content = PDF + b"package"
    sha256 = files.put_content(content)
    package = PortraitPackage(
        public_id="portraits-of-the-world",
        cycle_id=cycle_id,
        department_id=cast.department_ids()[0],
        papers=2,
        left_out=0,
        ordered_by_id=cast.person_id("lead"),
        made_at=clock.now(),
    )
    with db.write():
        packages.store(package, "考核材料.zip", sha256, len(content))
    return package.public_id


def crowd(current, count):
    """Fill the lists: portraits of everybody who was added, schemes, packages, objections."""
    with db.write():
        like = portrait_of(current, "clerk")
        columns = {
            each.key: getattr(like, each.key)
            for each in Portrait.__table__.columns
            if each.key not in {"id", "public_id", "person_id"}
        }
        taken = select(Portrait.person_id).where(Portrait.cycle_id == current)
        for person_id in db.session.scalars(select(Person.id).where(Person.id.not_in(taken))):
            public_id = f"crowd-{person_id}"
            db.session.add(Portrait(**columns, public_id=public_id, person_id=person_id))
        for place in range(count):
            package = PortraitPackage(
                public_id=f"package-{place}", cycle_id=current, papers=2, left_out=0,
                department_id=cast.department_ids()[0], ordered_by_id=cast.person_id("lead"),
                made_at=clock.now(),
            )  # fmt: skip
            db.session.add(package)
    for place in range(count):
        draft(2030 + place // 4, place % 4 + 1, "")
    object_to_many(current)


def object_to_many(current):
    """Let everybody who has a fact object to all of them but one that the tests object to."""
    taken = select(Objection.row_id)
    rows = db.session.execute(
        select(PortraitRow, Portrait)
        .join(Portrait, Portrait.id == PortraitRow.portrait_id)
        .where(Portrait.cycle_id == current, PortraitRow.id.not_in(taken),
               Portrait.person_id != cast.person_id("staff"))
    ).all()  # fmt: skip
    with db.write():
        for row, portrait in rows:
            objections.object_to(
                view=portraits.get_view(portrait.id),
                place=row.place,
                ground=ObjectionGround.FACT,
                reason="当天在引导老人",
                user=acting(portrait.person_id),
            )
