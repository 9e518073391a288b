"""What hall screens show: one slide per commitment sheet, from whichever room offers some.

A room gives slides through `Feature.slides`: only what is approved and in force today. How a slide
is cut into pages, and how long each stays, stands here; how it looks, in the room `screens`. A text
is never shrunk and never scrolls: what has no room goes to the next page.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from app.kernel.types import json_digest

LEAST_SECONDS, MOST_SECONDS = 8, 45
KEPT_SLIDES = 1000
READ_PER_SECOND, READ_SLOWLY = 3, 2
# A run of digits and letters is read as one; every other visible character by itself.
READ_AS_ONE = re.compile(r"[0-9A-Za-z]+(?:[-. ][0-9A-Za-z]+)*|\S")


@dataclass(frozen=True, kw_only=True)
class SlideLine:
    """One commitment with its number large: 材料齐全的 / 15 / 分钟内完成收件.

    Without a number `before` is the whole text.
    """

    before: str
    number: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The line as one sentence."""
        return f"{self.before}{self.number}{self.after}"


@dataclass(frozen=True, kw_only=True)
class Slide:
    """What one window, or one department, shows the public.

    `key` stays the same from version to version, such as `commitments:12`. `window` is what stands
    above the window (B12号窗口), '' for a whole department; `title` is usually the department.
    `phones` are pairs of a word and a number: ("监督电话", "0000-5566 1200"). `footer` says since
    when it is public. `badge`: 党员示范岗. It may be shown from `valid_from` to the end of
    `valid_until`, both included; None has no end.
    """

    key: str
    window: str
    title: str
    lines: tuple[SlideLine, ...]
    phones: tuple[tuple[str, str], ...]
    footer: str
    badge: bool
    department_id: int
    window_id: int | None
    valid_from: date
    valid_until: date | None

    @cached_property
    def version(self) -> str:
        """The hash of all that the slide says: another text is another version."""
        facts = asdict(self)
        facts["valid_from"] = self.valid_from.isoformat()
        facts["valid_until"] = self.valid_until.isoformat() if self.valid_until else None
        return json_digest(facts)

    def is_valid(self, day: date) -> bool:
        """Tell whether it may be shown on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A canvas in its own points, and what has room on it. The style sheet has the same numbers.

    `columns` are those of the lines; `body` is the size of the lines' text, `number` of the large
    figures, each with the height of its line.
    """

    name: str
    width: int
    height: int
    margin: tuple[int, int]
    columns: int
    gap: int
    window: tuple[int, int]
    title: tuple[int, int]
    body: tuple[int, int]
    strong: tuple[int, int]
    number: tuple[int, int]
    # Between two lines that stand one above the other, and around head and foot.
    air: int
    rules: int

    @property
    def inner(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.margin[1]


LANDSCAPE = Layout(
    name="landscape", width=1920, height=1080, margin=(50, 96), columns=2, gap=64,
    window=(128, 154), title=(104, 125), body=(72, 90), strong=(80, 96), number=(152, 168),
    air=14, rules=52,
)  # fmt: skip
PORTRAIT = Layout(
    name="portrait", width=1080, height=1920, margin=(68, 64), columns=1, gap=0,
    window=(156, 188), title=(112, 135), body=(72, 88), strong=(88, 104), number=(140, 150),
    air=36, rules=72,
)  # fmt: skip
# One line at a time, beside the window; as long as the strip is.
STRIP = Layout(
    name="strip", width=1920, height=360, margin=(24, 48), columns=1, gap=48,
    window=(104, 120), title=(52, 64), body=(72, 118), strong=(72, 118), number=(110, 118),
    air=0, rules=0,
)  # fmt: skip
BADGE_WIDTH, BADGE_LINE, FOOT_LINE, PHONE_LINE = 400, 112, 68, 98
PHONE_SIZE, WORD_SIZE, SMALL_SIZE, PHONE_GAP = 72, 56, 50, 30
STRIP_FOOT, STRIP_NUMBER = 66, 160
STRIP_RATIO = 2.6
# Window names in a strip: the largest that leaves room for the line beside it.
STRIP_SIZES = (104, 84, 64, 50)
STRIP_SIDES = (0.28, 0.34, 0.4, 0.46)


@dataclass(frozen=True, kw_only=True)
class SlidePage:
    """One page of a slide, as the template draws it; nothing on it depends on the screen's size."""

    slide: Slide
    layout: Layout
    lines: tuple[SlideLine, ...]
    number: int
    count: int
    # Window and title above one another, because they have no room side by side.
    is_stacked: bool = False
    # Of a strip: how wide the window's side is, in points and how large its name.
    side: int = 0
    window_size: int = 0

    @property
    def main(self) -> int:
        """Of a strip: the width beside the window's side."""
        return self.layout.inner - self.side - self.layout.gap

    @property
    def phones(self) -> tuple[tuple[str, str], ...]:
        """The telephones on this page: of a strip those that have room, in turn with the others."""
        given = self.slide.phones
        if not self.side or not given:
            return given
        first = (self.number - 1) % len(given)
        free = float(self.main - STRIP_NUMBER)
        shown: list[tuple[str, str]] = []
        for pair in given[first:] + given[:first]:
            free -= width_of(" ".join(pair), SMALL_SIZE) + PHONE_GAP
            if shown and free < 0:
                break
            shown.append(pair)
        return tuple(shown)

    @property
    def characters(self) -> int:
        """How much there is to read."""
        slide = self.slide
        texts = [slide.window, slide.title, slide.footer, *(line.text for line in self.lines)]
        texts += [part for pair in self.phones for part in pair]
        return sum(len(READ_AS_ONE.findall(text)) for text in texts)

    @property
    def columns(self) -> int:
        """How many lines stand side by side."""
        return min(self.layout.columns, len(self.lines))


def seconds_for(characters: int, *, is_slow: bool = False) -> int:
    """Give how long a page stays: 3 s and a third of a second a character, slowly a half."""
    each = READ_SLOWLY if is_slow else READ_PER_SECOND
    return min(MOST_SECONDS, max(LEAST_SECONDS, 3 + math.ceil(characters / each)))


def layout_for(width: int, height: int) -> Layout:
    """Give the layout for a screen or a picture; of strips one as long as they are.

    Whatever has another ratio than its layout stands in the middle of its ground, whole.
    """
    if width >= STRIP_RATIO * height:
        return replace(STRIP, width=max(STRIP.width, round(STRIP.height * width / height)))
    return LANDSCAPE if width >= height else PORTRAIT


@lru_cache(maxsize=KEPT_SLIDES)
def split(slide: Slide, layout: Layout) -> tuple[SlidePage, ...]:
    """Cut a slide into pages: as few as have room for all its lines, and equally full.

    The same slide is cut once in a process: every screen asks again twice a minute.
    """
    page = lay_head(slide, layout)
    lines = tuple(part for line in slide.lines for part in cut(line, page))
    groups = list(distribute(lines, page)) or [()]
    return tuple(
        replace(page, lines=group, number=number, count=len(groups))
        for number, group in enumerate(groups, start=1)
    )


def lay_head(slide: Slide, layout: Layout) -> SlidePage:
    """Find the place of window and title on a page without lines."""
    page = SlidePage(slide=slide, layout=layout, lines=(), number=1, count=1)
    if layout.name == STRIP.name:
        side, size = strip_side(slide, layout)
        return replace(page, side=side, window_size=size)
    needed = width_of(slide.window, layout.window[0]) + width_of(slide.title, layout.title[0])
    needed += (BADGE_WIDTH if slide.badge else 0) + layout.gap
    return replace(page, is_stacked=layout.columns == 1 or needed > layout.inner)


def strip_side(slide: Slide, layout: Layout) -> tuple[int, int]:
    """Give width and letter size of a strip's side in which window, title and date have room."""
    room = layout.height - 2 * layout.margin[0]
    for size in STRIP_SIZES:
        for share in STRIP_SIDES:
            side = round(layout.inner * share)
            height = round(size * 1.15) * rows_of(slide.window, size, side)
            height += layout.title[1] * rows_of(slide.title, layout.title[0], side)
            height += layout.title[1] * rows_of(slide.footer, SMALL_SIZE, side)
            height += layout.title[1] * slide.badge
            if height <= room:
                return side, size
    return round(layout.inner * STRIP_SIDES[-1]), STRIP_SIZES[-1]


def room_of(page: SlidePage) -> tuple[int, int]:
    """Give width and height that the lines have: the height of the body, the width of a column."""
    layout, slide = page.layout, page.slide
    if layout.name == STRIP.name:
        return page.main, layout.height - 2 * layout.margin[0] - STRIP_FOOT
    is_wide = layout.columns > 1
    side = layout.inner - (BADGE_WIDTH if slide.badge and is_wide else 0)
    head = layout.window[1] * rows_of(slide.window, layout.window[0], side)
    if page.is_stacked or not slide.window:
        width = layout.inner if slide.window else side
        head += layout.title[1] * rows_of(slide.title, layout.title[0], width)
    if slide.badge and not is_wide:
        head += BADGE_LINE
    foot = foot_height(slide, layout)
    height = layout.height - 2 * layout.margin[0] - head - foot - layout.rules
    columns = page.columns or layout.columns
    return (layout.inner - layout.gap * (columns - 1)) // columns, height


def foot_height(slide: Slide, layout: Layout) -> int:
    """Give the height of telephones and date: on a wide page in one row, where there is room."""
    if layout.columns == 1:
        rows = sum(rows_of(" ".join(pair), PHONE_SIZE, layout.inner) for pair in slide.phones)
        return PHONE_LINE * rows + FOOT_LINE
    phones = sum(
        width_of(f"{word} ", WORD_SIZE) + width_of(number, PHONE_SIZE) + PHONE_GAP
        for word, number in slide.phones
    )
    if phones + width_of(slide.footer + " 1/9", SMALL_SIZE) <= layout.inner:
        return PHONE_LINE
    return PHONE_LINE * max(1, math.ceil(phones / layout.inner)) + FOOT_LINE


def distribute(lines: Sequence[SlideLine], page: SlidePage) -> Iterator[tuple[SlideLine, ...]]:
    """Give the lines page by page: five of which four have room become three and two."""
    needed = list(fill(lines, page, len(lines)))
    for most in range(1, len(lines) + 1):
        groups = list(fill(lines, page, most))
        if len(groups) == len(needed):
            yield from groups
            return


def fill(lines: Sequence[SlideLine], page: SlidePage, most: int) -> Iterator[tuple[SlideLine, ...]]:
    """Fill one page after another, with `most` lines at most."""
    group: tuple[SlideLine, ...] = ()
    for line in lines:
        if group and (len(group) == most or not has_room((*group, line), page)):
            yield group
            group = ()
        group = (*group, line)
    if group:
        yield group


def has_room(lines: Sequence[SlideLine], page: SlidePage) -> bool:
    """Tell whether lines have room together: rows as high as their higher line."""
    if page.layout.name == STRIP.name and len(lines) > 1:
        return False
    rows = row_heights(lines, page)
    return sum(rows) + page.layout.air * len(rows) <= room_of(page)[1]


def row_heights(lines: Sequence[SlideLine], page: SlidePage) -> list[int]:
    """Give the heights of the rows that lines make: two columns are as wide as they stand."""
    columns = min(page.layout.columns, len(lines)) or 1
    width, _ = room_of(replace(page, lines=tuple(lines)))
    heights = [height_of(line, page.layout, width) for line in lines]
    return [max(heights[start : start + columns]) for start in range(0, len(heights), columns)]


def height_of(line: SlideLine, layout: Layout, width: int) -> int:
    """Give the height of a line in a column: what leads to the number, then number and rest."""
    if layout.name == STRIP.name:
        figure = width_of(line.number, layout.number[0])
        letters = width_of(line.before + line.after, layout.body[0]) + figure
        return layout.body[1] * math.ceil(letters / (width - layout.body[0]))
    height = layout.body[1] * rows_of(line.before, layout.body[0], width)
    if line.number or line.after:
        figure = width_of(line.number, layout.number[0])
        rows = rows_of(line.after, layout.strong[0], width, taken=figure)
        first = layout.number[1] if line.number else layout.strong[1]
        height += first + layout.strong[1] * (max(rows, 1) - 1)
    return height


def cut(line: SlideLine, page: SlidePage) -> Iterator[SlideLine]:
    """Give a line, or its parts where it is too long for a page by itself."""
    if has_room((line,), page) or len(line.text) < 2:  # noqa: PLR2004 - there is nothing to cut.
        yield line
        return
    if line.number:
        rest = (line.before, line.number, line.after)
        parts = [SlideLine(before=text) for text in rest[:1] if text]
        parts.append(SlideLine(before="", number=line.number, after=line.after))
        if len(parts) == 1:
            parts = [SlideLine(before=line.text)]
    else:
        middle = break_at(line.text)
        parts = [SlideLine(before=line.text[:middle]), SlideLine(before=line.text[middle:])]
    for part in parts:
        yield from cut(part, page)


def break_at(text: str) -> int:
    """Give the place behind the stop nearest to the middle, or the middle itself."""
    middle = len(text) // 2
    stops = [place + 1 for place, letter in enumerate(text[:-1]) if letter in "，。；、：！？"]
    near = [place for place in stops if abs(place - middle) <= len(text) // 4]
    return min(near, key=lambda place: abs(place - middle), default=middle)


def rows_of(text: str, size: int, width: int, *, taken: float = 0) -> int:
    """Give how many rows a text takes, of which the first may be taken in part."""
    if not text:
        return 0
    # A row ends before the first letter that has no room: up to one letter of it stays free.
    free = width - size // 2
    return math.ceil((width_of(text, size) + taken) / free)


def width_of(text: str, size: int) -> float:
    """Give the width of a text in points; a bit more than any of the usual fonts draws it."""
    return sum(share_of(letter) for letter in text) * size


def share_of(letter: str) -> float:
    """Give the width of a letter by its height."""
    if unicodedata.east_asian_width(letter) in "WFA":
        return 1.0
    if letter.isdigit():
        return 0.56
    return 0.32 if letter in " .,:;|'!()-/" else 0.72
