"""What this room holds about one person: which surveys he was asked, and whether he took part.

What he answered is nobody's to give, himself included: nothing says which ballot is his.
"""

from collections.abc import Sequence

from app.kernel.personal import Field, PersonalTable, read_table
from app.surveys.models import Survey, SurveyRoll


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give the one table; before the end of a survey nobody has a mark in it."""
    return [
        read_table(
            "满意度调查",
            [
                Field(label="调查", value=Survey.title, tells=[SurveyRoll.person_id]),
                Field(label="分列部门", value=SurveyRoll.group_label),
                Field(
                    label="截止时已投票",
                    value=SurveyRoll.has_answered,
                    show=lambda value: "是" if value else "否",
                ),
            ],
            lambda statement: (
                statement.join(Survey, Survey.id == SurveyRoll.survey_id)
                .where(SurveyRoll.person_id == person_id)
                .order_by(Survey.id)
            ),
        )
    ]
