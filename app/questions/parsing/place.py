"""Where the walk through a file is, and when a heading or a key opens another part of it."""

from collections.abc import Sequence

from app.questions.parsing.document import Line
from app.questions.parsing.drafts import Assembled, Draft, Section, SharedStem
from app.questions.parsing.fields import split_fields
from app.questions.parsing.headings import SectionMark
from app.questions.parsing.key_parts import KeyPart
from app.questions.parsing.lines import Begin, Lines, ReadLine
from app.questions.parsing.looks import is_key_line, looks_asked
from app.questions.parsing.words import Field


class Place:
    """Where a walk through a file is: its section, question and shared stem, and its keys."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = Lines(lines)
        self.result = Assembled()
        self.keys = KeyPart()
        self.part = 0
        self.was_blank = False
        self.draft: Draft | None = None
        self.group: SharedStem | None = None
        self.waiting: dict[Field, str] = {}
        self.section = self._open(Section(is_numbered=self._is_numbered(-1)))

    def _open(self, section: Section) -> Section:
        self.result.sections.append(section)
        self.section, self.draft, self.group = section, None, None
        return section

    def _is_numbered(self, place: int) -> bool:
        for line in self.lines.all[place + 1 :]:
            if line.begin is Begin.SECTION:
                return False
            if line.begin is Begin.NUMBER and line.number and not line.number.is_weak:
                return True
        return False

    def _is_paper_again(self, place: int) -> bool:
        line, following = self.lines.all[place], self.lines.following(place)
        if line.begin is Begin.SECTION:
            return self._is_new_heading(place, line)
        if line.begin in {Begin.NUMBER, Begin.TEXT} and following:
            return following.begin is Begin.OPTION and following.label == "A" and len(line.text) > 3  # noqa: PLR2004
        return False

    def _is_new_heading(self, place: int, line: ReadLine) -> bool:
        """Tell whether questions follow a heading among keys: their form, or a new heading."""
        mark, following = line.section, self.lines.following(place)
        if mark is None or mark.has_keys or following is None or is_key_line(following):
            return False
        if line.text[mark.end :].strip():
            return False
        if looks_asked(following) or self._is_asked_below(place):
            return True
        return mark.heading is not None and not any(
            (each.heading, each.ordinal) == (mark.heading, mark.ordinal)
            for each in self.result.sections
            if each.drafts
        )

    def _is_asked_below(self, place: int) -> bool:
        """Tell whether options, or a text and then a labelled key, follow a heading."""
        begins = [
            each
            for each in self.lines.all[place + 1 : place + 12]
            if each.begin not in {Begin.BLANK, Begin.NOISE}
        ]
        if len(begins) < 2 or begins[0].begin is not Begin.NUMBER:  # noqa: PLR2004
            return False
        first, second = begins[:2]
        if second.begin is Begin.OPTION:
            return True
        labelled = (
            second.begin is Begin.FIELD and split_fields(second.text)[1][0].field is Field.KEY
        )
        return labelled and len(first.body) > 1 and not split_fields(first.body)[1]

    def _leave_keys(self) -> None:
        self.keys.close()
        self.part += 1
        self._open(Section(part=self.part))

    def _section_of(self, mark: SectionMark, place: int) -> Section:
        return Section(
            heading=mark.heading or self.section.heading,
            title=mark.title,
            ordinal=mark.ordinal,
            part=self.part,
            marks=mark.marks if mark.heading else self.section.marks,
            marks_per_blank=mark.marks_per_blank,
            heading_family=mark.family,
            last=self.section.last,
            is_numbered=self._is_numbered(place),
        )

    def _begin_keys(self, line: ReadLine) -> None:
        self.draft = self.group = None
        self.keys.open(self.part, self.section)
        self.keys.take(line, None)

    def _label_after(self, place: int) -> str:
        following = self.lines.following(place)
        return following.label if following and following.begin is Begin.OPTION else ""

    def _new_group(self, lines: Sequence[str]) -> SharedStem:
        group = SharedStem(id=f"g{len(self.result.groups) + 1}", lines=list(lines))
        self.result.groups.append(group)
        self.group = group
        return group
