"""What the room holds about one person: which versions he has confirmed, and when."""

from collections.abc import Sequence

from app.kernel.personal import Field, PersonalTable, read_table
from app.regulations.models import ReadingConfirmation, Regulation, RegulationVersion


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give his confirmations."""
    confirmed = read_table(
        "制度阅读确认",
        [
            Field(label="制度", value=Regulation.name),
            Field(label="版本", value=RegulationVersion.number),
            Field(
                label="确认时间",
                value=ReadingConfirmation.confirmed_at,
                tells=[
                    ReadingConfirmation.confirmed_at,
                    ReadingConfirmation.person_id,
                    ReadingConfirmation.version_id,
                ],
            ),
        ],
        lambda statement: (
            statement.select_from(ReadingConfirmation)
            .join(RegulationVersion, RegulationVersion.id == ReadingConfirmation.version_id)
            .join(Regulation, Regulation.id == RegulationVersion.regulation_id)
            .where(ReadingConfirmation.person_id == person_id)
            .order_by(ReadingConfirmation.id)
        ),
    )
    return [confirmed]
