"""The same 成绩通报 as Word, to be edited and laid out with the hall's own head.

It says word for word what the PDF says, from the same snapshot; without a 校验码, since whoever has
it may change it. The fonts are those that office PCs have.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from app.exams.printing.notice import LEGEND, TOPICS_LEGEND, DepartmentRow, Notice, TopicRow

BODY, HEADING, TITLE = "仿宋", "黑体", "方正小标宋简体"
BODY_SIZE, TITLE_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(10.5)
LINE, TABLE_LINE = Pt(28.95), Pt(15)
WIDTH, HEIGHT = Mm(210), Mm(297)
TOP, RIGHT, BOTTOM, LEFT = Mm(37), Mm(26), Mm(35), Mm(28)
TWO_CHARACTERS = BODY_SIZE * 2
DEPARTMENT_HEADS = (
    "序", "部门", "应考", "缓考", "免考", "缺考", "实考", "合格", "参考率(%)", "合格率(%)",
)  # fmt: skip
DEPARTMENT_WIDTHS = (9, 39, 12, 12, 12, 12, 12, 12, 18, 18)
TOPIC_HEADS = ("序", "知识点", "答错/作答", "错误率(%)", "依据")
TOPIC_WIDTHS = (9, 42, 26, 20, 59)


def write_docx(notice: Notice) -> bytes:
    """Write the 通报; gives the file's bytes."""
    document = begin()
    add(document, notice.title, font=TITLE, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    add(document, "")
    add(document, "各科室、各进驻部门：", is_indented=False)
    add(document, notice.opening)
    add_heading(document, "一、基本情况")
    add(document, notice.basics)
    add_heading(document, notice.departments_heading)
    add(document, notice.departments_note)
    rows = [department_cells(each) for each in (*notice.departments, notice.total)]
    add_table(document, DEPARTMENT_HEADS, rows, DEPARTMENT_WIDTHS, left={1})
    add_legend(document, LEGEND)
    if notice.topics:
        add_heading(document, notice.topics_heading)
        rows = [topic_cells(each) for each in notice.topics]
        add_table(document, TOPIC_HEADS, rows, TOPIC_WIDTHS, left={1, 4})
        add_legend(document, TOPICS_LEGEND)
    if notice.praise:
        add_heading(document, notice.praise_heading)
        add(document, notice.praise)
    if notice.arrangement:
        add_heading(document, notice.arrangement_heading)
        for paragraph in notice.arrangement:
            add(document, paragraph)
    add(document, "")
    for text, indent in ((notice.office, 2), (notice.dated, 4)):
        signed = add(document, text, is_indented=False, align=WD_ALIGN_PARAGRAPH.RIGHT)
        signed.paragraph_format.right_indent = BODY_SIZE * indent
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def department_cells(row: DepartmentRow) -> tuple[str, ...]:
    """Give the cells of a line of the 部门情况表."""
    return (
        row.number, row.name, row.due, row.deferred, row.exempt, row.missing, row.sat, row.passed,
        row.attendance, row.pass_rate,
    )  # fmt: skip


def topic_cells(row: TopicRow) -> tuple[str, ...]:
    """Give the cells of a line of the 知识点."""
    return (row.number, row.name, row.wrong, row.rate, row.basis)


def begin() -> WordDocument:
    """Give an empty document on the grid of official papers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.top_margin, section.right_margin = TOP, RIGHT
    section.bottom_margin, section.left_margin = BOTTOM, LEFT
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, BODY_SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    form = style.paragraph_format
    form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    return document


def add(
    document: WordDocument,
    text: str,
    *,
    font: str = BODY,
    size: Pt = BODY_SIZE,
    is_indented: bool = True,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
) -> Paragraph:
    """Add a paragraph."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    if is_indented and align == WD_ALIGN_PARAGRAPH.JUSTIFY:
        paragraph.paragraph_format.first_line_indent = TWO_CHARACTERS
    write(paragraph, text, font=font, size=size)
    return paragraph


def write(paragraph: Paragraph, text: str, *, font: str, size: Pt) -> None:
    """Write a text in a font, which Word wants to be told twice: for Latin and for Chinese."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, size
    form: Any = run._element.rPr  # noqa: SLF001 - python-docx knows no Chinese font.
    form.rFonts.set(qn("w:eastAsia"), font)


def add_heading(document: WordDocument, text: str) -> None:
    """Add the heading of a section, which stays with what follows."""
    heading = add(document, text, font=HEADING)
    heading.paragraph_format.keep_with_next = True


def add_legend(document: WordDocument, text: str) -> None:
    """Add the line that says how a table is reckoned."""
    legend = add(document, text, size=TABLE_SIZE, is_indented=False)
    legend.paragraph_format.line_spacing = TABLE_LINE


def add_table(
    document: WordDocument,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
    *,
    left: set[int],
) -> None:
    """Add a table; `widths` in millimetres, `left` the columns that hold words."""
    table = document.add_table(rows=0, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    add_row(table, heads, widths, font=HEADING, left=left)
    # The head is repeated on every page.
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - there is no other way.
    for row in rows:
        add_row(table, row, widths, font=BODY, left=left)


def add_row(
    table: Table, texts: Sequence[str], widths: Sequence[int], *, font: str, left: set[int]
) -> None:
    """Add a row; words stand left, figures right, the number in the middle."""
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    for place, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = TABLE_LINE
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if place in left:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        elif place == 0:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        write(paragraph, text, font=font, size=TABLE_SIZE)
