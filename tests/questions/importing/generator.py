"""Makes a long file of questions from a seed: layouts mixed, faults at a known rate.

The same rows go into a text and into a .docx, where numbers may be Word's own and keys may stand
in tables. The expected questions come from what was drawn, never from reading the rows.
"""

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.questions.kinds import QuestionKind
from tests.questions.importing import generator_texts as texts
from tests.questions.importing.expectations import Expected
from tests.questions.importing.generator_faults import damage, draw_fault
from tests.questions.importing.generator_rows import (
    KEY_LISTS,
    NUMBERS,
    OPTION_MARKS,
    Drawn,
    Row,
    Section,
    heading_of,
    key_rows,
    rows_of,
)
from tests.questions.importing.word_files import docx, numbering, paragraph, table

KINDS = (
    *[QuestionKind.SINGLE] * 4, *[QuestionKind.MULTIPLE] * 3, *[QuestionKind.TRUE_FALSE] * 3,
    QuestionKind.BLANK, QuestionKind.SHORT,
)  # fmt: skip
NOISE = ("", "", "第 3 页 共 40 页", "姓名：________　工号：________　得分：________")
SECTION_SIZE = 20


@dataclass(frozen=True, kw_only=True)
class Long:
    """A made file in both formats, and what it holds. `faulty` counts the damaged questions."""

    text: bytes
    word: bytes
    questions: tuple[Expected, ...]

    @property
    def faulty(self) -> int:
        return sum(bool(each.doubt) for each in self.questions)


@dataclass(kw_only=True)
class Making:
    """The file so far; `at_end` are the key lists that stand behind all sections."""

    rows: list[Row] = field(default_factory=list)
    at_end: list[Row] = field(default_factory=list)
    questions: list[Expected] = field(default_factory=list)
    automatic: dict[int, str] = field(default_factory=dict)


def make_long(seed: int, count: int = 1000, fault_rate: float = 0.04) -> Long:
    """Make a file of `count` questions (a multiple of 20)."""
    rng = random.Random(seed)
    subjects = iter(rng.sample(texts.SUBJECTS, count))
    making = Making(rows=[Row(text="清源区政务服务中心窗口业务题库"), Row(text="")])
    for index in range(count // SECTION_SIZE):
        add_section(rng, making, draw_section(rng, index), subjects, fault_rate)
    rows = making.rows + ([Row(text="参考答案"), *making.at_end] if making.at_end else [])
    return Long(
        text="\n".join(row.as_text for row in rows).encode(),
        word=as_word(rows, making.automatic),
        questions=tuple(making.questions),
    )


def draw_section(rng, index):
    """Draw how a section is laid out; only choices and judgements have key lists."""
    kind = rng.choice(KINDS)
    is_written = kind in {QuestionKind.BLANK, QuestionKind.SHORT}
    is_judged = kind is QuestionKind.TRUE_FALSE
    key_place = "line" if is_written else rng.choice(("line", "line", "bracket", *KEY_LISTS))
    if key_place == "ranges" and kind is QuestionKind.MULTIPLE:
        key_place = "numbers"
    return Section(
        index=index,
        kind=kind,
        number=rng.choice(tuple(NUMBERS)),
        option_mark=rng.choice(OPTION_MARKS),
        option_layout="lines"
        if is_judged
        else rng.choice(("lines", "lines", "one", "pairs", "tabs")),
        key_place=key_place,
        is_automatic=rng.random() < 0.3,
        marks=rng.choice((None, Decimal(1), Decimal(2), Decimal("0.5"))),
    )


def add_section(rng, making, section, subjects, fault_rate):
    drawn = [
        draw_question(rng, section, at + 1, next(subjects), fault_rate)
        for at in range(SECTION_SIZE)
    ]
    drawn = damage(rng, section, drawn)
    if any(each.breaks_numbers for each in drawn):
        section = replace(section, is_automatic=False)
    if section.is_automatic:
        making.automatic[section.index + 1] = NUMBERS[section.number]
    making.rows.append(Row(text=heading_of(section)))
    for each in drawn:
        add_rows(rng, making, section, each)
    keys = key_rows(section, drawn)
    if section.key_place == "end":
        making.at_end += [Row(text=heading_of(section)), *keys]
    elif keys:
        making.rows += [Row(text="参考答案："), *keys]
    making.questions += [each.expected for each in drawn]


def add_rows(rng, making, section, drawn):
    rows = rows_of(rng, section, drawn)
    if drawn.is_swallowed:
        last, first = making.rows.pop(), rows.pop(0)
        making.rows.append(Row(text=f"{last.as_text} {first.as_text}"))
    making.rows += rows
    if section.key_place == "line" and not drawn.precedes_swallowed and rng.random() < 0.2:
        making.rows.append(Row(text=rng.choice(NOISE)))


def draw_question(rng, section, number, subject, fault_rate):
    """Draw one sound question, and whether it will be damaged."""
    kind = section.kind
    options, answer = draw_answer(rng, kind)
    has_lines = section.key_place == "line" and kind is not QuestionKind.SHORT
    expected = Expected(
        number=str(number),
        kind=kind,
        stem=texts.stem_of(rng, kind, subject),
        options=options,
        answer=answer,
        marks=section.marks,
        analysis=rng.choice(texts.REASONS) if has_lines and rng.random() < 0.3 else "",
        basis=rng.choice(texts.RULES) if has_lines and rng.random() < 0.3 else None,
    )
    fault = draw_fault(rng, section, number) if rng.random() < fault_rate else ""
    return Drawn(expected=expected, written_number=number, key=list(answer), fault=fault)


def draw_answer(rng, kind):
    """Give the options and the answer as the contract writes them."""
    if kind is QuestionKind.TRUE_FALSE:
        return (), [rng.choice(("true", "false"))]
    if kind is QuestionKind.BLANK:
        return (), [[each] for each in rng.choice(texts.BLANK_KEYS)]
    if kind is QuestionKind.SHORT:
        return (), [rng.choice(texts.POINTS)]
    words = rng.sample(rng.choice(texts.OPTION_POOLS), rng.choice((4, 4, 5)))
    letters = "ABCDE"[: len(words)]
    size = 1 if kind is QuestionKind.SINGLE else rng.randint(2, len(words))
    return tuple(zip(letters, words, strict=True)), sorted(rng.sample(letters, size))


def as_word(rows, automatic):
    """Give the rows as a .docx: automatic numbers and tables where a row has them."""
    lists = {use: [("decimal", shape), ("upperLetter", "%2．")] for use, shape in automatic.items()}
    return docx(
        [as_block(row) for row in rows], numbering(lists, {use: (use, {}) for use in lists})
    )


def as_block(row):
    if row.cells:
        return table(row.cells)
    if row.automatic:
        return paragraph(row.text, number=row.automatic)
    return paragraph(row.as_text)
