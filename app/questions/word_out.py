"""Questions as a Word file that people read, correct and give back: what is written reads back.

One paragraph for each part of a question; a line break inside stays inside, so that nothing in a
text can be taken for the next part.
"""

import io
import re
from collections.abc import Iterator, Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from app.questions.key_text import write_key
from app.questions.kinds import QUESTION_KIND_LABELS
from app.questions.parsing.result import Group, ParsedQuestion, Picture
from app.questions.writing import BETWEEN_TAGS, TITLE, marks_text

FONT, LATIN = "宋体", "Times New Roman"
SHARED, SHARED_END = "【共用题干】", "【共用题干结束】"
WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(25)
TITLE_SIZE, TEXT_SIZE = Pt(18), Pt(12)
BETWEEN, INDENT, PICTURE_WIDTH = Pt(10), Mm(6), Mm(80)
MARKER = re.compile(r"(\[图\d+\])")


def write_docx(questions: Sequence[ParsedQuestion]) -> bytes:
    """Write all questions in their order, each with its key and what it rests on."""
    document = begin()
    group: Group | None = None
    for number, question in enumerate(questions, start=1):
        if question.group != group:
            write_group(document, group, question.group, question.pictures)
            group = question.group
        write_question(document, number, question)
    write_group(document, group, None)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def begin() -> WordDocument:
    """Give an empty A4 document with its title."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = MARGIN
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, TEXT_SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    title = document.add_paragraph()
    run = title.add_run(TITLE)
    run.bold, run.font.size = True, TITLE_SIZE
    return document


def write_group(
    document: WordDocument,
    before: Group | None,
    group: Group | None,
    pictures: Sequence[Picture] = (),
) -> None:
    """Close the shared stem of the questions before, and begin that of those that follow."""
    if before:
        add(document, SHARED_END)
    if group:
        stem = add(document, f"{SHARED}{group.stem}", pictures)
        stem.paragraph_format.space_before = BETWEEN


def write_question(document: WordDocument, number: int, question: ParsedQuestion) -> None:
    """Write one question, kept on one page with its options."""
    kind = f"（{QUESTION_KIND_LABELS[question.kind]}）" if question.kind else ""
    stem = add(document, f"{number}.{kind}{question.stem}", question.pictures)
    stem.paragraph_format.space_before = BETWEEN
    paragraphs = [stem]
    for option in question.options:
        paragraphs.append(add(document, f"{option.label}. {option.text}", question.pictures))
        paragraphs[-1].paragraph_format.left_indent = INDENT
    paragraphs += [add(document, f"{label}：{text}") for label, text in fields_of(question)]
    for paragraph in paragraphs[:-1]:
        paragraph.paragraph_format.keep_with_next = True


def fields_of(question: ParsedQuestion) -> Iterator[tuple[str, str]]:
    """Give the labelled lines below a question, those that say something."""
    marks = marks_text(question.marks)
    labelled = (
        ("答案", write_key(question.kind, question.answer)),
        ("分值", f"{marks}分" if marks else ""),
        ("难度", question.difficulty),
        ("知识点", BETWEEN_TAGS.join(question.tags)),
        ("依据", question.basis or ""),
        ("解析", question.analysis),
    )
    return (each for each in labelled if each[1])


def add(document: WordDocument, text: str, pictures: Sequence[Picture] = ()) -> Paragraph:
    """Add a paragraph; a newline in the text is a line break, a marker its picture."""
    paragraph = document.add_paragraph()
    shown = {each.marker: each.content for each in pictures}
    for piece in MARKER.split(text):
        if piece in shown:
            paragraph.add_run().add_picture(io.BytesIO(shown[piece]), width=PICTURE_WIDTH)
        elif piece:
            paragraph.add_run(piece)
    return paragraph
