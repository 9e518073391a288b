"""What the demonstration's tour shows of this room: a survey that too few answered."""

from flask import url_for
from sqlalchemy import select

from app.kernel import db
from app.kernel.feature import TourStop
from app.surveys.models import LEAST, Survey


def find_hidden() -> str | None:
    """Give a survey that was closed with fewer ballots than may be shown."""
    found = db.session.scalar(
        select(Survey.public_id)
        .where(Survey.closed_at.is_not(None), Survey.counted < LEAST)
        .order_by(Survey.closed_at.desc())
        .limit(1)
    )
    return None if found is None else url_for("surveys.show_survey", public_id=found)


STOPS = (
    TourStop(
        name="hidden-survey",
        position=52,
        title="答卷不足5份：结果不显示",
        says="匿名调查收到的答卷不足5份，页面、Excel和PDF都不给结果，答卷没有看过就销毁了。谁答了、谁没答，办公室也看不到。",
        seconds=30,
        staff_number="QY0102",
        find=find_hidden,
        shows=("5份",),
    ),
)
