"""Word and Excel files, made here part by part, and the command that reads them."""

import io
import json
import zipfile

import pytest
import xlsxwriter

from app.kernel import word_in_child
from app.kernel.sheets_in import UnreadableFileError
from app.kernel.word_in import read_word
from app.kernel.word_numbering import number_text
from app.questions.parsing import parse_file
from tests.questions.parsing.texts import doubts, sure

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
LISTS = """
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2．"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def paragraph(text: str, number: int = 0, level: int = 0, more: str = "") -> str:
    numbering = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    )
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p>{numbering if number else ''}{run}{more}</w:p>"


def table(*rows) -> str:
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{each}</w:tr>" for each in cells) + "</w:tbl>"


def docx(*blocks: str, head: str = "", parts=()) -> bytes:
    buffer = io.BytesIO()
    body = f"<w:document {SPACES}><w:body>{''.join(blocks)}</w:body></w:document>"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", head + body)
        target.writestr("word/numbering.xml", f"<w:numbering {SPACES}>{LISTS}</w:numbering>")
        for name, data in parts:
            target.writestr(name, data)
    return buffer.getvalue()


def xlsx(**sheets) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_words_automatic_numbers_are_read_with_their_restarts():
    content = docx(
        paragraph("单选题", 1),
        *(
            paragraph("甲（ ）", 2),
            paragraph("一", 2, 1),
            paragraph("二", 2, 1),
            paragraph("答案：B"),
        ),
        *(paragraph("乙（ A ）", 2), paragraph("一", 2, 1), paragraph("二", 2, 1)),
        *(paragraph("判断题", 1), paragraph("丙。（√）", 3)),
    )
    result = parse_file(content, "a.docx")
    assert [each.number for each in result.questions] == ["1", "2", "1"]
    assert sure(result) == [("single", ["B"]), ("single", ["A"]), ("true_false", ["true"])]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("chineseCountingThousand", "二十一"),
        ("upperRoman", "XXI"),
        ("lowerLetter", "uu"[:2]),
        ("decimalFullWidth", "２１"),
        ("chineseLegalSimplified", "贰十壹"),
        ("decimalZero", "21"),
    ],
)
def test_numbers_are_written_in_words_forms(form, text):
    assert number_text(21, form) == (text if form != "lowerLetter" else "u")


def test_deleted_and_hidden_text_is_left_out_and_underlined_blanks_become_lines():
    deleted = "<w:del><w:r><w:delText>坏</w:delText></w:r></w:del>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
    blank = '<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">    </w:t></w:r>'
    content = docx(
        paragraph("填空题"),
        paragraph("1. 清廉", more=deleted + hidden + blank),
        paragraph("答案：窗口"),
    )
    result = parse_file(content, "a.docx")
    assert (result.questions[0].stem, sure(result)) == ("清廉____", [("blank", [["窗口"]])])


def test_options_and_keys_in_tables_are_found():
    content = docx(
        paragraph("单选题"),
        *(paragraph("1. 甲（ ）"), table(["A", "一", "B", "二"])),
        *(paragraph("2. 乙（ ）"), table(["A．一", "B．二"], ["C．三", ""])),
        *(paragraph("参考答案"), table(["题号", "1", "2"], ["答案", "B", "C"])),
    )
    assert sure(parse_file(content, "a.docx")) == [("single", ["B"]), ("single", ["C"])]


def test_a_text_box_is_read_once_and_an_equation_is_a_doubt():
    box = paragraph("1. 甲（ ）") + paragraph("A. 一") + paragraph("B. 二") + paragraph("答案：A")
    both = f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{box}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{box}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    equation = "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>"
    content = docx(
        f"<w:p>{both}</w:p>",
        paragraph("2. 乙", more=equation),
        paragraph("A. 一 B. 二"),
        paragraph("答案：A"),
    )
    result = parse_file(content, "a.docx")
    assert sure(result) == [("single", ["A"])]
    assert "公式" in doubts(result, 1)


def test_a_picture_of_a_stem_is_kept_and_an_unknown_one_is_a_doubt():
    def drawing(name):
        return f'<w:r><w:drawing><a:blip r:embed="{name}"/></w:drawing></w:r>'

    relations = '<Relationships><Relationship Id="r1" Type="x/image" Target="media/a.png"/><Relationship Id="r2" Type="x/image" Target="media/b.emf"/></Relationships>'
    parts = [
        ("word/_rels/document.xml.rels", relations),
        ("word/media/a.png", PNG),
        ("word/media/b.emf", b"emf"),
    ]
    blocks = [
        part
        for name in ("r1", "r2")
        for part in (
            paragraph(f"{name[1]}. 图", more=drawing(name)),
            paragraph("A. 一 B. 二"),
            paragraph("答案：A"),
        )
    ]
    result = parse_file(docx(*blocks, parts=parts), "a.docx")
    assert [(each.marker, each.content) for each in result.questions[0].pictures] == [
        ("[图1]", PNG)
    ]
    assert "图片" in doubts(result, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (docx(head="<!DOCTYPE x [<!ENTITY a '1'>]>"), word_in_child.HAS_DTD),
        (docx(parts=[("word/a.xml", b"0" * (143 << 20))]), word_in_child.TOO_LARGE),
        (docx(parts=[(f"word/{at}.bin", b"x") for at in range(1000)]), word_in_child.TOO_LARGE),
        (docx("<w:tbl><w:tr><w:tc>" * 200), word_in_child.DAMAGED),
        (b"PK\x03\x04" + bytes(100), word_in_child.DAMAGED),
        (xlsx(a=[["x"]]), word_in_child.NO_DOCUMENT),
    ],
)
def test_hostile_word_files_are_refused(content, message):
    with pytest.raises(UnreadableFileError) as caught:
        read_word(content)
    assert str(caught.value) == message


def test_a_document_inside_the_document_is_said():
    result = parse_file(docx('<w:altChunk r:id="x"/>'), "a.docx")
    assert "嵌着另一个文档" in result.problems[0].message


def test_all_sheets_of_a_workbook_are_read_with_tolerant_headers():
    content = xlsx(
        题库=[
            ["清源区题库"],
            [
                "序号",
                "题型",
                "试题内容",
                "选项A",
                "选项B",
                "选项C",
                "标准答案",
                "分数",
                "试题解析",
                "共用题干",
            ],
            [1, "单选", "甲", "一", "二", 3.5, "C", 2, "因为", "某事"],
            [2, "多选题", "乙", "一", "二", "三", "A、C", 2, "", "某事"],
            [3, "单选", "丙", "一", "", "三", "A", 2],
        ],
        判断题=[["题目", "答案"], ["丁", "×"], ["戊", "不知道"]],
        单选=[["题干", "选项", "答案"], ["己", "A.一\nB.二", "B"], ["庚", "一|二", "A"]],
    )
    result = parse_file(content, "a.xlsx")
    assert [answer for _, answer in sure(result)] == [["C"], ["A", "C"], ["false"], ["B"], ["A"]]
    assert result.questions[0].options[2].text == "3.5"
    assert result.questions[0].group == result.questions[1].group
    assert "缺少" in doubts(result, 2)


def test_a_formula_in_a_cell_keeps_its_question_back():
    content = xlsx(单选题=[["题干", "选项A", "选项B", "答案"], ["甲", "一", "=1+1", "A"]])
    assert "读不出来" in doubts(parse_file(content, "a.xlsx"))


def test_the_command_writes_the_contract_and_refuses_what_it_cannot_read(app, tmp_path):
    good, bad = tmp_path / "a.txt", tmp_path / "b.docx"
    good.write_text("单选题（每题2分）\n1. 甲\nA. 一\nB. 二\n答案：A\n")
    bad.write_bytes(b"%PDF")
    run = app.test_cli_runner().invoke
    said = run(args=["questions", "parse", str(good), "--json"])
    assert said.exit_code == 0
    question = json.loads(said.stdout)["questions"][0]
    assert (question["kind"], question["answer"], question["marks"]) == ("single", ["A"], "2.00")
    assert run(args=["questions", "parse", str(bad), "--json"]).exit_code == 1
