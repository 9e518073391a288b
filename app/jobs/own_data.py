"""What this room holds about one person: the long work that he ordered."""

from collections.abc import Sequence

from app.jobs.models import JOB_STATE_LABELS, Job
from app.kernel.personal import Field, PersonalTable, read_table


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give the person's jobs."""
    jobs = read_table(
        "后台任务",
        [
            Field(label="任务", value=Job.title, tells=[Job.title, Job.ordered_by_id]),
            Field(label="状态", value=Job.state, show=lambda state: JOB_STATE_LABELS[state]),
            Field(label="安排", value=Job.created_at),
            Field(label="结束", value=Job.finished_at),
        ],
        lambda statement: statement.where(Job.ordered_by_id == person_id).order_by(Job.id),
    )
    return [jobs]
