"""The states and moves of 缓考 and 免考, as data.

"缓考 (产假, 病假, 公差, 值守) applied for by the lead with reason", approved by the section's
chief; whoever applied decides nothing. Whoever has begun to answer is excused from nothing. What
the site finds by itself (免考 of newcomers and of those who know the keys) begins approved and
stays.
"""

from sqlalchemy import update

from app.accounts.models import Department, Person
from app.exams.models import (
    EXCUSE_CAUSE_LABELS,
    EXCUSE_KIND_LABELS,
    Exam,
    ExamExcuse,
    ExamPhase,
    ExcuseKind,
    ExcuseState,
    Sitting,
    SittingStanding,
)
from app.exams.settings import EXCUSE_DAYS
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.permissions import Permission
from app.workflow.definition import Act, Flow, Holders, Move, Named, State, Waiting, refuse
from app.workflow.service import setting_days

STANDINGS = {
    ExcuseKind.DEFERRAL: SittingStanding.DEFERRED,
    ExcuseKind.EXEMPTION: SittingStanding.EXEMPT,
}
APPLIED, APPROVED = ExcuseState.APPLIED, ExcuseState.APPROVED
REFUSED, WITHDRAWN = ExcuseState.REFUSED, ExcuseState.WITHDRAWN
APPLY, DECIDE = Permission.EXAMS_EXCUSE_APPLY, Permission.EXAMS_EXCUSE_DECIDE
# While somebody may still come.
COMING = (ExamPhase.SCHEDULED, ExamPhase.OPEN)
DECIDERS = Holders(permission=DECIDE)
APPLICANT = Named(column="drafted_by_id")
NOT_YOUR_OWN = "申请人和本人不能审批，请由其他人办理。"
HAS_BEGUN = "他已经开始答题，不能再缓考、免考；请写明原因，不同意这份申请。"
IS_RELEASED = "成绩已经公布，不能再改缓考、免考。"
IS_OVER = "考试已经结束，不能撤回：撤回后他会变成缺考。"


def sitting_of(excuse: ExamExcuse) -> Sitting:
    """Give the sitting that somebody is to be excused from."""
    return db.session.get_one(Sitting, excuse.sitting_id)


def exam_of(excuse: ExamExcuse) -> Exam:
    """Give its exam."""
    return db.session.get_one(Exam, sitting_of(excuse).exam_id)


def person_of(excuse: ExamExcuse) -> Person:
    """Give who is to be excused."""
    return db.session.get_one(Person, sitting_of(excuse).person_id)


def check_unreleased(excuse: ExamExcuse, act: Act) -> None:
    """Refuse to decide on one's own, or when the figures are out already."""
    if act.decided_by_id == sitting_of(excuse).person_id:
        refuse(form=NOT_YOUR_OWN)
    if exam_of(excuse).released_at is not None:
        refuse(form=IS_RELEASED)


def check_withdrawal(excuse: ExamExcuse, act: Act) -> None:
    """Refuse to take back what already counts in an exam that is over."""
    del act
    if excuse.state is APPROVED and exam_of(excuse).phase(clock.now()) not in COMING:
        refuse(form=IS_OVER)


