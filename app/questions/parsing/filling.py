"""Puts what stands in a line on a draft: stem, options, labelled parts, listed keys."""

from collections.abc import Sequence

from app.questions.parsing.drafts import Draft, RawKey
from app.questions.parsing.fields import FieldPart, split_fields
from app.questions.parsing.folding import fold
from app.questions.parsing.key_parts import entries_of
from app.questions.parsing.lines import ReadLine
from app.questions.parsing.looks import is_full
from app.questions.parsing.numbers import int_of_number, number_mark
from app.questions.parsing.options import OptionPart, split_options, split_stem
from app.questions.parsing.place import Place
from app.questions.parsing.words import HEADING_BY_WORD, Field


class Filling(Place):
    """Begins questions and puts what is read on them."""

    def begin(self, line: ReadLine, *, number: int = 0) -> Draft:
        """Begin a question with what stands behind its number."""
        group = self.group
        if group and is_full(group, number):
            group = self.group = None
        draft = Draft(number=number, where=line.where, section=self.section, group=group)
        self.draft = draft
        self.section.drafts.append(draft)
        if group:
            group.drafts.append(draft)
        if line.tag:
            draft.heading = line.tag.heading
        if line.key_before:
            draft.keys.append(RawKey(text=line.key_before, where="题干前的括号"))
        draft.source.append(line.typed)
        self._use_waiting(draft)
        return draft

    def _use_waiting(self, draft: Draft) -> None:
        for name, text in self.waiting.items():
            if name is Field.KIND:
                draft.heading = HEADING_BY_WORD.get(text)
            elif name is Field.NUMBER:
                draft.number = draft.number or int_of_number(text)
            draft.fields.setdefault(name, []).append(text)
        self.waiting = {}

    def fill(self, draft: Draft, text: str, place: int) -> None:
        """Put a text on a stem; options and labelled parts behind it are parted from it."""
        text, parts = split_fields(text)
        stem, options = split_stem(text, self._label_after(place))
        if stem.strip():
            draft.stem.append(stem.strip())
        self._add_options(draft, options)
        self._add_parts(draft, parts)

    def _add_options(self, draft: Draft, options: Sequence[OptionPart]) -> None:
        for option in options:
            if option.label != draft.next_letter:
                draft.doubt("选项的字母不连续：请核对有没有漏掉或者重复的选项。")
            draft.options.append((option.label, [option.text]))
            draft.active = Field.OPTIONS
            draft.points = 0
            if option.text.startswith("1"):
                self._note_points(draft, option.text)

    def _add_parts(self, draft: Draft, parts: Sequence[FieldPart]) -> None:
        for part in parts:
            if part.field is Field.STEM:
                draft.stem.append(part.text)
                draft.active = Field.STEM
            elif part.field is Field.OPTIONS:
                self._add_options(draft, split_options(part.text) if part.text else ())
            elif part.field is Field.KEY and entries_of(part.text):
                self.add_entries(part.text, draft.where)
            else:
                draft.add_field(part.field, part.text, "答案行")
                self._note_points(draft, part.text)

    def _note_points(self, draft: Draft, text: str) -> None:
        """Remember that a text begins with a point numbered as questions are."""
        mark = number_mark(fold(text))
        if mark and mark.family is self.section.family and not mark.is_weak:
            draft.points = mark.value

    def add_entries(self, text: str, where: str) -> None:
        """Keep listed keys for the questions of this section or group."""
        group = self.group
        for entry in entries_of(text):
            entry.where, entry.part, entry.source = where, self.part, text.strip()
            entry.heading = self.section.heading
            entry.section = self.section
            if group and len(group.drafts) > 1:
                entry.group = group
            self.result.entries.append(entry)

    def _share_stem(self) -> None:
        """Make the question above a shared stem of those that begin here."""
        draft, mark_family = self.draft, None
        if draft is None:
            return
        self.section.drafts.remove(draft)
        shared = self._new_group(draft.stem)
        shared.family = mark_family
        self.draft = None
