"""What measures give the assessment of departments: which rows were on schedule.

效能四 “考核结果与年度先进集体评选挂钩”. A row counts once for a span: green and blue are on
schedule, amber and red are not; what could not be judged is left out: no data is not zero.
"""

from collections.abc import Iterator
from decimal import Decimal

from app.kernel import clock
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.measures.board import Status, list_rows, read_statuses
from app.measures.models import TaskState
from app.workdays.lights import LightKind

PROGRESS = EvidenceRule(
    name="measures.progress",
    version=1,
    label="任务按序时进度推进",
    unit="项",
    kind=EvidenceKind.SHARE,
    basis="考核结果与年度先进集体评选挂钩",
    is_department=True,
)
ON_SCHEDULE = frozenset({LightKind.GREEN, LightKind.BLUE})
ONE, NONE = Decimal(1), Decimal(0)


def read_evidence(span: Span) -> Iterator[Evidence]:
    """Give one fact for each row that a department had to carry in the span."""
    day = min(span.last, clock.today())
    rows = [
        each
        for each in list_rows(is_open=False)
        if each.measure.department_id is not None
        and each.measure.begins_on <= day
        and each.measure.ends_on >= span.first
    ]
    for status in read_statuses(rows, day):
        if status.kind is not None and status.state is not TaskState.PENDING:
            yield evidence_of(status)


def evidence_of(status: Status) -> Evidence:
    """Tell one row as a fact."""
    measure = status.row.measure
    return Evidence(
        rule=PROGRESS.name,
        department_id=measure.department_id,
        occurred_on=status.day,
        amount=ONE if status.kind in ON_SCHEDULE else NONE,
        denominator=ONE,
        event_key=f"measures.task:{measure.id}:{status.day.isoformat()}",
        text=f"{status.row.name}　{measure.title}：{status.word}。{status.reason}",
        clause=measure.source,
        number=status.row.name,
        endpoint="measures.show_task",
        values={"record_id": measure.id},
    )
