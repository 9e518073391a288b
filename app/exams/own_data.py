"""What this room holds about one person: his sittings, answers and released results; never a key.

A mark is told after the release only. Of a question that he sits elsewhere, unreleased, whether he
was right is withheld with its cover, as on the page of his result (app/exams/withholding.py).
"""

from collections.abc import Sequence

from sqlalchemy import and_, select

from app.accounts.models import Department, Person
from app.exams import call_back_flow, excuse_flow
from app.exams.models import (
    EXCUSE_CAUSE_LABELS,
    EXCUSE_KIND_LABELS,
    HANDED_IN_BY_LABELS,
    LATE_CAUSE_LABELS,
    STANDING_LABELS,
    Answer,
    AnswerChange,
    AnswerMark,
    CallBack,
    Exam,
    ExamExcuse,
    ExamNotice,
    LateAnswer,
    PaperQuestion,
    QuestionDoubt,
    Sitting,
    SittingResult,
)
from app.exams.printing import RESULT_SHEET
from app.exams.service import results
from app.exams.service.papers import questions_sat_by
from app.files.models import ProducedPaper, StoredFile
from app.kernel import db
from app.kernel.listing import Statement
from app.kernel.personal import Field, PersonalTable, name_of, read_table


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give all tables."""
    return [
        sittings(person_id),
        result_table(person_id),
        marks_by_question(person_id),
        answers(person_id),
        answer_changes(person_id),
        late_answers(person_id),
        hand_marks(person_id),
        doubts(person_id),
        sheets(person_id),
        notices(person_id),
        excuses(person_id),
        call_backs(person_id),
    ]


def of_person(statement: Statement, person_id: int) -> Statement:
    """Leave the sittings of one person, by date."""
    return (
        statement.join(Exam, Exam.id == Sitting.exam_id)
        .where(Sitting.person_id == person_id)
        .order_by(Exam.opens_at, Exam.id)
    )


def sittings(person_id: int) -> PersonalTable:
    """Give the exams on whose roll the person is."""
    return read_table(
        "考试",
        [
            Field(label="考试", value=Exam.title, tells=[Sitting.exam_id, Sitting.person_id]),
            Field(label="部门", value=Department.name, tells=[Sitting.department_id]),
            Field(
                label="应考",
                value=Sitting.standing,
                show=lambda one: STANDING_LABELS[one],
            ),
            Field(label="场次", value=Sitting.batch),
            Field(label="开始", value=Sitting.started_at),
            Field(label="到时", value=Sitting.deadline_at),
            Field(label="暂停计时", value=Sitting.stopped_at),
            Field(label="交卷", value=Sitting.handed_in_at),
            Field(
                label="交卷方式",
                value=Sitting.handed_in_by,
                show=lambda by: HANDED_IN_BY_LABELS[by],
            ),
            Field(label="回执", value=Sitting.receipt),
            Field(label="卷号", value=Sitting.form_code),
            Field(
                label="答题设备",
                value=Sitting.device,
                show=lambda device: "记有一个随机标记" if device else "没有标记",
            ),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting).join(Department, Department.id == Sitting.department_id),
            person_id,
        ),
    )


def result_table(person_id: int) -> PersonalTable:
    """Give the results that are released, in the run that counts."""
    return read_table(
        "成绩",
        [
            Field(label="考试", value=Exam.title, tells=[SittingResult.sitting_id]),
            Field(label="成绩", value=SittingResult.marks),
            Field(label="合格", value=SittingResult.is_passed),
            Field(label="答对题数", value=SittingResult.correct_count),
            Field(label="第几次评卷", value=SittingResult.run),
            Field(label="公布", value=Exam.released_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting).join(
                SittingResult, SittingResult.sitting_id == Sitting.id
            ),
            person_id,
        ).where(SittingResult.run == Exam.graded_run, Exam.released_at.is_not(None)),
    )


def marks_by_question(person_id: int) -> PersonalTable:
    """Give the marks of each question whose outcome the person may know by now."""
    hidden = questions_sat_by(person_id)
    rows: list[list[object]] = []
    taken = of_person(
        select(Exam, Sitting).select_from(Sitting).where(Exam.released_at.is_not(None)), person_id
    )
    for exam, sitting in db.session.execute(taken).all():
        result = results.get_result(exam, sitting, hidden=hidden)
        rows += [
            [exam.title, item.number, item.chosen, item.earned, item.marks]
            for item in (result.items if result else ())
        ]
    return PersonalTable(
        title="每题得分",
        header=("考试", "题号", "作答", "得分", "满分"),
        rows=rows,
        columns=frozenset({name_of(SittingResult.details)}),
    )


def answers(person_id: int) -> PersonalTable:
    """Give what the person answered."""
    return read_table(
        "作答",
        [
            Field(label="考试", value=Exam.title, tells=[Answer.sitting_id]),
            Field(label="题号", value=Answer.number),
            Field(label="题目", value=PaperQuestion.stem),
            Field(label="作答", value=Answer.chosen, show=join),
            Field(label="标记", value=Answer.is_flagged),
            Field(label="第几次保存", value=Answer.revision),
            Field(label="保存时间", value=Answer.saved_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting)
            .join(Answer, Answer.sitting_id == Sitting.id)
            .join(
                PaperQuestion,
                and_(
                    PaperQuestion.exam_id == Sitting.exam_id, PaperQuestion.number == Answer.number
                ),
            ),
            person_id,
        ).order_by(Answer.number),
    )


def answer_changes(person_id: int) -> PersonalTable:
    """Give every save that counted, in its order."""
    return read_table(
        "作答的每次保存",
        [
            Field(label="考试", value=Exam.title, tells=[AnswerChange.sitting_id]),
            Field(label="题号", value=AnswerChange.number),
            Field(label="第几次保存", value=AnswerChange.revision),
            Field(label="作答", value=AnswerChange.chosen, show=join),
            Field(label="保存时间", value=AnswerChange.saved_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting).join(
                AnswerChange, AnswerChange.sitting_id == Sitting.id
            ),
            person_id,
        ).order_by(AnswerChange.saved_at, AnswerChange.number, AnswerChange.revision),
    )


def late_answers(person_id: int) -> PersonalTable:
    """Give what came after the time, admitted or not."""
    return read_table(
        "迟到的答案",
        [
            Field(label="编号", value=LateAnswer.id),
            Field(label="考试", value=Exam.title, tells=[LateAnswer.sitting_id]),
            Field(label="题号", value=LateAnswer.number),
            Field(label="作答", value=LateAnswer.chosen, show=join),
            Field(label="第几次保存", value=LateAnswer.revision),
            Field(label="收到", value=LateAnswer.received_at),
            Field(
                label="另存原因",
                value=LateAnswer.cause,
                show=lambda cause: LATE_CAUSE_LABELS[cause],
            ),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting).join(LateAnswer, LateAnswer.sitting_id == Sitting.id),
            person_id,
        ).order_by(LateAnswer.number, LateAnswer.revision),
    )


def hand_marks(person_id: int) -> PersonalTable:
    """Give the marks that people gave for his answers, once the results are released."""
    return read_table(
        "人工评分",
        [
            Field(label="考试", value=Exam.title, tells=[AnswerMark.sitting_id]),
            Field(label="题号", value=AnswerMark.number),
            Field(label="第几评", value=AnswerMark.round),
            Field(label="得分", value=AnswerMark.marks),
            Field(label="评语", value=AnswerMark.remark),
            Field(label="改动次数", value=AnswerMark.version),
            Field(label="评分时间", value=AnswerMark.marked_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting).join(AnswerMark, AnswerMark.sitting_id == Sitting.id),
            person_id,
        ).where(Exam.released_at.is_not(None)),
    )


def doubts(person_id: int) -> PersonalTable:
    """Give what the person said against questions."""
    return read_table(
        "对题目的疑问",
        [
            Field(
                label="考试",
                value=Exam.title,
                tells=[QuestionDoubt.exam_id, QuestionDoubt.sitting_id],
            ),
            Field(label="编号", value=QuestionDoubt.id),
            Field(label="题号", value=QuestionDoubt.number),
            Field(label="理由", value=QuestionDoubt.reason),
            Field(label="提出", value=QuestionDoubt.raised_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting).join(
                QuestionDoubt, QuestionDoubt.sitting_id == Sitting.id
            ),
            person_id,
        ),
    )


def sheets(person_id: int) -> PersonalTable:
    """Give the 成绩单 that were printed, with their check codes."""
    return read_table(
        "成绩单",
        [
            Field(label="考试", value=Exam.title),
            Field(label="校验码", value=ProducedPaper.check_code),
            Field(label="文件", value=StoredFile.name, tells=[StoredFile.name]),
            Field(label="制作", value=ProducedPaper.made_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting)
            .join(
                ProducedPaper,
                and_(
                    ProducedPaper.record_id == Sitting.id, ProducedPaper.kind == RESULT_SHEET.name
                ),
            )
            .join(StoredFile, StoredFile.id == ProducedPaper.file_id),
            person_id,
        ),
    )


def notices(person_id: int) -> PersonalTable:
    """Give the 成绩通报 in which the person is praised, and those for which he wrote the words."""
    found = db.session.execute(
        select(ExamNotice, Exam.title)
        .join(Exam, Exam.id == ExamNotice.exam_id)
        .order_by(ExamNotice.exam_id)
    )
    return PersonalTable(
        title="成绩通报",
        header=("考试", "表扬的事由", "由本人编写"),
        rows=[
            [
                title,
                notice.praise if person_id in notice.praised_ids else "",
                notice.edited_by_id == person_id,
            ]
            for notice, title in found
            if person_id in notice.praised_ids or notice.edited_by_id == person_id
        ],
        columns=frozenset({name_of(ExamNotice.praised_ids), name_of(ExamNotice.edited_by_id)}),
    )


def excuses(person_id: int) -> PersonalTable:
    """Give what was applied for and decided about the person's 缓考 and 免考."""
    return read_table(
        "缓考、免考",
        [
            Field(label="考试", value=Exam.title, tells=[ExamExcuse.sitting_id, ExamExcuse.id]),
            Field(
                label="种类",
                value=ExamExcuse.kind,
                show=lambda kind: EXCUSE_KIND_LABELS[kind],
            ),
            Field(
                label="原因",
                value=ExamExcuse.cause,
                show=lambda cause: EXCUSE_CAUSE_LABELS[cause],
            ),
            Field(label="说明", value=ExamExcuse.note),
            Field(label="由系统列入", value=ExamExcuse.is_automatic),
            Field(
                label="状态",
                value=ExamExcuse.state,
                show=lambda state: excuse_flow.FLOW.state(state).label,
            ),
            Field(label="申请时间", value=ExamExcuse.drafted_at),
            Field(label="批准人", value=Person.name, tells=[ExamExcuse.approved_by_id]),
            Field(label="批准时间", value=ExamExcuse.approved_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting)
            .join(ExamExcuse, ExamExcuse.sitting_id == Sitting.id)
            .outerjoin(Person, Person.id == ExamExcuse.approved_by_id),
            person_id,
        ),
    )


def call_backs(person_id: int) -> PersonalTable:
    """Give when the person was called back to the window, and what came of it."""
    return read_table(
        "叫回窗口",
        [
            Field(label="考试", value=Exam.title, tells=[CallBack.sitting_id, CallBack.id]),
            Field(
                label="状态",
                value=CallBack.state,
                show=lambda state: call_back_flow.FLOW.state(state).label,
            ),
            Field(label="叫回", value=CallBack.called_at),
            Field(label="剩余秒数", value=CallBack.left_seconds),
            Field(label="确认人", value=Person.name, tells=[CallBack.confirmed_by_id]),
            Field(label="确认时间", value=CallBack.confirmed_at),
            Field(label="返回", value=CallBack.resumed_at),
        ],
        lambda statement: of_person(
            statement.select_from(Sitting)
            .join(CallBack, CallBack.sitting_id == Sitting.id)
            .outerjoin(Person, Person.id == CallBack.confirmed_by_id),
            person_id,
        ),
    )


def join(chosen: Sequence[str]) -> str:
    """Write what was chosen."""
    return "、".join(chosen)
