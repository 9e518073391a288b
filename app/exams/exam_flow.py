"""The states and moves of an exam, as data: 起草, 审核, 审定, 发布, 评卷, 公布.

"经办人 type, chiefs approve, leaders sign on paper": nobody decides on a paper that he drafted,
changed, chose questions for or sent. Whoever decides, decides on what was sent for review: a
question that was changed since then stops every later step. Whether an exam is open is no state.
"""

from sqlalchemy import select

from app.exams.models import Exam, ExamState, Sitting
from app.exams.service import batches, hand_answers, papers, readiness
from app.exams.settings import APPROVE_DAYS, DRAFT_DAYS, PUBLISH_DAYS, RELEASE_DAYS, REVIEW_DAYS
from app.jobs import service as jobs
from app.kernel import db, formats
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow
from app.workflow.definition import Act, Flow, Holders, Move, Named, State, Waiting, refuse
from app.workflow.service import setting_days

DRAFTERS = Holders(permission=Permission.EXAMS_PAPER_DRAFT)
REVIEWERS = Holders(permission=Permission.EXAMS_PAPER_REVIEW)
APPROVERS = Holders(permission=Permission.EXAMS_PAPER_APPROVE)
PUBLISHERS = Holders(permission=Permission.EXAMS_PAPER_PUBLISH)
RELEASERS = Holders(permission=Permission.EXAMS_RESULT_RELEASE)
SITE = Named(column="nobody_id")
DRAFT, SUBMITTED, REVIEWED = ExamState.DRAFT, ExamState.SUBMITTED, ExamState.REVIEWED
APPROVED, PUBLISHED = ExamState.APPROVED, ExamState.PUBLISHED
GRADED, RELEASED, CANCELLED = ExamState.GRADED, ExamState.RELEASED, ExamState.CANCELLED
GRADE_JOB = "exams.grade"
NOT_YOUR_OWN = "起草、修改、选题或送审过这张试卷的人，不能审核或审定它，请由其他人办理。"
NOT_WHAT_WAS_SENT = "送审以后，试卷里的题改过，不能再往下办。请退回起草人，核对后重新送审。"
HAS_BEGUN = "已经有人开始答题，不能作废；需要停考的，请在考场里暂停。"
STILL_GRADING = "正在重新评卷，请等评完再公布。"


def job_key(exam_id: int, run: int) -> str:
    """Name a grading run, so that it is ordered once."""
    return f"{GRADE_JOB}:{exam_id}:{run}"


def is_grading(exam: Exam) -> bool:
    """Tell whether a run is under way that will count after the present one."""
    return jobs.get_open_job(job_key(exam.id, exam.graded_run + 1)) is not None


def check_whole(exam: Exam, act: Act) -> None:
    """Refuse to send a paper that can't be sat."""
    del act
    readiness.check_ready(exam, papers.list_items(exam.id))
    batches.check_windows(exam)


def keep_print(exam: Exam, act: Act) -> None:
    """Keep what is sent for review; who sends it decides nothing on it."""
    exam.paper_print = readiness.fingerprint(exam.id)
    if act.decided_by_id is not None:
        papers.add_author(exam.id, act.decided_by_id)


def check_same(exam: Exam, act: Act) -> None:
    """Refuse to decide on another paper than was sent."""
    check_whole(exam, act)
    if exam.paper_print != readiness.fingerprint(exam.id):
        refuse(form=NOT_WHAT_WAS_SENT)


def check_frozen(exam: Exam, act: Act) -> None:
    """Refuse a publication that froze nothing: its page does that before the move."""
    del act
    if not exam.paper_hash:
        refuse(form=papers.WRONG_STATE)


def authors_of(exam: Exam) -> frozenset[int]:
    """Give everybody who has worked on a paper."""
    return papers.list_authors(exam.id)


