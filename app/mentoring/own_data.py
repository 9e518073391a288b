"""What this room holds about one person: his pairs, records, assessments; nothing of others'."""

from collections.abc import Sequence

from sqlalchemy import or_

from app.kernel import formats
from app.kernel.listing import Statement
from app.kernel.personal import Field, PersonalTable, read_table
from app.mentoring import months
from app.mentoring.models import (
    END_REASON_LABELS,
    MentoringAssessment,
    MentoringChange,
    MentoringPair,
    MentoringRecord,
)
from app.mentoring.workflow import PAIR_FLOW


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give all tables."""
    return [pairs(person_id), changes(person_id), kept_records(person_id), assessments(person_id)]


def pairs(person_id: int) -> PersonalTable:
    """Give the pairs in which the person was master, apprentice or assessor."""

    def narrow(statement: Statement) -> Statement:
        return statement.where(
            or_(
                MentoringPair.master_id == person_id,
                MentoringPair.apprentice_id == person_id,
                MentoringPair.assessor_id == person_id,
            )
        ).order_by(MentoringPair.id)

    return read_table(
        "师徒结对",
        [
            Field(
                label="协议编号",
                value=MentoringPair.number,
                tells=[
                    MentoringPair.number,
                    MentoringPair.master_id,
                    MentoringPair.apprentice_id,
                    MentoringPair.assessor_id,
                ],
            ),
            Field(label="本人是师傅", value=MentoringPair.master_id == person_id),
            Field(label="本人是徒弟", value=MentoringPair.apprentice_id == person_id),
            Field(label="本人是考核人", value=MentoringPair.assessor_id == person_id),
            Field(label="开始", value=MentoringPair.starts_on, show=formats.day),
            Field(label="到期", value=MentoringPair.ends_on, show=formats.day),
            Field(
                label="状态",
                value=MentoringPair.state,
                show=lambda state: PAIR_FLOW.state(state).label,
            ),
            Field(
                label="提前结束的原因",
                value=MentoringPair.end_reason,
                show=lambda reason: END_REASON_LABELS[reason],
            ),
            Field(label="说明", value=MentoringPair.end_note),
            Field(label="出师证书", value=MentoringPair.certificate_number),
        ],
        narrow,
    )


def changes(person_id: int) -> PersonalTable:
    """Give the changes of the agreements of the person's pairs."""

    def narrow(statement: Statement) -> Statement:
        return (
            statement.join(MentoringPair, MentoringPair.id == MentoringChange.pair_id)
            .where(
                or_(MentoringPair.master_id == person_id, MentoringPair.apprentice_id == person_id),
                MentoringChange.number > 0,
            )
            .order_by(MentoringChange.id)
        )

    return read_table(
        "结对协议的变更",
        [
            Field(label="协议编号", value=MentoringPair.number),
            Field(label="变更", value=MentoringChange.number),
            Field(label="原因", value=MentoringChange.reason),
        ],
        narrow,
    )


def kept_records(person_id: int) -> PersonalTable:
    """Give the monthly records of the person's pairs."""

    def narrow(statement: Statement) -> Statement:
        return (
            statement.join(MentoringPair, MentoringPair.id == MentoringRecord.pair_id)
            .where(
                or_(
                    MentoringRecord.master_id == person_id,
                    MentoringRecord.apprentice_id == person_id,
                )
            )
            .order_by(MentoringRecord.id)
        )

    return read_table(
        "带教记录",
        [
            Field(label="协议编号", value=MentoringPair.number),
            Field(label="月份", value=MentoringRecord.month, show=months.label),
            Field(label="带教内容", value=MentoringRecord.taught),
            Field(label="掌握情况", value=MentoringRecord.progress),
            Field(label="下月安排", value=MentoringRecord.plan_next),
            Field(label="本人写的", value=MentoringRecord.written_by_id == person_id),
            Field(label="确认时间", value=MentoringRecord.confirmed_at),
        ],
        narrow,
    )


def assessments(person_id: int) -> PersonalTable:
    """Give the assessments of which the person was the apprentice or the assessor."""

    def narrow(statement: Statement) -> Statement:
        return (
            statement.join(MentoringPair, MentoringPair.id == MentoringAssessment.pair_id)
            .where(
                or_(
                    MentoringAssessment.apprentice_id == person_id,
                    MentoringAssessment.assessor_id == person_id,
                )
            )
            .order_by(MentoringAssessment.id)
        )

    return read_table(
        "带教考核",
        [
            Field(label="协议编号", value=MentoringPair.number),
            Field(label="考核日期", value=MentoringAssessment.held_on, show=formats.day),
            Field(label="动作、标准、是否合格", value=MentoringAssessment.lines, show=lines_text),
            Field(label="通过", value=MentoringAssessment.is_passed),
            Field(label="意见", value=MentoringAssessment.opinion),
            Field(label="本人考核别人", value=MentoringAssessment.assessor_id == person_id),
        ],
        narrow,
    )


def lines_text(lines: Sequence[Sequence[object]]) -> str:
    """Write the lines of an assessment."""
    return "；".join(
        f"{action}（{standard}）：{'合格' if is_passed else '再练'}"
        for action, standard, is_passed in lines
    )
