"""Puts lines together as drafts of questions: one walk from top to bottom."""

from collections.abc import Sequence

from app.questions.parsing.document import Line
from app.questions.parsing.drafts import Assembled, Draft, Section
from app.questions.parsing.fields import split_fields
from app.questions.parsing.filling import Filling
from app.questions.parsing.key_parts import is_key_text
from app.questions.parsing.lines import Begin, ReadLine, tag_of
from app.questions.parsing.looks import has_key, is_key_line, is_open, is_weak_option
from app.questions.parsing.numbering import UNCLEAR, Around, Role, role_of
from app.questions.parsing.options import naked_label, split_options
from app.questions.parsing.tables import KeyRows, QuestionRows
from app.questions.parsing.words import LONG_FIELDS, Field, Heading

NO_QUESTION = "这一行是选项，但前面没有题目。请补上题干后再导入。"
LEFT_OVER = "本题里有一行看不出是什么：“{}”。请核对，或者删去这一行。"
TWO_OPTIONS = "本题里出现了两组选项，可能漏了一道题的题干或者题号，请核对。"
NO_NUMBER = "本题没有题号，请核对题干从哪里开始。"
NEXT_UNNUMBERED = "本题后面有一道没有题号的题，请核对本题末尾的文字是不是属于下一题。"


def assemble(blocks: Sequence[Line | KeyRows | QuestionRows]) -> Assembled:
    """Read all blocks of a file in their order."""
    walk = Walk([each for each in blocks if isinstance(each, Line)])
    place = 0
    for block in blocks:
        if isinstance(block, Line):
            walk.take(place)
            place += 1
        elif isinstance(block, KeyRows):
            walk.take_keys(block)
        else:
            walk.take_rows(block)
    walk.keys.close()
    walk.result.entries += walk.keys.entries
    walk.result.left += walk.keys.left
    return walk.result


