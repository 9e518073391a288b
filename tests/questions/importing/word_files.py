"""Writes .docx files from their raw parts, as Word writes them and not as a library tidies them."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{KIND}.document.main+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{KIND}.numbering+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{KIND}.styles+xml"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELATIONS = (
    f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATION}/numbering" Target="numbering.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATION}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATION}/image" Target="media/image1.png"/>'
    "</Relationships>"
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f0005000"
    "1ff56c72fd50000000049454e44ae426082"
)
PICTURE = (
    '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/'
    'drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:embed="rId3"/></pic:blipFill>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


def run(text: str) -> str:
    """Give runs of a text, a new one at each tab and line break, split in the middle as Word does."""
    parts = []
    for line_at, line in enumerate(text.split("\n")):
        parts.append("<w:r><w:br/></w:r>" if line_at else "")
        for cell_at, cell in enumerate(line.split("\t")):
            parts.append("<w:r><w:tab/></w:r>" if cell_at else "")
            half = len(cell) // 2
            parts += [words(cell[:half]), words(cell[half:])]
    return "".join(parts)


def words(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def paragraph(
    text: str, *, number: tuple[int, int] | None = None, style: str = "", tail: str = ""
) -> str:
    """Give a paragraph; `number` is (numbering, level) of Word's automatic numbering."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        properties += (
            f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
        )
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}{tail}</w:p>"


def table(rows: list[list[str]]) -> str:
    cells = [
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    ]
    return f"<w:tbl>{''.join(cells)}</w:tbl>"


def text_box(lines: list[str]) -> str:
    """Give a paragraph with a text box, which Word writes twice: for itself and for its elders."""
    inner = "<w:txbxContent>" + "".join(map(paragraph, lines)) + "</w:txbxContent>"
    return (
        "<w:p><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wp:inline><wps:wsp><wps:txbx>{inner}</wps:txbx>'
        "</wps:wsp></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def numbering(
    lists: dict[int, list[tuple[str, str]]], uses: dict[int, tuple[int, dict[int, int]]]
) -> str:
    """Give numbering.xml: lists of (format, text) per level; uses of a list with their restarts."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{name}">{"".join(map(level, range(9), levels))}</w:abstractNum>'
        for name, levels in lists.items()
    )
    concrete = "".join(
        f'<w:num w:numId="{use}"><w:abstractNumId w:val="{name}"/>'
        + "".join(
            f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            for at, start in restarts.items()
        )
        + "</w:num>"
        for use, (name, restarts) in uses.items()
    )
    return f"{HEAD}<w:numbering {SPACES}>{abstract}{concrete}</w:numbering>"


def level(at: int, shape: tuple[str, str]) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{shape[0]}"/>'
        f'<w:lvlText w:val="{shape[1]}"/></w:lvl>'
    )


def styles(numbered: dict[str, tuple[int, int]] | None = None) -> str:
    """Give styles.xml with styles that number their paragraphs."""
    given = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:pPr><w:numPr>'
        f'<w:ilvl w:val="{at}"/><w:numId w:val="{use}"/></w:numPr></w:pPr></w:style>'
        for name, (use, at) in (numbered or {}).items()
    )
    return f"{HEAD}<w:styles {SPACES}>{given}</w:styles>"


def parts_of(
    blocks: list[str], numbers: str = "", style_sheet: str = "", after: str = ""
) -> dict[str, bytes]:
    """Give the parts of a .docx by name; `after` stands at the end of its body."""
    body = f"{HEAD}<w:document {SPACES}><w:body>{''.join(blocks)}{after}<w:sectPr/></w:body></w:document>"
    texts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": body,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/numbering.xml": numbers or numbering({}, {}),
        "word/styles.xml": style_sheet or styles(),
    }
    return {name: text.encode() for name, text in texts.items()} | {"word/media/image1.png": PNG}


def packed(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(blocks: list[str], numbers: str = "", style_sheet: str = "") -> bytes:
    return packed(parts_of(blocks, numbers, style_sheet))


def plain_docx(text: str) -> bytes:
    """Give a .docx with a paragraph for each line."""
    return docx([paragraph(line) for line in text.split("\n")])
