"""Reads one Word file inside a limited child process; see word_in.py.

First the directory of the zip, then every part as a stream (zip_parts), then numbering and styles,
and last the document itself, streamed: nothing of it is kept but text and pictures.
"""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from app.kernel.children import ChildRefusedError
from app.kernel.word_body import BodyReader
from app.kernel.word_numbering import Lists, NumberingReader
from app.kernel.word_styles import Styles
from app.kernel.zip_parts import Attributes, Parts, Refusals, local_name

MOST_PICTURE = 5 << 20
MOST_PICTURES = 20 << 20
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")

TOO_LARGE = (
    "文件解压后过大，不予打开。请分成几个文件，或者把图片压缩后另存为新的 .docx 文件再上传。"
)
DAMAGED = "文件已经损坏，读不出来。请用 Word 或 WPS 打开，另存为新的“Word 文档（.docx）”，再上传。"
HAS_DTD = "文件里有不允许的外部声明（DTD），不予打开。请把内容复制到新建的 Word 文档里再上传。"
NO_DOCUMENT = "这不是 Word 文档。请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”，再上传。"
REFUSALS = Refusals(too_large=TOO_LARGE, damaged=DAMAGED, has_dtd=HAS_DTD, max_entries=1000)
BAD_PICTURE = "这里的图片格式读不出来（只能读 png、jpg、gif）。请在 Word 里改成普通图片后再上传。"


def work(content: bytes, options: Mapping[str, Any]) -> bytes:
    """Give blocks, pictures and problems as JSON; raises ChildRefusedError."""
    del options
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = Parts(archive=archive, refusals=REFUSALS)
            parts.check(len(content))
            answer = read(parts)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, EOFError) as error:
        raise ChildRefusedError(DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        # A compression that Python doesn't know, or an entry with a password.
        raise ChildRefusedError(DAMAGED) from error
    return json.dumps(answer, ensure_ascii=False).encode(errors="replace")


def read(parts: Parts) -> dict[str, Any]:
    """Read the document with its numbering, styles and pictures."""
    names = set(parts.archive.namelist())
    document = document_part(parts, names)
    folder = PurePosixPath(document).parent
    relations = relations_of(parts, document, names)
    lists, styles = Lists(), Styles()
    if (numbering := str(folder / "numbering.xml")) in names:
        lists = NumberingReader().read(parts, numbering)
    if (sheet := str(folder / "styles.xml")) in names:
        styles.read(parts, sheet)
    body = BodyReader(lists, styles, TOO_LARGE)
    parts.parse(document, start=body.start, end=body.end, text=body.text)
    pictures, problems = read_pictures(parts, body.pictures, relations, folder)
    return {"blocks": body.blocks, "pictures": pictures, "problems": [*body.problems, *problems]}


def document_part(parts: Parts, names: set[str]) -> str:
    """Give the name of the main part."""
    for target in relations_of(parts, "", names, "/officeDocument").values():
        name = target.lstrip("/")
        if name in names and name.endswith(".xml") and "word" in name:
            return name
    if "word/document.xml" in names:
        return "word/document.xml"
    raise ChildRefusedError(NO_DOCUMENT)


def relations_of(parts: Parts, name: str, names: set[str], kind: str = "") -> dict[str, str]:
    """Give the targets inside the file that a part names, by id."""
    path = PurePosixPath(name)
    relations = str(path.parent / "_rels" / f"{path.name}.rels") if name else "_rels/.rels"
    targets: dict[str, str] = {}

    def note(element: str, attributes: Attributes) -> None:
        if local_name(element) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        if attributes.get("Type", "").endswith(kind):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    if relations in names:
        parts.parse(relations, start=note)
    return targets


def read_pictures(
    parts: Parts,
    wanted: Mapping[str, tuple[str, str]],
    relations: dict[str, str],
    folder: PurePosixPath,
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Give the bytes of pictures by marker, and those that can't be read."""
    pictures: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    total = 0
    for marker, (relation, where) in wanted.items():
        data = picture_data(parts, relations.get(relation, ""), folder)
        total += len(data)
        if not data or total > MOST_PICTURES:
            problems.append((where, f"{marker}：{BAD_PICTURE}"))
        else:
            pictures[marker] = base64.b64encode(data).decode()
    return pictures, problems


def picture_data(parts: Parts, target: str, folder: PurePosixPath) -> bytes:
    """Give a picture of a known form, b"" for any other."""
    name = target.lstrip("/") if target.startswith("/") else str(folder / target)
    try:
        entry = parts.archive.getinfo(name)
    except KeyError:
        return b""
    if entry.file_size > MOST_PICTURE:
        return b""
    data = parts.archive.read(entry)
    return data if data.startswith(PICTURES) else b""
