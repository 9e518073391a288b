"""What this room holds about one person: 党员示范岗 that were asked for him, and nothing else.

Who drafted, approved or printed a sheet is told by its path and by the log.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.privacy.anonymising import NAME
from app.accounts.roster.models import Placement
from app.commitments import plates
from app.commitments.models import PLATE_STATE_LABELS, ModelPost, PlateState
from app.commitments.workflow import PLATE_FLOW
from app.kernel import db, formats
from app.kernel.personal import Field, PersonalTable, read_table
from app.workflow.service import forget_content


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
    """Blank the grounds on which somebody who left long ago was proposed, in the open write.

    Steps and notices of others named him: they no longer do.
    """
    found = db.session.scalars(
        select(ModelPost).where(ModelPost.person_id == person_id).with_for_update()
    )
    for plate in found.all():
        plate.grounds = ""
        department = plates.load_row(plate).department.name
        forget_content(PLATE_FLOW, plate, f"{department} {NAME}")
    db.session.flush()
