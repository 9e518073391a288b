"""The text of a Word document, streamed: paragraphs and tables in their order.

Runs in a child only. What was deleted, hidden or stands a second time for old programs is left
out; underlined blanks become ____; equations and what stands outside of the text are said.
"""

from dataclasses import dataclass, field
from typing import Any

from app.kernel.children import ChildRefusedError
from app.kernel.word_numbering import LEVELS, Lists
from app.kernel.word_styles import Styles
from app.kernel.zip_parts import Attributes

MAX_TEXT = 10_000_000
MAX_BLOCKS = 200_000
MAX_DEEP = 100
MAX_PICTURES = 500
ALT_CHUNK = "文件里嵌着另一个文档，它的内容没有读到。请用 Word 打开，另存为新的 .docx 后再上传。"

# Left out with all that they hold.
SKIPPED = {
    "del",
    "moveFrom",
    "Fallback",
    "pPrChange",
    "rPrChange",
    "instrText",
    "delText",
    "sectPr",
    "tblPr",
    "trPr",
}
SIGNS = {
    ("wingdings", 0xFC): "√",
    ("wingdings", 0xFB): "×",
    ("wingdings", 0xFE): "√",
    ("wingdings", 0xFD): "×",
    ("wingdings 2", 0x50): "√",
    ("wingdings 2", 0x52): "√",
    ("wingdings 2", 0x4F): "×",
    ("wingdings 2", 0x51): "×",
}
UNKNOWN_SIGN = "[符号?]"


@dataclass(kw_only=True)
class Paragraph:
    """A paragraph in the making; `after` is what text boxes in it hold."""

    pieces: list[str] = field(default_factory=list)
    style: str = ""
    number: str | None = None
    depth: int | None = None
    after: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Run:
    """Text of one form."""

    pieces: list[str] = field(default_factory=list)
    is_underlined: bool = False
    is_hidden: bool = False


@dataclass(kw_only=True)
class WordTable:
    """A table in the making."""

    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None
    span: int = 1


