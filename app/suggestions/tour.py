"""What the demonstration's tour shows of this room: three opinions that became a typical case."""

from flask import url_for
from sqlalchemy import select

from app.kernel import db
from app.kernel.feature import TourStop
from app.suggestions.models import Idea
from app.suggestions.order_models import ImprovementOrder, OrderState

# What several had said, and what has come to its end.
OF_SEVERAL = (ImprovementOrder.state == OrderState.CLOSED, ImprovementOrder.case_count > 1)


def find_similar() -> str | None:
    """Give the opinion that stands for others that say the same."""
    found = db.session.scalar(
        select(Idea.public_id)
        .join(ImprovementOrder, ImprovementOrder.idea_id == Idea.id)
        .where(*OF_SEVERAL)
        .order_by(Idea.id)
        .limit(1)
    )
    return None if found is None else url_for("suggestions.show_idea", public_id=found)


def find_case() -> str | None:
    """Give the 建议单 that was carried out, verified, visited twice and became a case."""
    found = db.session.scalar(
        select(ImprovementOrder.id).where(*OF_SEVERAL).order_by(ImprovementOrder.id).limit(1)
    )
    return None if found is None else url_for("suggestions.show_order", record_id=found)


STOPS = (
    TourStop(
        name="similar-opinions",
        position=60,
        title="三件相近的意见，开一张建议单",
        says="同样的话说了三次，并在一起，只开一张建议单。采纳以后，建议单的草稿已经起好，事由、原因、要求都带过去。",
        seconds=45,
        staff_number="QY0503",
        find=find_similar,
        shows=("采纳", "建议单"),
    ),
    TourStop(
        name="case",
        position=61,
        title="建议单：承办、核验、二次回访、入案例库",
        says="指标的现值和目标值、承办的佐证、核验的人、两次回访的原话都在一页。第二次回访换了一个人，办完进典型案例库。",
        seconds=60,
        staff_number="QY0102",
        find=find_case,
        shows=("二次回访", "案例库", "指标"),
    ),
)
