"""What the demonstration's tour shows of this room: an order signed, mended and re-checked."""

from flask import url_for
from sqlalchemy import select

from app.kernel import db
from app.kernel.feature import TourStop
from app.rectifications.models import OrderState, RectificationOrder


def find_closed() -> str | None:
    """Give the newest order that somebody else re-checked and that is closed."""
    found = db.session.scalar(
        select(RectificationOrder.public_id)
        .where(
            RectificationOrder.state == OrderState.CLOSED,
            RectificationOrder.rechecked_by_id.is_not(None),
        )
        .order_by(RectificationOrder.closed_at.desc())
        .limit(1)
    )
    return None if found is None else url_for("rectifications.show_order", public_id=found)


STOPS = (
    TourStop(
        name="order",
        position=31,
        title="整改通知单：签发、签收、回执、复查、销号",
        says="经过里写着谁在什么时候办了哪一步，复查的人不是发现问题的两个人。时限从签收次日起按工作日算，遇到调休不用自己数。",
        seconds=60,
        staff_number="QY0201",
        find=find_closed,
        shows=("已销号", "复查"),
    ),
)
