"""The states and moves of 题目纠错, as data: 提出, 核对, 决定, 撤销.

"A 经办人 checks; a second person decides unchanged, further answer, void with full marks to all."
Whoever checked decides nothing, nor does whoever raised a doubt about the question. A correction
that is carried out, or taken back, has the whole exam marked again; the frozen key stays.
"""

from sqlalchemy import select

from app.exams.models import (
    CORRECTION_KIND_LABELS,
    CorrectionKind,
    CorrectionState,
    Exam,
    ExamState,
    PaperQuestion,
    QuestionCorrection,
    QuestionDoubt,
    Sitting,
)
from app.exams.service import foresight, remarking
from app.exams.settings import CHECK_DAYS, DECIDE_DAYS
from app.inbox import service as inbox
from app.kernel import db, formats
from app.kernel.permissions import Permission
from app.workflow.definition import Act, Flow, Holders, Move, State, Waiting, refuse
from app.workflow.service import setting_days

RAISED, CHECKED = CorrectionState.RAISED, CorrectionState.CHECKED
KEPT, APPLIED, REVOKED = CorrectionState.KEPT, CorrectionState.APPLIED, CorrectionState.REVOKED
CHECK, DECIDE = Permission.EXAMS_CORRECTION_CHECK, Permission.EXAMS_CORRECTION_DECIDE
CHECKERS, DECIDERS = Holders(permission=CHECK), Holders(permission=DECIDE)
NOT_YOUR_OWN = "核对过这道题的人，不能决定或撤销，请由其他人办理。"
NOT_MARKED = "这场考试还没有评卷，或者已经作废，不能纠错。"
# The states of an exam in which there are marks to be corrected.
MARKED = (ExamState.GRADED, ExamState.RELEASED)
TITLE_LENGTH = 24


def exam_of(correction: QuestionCorrection) -> Exam:
    """Give the exam in which the question was asked."""
    return db.session.get_one(Exam, correction.exam_id)


def question_of(correction: QuestionCorrection) -> PaperQuestion:
    """Give the frozen question."""
    return db.session.get_one(PaperQuestion, (correction.exam_id, correction.number))


def list_doubters(correction: QuestionCorrection) -> list[tuple[int, str]]:
    """Give who raised a doubt about the question, each with the public id of his sitting."""
    found = (
        select(Sitting.person_id, Sitting.public_id)
        .join(QuestionDoubt, QuestionDoubt.sitting_id == Sitting.id)
        .where(
            QuestionDoubt.exam_id == correction.exam_id, QuestionDoubt.number == correction.number
        )
    )
    return [(person_id, public_id) for person_id, public_id in db.session.execute(found)]


def doubters_of(correction: QuestionCorrection) -> frozenset[int]:
    """Give the persons who raised a doubt about the question."""
    return frozenset(person_id for person_id, _ in list_doubters(correction))


def keep_finding(correction: QuestionCorrection, act: Act) -> None:
    """Keep what whoever checked proposes: the page has read it, the service has tested it."""
    correction.kind = CorrectionKind(act.data["kind"])
    correction.further_key = list(act.data["further_key"])
    correction.opinion = str(act.data["opinion"])


def check_marked(correction: QuestionCorrection, act: Act) -> None:
    """Refuse where no marks are there to be corrected, or others are being worked out."""
    del act
    exam = db.session.get_one(Exam, correction.exam_id, with_for_update=True)
    if exam.state not in MARKED:
        refuse(form=NOT_MARKED)
    remarking.check_idle(exam)


def mark_again(correction: QuestionCorrection, act: Act) -> None:
    """Order the run that reckons with it, and tell who had doubts."""
    label = CORRECTION_KIND_LABELS[correction.kind or CorrectionKind.UNCHANGED]
    remarking.order(
        exam_of(correction),
        reason=f"“{stem_of(correction)}”{label}",
        ordered_by_id=act.decided_by_id,
    )
    tell_doubters(correction, f"已更正：{label}，正在重新评卷。")


def mark_as_before(correction: QuestionCorrection, act: Act) -> None:
    """Order the run that reckons with it no longer, and tell who had doubts."""
    remarking.order(
        exam_of(correction),
        reason=f"“{stem_of(correction)}”的更正已撤销",
        ordered_by_id=act.decided_by_id,
    )
    tell_doubters(correction, "的更正已经撤销，正在按原来的答案重新评卷。")


def answer_doubters(correction: QuestionCorrection, act: Act) -> None:
    """Tell who had doubts that the key stands, and where to read why."""
    del act
    tell_doubters(correction, "经核对，维持原答案；理由请看成绩页。")


