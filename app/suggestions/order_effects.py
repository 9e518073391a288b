"""What moves of a 建议单 ask for and what they change beside its state; named in order_flow.py.

Whoever visits belongs to no department that carried out: "Interviewer must not belong to the
承办部门". A second visit comes 60 days (a setting) after the first, by another person.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.accounts.roster.placements import get_placement
from app.kernel import clock, db, formats
from app.settings import service as settings
from app.suggestions.order_models import (
    VISIT_RESULT_LABELS,
    VISIT_WAY_LABELS,
    ImprovementOrder,
    OrderEvidence,
    OrderVerdict,
    VisitResult,
    VisitWay,
)
from app.suggestions.settings import REVISIT_AFTER
from app.workflow.definition import Act, refuse
from app.workflow.numbering import next_number

SERIES = "优建"


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """承办反馈: whether the department adopts it, why not, and what it will do."""

    verdict: OrderVerdict
    reason: str = ""
    measures: str = ""
    responsible: str = ""
    finish_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """回访: when and how somebody was asked, and what he said."""

    on: date
    way: VisitWay
    result: VisitResult
    note: str = ""


def check_complete(record: ImprovementOrder, act: Act) -> None:
    """Refuse a 建议单 with an empty field that its paper needs; raises RefusedError."""
    del act
    needed = {
        "派发对象": record.department_id,
        "问题": record.problem,
        "原因": record.cause,
        "改进要求": record.demand,
    }
    missing = [label for label, value in needed.items() if not value]
    if missing:
        refuse(form=f"还没有填写：{'、'.join(missing)}。请先修改，再送签。")


def give_number(record: ImprovementOrder, act: Act) -> None:
    """Number a 建议单 when it is issued."""
    del act
    # Half of the move must not be sent to the database while the number is drawn.
    with db.session.no_autoflush:
        record.number = next_number(SERIES, on=clock.today())


def check_feedback(record: ImprovementOrder, act: Act) -> None:
    """Refuse a feedback that says too little; raises RefusedError."""
    del record
    feedback = act.data.get("feedback")
    if not isinstance(feedback, Feedback):
        refuse(form="请填写承办反馈。")
        return
    missing = {}
    if feedback.verdict is not OrderVerdict.ADOPTED and not feedback.reason:
        missing["reason"] = "部分采纳、不采纳的，请写明理由。"
    if feedback.verdict is not OrderVerdict.DECLINED:
        needed = {
            "measures": (feedback.measures, "请写明措施。"),
            "responsible": (feedback.responsible, "请填写责任人。"),
            "finish_on": (feedback.finish_on, "请填写完成日。"),
        }
        missing.update({name: text for name, (value, text) in needed.items() if not value})
    if missing:
        refuse(**missing)


def keep_feedback(record: ImprovementOrder, act: Act) -> None:
    """Put the feedback on the 建议单."""
    feedback: Feedback = act.data["feedback"]
    record.verdict, record.verdict_reason = feedback.verdict, feedback.reason
    record.measures, record.responsible = feedback.measures, feedback.responsible
    record.finish_on = feedback.finish_on


def check_finished(record: ImprovementOrder, act: Act) -> None:
    """Refuse to call done what nothing shows; raises RefusedError.

    What was sent back needs evidence of what was done since: its old pictures were not enough.
    """
    if count_evidence(record) == 0:
        refuse(form="请先上传至少一张佐证图片；退回过的，要有退回以后的。")
    if not act.data.get("result", ""):
        refuse(result="请写明落实情况。")


def count_evidence(record: ImprovementOrder) -> int:
    """Count the pictures since a 建议单 is being carried out, this time."""
    since_then = select(func.count()).where(
        OrderEvidence.order_id == record.id, OrderEvidence.added_at >= record.moved_at
    )
    return db.session.scalar(since_then) or 0


def keep_result(record: ImprovementOrder, act: Act) -> None:
    """Put down what was done."""
    record.result = act.data["result"]


def keep_verification(record: ImprovementOrder, act: Act) -> None:
    """Put down what the verification found."""
    record.verification = act.reason


def check_visitor(record: ImprovementOrder, act: Act) -> None:
    """Refuse somebody of the department that carried out; raises RefusedError."""
    if act.decided_by_id is None:
        return
    placement = get_placement(act.decided_by_id, clock.today())
    if placement is not None and placement.department_id == record.department_id:
        refuse(form="回访不能由承办部门的人做，请由其他部门的人回访。")


def visit_in(act: Act) -> Visit:
    """Give the visit of a move; raises RefusedError where nobody filled one in."""
    visit = act.data.get("visit")
    if not isinstance(visit, Visit):
        refuse(form="请填写回访情况。")
        raise TypeError
    if visit.on > clock.today():
        refuse(on="回访日期不能晚于今天。")
    return visit


def check_visit(record: ImprovementOrder, act: Act) -> None:
    """Refuse a visit that can't be; raises RefusedError."""
    check_visitor(record, act)
    visit = visit_in(act)
    verified_on = clock.local(record.verified_at).date() if record.verified_at else visit.on
    if visit.on < verified_on:
        refuse(on=f"核验通过（{formats.day(verified_on)}）以后才能回访。")


def keep_visit(record: ImprovementOrder, act: Act) -> None:
    """Put the visit on the 建议单, and from when on the second may follow."""
    visit = visit_in(act)
    record.visit_on, record.visit_way = visit.on, visit.way
    record.visit_result, record.visit_note = visit.result, visit.note
    record.revisit_from = visit.on + timedelta(days=settings.get(REVISIT_AFTER))


def check_revisit(record: ImprovementOrder, act: Act) -> None:
    """Refuse a second visit before its time; raises RefusedError."""
    check_visitor(record, act)
    visit = visit_in(act)
    if record.revisit_from is not None and visit.on < record.revisit_from:
        refuse(on=f"二次回访从{formats.day(record.revisit_from)}起做。")


def keep_revisit(record: ImprovementOrder, act: Act) -> None:
    """Put the second visit on the 建议单."""
    visit = visit_in(act)
    record.revisit_on, record.revisit_way = visit.on, visit.way
    record.revisit_result, record.revisit_note = visit.result, visit.note


def begin_anew(record: ImprovementOrder, act: Act) -> None:
    """Empty what was verified and found by visits: what isn't solved is carried out once more.

    The path keeps who found what. Were the columns left, those of one round would bar people, and
    stand on the paper, in the next.
    """
    visit_in(act)
    record.verified_by_id = record.verified_at = None
    record.visited_by_id = record.visited_at = None
    record.visit_on = record.visit_way = record.visit_result = None
    record.revisited_by_id = record.revisited_at = record.revisit_from = None
    record.revisit_on = record.revisit_way = record.revisit_result = None
    record.verification = record.visit_note = record.revisit_note = ""


def words_of(visit: Visit) -> str:
    """Write a visit for the path, which keeps it when the 建议单 is carried out once more."""
    said = f"对方说：{visit.note}" if visit.note else ""
    on, way = formats.day(visit.on), VISIT_WAY_LABELS[visit.way]
    return f"{on}{way}回访，{VISIT_RESULT_LABELS[visit.result]}。{said}"


def keep_unsuitable(record: ImprovementOrder, act: Act) -> None:
    """Put down that nobody should be asked, and why."""
    record.is_unsuitable, record.unsuitable_reason = True, act.reason
