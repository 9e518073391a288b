"""Word's automatic numbering: the numbers that a paragraph shows and its text doesn't hold.

Runs in a child only. Levels of word/numbering.xml, overrides of one list, restarts, and numbering
that comes from a paragraph's style.
"""

from dataclasses import dataclass, field

from app.kernel.zip_parts import Attributes, Parts, local_name

LEVELS = 9
MOST_LISTS = 5000
_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


@dataclass(kw_only=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    style: str = ""
    is_plain: bool = False


@dataclass(kw_only=True)
class Lists:
    """All lists of a document, and how far each has counted."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    style_links: dict[str, str] = field(default_factory=dict)
    of_list: dict[str, str] = field(default_factory=dict)
    overrides: dict[tuple[str, int], Level] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)

    def text_of(self, number: str, depth: int) -> str:
        """Count one paragraph of a list and give the number that it shows."""
        levels = self._levels(number)
        level = self._level(levels, number, depth)
        if level is None or level.form in {"none", "bullet"} or not level.text:
            return ""
        counts = self._count(number, depth, level, levels)
        shown = level.text
        for place in range(LEVELS, 0, -1):
            if f"%{place}" in shown:
                part = self._level(levels, number, place - 1) or Level()
                form = "decimal" if level.is_plain else part.form
                value = counts.get(place - 1, self._start(number, place - 1, part))
                shown = shown.replace(f"%{place}", number_text(value, form))
        return shown

    def depth_of_style(self, number: str, style: str) -> int:
        """Give the level of a list that belongs to a style, the first without any."""
        levels = self._levels(number)
        return next((depth for depth, each in levels.items() if each.style == style), 0)

    def _levels(self, number: str) -> dict[int, Level]:
        name = self.of_list.get(number, "")
        levels = self.abstract.get(name, {})
        if not levels and name in self.style_links:
            levels = self.abstract.get(self.style_links[name], {})
        return levels

    def _level(self, levels: dict[int, Level], number: str, depth: int) -> Level | None:
        return self.overrides.get((number, depth)) or levels.get(depth)

    def _start(self, number: str, depth: int, level: Level) -> int:
        return self.starts.get((number, depth), level.start)

    def _count(
        self, number: str, depth: int, level: Level, levels: dict[int, Level]
    ) -> dict[int, int]:
        """Lists of one kind count together, unless a list says where it starts."""
        counts = self.counts.setdefault(self.of_list.get(number, number), {})
        restarts = (number, depth) in self.starts and (number, depth) not in self.started
        if depth not in counts or restarts:
            counts[depth] = self._start(number, depth, level)
        else:
            counts[depth] += 1
        self.started.add((number, depth))
        for deeper in [each for each in counts if each > depth]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or depth < restart:
                del counts[deeper]
        return counts


class NumberingReader:
    """Reads word/numbering.xml."""

    def __init__(self) -> None:
        self.lists = Lists()
        self.abstract = ""
        self.number = ""
        self.depth = -1
        self.level: Level | None = None
        self.styles: dict[str, str] = {}

    def read(self, parts: Parts, name: str) -> Lists:
        """Give all lists."""
        parts.parse(name, start=self.start, end=self.end)
        self.lists.style_links = {
            abstract: self.styles[style]
            for abstract, style in self.lists.style_links.items()
            if style in self.styles
        }
        return self.lists

    def start(self, name: str, attributes: Attributes) -> None:
        """Take note of one element."""
        name = local_name(name)
        said = {local_name(key): value for key, value in attributes.items()}
        value = said.get("val", "")
        if name == "abstractNum":
            self.abstract, self.number = said.get("abstractNumId", ""), ""
            self.lists.abstract[self.abstract] = {}
        elif name == "num":
            self.number, self.abstract = said.get("numId", ""), ""
        elif name == "abstractNumId" and self.number:
            self.lists.of_list[self.number] = value
        elif name == "numStyleLink":
            self.lists.style_links[self.abstract] = value
        elif name == "styleLink":
            self.styles[value] = self.abstract
        elif name in {"lvl", "lvlOverride"}:
            self._begin_level(name, int(said.get("ilvl", "0")))
        elif name == "startOverride" and value.isdecimal():
            self.lists.starts[self.number, self.depth] = int(value)
        elif self.level is not None:
            self._set(name, value)

    def _begin_level(self, name: str, depth: int) -> None:
        self.depth = depth
        if name == "lvlOverride":
            return
        self.level = Level()
        if self.number:
            self.lists.overrides[self.number, depth] = self.level
        else:
            self.lists.abstract.setdefault(self.abstract, {})[depth] = self.level

    def _set(self, name: str, value: str) -> None:
        level = self.level
        if level is None:
            return
        if name == "start" and value.isdecimal():
            level.start = int(value)
        elif name == "numFmt":
            level.form = value
        elif name == "lvlText":
            level.text = value
        elif name == "pStyle":
            level.style = value
        elif name == "lvlRestart" and value.isdecimal():
            level.restart = int(value)
        elif name == "isLgl":
            level.is_plain = value not in {"0", "false", "off"}

    def end(self, name: str) -> None:
        """Take note of an element's end."""
        if local_name(name) == "lvl" or local_name(name) in {"num", "abstractNum"}:
            self.level = None


def number_text(value: int, form: str) -> str:
    """Write a number in one of Word's forms; an unknown one as digits."""
    if value < 0 or value > 99_999:  # noqa: PLR2004 - beyond what any list counts to.
        return str(value)
    if form in {"upperLetter", "lowerLetter"}:
        return _letters(value, form == "upperLetter")
    if form in {"upperRoman", "lowerRoman"}:
        return _roman(value) if form == "upperRoman" else _roman(value).lower()
    if form in _CHINESE_FORMS:
        return _chinese(value, _DIGITS)
    if form == "chineseLegalSimplified":
        return _chinese(value, _FORMAL)
    return _other(value, form)


def _other(value: int, form: str) -> str:  # noqa: PLR0911 - a table of forms.
    if form.startswith("decimalEnclosedCircle") and 1 <= value <= 20:  # noqa: PLR2004
        return chr(ord("①") + value - 1)
    if form == "decimalEnclosedParen":
        return f"({value})"
    if form == "decimalEnclosedFullstop":
        return f"{value}."
    if form == "decimalFullWidth":
        return "".join(chr(ord(each) + 0xFEE0) for each in str(value))
    if form == "decimalZero":
        return f"{value:02d}"
    if form == "ideographTraditional" and value:
        return _STEMS[(value - 1) % 10]
    if form == "ideographZodiac" and value:
        return _BRANCHES[(value - 1) % 12]
    return str(value)


_CHINESE_FORMS = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "japaneseDigitalTenThousand",
}


def _letters(value: int, is_upper: bool) -> str:  # noqa: FBT001
    if not value:
        return ""
    repeats, place = divmod(value - 1, 26)
    return chr(ord("A" if is_upper else "a") + place) * min(repeats + 1, 8)


def _roman(value: int) -> str:
    text = ""
    for worth, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        count, value = divmod(value, worth)
        text += sign * count
    return text


def _chinese(value: int, digits: str) -> str:
    """Write up to 999 with 十 and 百; a larger one digit by digit."""
    if value >= 1000:  # noqa: PLR2004
        return "".join(digits[int(each)] for each in str(value))
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{digits[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones or not value else "")
