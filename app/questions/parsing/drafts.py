"""Questions while they are put together, as they stand in the file: nothing is decided yet."""

from dataclasses import dataclass, field
from decimal import Decimal

from app.questions.parsing.numbers import Family
from app.questions.parsing.words import WRITTEN, Field, Heading


@dataclass(kw_only=True)
class Section:
    """Questions under one heading. `part` counts papers of one file, each with its own keys."""

    heading: Heading | None = None
    title: str = ""
    ordinal: int = 0
    part: int = 0
    marks: Decimal | None = None
    marks_per_blank: Decimal | None = None
    heading_family: Family | None = None
    family: Family | None = None
    last: int = 0
    is_numbered: bool = True
    drafts: list["Draft"] = field(default_factory=list)


@dataclass(kw_only=True, eq=False)
class SharedStem:
    """A shared stem in the making; `last` is the number of the last question that it serves."""

    id: str
    lines: list[str] = field(default_factory=list)
    last: int | None = None
    count: int | None = None
    family: Family | None = None
    last_number: int = 0
    drafts: list["Draft"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RawKey:
    """A key as it was typed, and where: 答案行, 题干括号, 答案表."""

    text: str
    where: str


@dataclass(kw_only=True, eq=False)
class Draft:
    """One question as it stands in the file. `active` is the part that the next line may go on."""

    number: int = 0
    where: str = ""
    section: Section
    group: SharedStem | None = None
    heading: Heading | None = None
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, list[str]]] = field(default_factory=list)
    keys: list[RawKey] = field(default_factory=list)
    fields: dict[Field, list[str]] = field(default_factory=dict)
    source: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    active: Field | None = None
    points: int = 0
    most_points: int = 0
    is_list_expected: bool = False

    @property
    def is_complete(self) -> bool:
        """Tell whether it has something to answer with."""
        return len(self.options) > 1 or bool(self.keys)

    @property
    def wanted(self) -> Heading | None:
        """Give what its own tag or else its heading says about its kind."""
        return self.heading or self.section.heading

    @property
    def is_written(self) -> bool:
        """Tell whether its model answer may have numbered points of its own."""
        if self.wanted in WRITTEN:
            return True
        return self.wanted in {None, Heading.CASE} and not self.options

    @property
    def next_letter(self) -> str:
        """Give the letter that the next option should have."""
        return chr(ord(self.options[-1][0]) + 1) if self.options else "A"

    def doubt(self, message: str) -> None:
        """Note once why somebody has to look at it."""
        if message not in self.doubts:
            self.doubts.append(message)

    def add_field(self, name: Field, text: str, where: str) -> None:
        """Take a labelled text; a key is kept with its place."""
        self.points = 0
        if name is Field.KEY:
            self.keys.append(RawKey(text=text, where=where))
        else:
            self.fields.setdefault(name, []).append(text)
        self.active = name

    def continue_field(self, text: str) -> None:
        """Put a line behind the part that is being read."""
        if self.active is Field.KEY:
            last = self.keys.pop()
            joined = f"{last.text}\n{text}" if last.text else text
            self.keys.append(RawKey(text=joined, where=last.where))
        elif self.active is Field.OPTIONS:
            self.options[-1][1].append(text)
        elif self.active in {None, Field.STEM}:
            self.stem.append(text)
        else:
            texts = self.fields[self.active]
            texts[-1] = f"{texts[-1]}\n{text}" if texts[-1] else text


@dataclass(kw_only=True)
class Entry:
    """A key that stands apart from its question, with what else is said there."""

    heading: Heading | None
    ordinal: int
    part: int | None
    number: int
    where: str
    text: str = ""
    is_broken: bool = False
    fields: dict[Field, list[str]] = field(default_factory=dict)
    active: Field = Field.KEY
    source: str = ""
    section: Section | None = None
    group: SharedStem | None = None

    def add(self, name: Field, text: str) -> None:
        """Take a labelled text of a key's line."""
        self.active = name
        if name is Field.KEY:
            self.text = f"{self.text}\n{text}".strip()
        else:
            self.fields.setdefault(name, []).append(text)

    def go_on(self, text: str) -> None:
        """Put a line behind what is being read."""
        if self.active is Field.KEY:
            self.text = f"{self.text}\n{text}".strip()
        else:
            self.fields[self.active][-1] += f"\n{text}"


@dataclass(kw_only=True)
class Assembled:
    """All that the lines of a file gave; `left` is what belongs to no question."""

    sections: list[Section] = field(default_factory=list)
    groups: list[SharedStem] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
