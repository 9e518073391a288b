"""Brings keys that stand apart to their questions: by heading and number, never by place alone."""

from collections.abc import Iterable, Sequence

from app.questions.parsing.drafts import Draft, Entry, RawKey, Section, SharedStem
from app.questions.parsing.keys import letters_of
from app.questions.parsing.words import Field, Heading

NO_MATCH = "答案里有第{number}题（{text}），但题目里没有找到对应的题。请核对题号和题型标题。"
TWO_MATCHES = "答案里的第{number}题对应不止一道题，没有采用。请在答案里写明题型标题。"


def match(sections: Sequence[Section], entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Put each key on its question; gives place and message of those that fit none."""
    finder = _Finder([each for each in sections if each.drafts])
    problems = []
    for entry in entries:
        drafts = finder.find(entry)
        if len(drafts) == 1:
            _put(drafts[0], entry)
            continue
        message = TWO_MATCHES if drafts else NO_MATCH
        problems.append(
            (entry.where, message.format(number=entry.number, text=entry.text[:20] or "空"))
        )
        for draft in drafts:
            draft.doubt(TWO_MATCHES.format(number=entry.number))
    return problems


class _Finder:
    """Finds the questions that an entry may mean."""

    def __init__(self, sections: list[Section]) -> None:
        self.sections = sections
        self.by_number: dict[int, dict[int, list[Draft]]] = {}
        self.scopes: dict[tuple[object, ...], list[Section]] = {}

    def find(self, entry: Entry) -> list[Draft]:
        if entry.group:
            return _in_group(entry.group, entry.number)
        return [
            draft
            for section in self._scope(entry)
            for draft in self._numbered(section).get(entry.number, [])
        ]

    def _numbered(self, section: Section) -> dict[int, list[Draft]]:
        known = self.by_number.get(id(section))
        if known is None:
            known = self.by_number[id(section)] = {}
            for draft in section.drafts:
                known.setdefault(draft.number, []).append(draft)
        return known

    def _scope(self, entry: Entry) -> list[Section]:
        """Give the sections that the heading above the entry means."""
        key = (id(entry.section), entry.part, entry.heading, entry.ordinal)
        if key not in self.scopes:
            self.scopes[key] = self._look(entry)
        return self.scopes[key]

    def _look(self, entry: Entry) -> list[Section]:
        if entry.section is not None and entry.section.drafts:
            return [entry.section]
        part = [each for each in self.sections if entry.part in {None, each.part}]
        if entry.heading is not None:
            return (
                _exactly(part, entry) or _exactly(self.sections, entry) or _of_heading(part, entry)
            )
        if entry.ordinal:
            same = [each for each in part if each.ordinal == entry.ordinal]
            return same or [each for each in self.sections if each.ordinal == entry.ordinal]
        return part


def _of_heading(sections: list[Section], entry: Entry) -> list[Section]:
    named = [each for each in sections if each.heading is entry.heading]
    if not named and entry.heading in {Heading.CHOICE, Heading.SINGLE, Heading.MULTIPLE}:
        named = [each for each in sections if each.heading is Heading.CHOICE]
    if not named:
        return [
            each for each in sections if any(one.wanted is entry.heading for one in each.drafts)
        ]
    return named


def _exactly(sections: list[Section], entry: Entry) -> list[Section]:
    """Give the sections whose heading has the same kind and the same number."""
    return [
        each
        for each in sections
        if entry.ordinal and each.heading is entry.heading and each.ordinal == entry.ordinal
    ]


def _in_group(group: SharedStem, number: int) -> list[Draft]:
    return [each for each in group.drafts if each.number == number]


def _put(draft: Draft, entry: Entry) -> None:
    draft.source.append(entry.source)
    if entry.is_broken:
        draft.doubt("答案表里这一段的题号个数和答案个数对不上，没有采用。请核对答案表。")
    elif entry.text:
        draft.keys.append(RawKey(text=entry.text, where=f"答案表（{entry.where}）"))
    for name, texts in entry.fields.items():
        if name is not Field.KEY:
            draft.fields.setdefault(name, []).extend(texts)


def share_keys(groups: Iterable[SharedStem]) -> None:
    """Part a key such as B、A、C behind the last question of a shared stem among all of them."""
    for group in groups:
        if len(group.drafts) < 2:  # noqa: PLR2004 - there is nothing to share.
            continue
        *earlier, last = group.drafts
        if any(each.keys for each in earlier) or len(last.keys) != 1:
            continue
        tokens = [each for each in _tokens(last.keys[0].text) if each]
        if len(tokens) != len(group.drafts) or not all(map(letters_of, tokens)):
            continue
        _share(group.drafts, tokens, last.keys[0].where)


def _tokens(text: str) -> list[str]:
    for mark in ";；":
        text = text.replace(mark, "、")
    return [each.strip(" 。.") for each in text.replace("，", "、").replace(",", "、").split("、")]


def _share(drafts: Sequence[Draft], tokens: Sequence[str], where: str) -> None:
    """Give each its own; a run in the order of letters may be the last one's alone."""
    single = all(each.wanted is Heading.SINGLE for each in drafts)
    rising = all(len(each) == 1 for each in tokens) and list(tokens) == sorted(set(tokens))
    drafts[-1].keys = []
    for draft, token in zip(drafts, tokens, strict=True):
        draft.keys.append(RawKey(text=token, where=where))
        if rising and not single:
            draft.doubt("案例的答案写在一起，分不清是每题一个还是最后一题几个。请每题单独写答案。")
