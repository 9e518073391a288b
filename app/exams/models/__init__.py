"""一月一考: papers, sittings, answers, marks (清廉8 “一月一考”, 效能11 “一月一考”).

Publishing freezes a paper and creates one sitting per person; from then on the database itself
refuses to change questions, keys, and whatever has been handed in. One file per thing that people
speak of: the exam, its paper, a sitting, its marks; what the database refuses stands in `triggers`.
"""

from app.exams.models.exam import (
    EXAM_PHASE_LABELS,
    FROZEN_STATES,
    GRACE,
    ControlKind,
    Exam,
    ExamAuthor,
    ExamBatch,
    ExamControl,
    ExamDepartment,
    ExamPerson,
    ExamPhase,
    ExamState,
)
from app.exams.models.paper import BlueprintRow, ExamItem, PaperForm, PaperKey, PaperQuestion
from app.exams.models.result import (
    AnswerMark,
    CorrectionKind,
    CorrectionState,
    QuestionCorrection,
    QuestionDoubt,
    ResultSheet,
    SittingResult,
)
from app.exams.models.sitting import (
    Answer,
    CallBack,
    CallBackState,
    ExamExcuse,
    ExcuseCause,
    ExcuseKind,
    ExcuseState,
    HandedInBy,
    LateAdmission,
    LateAnswer,
    LateCause,
    Sitting,
    SittingPresence,
    SittingStanding,
)
from app.exams.models.triggers import TRIGGERS

__all__ = [
    "EXAM_PHASE_LABELS",
    "FROZEN_STATES",
    "GRACE",
    "TRIGGERS",
    "Answer",
    "AnswerMark",
    "BlueprintRow",
    "CallBack",
    "CallBackState",
    "ControlKind",
    "CorrectionKind",
    "CorrectionState",
    "Exam",
    "ExamAuthor",
    "ExamBatch",
    "ExamControl",
    "ExamDepartment",
    "ExamExcuse",
    "ExamItem",
    "ExamPerson",
    "ExamPhase",
    "ExamState",
    "ExcuseCause",
    "ExcuseKind",
    "ExcuseState",
    "HandedInBy",
    "LateAdmission",
    "LateAnswer",
    "LateCause",
    "PaperForm",
    "PaperKey",
    "PaperQuestion",
    "QuestionCorrection",
    "QuestionDoubt",
    "ResultSheet",
    "Sitting",
    "SittingPresence",
    "SittingResult",
    "SittingStanding",
]
