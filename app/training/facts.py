"""What this room tells the assessment and the measures.

Evidence: marks of 训后测试 and classes that somebody taught. Attendance, hours and sign-ins are no
evidence (HALL.md 1.8). Indicators: classes held, and how satisfied those were who took part.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.sql import ColumnElement

from app.exams.models import Exam, Sitting, SittingResult
from app.exams.service import results
from app.kernel import clock, db, formats
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.kernel.indicators import Indicator, Reading
from app.surveys import service as surveys
from app.training.models import CLASS_KIND_LABELS, HELD_STATES, ClassKind, TrainingClass
from app.training.workflow import SOURCE

POST_TEST = EvidenceRule(
    name="training.post_test",
    version=1,
    label="训后测试",
    unit="次",
    kind=EvidenceKind.SHARE,
    basis="通过参训人员满意度、训后测试反馈、个人绩效跟踪三方面强化对培训成效的评估",
)
TAUGHT = EvidenceRule(
    name="training.taught",
    version=1,
    label="讲授课堂",
    unit="次",
    kind=EvidenceKind.MENTION,
    basis="开展业务课堂、党建课堂、实践课堂",
)
RULES = (POST_TEST, TAUGHT)
PLACES = Decimal("0.01")


def within(span: Span) -> ColumnElement[bool]:
    """Give the condition that a class was held within a span."""
    start, end = span.moments
    return and_(
        TrainingClass.state.in_(HELD_STATES),
        TrainingClass.starts_at >= start,
        TrainingClass.starts_at < end,
    )


def list_evidence(span: Span) -> Iterator[Evidence]:
    """Give all facts of a span: in two queries, however many people there are."""
    yield from list_marks(span)
    yield from list_taught(span)


def list_marks(span: Span) -> Iterator[Evidence]:
    """Give the released marks of 训后测试, by the day of the class."""
    rows = db.session.execute(
        select(TrainingClass, Exam, Sitting, SittingResult.marks)
        .join(Exam, Exam.id == TrainingClass.exam_id)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .join(SittingResult, results.is_counted())
        .where(within(span), Exam.released_at.is_not(None))
        .order_by(TrainingClass.id, Sitting.id)
    )
    for found, exam, sitting, marks in rows:
        yield Evidence(
            rule=POST_TEST.name,
            person_id=sitting.person_id,
            occurred_on=clock.local(found.starts_at).date(),
            amount=marks,
            denominator=exam.full_marks,
            event_key=f"exams.exam:{exam.id}",
            text=f"“{found.title}”训后测试{formats.marks(marks)}分"
            f"（满分{formats.marks(exam.full_marks)}）",
            endpoint="exams.show_mark",
            values={"public_id": sitting.public_id},
        )


def list_taught(span: Span) -> Iterator[Evidence]:
    """Give the classes that people of the hall taught."""
    for found in db.session.scalars(
        select(TrainingClass)
        .where(within(span), TrainingClass.teacher_id.is_not(None))
        .order_by(TrainingClass.id)
    ):
        yield Evidence(
            rule=TAUGHT.name,
            person_id=found.teacher_id,
            occurred_on=clock.local(found.starts_at).date(),
            amount=Decimal(1),
            event_key=f"training.class:{found.id}",
            text=f"讲授{CLASS_KIND_LABELS[found.kind]}“{found.title}”",
            endpoint="training.show_class",
            values={"public_id": found.public_id},
        )


def count_of(kind: ClassKind) -> Callable[[Span], Reading | None]:
    """Count the classes of a kind that were held; none is nought, for they are all entered here."""

    def read(span: Span) -> Reading | None:
        found = select(func.count(TrainingClass.id)).where(within(span), TrainingClass.kind == kind)
        return Reading(value=Decimal(db.session.scalar(found) or 0))

    return read


def read_satisfaction(span: Span) -> Reading | None:
    """Give the mean share of 满意 over the classes where it may be shown; None without any."""
    ids = db.session.scalars(
        select(TrainingClass.id)
        .where(within(span), TrainingClass.has_survey.is_(True))
        .order_by(TrainingClass.id)
    )
    results = [surveys.result_of(source=SOURCE, source_id=each) for each in ids]
    shares = [
        each.satisfied_share
        for each in results
        if each is not None
        and each.is_closed
        and not each.hidden_reason
        and each.satisfied_share is not None
    ]
    if not shares:
        return None
    return Reading(
        value=(sum(shares, Decimal(0)) / len(shares)).quantize(PLACES),
        note=f"{len(shares)}个课堂满意率的平均；少于5份答卷的课堂不计入。",
    )


INDICATORS = (
    *(
        Indicator(
            name=name,
            label=f"已开展的{CLASS_KIND_LABELS[kind]}",
            unit="次",
            read=count_of(kind),
            endpoint="training.list_classes",
        )
        for name, kind in (
            ("training.business_classes", ClassKind.BUSINESS),
            ("training.party_classes", ClassKind.PARTY),
            ("training.practice_classes", ClassKind.PRACTICE),
            ("training.study_meetings", ClassKind.STUDY),
        )
    ),
    Indicator(
        name="training.satisfaction",
        label="参训人员满意率",
        unit="%",
        read=read_satisfaction,
        endpoint="training.list_classes",
    ),
)