def tell_doubters(correction: QuestionCorrection, text: str) -> None:
    """Write to each who raised a doubt; the notice leads to his own result."""
    told = f"你有疑问的题“{stem_of(correction)}”{text}"
    for person_id, public_id in list_doubters(correction):
        arguments = {"public_id": public_id}
        inbox.tell([person_id], told, endpoint="exams.show_result", arguments=arguments)


def stem_of(correction: QuestionCorrection) -> str:
    """Give the beginning of the question, which names it: its number differs from form to form."""
    return formats.shorten(" ".join(question_of(correction).stem.split()), TITLE_LENGTH)


def facts_of(correction: QuestionCorrection) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question; never a key."""
    facts = [("考试", exam_of(correction).title), ("题目", question_of(correction).stem)]
    doubts = len(doubters_of(correction))
    facts.append(("疑问", f"{doubts}人提出" if doubts else "无人提出，由经办人发现"))
    if correction.kind is not None:
        facts.append(("核对意见", CORRECTION_KIND_LABELS[correction.kind]))
    if correction.state is CHECKED:
        facts.append(("影响", foresight.write(foresight.foresee_correction(correction))))
    return facts


def is_change(correction: QuestionCorrection) -> bool:
    """Tell whether what is proposed changes marks."""
    return correction.kind is not CorrectionKind.UNCHANGED


STATES = (
    State(
        value=RAISED, label="待核对", kind="amber", owner=CHECKERS, days=setting_days(CHECK_DAYS)
    ),
    State(
        value=CHECKED, label="待决定", kind="amber", owner=DECIDERS, days=setting_days(DECIDE_DAYS)
    ),
    State(value=KEPT, label="维持原答案", waiting=Waiting.CLOSED),
    State(value=APPLIED, label="已更正", kind="green", waiting=Waiting.RESTING),
    State(value=REVOKED, label="已撤销更正", waiting=Waiting.CLOSED),
)

MOVES = (
    Move(
        name="check", label="核对，报决定", sources=(RAISED,), target=CHECKED, by=CHECKERS,
        permission=CHECK, stamp="checked", is_primary=True, endpoint="exams.check_correction",
        guard=check_marked, effect=keep_finding, done="已核对，等业务科室负责人决定。",
    ),
    Move(
        name="apply", label="同意更正，重新评卷", sources=(CHECKED,), target=APPLIED, by=DECIDERS,
        permission=DECIDE, stamp="decided", not_by=("checked_by_id",), bars=doubters_of,
        refused=NOT_YOUR_OWN, is_approval=True, is_primary=True, applies=is_change,
        guard=check_marked, effect=mark_again, tells=("checked_by_id",),
        question="同意后马上重新评卷，成绩有变动的人会收到通知。",
        done="已同意，正在重新评卷；成绩有变动的人会收到通知。",
    ),
    Move(
        name="keep", label="同意维持原答案", sources=(CHECKED,), target=KEPT, by=DECIDERS,
        permission=DECIDE, stamp="decided", not_by=("checked_by_id",), bars=doubters_of,
        refused=NOT_YOUR_OWN, is_approval=True, is_primary=True,
        applies=lambda correction: not is_change(correction), effect=answer_doubters,
        tells=("checked_by_id",), done="已维持原答案，提出疑问的人会收到通知。",
    ),
    Move(
        name="send-back", label="退回核对", sources=(CHECKED,), target=RAISED, by=DECIDERS,
        permission=DECIDE, reason="退回原因", is_return=True, not_by=("checked_by_id",),
        bars=doubters_of, refused=NOT_YOUR_OWN, tells=("checked_by_id",), done="已退回核对人。",
    ),
    Move(
        name="revoke", label="撤销更正", sources=(APPLIED,), target=REVOKED, by=DECIDERS,
        permission=DECIDE, stamp="revoked", reason="撤销原因", not_by=("checked_by_id",),
        bars=doubters_of, refused=NOT_YOUR_OWN, guard=check_marked, effect=mark_as_before,
        tells=("checked_by_id",), question="撤销后马上按原来的答案重新评卷。",
        done="已撤销，正在按原来的答案重新评卷。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="exams.correction",
    noun="题目纠错",
    word="correction",
    model=QuestionCorrection,
    states=STATES,
    moves=MOVES,
    title=lambda correction: f"{exam_of(correction).title}：{stem_of(correction)}",
    department=lambda _correction: None,
    endpoint="exams.show_correction",
    arguments=lambda correction: {"record_id": correction.id},
    object_type="question_correction",
    begun="提出",
    facts=facts_of,
)
