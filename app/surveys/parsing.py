"""Questions out of an Excel file: what is sure as questions, everything else as problems.

The file has a header with 题型 and 题目, and 选项 (one a line), 编号, 必答 where wanted. No
database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.kernel.sheet_templates import TemplateColumn, write_template
from app.kernel.sheets_in import CellValue, Sheet, column_name, read_sheet, text_of
from app.surveys.questions import (
    KIND_LABELS,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Question,
    QuestionKind,
    next_code,
)

KIND, TEXT, OPTIONS, CODE, REQUIRED = "题型", "题目", "选项", "编号", "必答"
MOST_ROWS = 200
LONGEST_CODE = 16
LEAST_OPTIONS = 2
KINDS = {
    **{label: kind for kind, label in KIND_LABELS.items()},
    "量表": QuestionKind.SCALE,
    "单选题": QuestionKind.SINGLE,
    "多选题": QuestionKind.MULTIPLE,
    "问答": QuestionKind.TEXT,
}
COLUMNS = (
    TemplateColumn(
        label=KIND, note="、".join(KIND_LABELS.values()), example="单选", is_required=True
    ),
    TemplateColumn(
        label=TEXT, note="一题只问一件事。", example="这次培训的时长怎么样？", is_required=True
    ),
    TemplateColumn(label=OPTIONS, note="单选、多选用，一行一个。", example="偏短\n合适\n偏长"),
    TemplateColumn(label=REQUIRED, note="是或否，不写就是必答。", example="是"),
)
RULES = ("第一题应当是必答的满意度题。", "出现的条件在页面上设。")
NO = {"否", "选答", "不必答", "n", "no", "0"}


@dataclass(frozen=True, kw_only=True)
class ParseProblem:
    """One thing that could not be taken; `where` is a cell as Excel names it, or the file."""

    where: str
    severity: str
    message: str

    @property
    def is_error(self) -> bool:
        """Tell whether the file can't be taken as it is."""
        return self.severity == "error"


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a file holds."""

    questions: list[Question] = field(default_factory=list)
    problems: list[ParseProblem] = field(default_factory=list)

    def refuse(self, where: str, message: str, severity: str = "error") -> None:
        """Note a problem."""
        self.problems.append(ParseProblem(where=where, severity=severity, message=message))


def template_file() -> bytes:
    """Give the empty file, with an example and the rules."""
    return write_template("题目", COLUMNS, RULES)


def parse(content: bytes) -> Parsed:
    """Read the questions of a file; raises UnreadableFileError for one that is no table."""
    return read_questions(read_sheet(content, MOST_ROWS))


def read_questions(sheet: Sheet) -> Parsed:
    """Read the questions of a sheet."""
    parsed = Parsed()
    columns = {name.strip(): at for at, name in enumerate(sheet.header)}
    for each in sheet.problems:
        parsed.refuse(each.place, each.message)
    missing = [name for name in (KIND, TEXT) if name not in columns]
    if missing:
        parsed.refuse("表头", f"表头里没有“{'”“'.join(missing)}”这一列。")
        return parsed
    for index, row in enumerate(sheet.rows):
        if not sheet.is_blank(index):
            read_row(parsed, row, columns, sheet.first_row + index)
    if not parsed.questions:
        parsed.refuse("文件", "没有读到题目。")
    return parsed


def read_row(
    parsed: Parsed, row: Sequence[CellValue], columns: dict[str, int], number: int
) -> None:
    """Read one row: a question, or what is wrong with it."""

    def cell(name: str) -> str:
        return text_of(row[columns[name]]).strip() if name in columns else ""

    def place(name: str) -> str:
        return f"{column_name(columns[name] + 1)}{number}"

    kind, text = KINDS.get(cell(KIND)), cell(TEXT)
    if kind is None:
        parsed.refuse(place(KIND), f"题型请写{'、'.join(KIND_LABELS.values())}中的一种。")
        return
    if not text or len(text) > LONGEST_QUESTION:
        parsed.refuse(place(TEXT), f"题目请写1到{LONGEST_QUESTION}个字。")
        return
    options = [each.strip() for each in cell(OPTIONS).splitlines() if each.strip()]
    if kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        if error := options_error(options):
            parsed.refuse(place(OPTIONS) if OPTIONS in columns else f"第{number}行", error)
            return
    elif options:
        parsed.refuse(place(OPTIONS), "这种题型没有自己的选项，没有采用。", "warning")
        options = []
    if len(parsed.questions) >= MOST_QUESTIONS:
        parsed.refuse(place(TEXT), f"最多{MOST_QUESTIONS}道题，这一题没有采用。")
        return
    parsed.questions.append(
        Question(
            code=code_of(parsed, cell(CODE), f"第{number}行"),
            kind=kind,
            text=text,
            options=tuple(options),
            is_required=cell(REQUIRED).lower() not in NO,
        )
    )


def options_error(options: Sequence[str]) -> str:
    """Say what is wrong with the options of a choice; empty where nothing is."""
    if len(options) < LEAST_OPTIONS:
        return "选择题至少要两个选项，一行一个。"
    is_long = any(len(each) > LONGEST_OPTION for each in options)
    if is_long or len(options) > MOST_OPTIONS or len(set(options)) < len(options):
        return f"最多{MOST_OPTIONS}个选项，每个不超过{LONGEST_OPTION}个字，不能重复。"
    return ""


def code_of(parsed: Parsed, typed: str, where: str) -> str:
    """Give the code that a row names, or a free one."""
    taken = {each.code for each in parsed.questions}
    if typed and typed not in taken and len(typed) <= LONGEST_CODE:
        return typed
    if typed:
        parsed.refuse(where, "编号重复或者太长，已另编。", "warning")
    return next_code(parsed.questions)
