"""The one door for files from outside.

"Uploads: 「严禁上传涉密、内部、敏感文件」 with a tick, titles scanned for 秘密, 机密, 绝密, 内部,
注意保存."

A form of an upload derives from UploadForm and is drawn by `_macros/upload.html`; its view takes
the file from `take_upload` and from nowhere else. What the file is decides its reader: tables
`kernel/sheets_in`, pictures `images.py`.
"""

from dataclasses import dataclass

from flask import request
from wtforms import BooleanField, FileField
from wtforms.validators import InputRequired

from app.kernel.forms import BaseForm, RefusedError

WARNING = "严禁上传涉密、内部、敏感文件"
MARKS = ("绝密", "机密", "秘密", "内部", "注意保存")
TEXT_SUFFIXES = (".txt", ".csv", ".md", ".html", ".htm", ".json", ".xml")
HEAD_BYTES = 4000
HEAD_LINES = 20
MAX_NAME = 200
NO_FILE = "请选择文件。"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file as it came: its bytes and the name that it had on the sender's machine.

    The name is for people to read; it never becomes a path.
    """

    name: str
    content: bytes


class UploadForm(BaseForm):
    """A form with one file and the tick that it holds nothing confidential."""

    file = FileField("文件")
    is_unclassified = BooleanField(
        "我已核对，这个文件不含涉密、内部、敏感内容", [InputRequired("请核对后打勾，再上传。")]
    )


def take_upload(form: UploadForm, *, max_bytes: int) -> Upload | None:
    """Give the file of a form that was sent, or None with the reasons on the form.

    Looks at the tick, the size, the name and, for text, at the first lines.
    """
    is_valid = form.validate()
    try:
        upload = read_file(max_bytes)
        check_marks(upload)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return None
    return upload if is_valid else None


def take_optional_upload(form: UploadForm, *, max_bytes: int) -> tuple[bool, Upload | None]:
    """Tell whether a form is right, and give its file where one was chosen; the tick belongs to it.

    What is wrong stands on the form.
    """
    if is_chosen():
        upload = take_upload(form, max_bytes=max_bytes)
        return upload is not None, upload
    form.is_unclassified.validators = ()
    return form.validate(), None


def is_chosen(name: str = "file") -> bool:
    """Tell whether a file was chosen in a form that was sent."""
    found = request.files.get(name)
    return found is not None and bool(found.filename)


def read_file(max_bytes: int, name: str = "file") -> Upload:
    """Read a file of this request; raises RefusedError when there is none or it is too large."""
    found = request.files.get(name)
    if found is None or not found.filename:
        raise RefusedError(**{name: NO_FILE})
    content = found.stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise RefusedError(**{name: f"文件超过{show_size(max_bytes)}，请缩小后再上传。"})
    if not content:
        raise RefusedError(**{name: "文件是空的，请重新选择。"})
    return Upload(name=shown_name(found.filename), content=content)


def show_size(size: int) -> str:
    """Write a number of bytes: 10MB or 200KB."""
    return f"{size >> 20}MB" if size >= 1 << 20 else f"{size >> 10}KB"


def shown_name(name: str) -> str:
    """Give a file's own name without folders and unseen characters."""
    name = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in name if character.isprintable())[-MAX_NAME:]


def check_marks(upload: Upload) -> None:
    """Refuse a file whose name or, where it is text, whose first lines bear a mark of secrecy."""
    if mark := find_mark(upload.name):
        raise RefusedError(file=refusal("文件名", mark))
    if upload.name.lower().endswith(TEXT_SUFFIXES) and (mark := find_mark(head_of(upload.content))):
        raise RefusedError(file=refusal("文件开头", mark))


def check_lines(lines: list[str]) -> None:
    """Refuse by the first lines of what another reader has unpacked, such as a table's header.

    Raises RefusedError(file=...).
    """
    if mark := find_mark("\n".join(lines[:HEAD_LINES])):
        raise RefusedError(file=refusal("文件开头", mark))


def find_mark(text: str) -> str:
    """Give the mark of secrecy that stands in a text, blanks between its characters or not."""
    joined = "".join(text.split())
    return next((mark for mark in MARKS if mark in joined), "")


def head_of(content: bytes) -> str:
    """Give the first lines of a text, whichever of the usual encodings it has."""
    head = content[:HEAD_BYTES]
    for encoding in ("utf-8", "gb18030"):
        try:
            text = head.decode(encoding)
        except UnicodeDecodeError as error:
            # The cut may have gone through the last character.
            if error.start < len(head) - 4:
                continue
            text = head[: error.start].decode(encoding)
        return "\n".join(text.splitlines()[:HEAD_LINES])
    return head.decode("utf-16", errors="ignore") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else ""


def refusal(where: str, mark: str) -> str:
    """Say why a file is not taken and what to do."""
    return (
        f"{where}里有“{mark}”字样，没有接收，也没有保存。涉密、内部文件请按保密规定线下办理；"
        "确认不涉密的，请改掉这个字样后再上传。"
    )
