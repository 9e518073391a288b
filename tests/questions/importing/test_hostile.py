"""Files that mean harm, or are merely broken: refused with a sentence, or read within bounds.

"hostile files refused": the sentence is Chinese and tells the clerk what to do.
"""

import signal
import zipfile
from io import BytesIO

import pytest

from app.kernel.sheets_in import UnreadableFileError
from app.questions.parsing import parse_file
from tests.questions.importing.excel_files import xlsx
from tests.questions.importing.expectations import unplaced
from tests.questions.importing.word_files import (
    HEAD,
    SPACES,
    docx,
    packed,
    paragraph,
    parts_of,
    plain_docx,
    table,
)

QUESTION = "一、单选题\n1. 谁负责收件？\nA. 经办人\nB. 群众\n答案：A\n"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096


def is_chinese(text):
    return any("一" <= letter <= "鿿" for letter in text)


def read_or_refused(content, name):
    """Read a file that may be refused: then its sentence is Chinese, and there is no result."""
    try:
        return parse_file(content, name)
    except UnreadableFileError as refused:
        message = str(refused)
    assert is_chinese(message)
    return None


def body_of(inner):
    return f"<w:document {SPACES}><w:body>{inner}</w:body></w:document>"


def with_document(document):
    return packed(parts_of([]) | {"word/document.xml": document})


def zip_bomb():
    """A document of 300 MB blanks in a few hundred kilobytes."""
    return with_document(HEAD.encode() + b"<!--" + b" " * (300 << 20) + b"-->")


def external_entity():
    head = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return with_document((head + body_of("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>")).encode())


def billion_laughs():
    entities = '<!ENTITY a "1">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    )
    head = f'<?xml version="1.0"?><!DOCTYPE d [{entities}]>'
    return with_document((head + body_of("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>")).encode())


def too_many_entries():
    parts = parts_of([paragraph("1. 谁？")])
    return packed(parts | {f"word/media/{at}.png": b"" for at in range(20_000)})


def encrypted_zip():
    """The directory says that each part is locked with a password."""
    content = bytearray(plain_docx(QUESTION))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def deep_nesting():
    inner = "<w:sdt><w:sdtContent>" * 100_000 + "</w:sdtContent></w:sdt>" * 100_000
    return with_document((HEAD + body_of(inner)).encode())


def endless_paragraphs():
    return with_document((HEAD + body_of("<w:p/>" * 5_000_000)).encode())


def without_document():
    parts = parts_of([])
    del parts["word/document.xml"]
    return packed(parts)


def other_zip():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("report.html", "<html></html>")
    return file.getvalue()


