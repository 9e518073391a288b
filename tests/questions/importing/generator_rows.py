"""How the generator writes a section down: numbers, options, keys, lines behind a question."""

from dataclasses import dataclass
from decimal import Decimal

from app.questions.kinds import QuestionKind
from tests.questions.importing.expectations import Expected

NUMBERS = {
    "1. ": "%1. ",
    "1、": "%1、",
    "1．": "%1．",
    "（1）": "（%1）",
    "(1) ": "(%1) ",
    "1) ": "%1) ",
    "第1题 ": "第%1题 ",
    "【1】": "【%1】",
    "１．": "%1．",
}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
OPTION_MARKS = ("A. ", "A、", "A．", "(A) ", "（A）", "【A】", "Ａ．", "a. ", "A.")
FULL_WIDTH_LETTERS = str.maketrans("ABCDEF", "ＡＢＣＤＥＦ")
KEY_LISTS = ("ranges", "numbers", "end", "table")
KEY_WORDS = ("答案：", "正确答案：", "【答案】", "参考答案: ", "标准答案：")
LABELS = {
    QuestionKind.SINGLE: ("单选题", "单项选择题"),
    QuestionKind.MULTIPLE: ("多选题", "多项选择题"),
    QuestionKind.TRUE_FALSE: ("判断题",),
    QuestionKind.BLANK: ("填空题",),
    QuestionKind.SHORT: ("简答题", "问答题"),
}
DIGITS = "零一二三四五六七八九"
TRUE_WORDS = {"true": ("√", "对", "正确"), "false": ("×", "错", "错误")}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the file; `automatic` is Word's own number, which then replaces the prefix."""

    text: str
    prefix: str = ""
    automatic: tuple[int, int] | None = None
    cells: list[list[str]] | None = None

    @property
    def as_text(self) -> str:
        return self.prefix + self.text


@dataclass(frozen=True, kw_only=True)
class Section:
    """How all questions of a section are laid out."""

    index: int
    kind: QuestionKind
    number: str
    option_mark: str
    option_layout: str
    key_place: str
    is_automatic: bool
    marks: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A question and how it is written: `key` and the options that stand in the file.

    `second_key` stands in a place of its own and disagrees; `stray` is a line behind the question.
    """

    expected: Expected
    written_number: int
    key: list[object]
    fault: str = ""
    second_key: str = ""
    lost_option: str = ""
    stray: str = ""
    is_swallowed: bool = False
    precedes_swallowed: bool = False

    @property
    def breaks_numbers(self) -> bool:
        return bool(self.is_swallowed or self.lost_option or self.fault == "duplicate number")


def chinese(number: int) -> str:
    """Write a number below 100 in Chinese figures."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


def heading_of(section: Section) -> str:
    labels = LABELS[section.kind]
    label = labels[section.index % len(labels)]
    marks = f"（每题{section.marks}分，共{section.marks * 20}分）" if section.marks else ""
    return f"{chinese(section.index + 1)}、{label}{marks}"


def key_text(drawn: Drawn, style: int) -> str:
    """Write a key; `style` picks among the ways."""
    kind = drawn.expected.kind
    if kind is QuestionKind.TRUE_FALSE:
        return TRUE_WORDS[str(drawn.key[0])][style % 3] if drawn.key else ""
    if kind is QuestionKind.BLANK:
        return "；".join(each[0] for each in drawn.key)
    if kind is QuestionKind.SHORT:
        return "".join(map(str, drawn.key))
    return ("", "、", ",", "")[style % 4].join(map(str, drawn.key))


def rows_of(rng, section: Section, drawn: Drawn) -> list[Row]:
    """Write one question with all that belongs to it."""
    rows = [stem_row(rng, section, drawn), *option_rows(section, drawn)]
    expected = drawn.expected
    key = key_text(drawn, rng.randint(0, 3))
    if section.key_place == "line" and key:
        rows.append(Row(text=rng.choice(KEY_WORDS) + key))
    if drawn.second_key:
        rows.append(Row(text=f"答案：{drawn.second_key}"))
    if expected.analysis:
        rows.append(Row(text=f"解析：{expected.analysis}"))
    if expected.basis:
        rows.append(Row(text=f"依据：{expected.basis}"))
    return rows + ([Row(text=drawn.stray)] if drawn.stray else [])


def stem_row(rng, section: Section, drawn: Drawn) -> Row:
    number = str(drawn.written_number)
    prefix = section.number.replace("1", number).replace("１", number.translate(FULL_WIDTH))
    stem = drawn.expected.stem
    key = key_text(drawn, rng.choice((0, 1)))
    if section.key_place == "bracket" and key:
        stem = filled(stem, rng.choice((f"（{key}）", f"（ {key} ）", f"( {key} )")))
    automatic = (section.index + 1, 0) if section.is_automatic else None
    return Row(text=stem, prefix=prefix, automatic=automatic)


def filled(stem: str, bracket: str) -> str:
    """Put the key into the stem's bracket, or behind the stem."""
    return stem.replace("（　　）", bracket) if "（　　）" in stem else stem + bracket


def option_rows(section: Section, drawn: Drawn) -> list[Row]:
    given = [each for each in drawn.expected.options if each[0] != drawn.lost_option]
    if section.is_automatic and section.option_layout == "lines":
        return [
            Row(text=text, prefix=f"{letter}．", automatic=(section.index + 1, 1))
            for letter, text in given
        ]
    marked = [mark_of(section, letter) + text for letter, text in given]
    size = {"lines": 1, "one": 9, "pairs": 2, "tabs": 2}[section.option_layout]
    gap = "\t" if section.option_layout == "tabs" else "    "
    return [Row(text=gap.join(marked[at : at + size])) for at in range(0, len(marked), size)]


def mark_of(section: Section, letter: str) -> str:
    mark = section.option_mark
    wide = letter.translate(FULL_WIDTH_LETTERS)
    return mark.replace("A", letter).replace("Ａ", wide).replace("a", letter.lower())


def key_rows(section: Section, drawn: list[Drawn]) -> list[Row]:
    """Write the list of keys of a section; nothing if they stand at their questions."""
    if section.key_place not in KEY_LISTS:
        return []
    texts = ["".join(key_text(each, 0)) for each in drawn]
    if section.key_place == "ranges":
        return range_rows(texts)
    pairs = [f"{at}.{text}" for at, text in enumerate(texts, 1) if text]
    rows = [Row(text=" ".join(pairs[at : at + 10])) for at in range(0, len(pairs), 10)]
    if section.key_place == "table":
        numbers = [str(each.written_number) for each in drawn]
        cells = [
            line
            for at in range(0, len(texts), 10)
            for line in (["题号", *numbers[at : at + 10]], ["答案", *texts[at : at + 10]])
        ]
        rows[0] = Row(text="\n".join(row.text for row in rows), cells=cells)
        del rows[1:]
    return rows


def range_rows(texts: list[str]) -> list[Row]:
    parts = [f"{at + 1}-{at + 5}：{''.join(texts[at : at + 5])}" for at in range(0, len(texts), 5)]
    return [Row(text="　".join(parts[at : at + 2])) for at in range(0, len(parts), 2)]
