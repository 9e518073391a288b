"""The kinds of questions, as all who read, keep or ask questions name them."""

from enum import StrEnum

MIN_OPTIONS = 2
MAX_OPTIONS = 8
OPTION_LABELS = "ABCDEFGH"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    BLANK = "blank"
    NUMERIC = "numeric"
    SHORT = "short"
    ESSAY = "essay"


QUESTION_KIND_LABELS = {
    QuestionKind.SINGLE: "单选题",
    QuestionKind.MULTIPLE: "多选题",
    QuestionKind.TRUE_FALSE: "判断题",
    QuestionKind.BLANK: "填空题",
    QuestionKind.NUMERIC: "数值题",
    QuestionKind.SHORT: "简答题",
    QuestionKind.ESSAY: "论述题",
}
