"""What this room holds about one person: 党员示范岗 that were asked for him, and nothing else.

Who drafted, approved or printed a sheet is told by its path and by the log.
"""

from collections.abc import Sequence

from sqlalchemy import delete

from app.accounts.roster.models import Placement
from app.commitments.models import PLATE_STATE_LABELS, ModelPost, PlateState
from app.kernel import db, formats
from app.kernel.personal import Field, PersonalTable, read_table


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give the one table."""
    return [
        read_table(
            "党员示范岗",
            [
                Field(
                    label="岗位从",
                    value=Placement.starts_on,
                    show=formats.day,
                    tells=[ModelPost.person_id, ModelPost.placement_id],
                ),
                Field(
                    label="状态",
                    value=ModelPost.state,
                    show=lambda state: PLATE_STATE_LABELS[PlateState(state)],
                ),
                Field(label="申请理由", value=ModelPost.grounds),
                Field(label="支部确认", value=ModelPost.confirmed_at),
            ],
            lambda statement: (
                statement.join(Placement, Placement.id == ModelPost.placement_id)
                .where(ModelPost.person_id == person_id)
                .order_by(ModelPost.id)
            ),
        )
    ]


def forget_person(person_id: int) -> None:
    """Delete the grounds on which somebody who left long ago was proposed, in the open write."""
    db.session.execute(delete(ModelPost).where(ModelPost.person_id == person_id))
