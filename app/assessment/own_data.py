"""What this room holds about one person: his portraits, their facts and versions, objections.

When he is forgotten, figures and facts stay under his number; papers with his name and what
people wrote about him, or he himself, go.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import Department
from app.assessment import papers
from app.assessment.models import (
    OBJECTION_GROUND_LABELS,
    PORTRAIT_KIND_LABELS,
    UNIT_OPINION_LABELS,
    AssessmentCycle,
    CycleState,
    Objection,
    Portrait,
    PortraitEdition,
    PortraitRow,
)
from app.assessment.workflow import OBJECTION_FLOW
from app.files import papers as paper_pages
from app.kernel import db, formats
from app.kernel.listing import Statement
from app.kernel.personal import Field, PersonalTable, read_table

FORGOTTEN = "本人离岗期满，内容已删除"
STATES = {"counted": "计入", "suspended": "申诉中", "overturned": "已更正"}


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give all tables; what is still being collected is nobody's yet."""

    def narrow(statement: Statement) -> Statement:
        return (
            statement.join(AssessmentCycle, AssessmentCycle.id == Portrait.cycle_id)
            .where(Portrait.person_id == person_id, AssessmentCycle.state != CycleState.COLLECTING)
            .order_by(Portrait.id)
        )

    def of_portrait(statement: Statement) -> Statement:
        return narrow(statement.join(Portrait, Portrait.id == PortraitRow.portrait_id)).order_by(
            PortraitRow.place
        )

    def editions(statement: Statement) -> Statement:
        return narrow(
            statement.join(Portrait, Portrait.id == PortraitEdition.portrait_id)
        ).order_by(PortraitEdition.edition)

    def objections(statement: Statement) -> Statement:
        return narrow(statement.join(Portrait, Portrait.id == Objection.portrait_id))

    return [
        read_table("考核画像", portrait_fields(), lambda found: narrow(
            found.join(Department, Department.id == Portrait.department_id))),
        read_table("考核画像的事实", row_fields(), of_portrait),
        read_table(
            "考核画像的各版",
            [
                Field(label="第几版", value=PortraitEdition.edition),
                Field(label="缘由", value=PortraitEdition.cause),
                Field(label="汇总", value=PortraitEdition.total, show=formats.marks),
                Field(label="各维度", value=PortraitEdition.scores, show=str),
            ],
            editions,
        ),
        read_table(
            "考核异议",
            [
                Field(
                    label="异议",
                    value=Objection.ground,
                    show=lambda ground: OBJECTION_GROUND_LABELS[ground],
                ),
                Field(label="理由", value=Objection.reason),
                Field(
                    label="状态",
                    value=Objection.state,
                    show=lambda state: OBJECTION_FLOW.state(state).label,
                ),
                Field(label="答复", value=Objection.decision),
                Field(label="答复时间", value=Objection.decided_at),
            ],
            objections,
        ),
    ]  # fmt: skip


def forget_person(person_id: int) -> None:
    """Delete, in the open write, the papers that name somebody and the words about him."""
    for portrait in db.session.scalars(select(Portrait).where(Portrait.person_id == person_id)):
        paper_pages.erase_papers(papers.kind_of(portrait).name, portrait.id)
        portrait.comment, portrait.commented_by_id, portrait.commented_at = "", None, None
        portrait.own_opinion, portrait.own_opinion_at = "", None
        portrait.unit_note = ""
        for each in db.session.scalars(
            select(Objection).where(Objection.portrait_id == portrait.id)
        ):
            each.reason = FORGOTTEN
            each.decision = FORGOTTEN if each.decision else ""
    db.session.flush()


def portrait_fields() -> list[Field]:
    """Give the columns of portraits."""
    return [
        Field(
            label="考核期",
            value=AssessmentCycle.name,
            tells=[Portrait.person_id, Portrait.department_id],
        ),
        Field(label="部门", value=Department.name),
        Field(label="岗位", value=Portrait.post),
        Field(label="种类", value=Portrait.kind, show=lambda kind: PORTRAIT_KIND_LABELS[kind]),
        Field(label="应在岗", value=Portrait.expected_days),
        Field(label="在岗", value=Portrait.present_days),
        Field(label="各岗位天数", value=Portrait.posts, show=str),
        Field(label="请假天数", value=Portrait.leaves, show=str),
        Field(label="各维度", value=Portrait.scores, show=str),
        Field(label="汇总", value=Portrait.total, show=formats.marks),
        Field(label="评语", value=Portrait.comment),
        Field(
            label="科室意见",
            value=Portrait.unit_opinion,
            show=lambda opinion: UNIT_OPINION_LABELS[opinion],
        ),
        Field(label="科室说明", value=Portrait.unit_note),
        Field(label="本人意见", value=Portrait.own_opinion),
    ]


def row_fields() -> list[Field]:
    """Give the columns of facts."""
    return [
        Field(label="日期", value=PortraitRow.occurred_on),
        Field(label="事实", value=PortraitRow.text),
        Field(label="条款", value=PortraitRow.clause),
        Field(label="来源单号", value=PortraitRow.number),
        Field(label="数量", value=PortraitRow.amount, show=formats.marks),
        Field(label="分母", value=PortraitRow.denominator, show=formats.marks),
        Field(label="程度", value=PortraitRow.grade),
        Field(label="状态", value=PortraitRow.state, show=lambda state: STATES[state.value]),
        Field(label="分值", value=PortraitRow.points, show=formats.marks),
        Field(label="说明", value=PortraitRow.note),
    ]
