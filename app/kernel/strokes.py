"""Names in the order of 姓氏笔画, as papers list them: 公示, 通报, lists of a committee.

"Names on 公示 and 通报 by 姓氏笔画". Fewer strokes come first; of equally many the first stroke
decides, 横 before 竖 before 撇 before 点 before 折, then the second, as 《GB 13000.1字符集汉字字序
（笔画序）规范》 does. The table beside this page says where its order comes from; it was not
compared with the printed standard. What it lacks, Latin letters and rare characters, comes last.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

TABLE = Path(__file__).with_name("strokes.txt")
# Between the parts of a foreign name; it is no character of the name.
DOTS = "·•."
# Behind every character that the table knows.
UNKNOWN = 1 << 20

Item = TypeVar("Item")


@cache
def _table() -> dict[str, tuple[int, int]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        if not line.startswith("#"):
            count, _, characters = line.partition(" ")
            found |= {each: (len(found) + at, int(count)) for at, each in enumerate(characters)}
    return found


def stroke_count(character: str) -> int | None:
    """Give how many strokes a character has; None for one that the table lacks."""
    found = _table().get(character)
    return found[1] if found else None


def stroke_key(name: str) -> tuple[int, ...]:
    """Give what names are sorted by: the place of each character, one after the other.

    A name that another begins with comes before it: 王安 before 王安石.
    """
    table = _table()
    return tuple(
        table[each][0] if each in table else UNKNOWN + ord(each)
        for each in name
        if each not in DOTS and not each.isspace()
    )


def sort_by_strokes(items: Iterable[Item], name: Callable[[Item], str] = str) -> list[Item]:
    """Sort by 姓氏笔画; equal names keep their order. `name` gives an item's name."""
    return sorted(items, key=lambda item: stroke_key(name(item)))
