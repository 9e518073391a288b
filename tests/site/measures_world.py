"""A plan with rows in every state, for the hall of tests/site; made by the services."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.accounts.models import Department
from app.files import service as files
from app.kernel import clock, db
from app.measures import notes, plans, readings, tables
from app.measures.models import Measure, MeasureExtension, MeasureIndicator, NoteKind
from app.measures.notes import NoteEntry
from app.measures.plans import PlanSpan
from app.measures.readings import Entry, Evidence
from app.measures.tables import TableRow
from app.measures.workflow import FLOW
from app.workflow import service as workflow
from app.workflow.definition import Signature
from tests.support import cast

SCAN = b"\xff\xd8\xff stands for evidence of a measure"
FILE = "2025-efficiency-plan"
PAST = date(2026, 11, 19)
EARLIER = PlanSpan(starts_on=date(2024, 2, 1), ends_on=date(2025, 1, 31))
# Codes of the rows that come to each state.
ROWS = {
    "pending": "3",
    "receiving": "5",
    "running": "6",
    "extending": "8",
    "reviewing": "9",
    "closing": "13",
    "signed": "14",
}


def fill(mark):
    """Make them all; gives the arguments of their addresses by name."""
    found = {each.name: each for each in plans.list_files()}
    span = PlanSpan(starts_on=date(2026, 2, 1), ends_on=date(2027, 1, 31))
    with db.write():
        plan = plans.load(found[FILE], user=cast.principal("office"), span=span)
        plan_id = plan.id
    rows = {name: bring(plan_id, code, name, mark) for name, code in ROWS.items()}
    reading_id = add_reading(rows["running"], mark)
    with db.write():
        spare = plans.copy(
            plan_id=plan_id, year=2024, title=f"上一年的活动{mark}", span=EARLIER,
            user=cast.principal("office"),
        ).id  # fmt: skip
    return {
        **{f"task_{name}": {"record_id": each, "step": 5} for name, each in rows.items()},
        "measure_plan": {"plan_id": plan_id},
        "spare_plan": {"plan_id": spare},
        "plan_file": {"name": "2023-clean-window-plan"},
        "past_day": {"day": PAST.isoformat()},
        "indicator": {"indicator_id": indicator_of(rows["running"])},
        "pending_indicator": {"indicator_id": indicator_of(rows["pending"])},
        "reading": {"reading_id": reading_id},
        "measure_import": {"public_id": upload(plan_id, mark)},
    }


def indicator_of(measure_id):
    """Give the first indicator of a row."""
    found = select(MeasureIndicator.id).where(MeasureIndicator.measure_id == measure_id)
    return db.session.scalars(found.order_by(MeasureIndicator.place)).first()


def move(measure_id, name, who, **given):
    """Make one move in the open write."""
    workflow.execute(FLOW, record_id=measure_id, name=name, user=cast.principal(who), **given)


def bring(plan_id, code, state, mark):
    """Bring a row as far as a state; gives its id."""
    found = select(Measure.id).where(Measure.plan_id == plan_id, Measure.code == code)
    measure_id = db.session.scalars(found).one()
    if state == "pending":
        return measure_id
    with db.write():
        data = {
            "department_id": cast.department_ids()[0],
            "partners": f"区税务局{mark}",
            "ends_on": date(2026, 12, 31),
        }
        move(measure_id, "assign", "office", data=data)
        if state != "receiving":
            move(measure_id, "receive", "lead")
        go_on(measure_id, state, mark)
    return measure_id


def go_on(measure_id, state, mark):
    """Bring a running row further, in the open write."""
    if state in {"extending", "signed"}:
        data = {"until_on": date(2027, 1, 20)}
        move(measure_id, "extend", "lead", reason=f"设备未到。{mark}", data=data)
        if state == "signed":
            sign(measure_id, mark)
        else:
            word = select(MeasureExtension).where(MeasureExtension.measure_id == measure_id)
            assert db.session.scalars(word).one().is_granted is None
    if state in {"reviewing", "closing"}:
        read(measure_id, mark)
        move(measure_id, "report", "lead", reason=f"已完成。{mark}")
    if state == "closing":
        move(measure_id, "pass", "office", reason=f"齐全。{mark}")


def read(measure_id, mark, skip=0):
    """Say of each indicator of a row that it is done, in the open write."""
    for each in plans.list_indicators(measure_id)[skip:]:
        entry = Entry(
            read_on=clock.today(),
            value=Decimal(1),
            items=tuple(each.items),
            text=f"已完成。{mark}",
            source=f"台账{mark}",
        )
        readings.add(indicator_id=each.id, entry=entry, user=cast.principal("lead"))


def sign(measure_id, mark):
    """Enter that an extension was granted on paper: the fifth line of the path."""
    sha256 = files.put_content(SCAN + b"scan")
    file = files.add_file(
        sha256=sha256, size=len(SCAN) + 4, media_type="image/jpeg", name="签批单.jpg"
    )
    signature = Signature(
        signed_by_id=cast.person_id("leader"),
        signed_on=clock.today(),
        meeting=f"主任办公会{mark}",
        minute_number=f"第4期{mark}",
        scan_file_id=file.id,
    )
    move(measure_id, "grant", "clerk", signature=signature)


def add_reading(measure_id, mark):
    """Add a reading with evidence, and a remark; gives the reading's id."""
    sha256 = files.put_content(SCAN)
    evidence = Evidence(sha256=sha256, size=len(SCAN), media_type="image/jpeg", name="佐证.jpg")
    with db.write():
        entry = Entry(
            read_on=clock.today() - timedelta(days=1),
            value=Decimal(4),
            text=f"签了一家。{mark}",
            source=f"协议{mark}",
        )
        reading = readings.add(
            indicator_id=indicator_of(measure_id),
            entry=entry,
            user=cast.principal("lead"),
            evidence=evidence,
        )
        read(measure_id, mark, skip=1)
        said = NoteEntry(kind=NoteKind.URGING, noted_on=clock.today(), text=f"提醒过。{mark}")
        notes.add_note(measure_id=measure_id, entry=said, user=cast.principal("office"))
        return reading.id


def upload(plan_id, mark):
    """Keep a table of which one row can be taken."""
    department = next(iter(db.session.scalars(select_department())))
    rows = [
        TableRow(
            place=2, code="7", title="探索AI化应用场景", department=department,
            partners=f"区科委{mark}", ends_on="2026-12-31",
        ),
        TableRow(place=3, code=f"99{mark}", problem=f"计划里没有序号“99{mark}”。"),
    ]  # fmt: skip
    with db.write():
        return tables.keep(
            plan_id=plan_id, rows=rows, file_name=f"分解表{mark}.xlsx",
            user=cast.principal("office"),
        )  # fmt: skip


def select_department():
    """Select the names of departments in their order."""
    return select(Department.name).order_by(Department.position)
