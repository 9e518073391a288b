"""What 整改 holds about one person, for the copy that he may ask for."""

from collections.abc import Sequence

from sqlalchemy import or_

from app.kernel.personal import Field, PersonalTable, read_table
from app.rectifications.models import RectificationOrder

PARTS = (
    RectificationOrder.found_by_id, RectificationOrder.found_with_id, RectificationOrder.led_by_id,
    RectificationOrder.drafted_by_id,
    RectificationOrder.responsible_id, RectificationOrder.repaired_by_id,
)  # fmt: skip


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give the orders in which somebody was on the round, answered for or mended something."""
    orders = read_table(
        "整改通知单",
        [
            Field(label="编号", value=RectificationOrder.number),
            Field(label="发现", value=RectificationOrder.found_at),
            Field(label="事实", value=RectificationOrder.fact),
            Field(
                label="是责任人",
                value=RectificationOrder.responsible_id == person_id,
                tells=[RectificationOrder.responsible_id],
            ),
            Field(label="完成", value=RectificationOrder.done_on),
        ],
        lambda statement: statement.where(or_(*(column == person_id for column in PARTS))).order_by(
            RectificationOrder.id
        ),
    )
    return [orders]
