"""A figure of 整改 for the measures of the plans: what was mended by its day."""

from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading, share_of
from app.rectifications.models import OrderState
from app.rectifications.workflow import FLOW
from app.workflow.punctuality import count_in_time


def read_closed_in_time(span: Span) -> Reading | None:
    """Give the share of orders, of those that were closed, whose every 回执 came by its day."""
    found = count_in_time(FLOW, ended=OrderState.CLOSED, steps=("reply",), span=span)
    return share_of(*found, "已销号的通知单中，回执没有逾期的。")


INDICATORS = (
    Indicator(
        name="rectifications.closed_in_time",
        label="整改按期办结率",
        unit="%",
        read=read_closed_in_time,
        endpoint="rectifications.list_orders",
    ),
)
