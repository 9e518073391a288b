"""The kinds of questions, as all who read, keep or ask questions name them."""

from decimal import Decimal
from enum import StrEnum

MIN_OPTIONS = 2
MAX_OPTIONS = 8
OPTION_LABELS = "ABCDEFGH"
# More than a question may have, so that too many are told and not cut off.
LETTERS = f"{OPTION_LABELS}IJKLMNOP"
TRUE, FALSE = "true", "false"


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
CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})

# What a paper gives for a question of which the bank names no marks.
USUAL_MARKS = {
    QuestionKind.SINGLE: Decimal(2),
    QuestionKind.MULTIPLE: Decimal(3),
    QuestionKind.TRUE_FALSE: Decimal(1),
    QuestionKind.BLANK: Decimal(2),
    QuestionKind.NUMERIC: Decimal(2),
    QuestionKind.SHORT: Decimal(10),
    QuestionKind.ESSAY: Decimal(10),
}


class QuestionDifficulty(StrEnum):
    """How hard a question is for somebody who has read its basis."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


DIFFICULTY_LABELS = {
    QuestionDifficulty.EASY: "易",
    QuestionDifficulty.MEDIUM: "中",
    QuestionDifficulty.HARD: "难",
}
# How files call the same; what is not here is no difficulty that anybody knows.
DIFFICULTY_WORDS = {
    "易": QuestionDifficulty.EASY,
    "容易": QuestionDifficulty.EASY,
    "较易": QuestionDifficulty.EASY,
    "简单": QuestionDifficulty.EASY,
    "easy": QuestionDifficulty.EASY,
    "中": QuestionDifficulty.MEDIUM,
    "中等": QuestionDifficulty.MEDIUM,
    "一般": QuestionDifficulty.MEDIUM,
    "适中": QuestionDifficulty.MEDIUM,
    "medium": QuestionDifficulty.MEDIUM,
    "难": QuestionDifficulty.HARD,
    "较难": QuestionDifficulty.HARD,
    "困难": QuestionDifficulty.HARD,
    "hard": QuestionDifficulty.HARD,
}


def read_difficulty(text: str) -> QuestionDifficulty | None:
    """Give the difficulty that a word of a file means, None where nobody knows it."""
    return DIFFICULTY_WORDS.get(text.strip().casefold())
