"""优化工作建议单: a suggestion to a department, not a penalty (效能10).

效能10 “落实情况纳入绩效考核”. Its fields are those of HALL.md 5. 不采纳 with reasons is an
answer like any other. Whoever verifies has neither drafted nor carried out; the second visit is
made by another person than the first.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import false as sa_false
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Marks, UtcDateTime, enum_column
from app.workflow.records import Flowing


class OrderSource(StrEnum):
    """来源渠道 of a 建议单."""

    IDEA = "idea"
    OPINION = "opinion"
    HOTLINE = "hotline"
    RATING = "rating"
    COMPLAINT = "complaint"
    FEEDBACK_WINDOW = "feedback_window"
    INSPECTION = "inspection"
    OTHER = "other"


ORDER_SOURCE_LABELS = {
    OrderSource.IDEA: "金点子",
    OrderSource.OPINION: "直通车",
    OrderSource.HOTLINE: "12345市民服务热线",
    OrderSource.RATING: "政务服务“好差评”",
    OrderSource.COMPLAINT: "投诉",
    OrderSource.FEEDBACK_WINDOW: "“办不成事”反映窗口",
    OrderSource.INSPECTION: "巡查",
    OrderSource.OTHER: "其他",
}


class OrderState(StrEnum):
    """Where a 建议单 stands."""

    DRAFT = "draft"
    ISSUING = "issuing"
    RECEIVING = "receiving"
    FEEDBACK = "feedback"
    DECLINING = "declining"
    CARRYING = "carrying"
    VERIFYING = "verifying"
    VISITING = "visiting"
    REVISITING = "revisiting"
    CLOSED = "closed"
    DECLINED = "declined"


class OrderVerdict(StrEnum):
    """承办反馈."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    DECLINED = "declined"


ORDER_VERDICT_LABELS = {
    OrderVerdict.ADOPTED: "采纳",
    OrderVerdict.PARTLY: "部分采纳",
    OrderVerdict.DECLINED: "不采纳",
}