class Walk(Filling):
    """One walk from top to bottom: each line is taken as what it begins."""

    def take(self, place: int) -> None:
        """Read one line."""
        line = self.lines.all[place]
        if line.begin is Begin.BLANK:
            self.was_blank = True
            return
        if line.begin is Begin.NOISE:
            return
        if line.goes_on and self.draft and not self.keys.is_open:
            self.draft.source.append(line.typed)
            self.draft.continue_field(line.typed)
            return
        if self.keys.is_open and self._is_paper_again(place):
            self._leave_keys()
        if self.keys.is_open:
            self.keys.take(line, self.lines.following(place))
        else:
            _TAKERS[line.begin](self, place, line)
        self.was_blank = False

    def take_section(self, place: int, line: ReadLine) -> None:
        """Open the section of a heading, or the keys of one."""
        mark = line.section
        if mark is None:
            return
        following = self.lines.following(place)
        rest = line.text[mark.end :].strip()
        if mark.has_keys or rest or is_key_line(following):
            self._begin_keys(line)
            return
        self._open(self._section_of(mark, place))

    def take_key_heading(self, place: int, line: ReadLine) -> None:
        """Begin with the keys, or take 答案： as the label of the question above."""
        following = self.lines.following(place)
        if self._is_label(line, following):
            self.take_field(place, line)
        else:
            self.draft = self.group = None
            self.keys.open(self.part, self.section)

    def _is_label(self, line: ReadLine, following: ReadLine | None) -> bool:
        draft = self.draft
        if draft is None or draft.keys or following is None:
            return False
        if following.begin in {Begin.SECTION, Begin.LIST, Begin.KEYS}:
            return False
        if not split_fields(line.text)[1]:
            return False
        earlier = [each for each in self.section.drafts if each is not draft]
        if earlier:
            return any(each.keys for each in earlier)
        return draft.is_written or is_key_text(following.text)

    def take_number(self, place: int, line: ReadLine) -> None:
        """Decide what a numbered line is and take it so."""
        mark = line.number
        if self._is_option_of(line):
            self.take_option(place, ReadLine(Line(text=line.typed, where=line.where), bare=True))
            return
        role = role_of(Around(self.lines, place, self.section, self.draft))
        if role is Role.TEXT or mark is None:
            self.take_text(place, line)
        elif role is Role.TOPIC:
            self._open_topic(place, line)
        elif self._is_key_entry(line):
            self.draft = self.group = None
            self.keys.open(self.part, self.section)
            self.keys.take(line, None)
        else:
            if role is Role.SUB_QUESTION:
                self._share_stem()
            self._begin_numbered(place, line)

    def _is_option_of(self, line: ReadLine) -> bool:
        """Tell whether （B）1、甲 is the next option and not a key before a question's number."""
        draft, mark = self.draft, line.number
        if draft is None or mark is None or line.key_before != draft.next_letter:
            return False
        return bool(draft.options) or mark.value != self.section.last + 1

    def _is_key_entry(self, line: ReadLine) -> bool:
        before, parts = split_fields(line.body)
        has_questions = any(each.drafts for each in self.result.sections)
        return bool(has_questions and not before.strip() and parts and parts[0].field is Field.KEY)

    def _begin_numbered(self, place: int, line: ReadLine) -> None:
        mark = line.number
        if mark is None:
            return
        group = self.group
        in_group = bool(
            group and (group.family or self.section.family) is mark.family and group.family
        )
        if group and not group.drafts and self.section.family not in {None, mark.family}:
            group.family, in_group = mark.family, True
        elif group and group.family and group.family is not mark.family:
            self.group = None
        if in_group and group:
            group.last_number = mark.value
        else:
            self.section.family = self.section.family or mark.family
            self.section.last = mark.value
        previous = self.draft
        draft = self.begin(line, number=mark.value)
        if previous and UNCLEAR in previous.doubts and previous.points == mark.value - 1:
            draft.doubt(UNCLEAR)
        if tag := tag_of(line.body):
            draft.heading = tag.heading
        self.fill(draft, line.body, place)

    def _open_topic(self, place: int, line: ReadLine) -> None:
        mark = line.number
        keeps = mark is not None and self.section.heading_family is not mark.family
        self._open(
            Section(
                heading=self.section.heading if keeps else None,
                title=line.typed,
                part=self.part,
                ordinal=mark.value if mark else 0,
                marks=self.section.marks if keeps else None,
                marks_per_blank=self.section.marks_per_blank if keeps else None,
                heading_family=self.section.heading_family
                if keeps and self.section.heading
                else mark.family
                if mark
                else None,
                last=self.section.last,
                is_numbered=self._is_numbered(place),
            )
        )

    def take_group(self, place: int, line: ReadLine) -> None:
        """Begin a shared stem, unless a model answer is being read."""
        mark, draft = line.group, self.draft
        if mark is None:
            return
        is_answer = draft and draft.is_written and draft.active in LONG_FIELDS - {Field.STEM}
        if is_answer and not mark.is_sure and self.section.heading is not Heading.CASE:
            self.take_text(place, line)
            return
        self.draft = None
        text = line.text[mark.end :].strip()
        group = self.group
        if group is None or group.drafts or not group.lines:
            group = self._new_group([text] if text else [])
        elif text:
            group.lines.append(line.text)
        group.last = mark.last or group.last
        group.count = mark.count or group.count

    def take_group_end(self, place: int, line: ReadLine) -> None:
        """End a shared stem where the file says so."""
        del place, line
        self.draft = self.group = None

    def take_list(self, place: int, line: ReadLine) -> None:
        """Take keys that stand as a list below their questions."""
        del place
        self.add_entries(line.text, line.where)

    def take_field(self, place: int, line: ReadLine) -> None:
        """Take 答案：B and its like for the question above, or as the beginning of one."""
        del place
        before, parts = split_fields(line.text)
        names = [each.field for each in parts]
        if names[0] in {Field.KIND, Field.NUMBER} and self._is_form_start(names[0]):
            self.waiting |= {each.field: each.text for each in parts}
            self.draft = None
            return
        if names[0] is Field.STEM and (self.draft is None or self.draft.stem):
            self._add_parts(self.begin(line), parts)
            return
        if self.draft is None:
            self.result.left.append(
                (line.where, f"这一行前面没有题目：“{line.text[:30]}”。请核对。")
            )
            return
        self.draft.source.append(line.typed)
        if before.strip():
            self.draft.continue_field(before.strip())
        self._add_parts(self.draft, parts)

    def _is_form_start(self, name: Field) -> bool:
        if self.draft is None:
            return True
        return self.draft.is_complete and name not in self.draft.fields

    def take_option(self, place: int, line: ReadLine) -> None:
        """Take the options of a line for the question above."""
        draft = self.draft
        if draft is None:
            self.result.left.append((line.where, f"{NO_QUESTION}“{line.text[:30]}”"))
            return
        is_answer = draft.is_written and draft.active is Field.KEY and not draft.options
        if is_answer or (line.label != draft.next_letter and is_weak_option(line.text)):
            self.take_text(place, line)
            return
        draft.source.append(line.typed)
        if line.label == "A" and draft.options:
            draft.doubt(TWO_OPTIONS)
        text, parts = split_fields(line.text)
        self._add_options(draft, split_options(text, self._label_after(place)))
        self._add_parts(draft, parts)

    def take_text(self, place: int, line: ReadLine) -> None:
        """Go on with what is being read, or begin a question without a number."""
        if line.tag:
            self.fill(self.begin(line), line.text, place)
        elif self._is_unnumbered(place, line):
            self._begin_unnumbered(place, line)
        elif self.draft is None:
            self._take_loose(line)
        else:
            self._go_on(self.draft, place, line)

    def _is_unnumbered(self, place: int, line: ReadLine) -> bool:
        draft = self.draft
        if self._label_after(place) == "A":
            return draft is None or bool(draft.options) or bool(draft.keys)
        if self.section.is_numbered:
            return False
        if draft is None:
            return self.section.heading is not None and self.group is None
        if draft.active in LONG_FIELDS - {Field.STEM, Field.KEY} or draft.options:
            return bool(draft.keys) and self.was_blank
        return (bool(draft.keys) and not draft.is_written) or (
            line.has_key_inside and has_key(draft)
        )

    def _begin_unnumbered(self, place: int, line: ReadLine) -> None:
        previous = self.draft
        draft = self.begin(line)
        if self.section.is_numbered and self.section.family is not None:
            draft.doubt(NO_NUMBER)
            if previous:
                previous.doubt(NEXT_UNNUMBERED)
        self.fill(draft, line.text, place)

    def _take_loose(self, line: ReadLine) -> None:
        if self.group:
            self.group.lines.append(line.typed)
        else:
            self.result.ignored.append((line.where, line.typed))

    def _go_on(self, draft: Draft, place: int, line: ReadLine) -> None:
        draft.source.append(line.typed)
        if self._is_naked_option(draft, place, line):
            self._add_options(draft, split_options(line.text))
        elif draft.active in {None, Field.STEM}:
            self.fill(draft, line.typed, place)
        elif draft.active is Field.KEY and not (draft.is_written or is_open(draft)):
            draft.doubt(LEFT_OVER.format(line.typed[:30]))
        elif draft.active is Field.OPTIONS or draft.active in LONG_FIELDS:
            text, parts = split_fields(line.typed)
            if text.strip():
                draft.continue_field(text.strip())
            self._add_parts(draft, parts)
        else:
            draft.doubt(LEFT_OVER.format(line.typed[:30]))

    def _is_naked_option(self, draft: Draft, place: int, line: ReadLine) -> bool:
        label, following = naked_label(line.text), self.lines.following(place)
        if not label or label != draft.next_letter:
            return False
        return bool(draft.options) or bool(following and naked_label(following.text) == "B")

    def take_keys(self, rows: KeyRows) -> None:
        """Take a table of numbers and keys."""
        for entry in rows.entries:
            if self.keys.is_open:
                self.keys.keep(entry)
            else:
                entry.part, entry.section = self.part, self.section
                entry.heading = entry.heading or self.section.heading
                self.result.entries.append(entry)

    def take_rows(self, rows: QuestionRows) -> None:
        """Take a table of questions."""
        self.keys.close()
        heading = self.section.heading if not self.section.drafts else None
        self.result.sections.append(rows.section)
        rows.section.heading = heading
        for group in rows.groups:
            group.id = f"g{len(self.result.groups) + 1}"
            self.result.groups.append(group)
        rows.section.part = self.part
        self._open(Section(part=self.part, is_numbered=False))


_TAKERS = {
    Begin.SECTION: Walk.take_section,
    Begin.KEYS: Walk.take_key_heading,
    Begin.GROUP: Walk.take_group,
    Begin.GROUP_END: Walk.take_group_end,
    Begin.LIST: Walk.take_list,
    Begin.FIELD: Walk.take_field,
    Begin.OPTION: Walk.take_option,
    Begin.NUMBER: Walk.take_number,
    Begin.TEXT: Walk.take_text,
}
