"""What this room holds about one person: the moves that he made, the sheets that he signed."""

from collections.abc import Sequence

from sqlalchemy import or_

from app.kernel.personal import Field, PersonalTable, read_table
from app.workflow.models import PaperSignature, WorkflowMove


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give both."""
    moves = read_table(
        "办理记录",
        [
            Field(label="时间", value=WorkflowMove.at),
            Field(label="种类", value=WorkflowMove.flow),
            Field(label="编号", value=WorkflowMove.record_id),
            Field(label="办理", value=WorkflowMove.move),
            Field(
                label="身份",
                value=WorkflowMove.acted_as,
                tells=[
                    WorkflowMove.acted_as,
                    WorkflowMove.person_id,
                    WorkflowMove.for_person_id,
                ],
            ),
            Field(label="意见", value=WorkflowMove.reason),
        ],
        lambda statement: statement.where(
            or_(WorkflowMove.person_id == person_id, WorkflowMove.for_person_id == person_id)
        ).order_by(WorkflowMove.id),
    )
    signatures = read_table(
        "线下签批",
        [
            Field(label="签批日期", value=PaperSignature.signed_on),
            Field(label="会议或事由", value=PaperSignature.meeting),
            Field(label="纪要编号", value=PaperSignature.minute_number),
            Field(
                label="代录时间",
                value=PaperSignature.recorded_at,
                tells=[
                    PaperSignature.recorded_at,
                    PaperSignature.signed_by_id,
                    PaperSignature.recorded_by_id,
                ],
            ),
        ],
        lambda statement: statement.where(
            or_(
                PaperSignature.signed_by_id == person_id,
                PaperSignature.recorded_by_id == person_id,
            )
        ).order_by(PaperSignature.id),
    )
    return [moves, signatures]
