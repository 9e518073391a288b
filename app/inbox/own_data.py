"""What the inbox holds about one person: what waited for him by name, what he was told."""

from collections.abc import Sequence

from sqlalchemy import delete

from app.inbox.models import Notice, OpenStep
from app.kernel import db
from app.kernel.personal import Field, PersonalTable, read_table


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give his notices and the steps that waited for him."""
    notices = read_table(
        "通知",
        [
            Field(label="时间", value=Notice.at),
            Field(label="内容", value=Notice.text, tells=[Notice.text, Notice.person_id]),
            Field(label="看过的时间", value=Notice.read_at),
        ],
        lambda statement: statement.where(Notice.person_id == person_id).order_by(Notice.id),
    )
    steps = read_table(
        "待办",
        [
            Field(label="种类", value=OpenStep.noun),
            Field(label="事项", value=OpenStep.title, tells=[OpenStep.title, OpenStep.person_id]),
            Field(label="状态", value=OpenStep.label),
            Field(label="开始", value=OpenStep.opened_at),
            Field(label="期限", value=OpenStep.due_at),
            Field(label="办结", value=OpenStep.closed_at),
        ],
        lambda statement: statement.where(OpenStep.person_id == person_id).order_by(OpenStep.id),
    )
    return [notices, steps]


def forget_person(person_id: int) -> None:
    """Delete what was written for this person only."""
    db.session.execute(delete(Notice).where(Notice.person_id == person_id))
