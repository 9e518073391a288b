"""What the demonstration's tour shows of this room: the matrix of an apprentice."""

from flask import url_for
from sqlalchemy import func, select

from app.kernel import db
from app.kernel.feature import TourStop
from app.mentoring.models import MentoringItem, MentoringPair, PairState


def find_matrix() -> str | None:
    """Give the running pair in which most was signed 独立."""
    found = db.session.scalar(
        select(MentoringPair.public_id)
        .join(MentoringItem, MentoringItem.pair_id == MentoringPair.id)
        .where(MentoringPair.state == PairState.RUNNING, MentoringItem.signed_on.is_not(None))
        .group_by(MentoringPair.id, MentoringPair.public_id)
        .order_by(func.count(MentoringItem.id).desc(), MentoringPair.id)
        .limit(1)
    )
    return None if found is None else url_for("mentoring.show_pair", public_id=found)


STOPS = (
    TourStop(
        name="matrix",
        position=70,
        title="徒弟的事项表：看、陪、独立",
        says="每个事项签到哪一步，一眼看清；独立还要由师傅以外的人考核。出师以后自动写进授权，不用另填表。",
        seconds=45,
        staff_number="QY0201",
        find=find_matrix,
        shows=("看、陪、独立", "师傅签独立"),
    ),
)
