"""Chinese lines that end at the right margin: what WeasyPrint 70.0 lacks of `text-align: justify`.

It widens blanks only, and a Chinese line has none. Here the gaps between Chinese characters share
what a line lacks; figures, Latin words and the inner side of brackets and stops stay as they are.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import Layout

PATCHED_VERSION = "70.0"
Untyped = Any
"""A box, a style or a C structure of WeasyPrint, which has no types."""
WIDEST_GAP = 1.0
"""In ems. A line that lacks more, before a long address say, reads better ragged than torn."""

Shares = Mapping[int, int]
"""What follows a character beyond its width: its place in UTF-8 bytes -> thousandths of an em."""


def install() -> None:
    """Put the patch in place; refuses any version but the one that it was written for."""
    if weasyprint.__version__ != PATCHED_VERSION:
        message = f"made for WeasyPrint {PATCHED_VERSION}, found {weasyprint.__version__}"
        raise RuntimeError(message)
    inline.justify_line = justify_line


@dataclass(frozen=True)
class Character:
    """One character of a line: its text box and its place there in UTF-8 bytes."""

    text: str
    box: Untyped
    place: int


def justify_line(_context: Untyped, line: Untyped, extra_width: float) -> None:
    """Spread `extra_width` (CSS pixels) over the gaps of a line, as WeasyPrint calls it."""
    gaps = _gaps(line)
    if gaps and extra_width <= len(gaps) * WIDEST_GAP * line.style["font_size"]:
        _widen(line, shares=_share(gaps, extra_width), advance=0)


def _gaps(line: Untyped) -> list[Character]:
    """List the characters after which the line may be wider."""
    gaps = []
    before: Character | None = None
    for character in _characters(line):
        if character and _is_joined(character.text):
            continue
        if before and character and may_widen(before.text, character.text):
            gaps.append(before)
        before = character
    return gaps


def _characters(box: Untyped) -> Iterator[Character | None]:
    """Walk through the text of a line; None stands for a picture or what else is no text."""
    if isinstance(box, boxes.TextBox):
        place = 0
        for text in box.text:
            yield Character(text, box, place)
            place += len(text.encode())
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _characters(child)
    else:
        yield None


def _share(gaps: list[Character], extra_width: float) -> dict[Untyped, dict[int, int]]:
    """Divide pixels among the gaps in thousandths of an em, the PDF's unit, and carry the rest."""
    shares: dict[Untyped, dict[int, int]] = {}
    carried = 0.0
    for gap in gaps:
        thousandth = gap.box.style["font_size"] / 1000
        wanted = extra_width / len(gaps) + carried
        share = int(wanted / thousandth)
        carried = wanted - share * thousandth
        shares.setdefault(gap.box, {})[gap.place] = share
    return shares


def _widen(box: Untyped, *, shares: Mapping[Untyped, Shares], advance: float) -> float:
    """Move a box by `advance` and widen it; give the advance of what follows it."""
    after = advance
    if isinstance(box, boxes.TextBox):
        mine = shares.get(box, {})
        after += sum(mine.values()) * float(box.style["font_size"]) / 1000
        box.pango_layout = StretchedLayout.made_from(box.pango_layout, mine)
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                after = _widen(child, shares=shares, advance=after)
    else:
        box.translate(advance, 0)
        return advance
    box.position_x += advance
    box.width += after - advance
    return after


class StretchedLayout(Layout):  # type: ignore[misc]  # WeasyPrint has no types.
    """A line of text that is drawn wider than Pango laid it out."""

    shares: Shares

    @classmethod
    def made_from(cls, layout: Layout, shares: Shares) -> "StretchedLayout":
        """Take over a finished layout: between layout and drawing it holds plain values only."""
        made = cls.__new__(cls)
        made.__dict__ |= vars(layout) | {"shares": shares}
        return made

    def reactivate(self, style: Untyped) -> None:
        """Lay the line out once more, for drawing, and widen its glyphs."""
        super().reactivate(style)
        # Drawing sets this mode, which would lay the line out again and lose the widths.
        pango.pango_layout_set_single_paragraph_mode(self.layout, True)  # noqa: FBT003  A C function.
        line, _ = self.get_first_line()
        for place, glyph in _last_glyphs(line):
            share = self.shares.get(place, 0)
            if share:
                # Drawing cuts to whole thousandths; half of one more keeps the cut on our share.
                units = (share + 0.5) * style["font_size"] / 1000 * TO_UNITS
                glyph.geometry.width += round(units)


def _last_glyphs(line: Untyped) -> Iterator[tuple[int, Untyped]]:
    """Give the last glyph of each character, with the character's place in bytes."""
    run = line.runs
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        for index in range(glyphs.num_glyphs):
            cluster = glyphs.log_clusters[index]
            is_last = index + 1 == glyphs.num_glyphs or glyphs.log_clusters[index + 1] != cluster
            if is_last:
                yield item.offset + cluster, glyphs.glyphs[index]
        run = run.next


@cache
def may_widen(before: str, after: str) -> bool:
    """Tell whether the gap between two characters may grow."""
    if before in " \u00a0":
        return True
    if not (_is_wide(before) or _is_wide(after)):
        return False
    return not (_opens(before) or _closes(after) or after in " \u00a0")


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _opens(character: str) -> bool:
    """Brackets and quotes cling to what they open; a paragraph's blank indent keeps its width."""
    return unicodedata.category(character) in {"Ps", "Pi"} or character == "\u3000"


def _closes(character: str) -> bool:
    return unicodedata.category(character) in {"Pe", "Pf", "Po"}


def _is_joined(character: str) -> bool:
    """Tell marks and variation selectors, which belong to the character before them."""
    return unicodedata.category(character) in {"Mn", "Me", "Cf"}
