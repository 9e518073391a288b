"""Tables: those of questions, those of keys, and those that only hold text in place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.questions.kinds import OPTION_LABELS
from app.questions.parsing.document import Line, Table
from app.questions.parsing.drafts import Draft, Entry, RawKey, Section, SharedStem
from app.questions.parsing.fields import label_of
from app.questions.parsing.folding import fold, squeeze
from app.questions.parsing.headings import section_mark
from app.questions.parsing.numbers import int_of_number
from app.questions.parsing.options import first_label, split_options
from app.questions.parsing.words import GROUP_COLUMNS, HEADING_BY_WORD, Field, Heading

HEADER_WITHIN = 12
GROUP = "group"
_OPTION_COLUMN = re.compile(r"(?:备?选项|备选答案|选择)?([A-Ha-h])(?:选项|项)?")
_OPTION_NUMBER = re.compile(r"(?:选项|备选答案|备选项)([1-8一二三四五六七八])")
_KEY = re.compile(r"[A-Ha-h]{1,8}|[A-H](?:[,、][A-H])+|√|×|对|错|正确|错误|[TFtf]")
UNKNOWN_KIND = "题型“{}”看不懂。请写单选题、多选题、判断题、填空题、简答题或者论述题。"


@dataclass(frozen=True, kw_only=True)
class KeyRows:
    """A table of numbers and keys."""

    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class QuestionRows:
    """A table with one question to a row."""

    section: Section
    groups: list[SharedStem]


def arrange(
    blocks: Sequence[Line | Table],
) -> tuple[list[Line | KeyRows | QuestionRows], list[tuple[str, str]]]:
    """Take tables of questions and keys, lay the others flat; gives what couldn't be taken too."""
    arranged: list[Line | KeyRows | QuestionRows] = []
    problems: list[tuple[str, str]] = []
    for block in blocks:
        if isinstance(block, Line):
            arranged.append(block)
        elif entries := _key_entries(block):
            arranged.append(KeyRows(entries=entries))
        elif header := _find_header(block):
            section = _read_rows(block, *header, problems)
            arranged.append(QuestionRows(section=section, groups=_groups(section)))
        else:
            arranged.extend(_flat(block))
    return arranged, problems


# -- keys -----------------------------------------------------------------------------------------
def _key_entries(table: Table) -> list[Entry]:
    rows = [[squeeze(each) for each in row] for row in table.rows]
    return _across(table, rows) or _down(table, rows)


def _across(table: Table, rows: list[list[str]]) -> list[Entry]:
    """Read 题号 1 2 3 over 答案 A B C, as often as the table has such a pair of rows."""
    entries: list[Entry] = []
    filled = [(place, row) for place, row in enumerate(rows) if any(row)]
    if len(filled) % 2:
        return []
    for (_, numbers), (place, keys) in zip(filled[::2], filled[1::2], strict=True):
        pairs = [(one, two) for one, two in zip(numbers, keys, strict=False) if one.isdecimal()]
        others = [each for each in numbers if each and not each.isdecimal()]
        if not pairs or any(label_of(each) is not Field.NUMBER for each in others):
            return []
        if not all(two == "" or _KEY.fullmatch(fold(two)) for _, two in pairs):
            return []
        entries += [_entry(int(one), two, table.where_of(place)) for one, two in pairs]
    return entries


