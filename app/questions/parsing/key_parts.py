"""The part of a file, or a second file, that holds only keys."""

from app.questions.parsing.answer_lists import listed_keys
from app.questions.parsing.drafts import Entry, Section
from app.questions.parsing.fields import split_fields
from app.questions.parsing.folding import fold
from app.questions.parsing.headings import section_mark
from app.questions.parsing.keys import letters_of, truth_of
from app.questions.parsing.lines import Begin, ReadLine
from app.questions.parsing.numbers import Family, NumberMark, number_mark
from app.questions.parsing.words import Field, Heading

NOT_UNDERSTOOD = "答案部分有一行看不懂：“{}”。请核对。"


def entries_of(text: str) -> list[Entry]:
    """Read a list of keys; [] unless it can only be one."""
    keys = listed_keys(text)
    return [_entry(each.number, each.text) for each in keys] if len(keys) > 1 else []


def _entry(number: int, text: str | None) -> Entry:
    return Entry(
        heading=None,
        ordinal=0,
        part=None,
        number=number,
        where="",
        text=text or "",
        is_broken=text is None,
    )


def is_key_text(text: str) -> bool:
    """Tell whether a text is a key of its own and nothing else."""
    said = truth_of(text)
    return bool(letters_of(text) or (said and not said[1]))


def _claim(entries: list[Entry], above: Section) -> None:
    """Give keys without any heading to the section above, if their numbers are all its own."""
    numbers = [each.number for each in entries]
    known = {each.number for each in above.drafts}
    is_bare = all(each.heading is None and not each.ordinal for each in entries)
    if is_bare and len(set(numbers)) == len(numbers) and known.issuperset(numbers):
        for entry in entries:
            entry.section = above


class KeyPart:
    """Reads keys line by line, once it is open."""

    def __init__(self) -> None:
        self.is_open = False
        self.entries: list[Entry] = []
        self.left: list[tuple[str, str]] = []
        self.part: int | None = None
        self.heading: Heading | None = None
        self.ordinal = 0
        self.family: Family | None = None
        self.entry: Entry | None = None
        self.above: Section | None = None
        self.first = 0

    def open(self, part: int | None, above: Section | None = None) -> None:
        """Begin to read keys of one paper of the file; None stands for all."""
        self.is_open, self.part, self.above, self.first = True, part, above, len(self.entries)
        self.heading, self.ordinal, self.entry, self.family = None, 0, None, None

    def close(self) -> None:
        """Go back to questions; keys without a heading may be those of the section above."""
        self._settle()
        self.is_open, self.entry = False, None

    def _settle(self) -> None:
        """Look at the keys since the last heading."""
        if self.is_open and self.above:
            _claim(self.entries[self.first :], self.above)
        self.first = len(self.entries)

    def keep(self, entry: Entry) -> None:
        """Take a key of a table; its own column of kinds goes before the heading above."""
        heading = entry.heading
        self.place(entry)
        entry.heading = heading or entry.heading
        self.entries.append(entry)

    def place(self, entry: Entry) -> None:
        """Say of a key in which section it stands."""
        entry.heading, entry.ordinal, entry.part = self.heading, self.ordinal, self.part

    def take(self, line: ReadLine, following: ReadLine | None) -> None:
        """Read one line of keys."""
        del following
        if line.begin is Begin.SECTION:
            self._take_section(line)
        elif keys := listed_keys(line.text):
            for key in keys:
                self._add(_entry(key.number, key.text), line)
        elif line.begin is Begin.NUMBER and line.number:
            self._take_number(line, line.number)
        elif line.begin is Begin.KEYS:
            self._take_heading()
        else:
            self._go_on(line)

    def _take_section(self, line: ReadLine) -> None:
        mark = section_mark(line.text)
        if mark is None:
            return
        self._settle()
        self.heading, self.ordinal = mark.heading, mark.ordinal
        self.entry, self.family = None, None
        for key in listed_keys(line.text[mark.end :]):
            self._add(_entry(key.number, key.text), line)

    def _take_heading(self) -> None:
        """A label without a text may belong to the entry above, or be one more heading."""
        self._settle()
        if self.entry and not self.entry.text:
            self.entry.active = Field.KEY

    def _add(self, entry: Entry, line: ReadLine) -> None:
        self.place(entry)
        entry.where, entry.source = line.where, line.typed
        self.entries.append(entry)
        self.entry = entry

    def _take_number(self, line: ReadLine, mark: NumberMark) -> None:
        if self.family is None and mark.family <= Family.CHINESE_BRACKET:
            self.heading, self.ordinal, self.entry = None, mark.value, None
            self._take_behind(line)
            return
        if not self._is_entry(mark):
            self._go_on(line)
            return
        self.family = mark.family
        self._add(_entry(mark.value, ""), line)
        self._take_parts(line.body)

    def _take_behind(self, line: ReadLine) -> None:
        """Read what stands on the line of an ordinal: 四、1.甲；乙."""
        keys = listed_keys(line.body)
        for key in keys:
            self._add(_entry(key.number, key.text), line)
        inner = number_mark(fold(line.body))
        if not keys and inner:
            self.family = inner.family
            self._add(_entry(inner.value, ""), line)
            self._take_parts(line.body[inner.end :].strip())
        elif not keys and line.body:
            self.left.append((line.where, NOT_UNDERSTOOD.format(line.typed[:30])))

    def _is_entry(self, mark: NumberMark) -> bool:
        if self.family is None or self.entry is None:
            return True
        return mark.family is self.family and mark.value > self.entry.number

    def _take_parts(self, text: str) -> None:
        entry = self.entry
        if entry is None:
            return
        before, parts = split_fields(text)
        if before.strip():
            entry.go_on(before.strip())
        for part in parts:
            entry.add(part.field, part.text)

    def _go_on(self, line: ReadLine) -> None:
        if self.entry is None:
            self.left.append((line.where, NOT_UNDERSTOOD.format(line.typed[:30])))
            return
        self.entry.source += f"\n{line.typed}"
        self._take_parts(line.typed)
