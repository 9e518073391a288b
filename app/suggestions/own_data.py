"""What this room holds about one person: his 金点子 with their answers, 建议单 sent to him.

What was handed over to 纪检 stands in nobody's copy (HALL.md 6.1).
"""

from collections.abc import Sequence

from app.kernel.listing import Statement
from app.kernel.personal import Field, PersonalTable, read_table
from app.suggestions.ideas import visible
from app.suggestions.models import IDEA_OUTCOME_LABELS, IDEA_RATING_LABELS, Idea
from app.suggestions.order_models import ImprovementOrder


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give all tables."""
    return [ideas(person_id), orders(person_id)]


def ideas(person_id: int) -> PersonalTable:
    """Give what the person has proposed, and what was answered."""

    def narrow(statement: Statement) -> Statement:
        return statement.where(Idea.author_id == person_id, visible()).order_by(Idea.id)

    return read_table(
        "金点子",
        [
            Field(label="标题", value=Idea.title, tells=[Idea.title, Idea.author_id]),
            Field(label="问题", value=Idea.problem),
            Field(label="建议", value=Idea.proposal),
            Field(label="提交日期", value=Idea.received_on),
            Field(
                label="结果",
                value=Idea.outcome,
                show=lambda outcome: IDEA_OUTCOME_LABELS[outcome],
            ),
            Field(label="答复", value=Idea.answer),
            Field(label="理由", value=Idea.reason),
            Field(
                label="本人评价", value=Idea.rating, show=lambda rating: IDEA_RATING_LABELS[rating]
            ),
        ],
        narrow,
    )


def orders(person_id: int) -> PersonalTable:
    """Give the 建议单 that were addressed to the person."""

    def narrow(statement: Statement) -> Statement:
        return statement.where(
            ImprovementOrder.addressee_id == person_id, ImprovementOrder.issued_at.is_not(None)
        ).order_by(ImprovementOrder.id)

    return read_table(
        "派发给本人的建议单",
        [
            Field(
                label="编号",
                value=ImprovementOrder.number,
                tells=[ImprovementOrder.number, ImprovementOrder.addressee_id],
            ),
            Field(label="事由", value=ImprovementOrder.title),
            Field(label="责任人", value=ImprovementOrder.responsible),
            Field(label="完成日", value=ImprovementOrder.finish_on),
        ],
        narrow,
    )