REFUSED = {
    "a zip bomb": (zip_bomb, "题库.docx"),
    "an external entity": (external_entity, "题库.docx"),
    "nested entities": (billion_laughs, "题库.docx"),
    "too many entries": (too_many_entries, "题库.docx"),
    "a password on the zip": (encrypted_zip, "题库.docx"),
    "a password of Word": (lambda: OLD_OFFICE, "题库.docx"),
    "a password of Excel": (lambda: OLD_OFFICE, "题库.xlsx"),
    "a truncated .docx": (lambda: plain_docx(QUESTION)[:-600], "题库.docx"),
    "a truncated .xlsx": (lambda: xlsx({"题": [["题目", "答案"]]})[:-600], "题库.xlsx"),
    "a .docx without a document": (without_document, "题库.docx"),
    "another zip called .docx": (other_zip, "题库.docx"),
    "another zip called .xlsx": (other_zip, "题库.xlsx"),
    "a picture called .txt": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "题库.txt"),
    "an empty file": (lambda: b"", "题库.docx"),
    "an empty text": (lambda: b"", "题库.txt"),
    "NUL in a text": (lambda: QUESTION.encode() + b"\0\0", "题库.txt"),
    "bytes of no encoding": (lambda: b"\xff\xff\xfe\xfe\x81" * 300, "题库.txt"),
    "a program": (lambda: b"MZ" + b"\x90\0" * 500, "题库.exe"),
    "deep nesting": (deep_nesting, "题库.docx"),
    "five million paragraphs": (endless_paragraphs, "题库.docx"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_with_a_chinese_sentence(case):
    make, name = REFUSED[case]
    with pytest.raises(UnreadableFileError) as refused:
        parse_file(make(), name)
    assert is_chinese(str(refused.value))
    assert str(refused.value).endswith("。")


def many_brackets():
    return "1. " + "（" * 200_000 + "\nA. 甲\nB. 乙\n答案：A\n"


LONG_LINES = {
    "blanks": lambda: "1. 题" + " " * 1_000_000 + "干\nA. 甲\nB. 乙\n答案：A\n",
    "opening brackets": many_brackets,
    "empty brackets": lambda: "1. 题" + "（ ）" * 100_000 + "\n",
    "underlines": lambda: "1. 填" + "_" * 1_000_000 + "\n",
    "options": lambda: "1. 题\n" + "A. 甲 B. 乙 " * 80_000 + "\n",
    "digits": lambda: "1" * 1_000_000 + "\n",
    "dotted numbers": lambda: "1." * 300_000 + "\n",
    "keys": lambda: "参考答案\n" + "1-5：DAABC " * 60_000 + "\n",
    "separators": lambda: "1. 题\n答案：" + "A、" * 300_000 + "\n",
    "a great range": lambda: "参考答案\n1-999999999：A\n",
    "headings": lambda: "一、" * 300_000 + "\n",
}


def give_up(_signal, _frame):
    pytest.fail("the reader hangs")


@pytest.fixture
def _alarm():
    """End a reader that hangs; nothing is measured."""
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_alarm")
@pytest.mark.parametrize("case", LONG_LINES)
def test_a_huge_line_is_read_or_refused_without_hanging(case):
    content = LONG_LINES[case]().encode()
    result = read_or_refused(content, "长行.txt")
    assert result is None or all(is_chinese(each.message) for each in result.problems)


@pytest.mark.usefixtures("_alarm")
@pytest.mark.parametrize("blank", [b" ", b"\n", b"\r\n"])
def test_a_hundred_megabytes_of_blanks_are_refused(blank):
    with pytest.raises(UnreadableFileError) as refused:
        parse_file(blank * ((100 << 20) // len(blank)), "空白.txt")
    assert is_chinese(str(refused.value))


def test_a_text_of_nothing_but_blanks_gives_no_question():
    result = read_or_refused(b" \n" * 100, "空白.txt")
    assert result is None or result.questions == ()


def test_a_word_file_called_txt_is_not_read_as_text():
    result = read_or_refused(plain_docx(QUESTION), "题库.txt")
    assert result is None or [each.stem for each in result.questions] == ["谁负责收件？"]


def test_a_macro_in_a_docx_is_refused_or_left_alone():
    parts = parts_of([paragraph(line) for line in QUESTION.split("\n")])
    content = packed(parts | {"word/vbaProject.bin": OLD_OFFICE})
    result = read_or_refused(content, "宏.docx")
    assert result is None or [each.answer for each in result.questions] == [["A"]]


def test_a_part_that_only_word_can_unfold_is_said():
    parts = parts_of(
        [paragraph(line) for line in QUESTION.split("\n")], after='<w:altChunk r:id="rId9"/>'
    )
    result = read_or_refused(packed(parts | {"word/chunk.html": b"<p>2.</p>"}), "嵌入.docx")
    assert result is None or unplaced(result)


def test_a_table_within_a_table_two_hundred_times_does_not_break_the_reader():
    inner = table([["1. 谁？"]])
    for _ in range(200):
        inner = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    result = read_or_refused(docx([inner]), "嵌套.docx")
    assert result is None or not any(result.is_sure(each) for each in result.questions)


def test_a_deleted_revision_is_no_text_of_a_question():
    deleted = "<w:del><w:r><w:delText>不</w:delText></w:r></w:del>"
    blocks = [paragraph("1. 应当", tail=f"{deleted}<w:r><w:t>收件。（√）</w:t></w:r>")]
    result = parse_file(docx([paragraph("一、判断题"), *blocks]), "修订.docx")
    assert "不" not in result.questions[0].stem
