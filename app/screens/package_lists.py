"""What a package holds beside its pictures: their names, the list of them, what to take down.

"In a zip with validity dates and the list of what to take down": the list lies in the zip as text
and as a workbook, and stands on the package's page.
"""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from app.kernel import clock, formats, spreadsheets
from app.kernel.slides import SlidePage
from app.screens.models import ScreenPackageItem

LIST_NAME = "清单"
HEADER = ("图片", "部门", "窗口", "从哪一天起", "到哪一天")
GONE_HEADER = ("图片", "部门", "窗口", "为什么撤下")


@dataclass(frozen=True, kw_only=True)
class Gone:
    """A picture of the package before that hangs no longer."""

    item: ScreenPackageItem
    reason: str


def file_name(page: SlidePage) -> str:
    """Name a picture by department, window, validity and version; the same page, the same name."""
    slide = page.slide
    until = f"至{slide.valid_until:%Y%m%d}" if slide.valid_until else "起"
    parts = [
        safe(slide.title),
        safe(slide.window) or "全部窗口",
        f"{slide.valid_from:%Y%m%d}{until}",
    ]
    if page.count > 1:
        parts.append(f"第{page.number}页共{page.count}页")
    return "_".join([*parts, f"{slide.version[:8]}"]) + ".png"


def safe(text: str) -> str:
    """Make a text fit for a file's name on every machine."""
    return "".join(letter for letter in text if letter.isalnum() or letter in "-（）")[:40]


def compare(before: Sequence[ScreenPackageItem], now: Sequence[ScreenPackageItem]) -> list[Gone]:
    """Give what hung before and hangs no longer, each with why."""
    names, keys = {item.file_name for item in now}, {item.slide_key for item in now}
    return [
        Gone(item=item, reason="已换成新图" if item.slide_key in keys else "不再公开")
        for item in before
        if item.file_name not in names
    ]


def pack(
    file: IO[bytes],
    items: Sequence[ScreenPackageItem],
    pictures: Iterable[bytes],
    gone: Sequence[Gone],
    title: str,
) -> None:
    """Write the zip: pictures as they come, and the list as text and as a workbook."""
    sheets = list_sheets(items, gone)
    with zipfile.ZipFile(file, "w") as archive:
        for item, picture in zip(items, pictures, strict=True):
            archive.writestr(item.file_name, picture)
        archive.writestr(f"{LIST_NAME}.xlsx", spreadsheets.write_book(sheets))
        archive.writestr(f"{LIST_NAME}.txt", write_list(title, sheets).encode("utf-8-sig"))


def list_sheets(
    items: Sequence[ScreenPackageItem], gone: Sequence[Gone]
) -> list[spreadsheets.Sheet]:
    """Give what is to be hung and what to be taken down, as tables."""
    hung = [
        (
            item.file_name,
            item.title,
            shown_window(item),
            formats.day(item.valid_from),
            last_day(item),
        )
        for item in items
    ]
    down = [
        (each.item.file_name, each.item.title, shown_window(each.item), each.reason)
        for each in gone
    ]
    return [("播放", HEADER, hung), ("撤下", GONE_HEADER, down)]


def shown_window(item: ScreenPackageItem) -> str:
    """Give the window of an item, or that it is of all."""
    return item.window or "全部窗口"


def last_day(item: ScreenPackageItem) -> str:
    """Give the last day on which a picture may hang, in words."""
    return describe_end(item.valid_until)


def describe_end(valid_until: date | None) -> str:
    """Give the end of a validity in words."""
    return formats.day(valid_until) if valid_until else "长期"


def write_list(title: str, sheets: Sequence[spreadsheets.Sheet]) -> str:
    """Write the tables as plain text, with line ends for every machine."""
    lines = [f"大厅屏图片包　{title}　{formats.moment(clock.now())}制作"]
    for name, header, rows in sheets:
        lines += ["", f"【{name}】"]
        written = ["　".join(str(cell) for cell in row) for row in rows]
        lines += ["　".join(header), *written] if written else ["（无）"]
    return "\r\n".join(lines) + "\r\n"