def set_standing(sitting_id: int, standing: SittingStanding) -> None:
    """Say how somebody stands who has not begun; raises RefusedError where he has."""
    changed = db.session.execute(
        update(Sitting)
        .where(Sitting.id == sitting_id, Sitting.started_at.is_(None))
        .values(standing=standing)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        refuse(form=HAS_BEGUN)


def excuse_person(excuse: ExamExcuse, act: Act) -> None:
    """Take somebody off those who are expected, and tell him."""
    del act
    set_standing(excuse.sitting_id, STANDINGS[excuse.kind])
    kind = EXCUSE_KIND_LABELS[excuse.kind]
    rest = "，补考另行通知" if excuse.kind is ExcuseKind.DEFERRAL else ""
    tell(excuse, f"“{exam_of(excuse).title}”：你的{kind}已经批准，这次不用参加{rest}。")


def expect_again(excuse: ExamExcuse, act: Act) -> None:
    """Let somebody be expected again whose excuse was taken back, and tell him."""
    del act
    sitting = sitting_of(excuse)
    if sitting.standing is SittingStanding.DUE:
        return
    set_standing(sitting.id, SittingStanding.DUE)
    kind = EXCUSE_KIND_LABELS[excuse.kind]
    tell(excuse, f"“{exam_of(excuse).title}”：{kind}已经撤回，请在开放时间内参加。")


def tell(excuse: ExamExcuse, text: str) -> None:
    """Write a notice to the person himself."""
    sitting = sitting_of(excuse)
    arguments = {"exam_id": sitting.exam_id}
    inbox.tell([sitting.person_id], text, endpoint="exams.show_notice", arguments=arguments)


def title_of(excuse: ExamExcuse) -> str:
    """Name an application in a line."""
    kind = EXCUSE_KIND_LABELS[excuse.kind]
    return f"{person_of(excuse).name}{kind}：{exam_of(excuse).title}"


def facts_of(excuse: ExamExcuse) -> list[tuple[str, str]]:
    """Give what whoever decides reads."""
    person, sitting = person_of(excuse), sitting_of(excuse)
    department = db.session.get_one(Department, sitting.department_id)
    return [
        ("考试", exam_of(excuse).title),
        ("姓名", f"{person.name}（{person.staff_number}）"),
        ("部门", department.name),
        ("申请", EXCUSE_KIND_LABELS[excuse.kind]),
        ("原因", reason_of(excuse)),
    ]


def reason_of(excuse: ExamExcuse) -> str:
    """Write why somebody is excused."""
    label = EXCUSE_CAUSE_LABELS[excuse.cause]
    return f"{label}：{excuse.note}" if excuse.note else label


STATES = (
    State(
        value=APPLIED, label="待审批", kind="amber", owner=DECIDERS, days=setting_days(EXCUSE_DAYS),
    ),
    State(value=APPROVED, label="已批准", kind="green", waiting=Waiting.RESTING),
    State(value=REFUSED, label="不同意", waiting=Waiting.CLOSED),
    State(value=WITHDRAWN, label="已撤回", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="approve", label="批准", sources=(APPLIED,), target=APPROVED, by=DECIDERS,
        permission=DECIDE, stamp="approved", not_by=("drafted_by_id",), refused=NOT_YOUR_OWN,
        is_approval=True, is_batch=True, is_primary=True, guard=check_unreleased,
        effect=excuse_person, tells=("drafted_by_id",), done="已批准，本人会收到通知。",
    ),
    Move(
        name="refuse", label="不同意", sources=(APPLIED,), target=REFUSED, by=DECIDERS,
        permission=DECIDE, reason="不同意的理由", not_by=("drafted_by_id",), refused=NOT_YOUR_OWN,
        tells=("drafted_by_id",), done="已回复，申请人会看到理由。",
    ),
    Move(
        name="withdraw", label="撤回", sources=(APPLIED, APPROVED), target=WITHDRAWN, by=APPLICANT,
        permission=APPLY, question="撤回后，他要照常参加这场考试。", guard=check_withdrawal,
        effect=expect_again, done="已撤回。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="exams.excuse",
    noun="缓考、免考",
    word="excuse",
    model=ExamExcuse,
    states=STATES,
    moves=MOVES,
    title=title_of,
    department=lambda excuse: sitting_of(excuse).department_id,
    endpoint="exams.show_excuse",
    arguments=lambda excuse: {"record_id": excuse.id},
    object_type="exam_excuse",
    begun="申请",
    begins=(APPROVED,),
    facts=facts_of,
    brief=lambda excuse: [f"{label}：{text}" for label, text in facts_of(excuse)[2:]],
)
