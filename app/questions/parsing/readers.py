"""Tells what a file is and has it read: text, Word, Excel."""

from app.kernel.old_word_in import read_old_word
from app.kernel.sheets_in import (
    OLD_EXCEL as OLD_OFFICE,
)
from app.kernel.sheets_in import (
    ZIP,
    CellValue,
    RawSheet,
    UnreadableFileError,
    read_all_sheets,
    text_of,
)
from app.kernel.word_in import WordParagraph, read_word
from app.questions.parsing.document import UNREAD, Document, Line, Table
from app.questions.parsing.fields import split_fields
from app.questions.parsing.folding import fold, tidy
from app.questions.parsing.numbers import number_mark
from app.questions.parsing.options import first_label
from app.questions.parsing.words import Field

MOST_TEXT = 10_000_000
MOST_ROWS = 20_000
NOT_TEXT = "这个文件不是能读的文本。请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”，再上传。"
TOO_LONG = "文件里的文字太多。请分成几个文件再上传。"
EMPTY = "文件是空的，请重新选择。"
OLD_EXCEL = (
    "这是老格式的 .xls 文件。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”，再上传。"
)
NOT_OURS = "不能读取这种格式的文件。请上传 .docx、.xlsx、.txt 文件。"
FROM_DOC = "这道题来自老格式的 .doc 文件，自动编号和表格可能读错，请逐题核对。"
FOREIGN = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")


def read_document(content: bytes, name: str) -> Document:
    """Read a file by its first bytes and its name; raises UnreadableFileError."""
    if not content:
        raise UnreadableFileError(EMPTY)
    ending = name.rpartition(".")[2].lower()
    if content.startswith(ZIP):
        return read_excel(content) if ending in {"xlsx", "xlsm"} else read_docx(content)
    if content.startswith(OLD_OFFICE):
        if ending == "xls":
            raise UnreadableFileError(OLD_EXCEL)
        return read_doc(content)
    if content.startswith(FOREIGN):
        raise UnreadableFileError(NOT_OURS)
    if ending in {"docx", "xlsx", "doc"}:
        return (read_excel if ending == "xlsx" else read_docx)(content)
    return read_text(content)


def read_text(content: bytes) -> Document:
    """Read plain text in the encodings that office programs write."""
    return document_of(decode(content))


def document_of(text: str, doubt: str = "") -> Document:
    """Part a text into lines."""
    if "\0" in text:
        raise UnreadableFileError(NOT_TEXT)
    lines = tidy(text).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    return Document(
        blocks=tuple(
            Line(text=each, where=f"第{place}行") for place, each in enumerate(lines, start=1)
        ),
        doubt=doubt,
    )


def decode(content: bytes) -> str:
    """Give the text of utf-8, utf-16 with its mark, or gb18030; raises UnreadableFileError."""
    if len(content) > MOST_TEXT:
        raise UnreadableFileError(TOO_LONG)
    if not content.strip():
        raise UnreadableFileError(EMPTY)
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(NOT_TEXT)


def read_doc(content: bytes) -> Document:
    """Read an old Word file as text; each of its questions waits for a person."""
    return document_of(read_old_word(content), FROM_DOC)


def read_docx(content: bytes) -> Document:
    """Read a Word file."""
    word = read_word(content)
    blocks: list[Line | Table] = []
    for block in word.blocks:
        if isinstance(block, WordParagraph):
            blocks += paragraph_lines(tidy(block.text), block.where)
        else:
            rows = tuple(tuple(tidy(cell) for cell in row) for row in block.rows)
            blocks.append(Table(rows=rows, where=block.where))
    return Document(blocks=tuple(blocks), pictures=word.pictures, problems=word.problems)


def paragraph_lines(text: str, where: str) -> list[Line]:
    """Part a paragraph at its line breaks.

    What stands behind a break belongs to the paragraph, whatever it begins with, unless the whole
    question was typed into one paragraph: its options or its key stand behind breaks then.
    """
    first, *others = text.split("\n")
    is_one = not (_holds_question([first, *others]) or _counts_on(first, others))
    return [
        Line(text=first, where=where),
        *(Line(text=each, where=where, goes_on=is_one) for each in others),
    ]


def _holds_question(lines: list[str]) -> bool:
    labels = [first_label(each) for each in lines]
    # The first line is the paragraph's own, whatever it holds.
    is_chain = "A" in labels and "B" in labels[labels.index("A") + 1 :]
    return is_chain or any(_names_key(each) for each in lines[1:])


def _names_key(line: str) -> bool:
    return any(each.field is Field.KEY for each in split_fields(line)[1])


def _counts_on(first: str, lines: list[str]) -> bool:
    """Tell whether the next number stands behind the first break: a list of short questions."""
    mark = number_mark(fold(first))
    following = number_mark(fold(lines[0])) if lines else None
    if mark is None or following is None:
        return False
    return following.family is mark.family and following.value == mark.value + 1


def read_excel(content: bytes) -> Document:
    """Read all sheets of an Excel file."""
    sheets = [each for each in read_all_sheets(content, MOST_ROWS) if each.rows]
    problems = [
        (f"工作表“{sheet.name}”{problem.place}", problem.message)
        for sheet in sheets
        for problem in sheet.problems
    ]
    blocks: list[Line | Table] = []
    for sheet in sheets:
        blocks += _sheet_blocks(sheet)
    return Document(blocks=tuple(blocks), problems=tuple(problems))


def _sheet_blocks(sheet: RawSheet) -> list[Line | Table]:
    """Give a sheet as a table, or as lines where it has one column only."""
    unread = {(each.row - sheet.first_row, each.column - 1) for each in sheet.problems}
    rows = tuple(
        tuple(
            UNREAD if (place, column) in unread else tidy(_cell(cell))
            for column, cell in enumerate(row)
        )
        for place, row in enumerate(sheet.rows)
    )
    where = f"工作表“{sheet.name}”"
    table = Table(rows=rows, where=where, first_row=sheet.first_row)
    if any(sum(1 for cell in row if cell.strip()) > 1 for row in rows):
        return [table]
    return [
        Line(text=line, where=table.where_of(place))
        for place, row in enumerate(rows)
        for line in "".join(row).split("\n")
    ]


def _cell(value: CellValue) -> str:
    """Give a cell as it was typed; numbers and dates as they are written."""
    return value.strip() if isinstance(value, str) else text_of(value)