class VisitWay(StrEnum):
    """How somebody was asked."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    MESSAGE = "message"


VISIT_WAY_LABELS = {
    VisitWay.PHONE: "电话",
    VisitWay.IN_PERSON: "当面",
    VisitWay.MESSAGE: "短信或网上",
}


class VisitResult(StrEnum):
    """What a visit found."""

    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"
    # Nobody said anything: the visit was made all the same.
    UNREACHED = "unreached"
    REFUSED = "refused"


VISIT_RESULT_LABELS = {
    VisitResult.SOLVED: "已解决，满意",
    VisitResult.PARTLY: "基本解决",
    VisitResult.UNSOLVED: "没有解决",
    VisitResult.UNREACHED: "未联系上",
    VisitResult.REFUSED: "拒访",
}


class ImprovementOrder(Flowing, Base):
    """One 建议单 with everything that its paper has a field for."""

    __tablename__ = "improvement_order"
    __table_args__ = (
        CheckConstraint("case_count > 0", name="cases_counted"),
        CheckConstraint("period_until >= period_from", name="period_in_order"),
        CheckConstraint("(period_from IS NULL) = (period_until IS NULL)", name="period_whole"),
        CheckConstraint("carry_days BETWEEN 1 AND 120", name="carry_days_within"),
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name="number_when_issued"),
        CheckConstraint(
            "verdict IS NULL OR verdict = 'adopted' OR verdict_reason <> ''",
            name="verdict_has_reason",
        ),
        CheckConstraint("issued_by_id <> drafted_by_id", name="drafter_does_not_issue"),
        CheckConstraint("issued_by_id <> edited_by_id", name="editor_does_not_issue"),
        CheckConstraint("issued_by_id <> submitted_by_id", name="sender_does_not_issue"),
        CheckConstraint("confirmed_by_id <> feedback_by_id", name="decliner_does_not_confirm"),
        CheckConstraint("verified_by_id <> drafted_by_id", name="drafter_does_not_verify"),
        CheckConstraint("verified_by_id <> edited_by_id", name="editor_does_not_verify"),
        CheckConstraint("verified_by_id <> submitted_by_id", name="sender_does_not_verify"),
        CheckConstraint("verified_by_id <> carried_by_id", name="carrier_does_not_verify"),
        CheckConstraint("verified_by_id <> feedback_by_id", name="promiser_does_not_verify"),
        CheckConstraint("revisited_by_id <> visited_by_id", name="another_visits_again"),
        CheckConstraint("visited_by_id <> carried_by_id", name="carrier_does_not_visit"),
        CheckConstraint("revisited_by_id <> carried_by_id", name="carrier_does_not_revisit"),
        CheckConstraint(
            "state NOT IN ('visiting', 'revisiting', 'closed') OR verified_at IS NOT NULL",
            name="verified_before_end",
        ),
        CheckConstraint(
            "state <> 'closed' OR is_unsuitable OR revisited_at IS NOT NULL",
            name="visited_before_end",
        ),
        CheckConstraint(
            "state <> 'declined' OR confirmed_at IS NOT NULL", name="declined_with_consent"
        ),
        CheckConstraint("NOT is_case OR state = 'closed'", name="case_when_closed"),
        Index(None, "state", "due_at"),
        {"info": INTERNAL},
    )

    state: Mapped[OrderState] = mapped_column(enum_column(OrderState, "state_valid"))
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), unique=True)
    source: Mapped[OrderSource] = mapped_column(enum_column(OrderSource, "source_valid"))
    source_number: Mapped[str] = mapped_column(String(120))
    case_count: Mapped[int]
    period_from: Mapped[date | None]
    period_until: Mapped[date | None]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    # 派发对象 may also be somebody of the department; he is told, its lead signs.
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    title: Mapped[str] = mapped_column(String(60))
    problem: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    indicator: Mapped[str] = mapped_column(String(60))
    current_value: Mapped[str] = mapped_column(String(40))
    target_value: Mapped[str] = mapped_column(String(40))
    carry_days: Mapped[int]
    # 计入考核的条款与分值.
    clause: Mapped[str] = mapped_column(String(120))
    points: Mapped[Decimal | None] = mapped_column(Marks)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verdict: Mapped[OrderVerdict | None] = mapped_column(enum_column(OrderVerdict, "verdict_valid"))
    verdict_reason: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(String(40), info=PERSONAL)
    finish_on: Mapped[date | None]
    feedback_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    feedback_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(Text)
    carried_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    carried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verification: Mapped[str] = mapped_column(Text)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_unsuitable: Mapped[bool] = mapped_column(default=False, server_default=sa_false())
    unsuitable_reason: Mapped[str] = mapped_column(Text)
    visited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    visited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visit_on: Mapped[date | None]
    visit_way: Mapped[VisitWay | None] = mapped_column(enum_column(VisitWay, "visit_way_valid"))
    visit_result: Mapped[VisitResult | None] = mapped_column(
        enum_column(VisitResult, "visit_result_valid")
    )
    visit_note: Mapped[str] = mapped_column(Text)
    revisited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    revisited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revisit_from: Mapped[date | None]
    revisit_on: Mapped[date | None]
    revisit_way: Mapped[VisitWay | None] = mapped_column(enum_column(VisitWay, "revisit_way_valid"))
    revisit_result: Mapped[VisitResult | None] = mapped_column(
        enum_column(VisitResult, "revisit_result_valid")
    )
    revisit_note: Mapped[str] = mapped_column(Text)
    is_case: Mapped[bool] = mapped_column(default=False, server_default=sa_false())
    case_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)


class OrderEvidence(Base):
    """佐证: a picture that whoever carries out puts beside what he has done."""

    __tablename__ = "order_evidence"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("improvement_order.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