def check_unsat(exam: Exam, act: Act) -> None:
    """Refuse to cancel what somebody has begun to sit."""
    del act
    begun = select(Sitting.id).where(Sitting.exam_id == exam.id, Sitting.started_at.is_not(None))
    if db.session.scalar(begun.limit(1)) is not None:
        refuse(form=HAS_BEGUN)


def check_graded(exam: Exam, act: Act) -> None:
    """Refuse a release while another run is under way: it would be about other marks."""
    del act
    if is_grading(exam):
        refuse(form=STILL_GRADING)
    if waiting := hand_answers.count_waiting(exam.id):
        refuse(form=hand_answers.WAITING.format(count=waiting))


def open_results(exam: Exam, act: Act) -> None:
    """Count the first version of the 成绩通报."""
    del act
    exam.release_version = 1


def facts_of(exam: Exam) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question; never a question or its key."""
    items = papers.list_items(exam.id)
    return [
        ("考试", exam.title),
        ("开放时间", f"{formats.moment(exam.opens_at)}至{formats.moment(exam.closes_at)}"),
        ("限时", f"{exam.minutes}分钟"),
        (
            "题目",
            f"{readiness.count_questions(exam.id)}道，满分{formats.marks(readiness.full_marks_of(exam.id))}分",
        ),
        ("合格分", f"{formats.marks(exam.pass_marks)}分"),
        ("指定题", f"{len(items)}道"),
    ]


def brief_of(exam: Exam) -> list[str]:
    """Say on a 汇总表 what is decided on."""
    return [f"{label}：{text}" for label, text in facts_of(exam)[1:]]


STATES = (
    State(value=DRAFT, label="起草中", kind="", owner=DRAFTERS, days=setting_days(DRAFT_DAYS)),
    State(
        value=SUBMITTED, label="待审核", kind="amber", owner=REVIEWERS,
        days=setting_days(REVIEW_DAYS),
    ),
    State(
        value=REVIEWED, label="待审定", kind="amber", owner=APPROVERS,
        days=setting_days(APPROVE_DAYS),
    ),
    State(
        value=APPROVED, label="待发布", kind="amber", owner=PUBLISHERS,
        days=setting_days(PUBLISH_DAYS),
    ),
    State(value=PUBLISHED, label="已发布", kind="blue", waiting=Waiting.RESTING),
    State(
        value=GRADED, label="已评卷，待公布", kind="amber", owner=RELEASERS,
        days=setting_days(RELEASE_DAYS),
    ),
    State(value=RELEASED, label="已公布", waiting=Waiting.CLOSED),
    State(value=CANCELLED, label="已作废", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="submit", label="送审", sources=(DRAFT,), target=SUBMITTED, by=DRAFTERS,
        permission=Permission.EXAMS_PAPER_DRAFT, stamp="submitted", is_primary=True,
        guard=check_whole, effect=keep_print, done="已送审，等业务科室负责人审核。",
    ),
    Move(
        name="review", label="审核通过，报审定", sources=(SUBMITTED,), target=REVIEWED,
        by=REVIEWERS, permission=Permission.EXAMS_PAPER_REVIEW, stamp="reviewed",
        not_by=("drafted_by_id", "submitted_by_id"), refused=NOT_YOUR_OWN, bars=authors_of,
        is_approval=True, is_primary=True, applies=lambda exam: exam.needs_approval,
        guard=check_same,
        done="已审核通过，等中心领导审定。",
    ),
    Move(
        name="pass", label="审核通过", sources=(SUBMITTED,), target=APPROVED,
        by=REVIEWERS, permission=Permission.EXAMS_PAPER_REVIEW, stamp="reviewed",
        not_by=("drafted_by_id", "submitted_by_id"), refused=NOT_YOUR_OWN, bars=authors_of,
        is_approval=True, is_primary=True, applies=lambda exam: not exam.needs_approval,
        guard=check_same, tells=("drafted_by_id",), done="已审核通过，可以发布。",
    ),
    Move(
        name="approve", label="审定", sources=(REVIEWED,), target=APPROVED, by=APPROVERS,
        permission=Permission.EXAMS_PAPER_APPROVE, stamp="approved",
        not_by=("drafted_by_id", "submitted_by_id", "reviewed_by_id"), refused=NOT_YOUR_OWN,
        bars=authors_of, is_approval=True, is_batch=True, is_primary=True, guard=check_same,
        tells=("drafted_by_id",), done="已审定，可以发布。",
    ),
    Move(
        name="send-back", label="退回", sources=(SUBMITTED,), target=DRAFT, by=REVIEWERS,
        permission=Permission.EXAMS_PAPER_REVIEW, reason="退回原因", is_return=True,
        not_by=("drafted_by_id", "submitted_by_id"), refused=NOT_YOUR_OWN, bars=authors_of,
        tells=("drafted_by_id",), done="已退回，起草人会看到原因。",
    ),
    Move(
        name="refuse", label="不同意，退回", sources=(REVIEWED,), target=DRAFT, by=APPROVERS,
        permission=Permission.EXAMS_PAPER_APPROVE, reason="退回原因", is_return=True,
        not_by=("drafted_by_id", "submitted_by_id"), refused=NOT_YOUR_OWN, bars=authors_of,
        tells=("drafted_by_id", "reviewed_by_id"), done="已退回，起草人会看到原因。",
    ),
    Move(
        name="reopen", label="退回修改", sources=(APPROVED,), target=DRAFT, by=PUBLISHERS,
        permission=Permission.EXAMS_PAPER_PUBLISH, reason="修改原因", is_return=True,
        tells=("drafted_by_id", "reviewed_by_id"), done="已退回起草，改好后要重新送审。",
    ),
    Move(
        name="publish", label="发布", sources=(APPROVED,), target=PUBLISHED, by=PUBLISHERS,
        permission=Permission.EXAMS_PAPER_PUBLISH, stamp="published", is_primary=True,
        endpoint="exams.publish_paper", guard=check_frozen,
        done="已发布。试卷已经定稿，应考人员到时就能进入。",
    ),
    Move(
        name="grade", label="评卷完成", sources=(PUBLISHED,), target=GRADED, by=SITE,
        permission=Permission.EXAMS_RESULT_GRADE, endpoint="exams.grade_paper",
    ),
    Move(
        name="release", label="公布成绩", sources=(GRADED,), target=RELEASED, by=RELEASERS,
        permission=Permission.EXAMS_RESULT_RELEASE, stamp="released", is_primary=True,
        guard=check_graded, effect=open_results, tells=("drafted_by_id",),
        question="公布后，应考人员都能看到自己的成绩、错题和答案；公布不能撤回。",
        done="已公布，每个人可以看到自己的成绩。",
    ),
    Move(
        name="cancel", label="作废", sources=(DRAFT, SUBMITTED, REVIEWED, APPROVED, PUBLISHED),
        target=CANCELLED, by=DRAFTERS, permission=Permission.EXAMS_PAPER_DRAFT,
        reason="作废原因", guard=check_unsat, tells=("reviewed_by_id", "approved_by_id"),
        done="已作废。",
    ),
)  # fmt: skip

FLOW = Flow(
    name=papers.FLOW_NAME,
    noun="考试",
    word="paper",
    model=Exam,
    states=STATES,
    moves=MOVES,
    title=lambda exam: exam.title,
    department=lambda _exam: None,
    endpoint="exams.show_paper",
    arguments=lambda exam: {"exam_id": exam.id},
    object_type="exam",
    facts=facts_of,
    brief=brief_of,
)


def make_move(exam_id: int, name: str, user: Principal | None) -> None:
    """Make a move that asks for nothing, in the open write; without a user the site makes it."""
    workflow.execute(FLOW, record_id=exam_id, name=name, user=user)