class BodyReader:
    """Handlers for the stream of word/document.xml."""

    def __init__(self, lists: Lists, styles: Styles, too_large: str) -> None:
        self.lists, self.styles, self.too_large = lists, styles, too_large
        self.blocks: list[list[Any]] = []
        self.problems: list[tuple[str, str]] = []
        self.pictures: dict[str, tuple[str, str]] = {}
        self.spaces: dict[str, str] = {}
        self.skipping = 0
        self.holders: list[Paragraph | WordTable | list[str]] = []
        self.run: Run | None = None
        self.is_text = False
        self.math: list[str] | None = None
        self.total = 0
        self.paragraphs = self.tables = 0

    # -- handlers -----------------------------------------------------------------------------
    def start(self, name: str, attributes: Attributes) -> None:
        """Take note of an element's beginning."""
        if self.skipping:
            self.skipping += 1
            return
        space, local = self._name(name, attributes)
        if local in SKIPPED:
            self.skipping = 1
            return
        said = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if space == "math":
            self._start_math(local)
        elif space == "word":
            getattr(self, f"_start_{local}", self._pass)(said)
        elif local in {"blip", "imagedata"}:
            self._note_picture(said)

    def end(self, name: str) -> None:
        """Take note of an element's end."""
        if self.skipping:
            self.skipping -= 1
            return
        space, local = self._name(name, {})
        if space == "math":
            self._end_math(local)
        elif space == "word":
            getattr(self, f"_end_{local}", self._pass)({})

    def text(self, text: str) -> None:
        """Take text of a run or an equation."""
        if self.skipping or not self.is_text:
            return
        self.total += len(text)
        if self.total > MAX_TEXT:
            raise ChildRefusedError(self.too_large)
        if self.math is not None:
            self.math.append(text)
        elif self.run is not None:
            self.run.pieces.append(text)

    def _name(self, name: str, attributes: Attributes) -> tuple[str, str]:
        for key, value in attributes.items():
            if key.startswith("xmlns"):
                self.spaces[key.partition(":")[2]] = value
        prefix, _, local = name.rpartition(":")
        address = self.spaces.get(prefix, "")
        if address.endswith("/main") and "wordprocessingml" in address:
            return "word", local
        return ("math" if address.endswith("/math") else ""), local

    def _pass(self, _said: Attributes) -> None:
        """Ignore an element without a meaning here."""

    def _push(self, holder: "Paragraph | WordTable | list[str]") -> None:
        if len(self.holders) > MAX_DEEP:
            raise ChildRefusedError(self.too_large)
        self.holders.append(holder)

    # -- paragraphs ---------------------------------------------------------------------------
    @property
    def paragraph(self) -> Paragraph | None:
        """Give the paragraph that is being read."""
        last = self.holders[-1] if self.holders else None
        return last if isinstance(last, Paragraph) else None

    def _start_p(self, _said: Attributes) -> None:
        self._push(Paragraph())
        self.run = None

    def _start_pStyle(self, said: Attributes) -> None:  # noqa: N802 - Word's own names.
        if self.paragraph:
            self.paragraph.style = said.get("val", "")

    def _start_numId(self, said: Attributes) -> None:  # noqa: N802
        if self.paragraph:
            self.paragraph.number = said.get("val", "")

    def _start_ilvl(self, said: Attributes) -> None:
        depth = said.get("val", "0")
        if self.paragraph:
            self.paragraph.depth = int(depth) if depth.isdecimal() else 0

    def _end_p(self, _said: Attributes) -> None:
        paragraph = self.paragraph
        if paragraph is None:
            return
        self.holders.pop()
        self.run = None
        text = self._number_of(paragraph) + "".join(paragraph.pieces)
        for each in [text, *paragraph.after]:
            self._emit(each)

    def _number_of(self, paragraph: Paragraph) -> str:
        number, depth = paragraph.number, paragraph.depth
        if number is None:
            number, from_style, style = self.styles.numbering(paragraph.style)
            if depth is None:
                depth = from_style
            if depth is None and number:
                depth = self.lists.depth_of_style(number, style)
        has_text = bool("".join(paragraph.pieces).strip())
        if not number or number == "0" or not has_text:
            return ""
        shown = self.lists.text_of(number, min(depth or 0, LEVELS - 1))
        return f"{shown} " if shown else ""

    def _emit(self, text: str) -> None:
        holder = self.holders[-1] if self.holders else None
        if isinstance(holder, WordTable) and holder.cell is not None:
            holder.cell.append(text)
        elif isinstance(holder, list):
            holder.append(text)
        elif isinstance(holder, Paragraph):
            holder.after.append(text)
        else:
            self.paragraphs += 1
            self._add_block(["p", f"第{self.paragraphs}段", text])

    def _add_block(self, block: list[Any]) -> None:
        self.blocks.append(block)
        if len(self.blocks) > MAX_BLOCKS:
            raise ChildRefusedError(self.too_large)

    def _start_txbxContent(self, _said: Attributes) -> None:  # noqa: N802
        self._push([])

    def _end_txbxContent(self, _said: Attributes) -> None:  # noqa: N802
        lines = self.holders.pop() if self.holders else []
        if isinstance(lines, list):
            for line in lines:
                self._emit(line)

    # -- runs ---------------------------------------------------------------------------------
    def _start_r(self, _said: Attributes) -> None:
        self.run = Run()

    def _end_r(self, _said: Attributes) -> None:
        run, self.run = self.run, None
        if run is None or self.paragraph is None or run.is_hidden:
            return
        text = "".join(run.pieces)
        if run.is_underlined and text and not text.strip():
            text = "_" * max(4, len(text))
        self.paragraph.pieces.append(text)

    def _start_u(self, said: Attributes) -> None:
        if self.run:
            self.run.is_underlined = said.get("val", "single") != "none"

    def _start_vanish(self, said: Attributes) -> None:
        if self.run:
            self.run.is_hidden = said.get("val", "true") not in {"0", "false", "off"}

    def _start_t(self, _said: Attributes) -> None:
        self.is_text = True

    def _end_t(self, _said: Attributes) -> None:
        self.is_text = False

    def _put(self, text: str) -> None:
        if self.run:
            self.run.pieces.append(text)

    def _start_tab(self, _said: Attributes) -> None:
        self._put("\t")

    def _start_ptab(self, _said: Attributes) -> None:
        self._put("\t")

    def _start_br(self, _said: Attributes) -> None:
        self._put("\n")

    def _start_cr(self, _said: Attributes) -> None:
        self._put("\n")

    def _start_noBreakHyphen(self, _said: Attributes) -> None:  # noqa: N802
        self._put("-")

    def _start_sym(self, said: Attributes) -> None:
        try:
            code = int(said.get("char", "0"), 16) & 0xFF
        except ValueError:
            code = 0
        self._put(SIGNS.get((said.get("font", "").lower(), code), UNKNOWN_SIGN))

    # -- tables -------------------------------------------------------------------------------
    def _start_tbl(self, _said: Attributes) -> None:
        self._push(WordTable())

    def _table(self) -> WordTable | None:
        last = self.holders[-1] if self.holders else None
        return last if isinstance(last, WordTable) else None

    def _start_tr(self, _said: Attributes) -> None:
        if table := self._table():
            table.rows.append([])

    def _start_tc(self, _said: Attributes) -> None:
        if table := self._table():
            table.cell, table.span = [], 1

    def _start_gridSpan(self, said: Attributes) -> None:  # noqa: N802
        span = said.get("val", "1")
        if (table := self._table()) and span.isdecimal():
            table.span = min(int(span), 50)

    def _end_tc(self, _said: Attributes) -> None:
        table = self._table()
        if table is None or table.cell is None or not table.rows:
            return
        cells = ["\n".join(table.cell).strip(), *[""] * (table.span - 1)]
        table.rows[-1] += cells
        table.cell = None

    def _end_tbl(self, _said: Attributes) -> None:
        table = self._table()
        if table is None:
            return
        self.holders.pop()
        if self.holders:
            for row in table.rows:
                self._emit("\t".join(each for each in row if each))
            return
        self.tables += 1
        self._add_block(["t", f"表{self.tables}", table.rows])

    # -- what isn't text ----------------------------------------------------------------------
    def _note_picture(self, said: Attributes) -> None:
        relation = said.get("embed") or said.get("id") or ""
        if not relation or len(self.pictures) >= MAX_PICTURES:
            return
        marker = f"[图{len(self.pictures) + 1}]"
        self.pictures[marker] = (relation, f"第{self.paragraphs + 1}段")
        self._put(marker)

    def _start_altChunk(self, _said: Attributes) -> None:  # noqa: N802
        self.problems.append((f"第{self.paragraphs + 1}段", ALT_CHUNK))

    def _start_math(self, local: str) -> None:
        if local == "oMath":
            self.math = []
        elif local == "t":
            self.is_text = True

    def _end_math(self, local: str) -> None:
        if local == "t":
            self.is_text = False
        elif local == "num" and self.math is not None:
            self.math.append("/")
        elif local == "oMath" and self.math is not None:
            text, self.math = "".join(self.math), None
            if self.paragraph:
                self.paragraph.pieces.append(f"[公式：{text}]")
