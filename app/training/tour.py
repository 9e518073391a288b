"""What the demonstration's tour shows of this room: a class copied from the last, an effect."""

from flask import url_for
from sqlalchemy import select

from app.kernel import db
from app.kernel.feature import TourStop
from app.training.models import HELD_STATES, ClassKind, ClassState, TrainingClass


def find_copy() -> str | None:
    """Give the form that is filled from the last class of the branch."""
    found = db.session.scalar(
        select(TrainingClass.public_id)
        .where(TrainingClass.kind == ClassKind.PARTY, TrainingClass.state.in_(HELD_STATES))
        .order_by(TrainingClass.starts_at.desc())
        .limit(1)
    )
    return None if found is None else url_for("training.new_class", copy=found)


def find_effect() -> str | None:
    """Give the effect of the newest class with a test that is in the archive."""
    found = db.session.scalar(
        select(TrainingClass.public_id)
        .where(TrainingClass.state == ClassState.ARCHIVED, TrainingClass.exam_id.is_not(None))
        .order_by(TrainingClass.starts_at.desc())
        .limit(1)
    )
    return None if found is None else url_for("training.show_effect", public_id=found)


STOPS = (
    TourStop(
        name="copied-class",
        position=50,
        title="组织委员：复制上期，核对六格，送审",
        says="内容、对象、训后测试都从上期带过来，改日期和题目就行。保存并送审，测试和满意度调查跟着走。",
        seconds=60,
        staff_number="QY0107",
        find=find_copy,
        shows=("送审",),
    ),
    TourStop(
        name="effect",
        position=51,
        title="培训成效：满意度、训后测试、绩效前后",
        says="三方面放在一页，每个数旁边都有份数。不足5份的不显示，也推算不出来。",
        seconds=45,
        staff_number="QY0102",
        find=find_effect,
        shows=("训后测试", "满意"),
    ),
)
