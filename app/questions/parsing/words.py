"""The words by which files of questions name kinds, fields and keys."""

import re
from collections.abc import Iterable
from enum import StrEnum

from app.questions.kinds import QuestionKind


class Field(StrEnum):
    """What a labelled line of a question, or a column of a table, holds."""

    KEY = "key"
    ANALYSIS = "analysis"
    BASIS = "basis"
    DIFFICULTY = "difficulty"
    MARKS = "marks"
    TAGS = "tags"
    POST = "post"
    KIND = "kind"
    STEM = "stem"
    NUMBER = "number"
    OPTIONS = "options"


LONG_FIELDS = frozenset({Field.KEY, Field.ANALYSIS, Field.BASIS, Field.STEM})
"""What may run on over several lines."""

FIELD_LABELS: dict[Field, tuple[str, ...]] = {
    Field.KEY: (
        "答案", "正确答案", "参考答案", "标准答案", "试题答案", "题目答案", "本题答案", "正确选项",
        "正解", "答", "答案要点", "答题要点", "参考要点", "Answer", "ANSWER", "answer",
    ),
    Field.ANALYSIS: (
        "解析", "答案解析", "试题解析", "题目解析", "答题解析", "答案说明", "答案详解", "参考解析",
        "详解", "解答", "解释", "试题分析",
    ),
    Field.BASIS: (
        "依据", "出处", "来源", "法律依据", "政策依据", "文件依据", "制度依据", "法规依据", "条款依据",  # noqa: E501
        "答案依据", "答案出处", "命题依据", "出题依据", "题目出处", "试题出处", "题目来源", "试题来源",  # noqa: E501
        "参考依据", "依据文件", "依据条款",
    ),
    Field.DIFFICULTY: ("难度", "难易度", "难易程度", "难度系数", "难度等级", "试题难度"),
    Field.MARKS: ("分值", "分数", "本题分值", "本题分数", "题目分值", "试题分值"),
    Field.TAGS: ("知识点", "考点", "标签", "关键词", "考查点", "所属知识点", "考核点"),
    Field.POST: ("岗位", "适用岗位", "岗位类别"),
    Field.KIND: ("题型", "题目类型", "试题类型", "类型", "题类"),
    Field.STEM: ("题目", "题干", "试题", "试题内容", "题目内容", "题目题干", "问题", "试题题干"),
    Field.NUMBER: ("题号", "序号", "编号", "题目编号", "试题编号", "题目序号"),
    Field.OPTIONS: ("选项", "备选答案", "备选项", "选项内容", "题目选项", "试题选项", "可选项"),
}  # fmt: skip

GROUP_COLUMNS = frozenset(
    {"共用题干", "案例材料", "题干材料", "案例", "材料", "背景材料", "公共题干"}
)
"""What a column with shared stems is called."""


class Heading(StrEnum):
    """What a heading says about the questions below it."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    INDEFINITE = "indefinite"
    CHOICE = "choice"
    TRUE_FALSE = "true_false"
    BLANK = "blank"
    NUMERIC = "numeric"
    SHORT = "short"
    ESSAY = "essay"
    CASE = "case"


HEADING_WORDS: dict[Heading, tuple[str, ...]] = {
    Heading.SINGLE: ("单项选择题", "单选题", "单项选择", "单选", "单选择题", "单项题", "选择题(单选)"),  # noqa: E501
    Heading.MULTIPLE: ("多项选择题", "多选题", "多项选择", "多选", "选择题(多选)"),
    Heading.INDEFINITE: (
        "不定项选择题", "不定项选择", "不定项题", "不定项", "任选题", "不定向选择题",
    ),
    Heading.CHOICE: ("选择题", "选择"),
    Heading.TRUE_FALSE: (
        "判断题", "判断", "是非题", "是非判断题", "对错题", "判断对错", "判断正误", "判断对错题", "正误题",  # noqa: E501
        "判断正误题", "是非判断", "判断说法题",
    ),
    Heading.BLANK: ("填空题", "填空"),
    Heading.NUMERIC: ("数值题", "数字题", "数值填空题"),
    Heading.SHORT: ("简答题", "简答", "问答题", "问答", "简述题", "名词解释题", "名词解释", "简述"),
    Heading.ESSAY: ("论述题", "论述", "论述分析题", "作文题", "写作题"),
    Heading.CASE: (
        "案例分析题", "案例题", "案例分析", "案例选择题", "案例选择", "共用题干题", "共用题干选择题",  # noqa: E501
        "共用题干单选题", "综合题", "综合分析题", "材料题", "材料分析题", "情景题", "情景分析题",
        "案例", "共用题干",
    ),
}  # fmt: skip

HEADING_BY_WORD = {word: heading for heading, words in HEADING_WORDS.items() for word in words}
FIELD_BY_LABEL = {label: name for name, labels in FIELD_LABELS.items() for label in labels}

KIND_OF_HEADING = {
    Heading.SINGLE: QuestionKind.SINGLE,
    Heading.MULTIPLE: QuestionKind.MULTIPLE,
    Heading.INDEFINITE: QuestionKind.MULTIPLE,
    Heading.TRUE_FALSE: QuestionKind.TRUE_FALSE,
    Heading.BLANK: QuestionKind.BLANK,
    Heading.NUMERIC: QuestionKind.NUMERIC,
    Heading.SHORT: QuestionKind.SHORT,
    Heading.ESSAY: QuestionKind.ESSAY,
}

CHOICES = frozenset({Heading.SINGLE, Heading.MULTIPLE, Heading.INDEFINITE, Heading.CHOICE})
WRITTEN = frozenset({Heading.SHORT, Heading.ESSAY})

TRUE_WORDS = frozenset({"√", "对", "正确", "是", "T", "t", "true", "True", "TRUE", "Y", "y", "√对", "对√", "√正确", "正确√"})  # fmt: skip  # noqa: E501
FALSE_WORDS = frozenset({"×", "错", "错误", "不正确", "否", "不对", "F", "f", "false", "False", "FALSE", "N", "n", "X", "x", "×错", "错×", "×错误", "错误×"})  # fmt: skip  # noqa: E501


def alternatives(words: Iterable[str]) -> str:
    """Give a pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