def _down(table: Table, rows: list[list[str]]) -> list[Entry]:
    """Read columns 题号 and 答案, side by side as often as they stand."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        labels = [label_of(each) for each in row]
        if Field.KEY in labels and Field.NUMBER in labels and Field.STEM not in labels:
            return list(_down_rows(table, labels, place + 1))
    return []


def _down_rows(table: Table, labels: list[Field | None], start: int) -> Iterator[Entry]:
    kind = labels.index(Field.KIND) if Field.KIND in labels else None
    for place in range(start, len(table.rows)):
        row = table.rows[place]
        number = 0
        for label, cell in zip(labels, row, strict=False):
            if label is Field.NUMBER:
                number = int_of_number(squeeze(cell))
            elif label is Field.KEY and number and cell.strip():
                entry = _entry(number, cell.strip(), table.where_of(place))
                entry.heading = (
                    HEADING_BY_WORD.get(squeeze(row[kind])) if kind is not None else None
                )
                yield entry
            elif label in {Field.ANALYSIS, Field.BASIS} and number and cell.strip():
                entry.add(label, cell.strip())


def _entry(number: int, text: str, where: str) -> Entry:
    return Entry(
        heading=None,
        ordinal=0,
        part=None,
        number=number,
        where=where,
        text=text,
        source=f"{number} {text}",
    )


# -- questions ------------------------------------------------------------------------------------
Columns = Mapping[int, Field | str]


def _find_header(table: Table) -> tuple[int, Columns] | None:
    for place, row in enumerate(table.rows[:HEADER_WITHIN]):
        columns = _columns(row)
        names = set(columns.values())
        if Field.STEM in names and (Field.KEY in names or "A" in names or Field.OPTIONS in names):
            return place, columns
    return None


def _columns(row: Sequence[str]) -> dict[int, Field | str]:
    columns: dict[int, Field | str] = {}
    for place, cell in enumerate(row):
        squeezed = re.sub(r"\(.*\)|[*:]", "", squeeze(cell))
        if found := _OPTION_COLUMN.fullmatch(squeezed):
            columns[place] = found[1].upper()
        elif found := _OPTION_NUMBER.fullmatch(squeezed):
            columns[place] = OPTION_LABELS[int_of_number(found[1]) - 1]
        elif squeezed in GROUP_COLUMNS and GROUP not in columns.values():
            columns[place] = GROUP
        elif (name := label_of(squeezed)) and name not in columns.values():
            columns[place] = name
    return columns


def _read_rows(
    table: Table, header: int, columns: Columns, problems: list[tuple[str, str]]
) -> Section:
    section = Section(is_numbered=False, title=table.where)
    heading = _heading_above(table, header)
    for place in range(header + 1, len(table.rows)):
        row = table.rows[place]
        cells = [each.strip() for each in row]
        if not any(cells) or _columns(row) == columns:
            continue
        filled = [each for each in cells if each]
        if len(filled) == 1 and (mark := section_mark(filled[0])):
            heading = mark.heading
            continue
        if len(filled) == 1 and Field.STEM not in {
            columns.get(at) for at, each in enumerate(cells) if each
        }:
            problems.append(
                (table.where_of(place), f"这一行看不出是什么：“{filled[0][:30]}”。请核对。")
            )
            continue
        section.drafts.append(_draft(table, place, columns, section, heading))
    return section


def _groups(section: Section) -> list[SharedStem]:
    """Make one shared stem of those that stand in neighbouring rows with the same text."""
    groups: list[SharedStem] = []
    previous: SharedStem | None = None
    for draft in section.drafts:
        if draft.group and previous and previous.lines == draft.group.lines:
            draft.group = previous
        elif draft.group:
            groups.append(draft.group)
        previous = draft.group
        if previous:
            previous.drafts.append(draft)
    return groups


def _heading_above(table: Table, header: int) -> Heading | None:
    """Give the kind that the sheet's name or a row above the header says."""
    texts = [each for row in table.rows[:header] for each in row if each.strip()]
    named = re.search(r"“(.+?)”", table.where)
    marks = [section_mark(each) for each in [*texts, named[1] if named else ""] if each]
    return next((each.heading for each in marks if each), None)


def _draft(
    table: Table, place: int, columns: Columns, section: Section, heading: Heading | None
) -> Draft:
    where = table.where_of(place)
    draft = Draft(where=where, section=section, heading=heading)
    cells = [
        (columns[at], cell.strip()) for at, cell in enumerate(table.rows[place]) if at in columns
    ]
    draft.source = [
        f"{table.rows[place][at].strip()}"
        for at in columns
        if at < len(table.rows[place]) and table.rows[place][at].strip()
    ]
    for name, cell in cells:
        if cell:
            _take_cell(draft, name, cell)
    return draft


def _take_cell(draft: Draft, name: Field | str, cell: str) -> None:
    if isinstance(name, Field):
        _take_field(draft, name, cell)
        return
    if name == GROUP:
        draft.group = SharedStem(id="", lines=[cell])
        return
    text = cell
    if first_label(cell) == name and not cell[1:2].isspace():
        text = split_options(cell)[0].text if len(split_options(cell)) == 1 else cell
    draft.options.append((name, [text]))


def _take_field(draft: Draft, name: Field, cell: str) -> None:
    if name is Field.STEM:
        draft.stem.append(cell)
    elif name is Field.KIND:
        squeezed = squeeze(cell)
        draft.heading = HEADING_BY_WORD.get(squeezed) or HEADING_BY_WORD.get(f"{squeezed}题")
        if draft.heading is None:
            draft.doubt(UNKNOWN_KIND.format(cell[:20]))
    elif name is Field.NUMBER:
        draft.number = int_of_number(squeeze(cell).strip(".、"))
    elif name is Field.OPTIONS:
        _take_options(draft, cell)
    elif name is Field.KEY:
        draft.keys.append(RawKey(text=cell, where=f"{draft.where}答案栏"))
    else:
        draft.fields.setdefault(name, []).append(cell)


def _take_options(draft: Draft, cell: str) -> None:
    """Part the cell that holds all options: by letters, or else by lines or strokes."""
    lines = [each for each in cell.splitlines() if each.strip()]
    if first_label(lines[0]) == "A":
        for place, line in enumerate(lines):
            if not first_label(line):
                draft.options[-1][1].append(line.strip())
                continue
            following = first_label(lines[place + 1]) if place + 1 < len(lines) else ""
            draft.options += [(each.label, [each.text]) for each in split_options(line, following)]
        return
    parts = lines if len(lines) > 1 else re.split(r"\s*(?:\|+|｜|\$;\$)\s*", cell)
    if len(parts) < 2:  # noqa: PLR2004
        draft.doubt("“选项”一栏里分不清各个选项。请写成 A.… B.…，每行一个。")
    draft.options += [(letter, [part]) for letter, part in zip(OPTION_LABELS, parts, strict=False)]


# -- other tables ---------------------------------------------------------------------------------
def _flat(table: Table) -> Iterator[Line]:
    """Read a table that only holds text in place as lines: a row, or the lines of its cells."""
    for place, row in enumerate(table.rows):
        where = table.where_of(place)
        cells = [each.strip() for each in row if each.strip()]
        if any("\n" in each for each in cells):
            lines = [each for cell in cells for each in cell.splitlines()]
        else:
            lines = ["\t".join(cells)]
        yield from (Line(text=each, where=where) for each in lines)
