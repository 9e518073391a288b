"""Kind and key of a question: taken where they are certain, None where they are not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.questions.kinds import QUESTION_KIND_LABELS, QuestionKind
from app.questions.parsing.blanks import count_blanks, split_blanks
from app.questions.parsing.drafts import RawKey
from app.questions.parsing.folding import fold, squeeze
from app.questions.parsing.keys import letters_of, truth_of
from app.questions.parsing.words import (
    FALSE_WORDS,
    KIND_OF_HEADING,
    TRUE_WORDS,
    Heading,
)

Options = Sequence[tuple[str, str]]

NO_KEY = "没有找到答案。请补上“答案：”一行，或者在答案表里写上这一题。"
BAD_KEY = "答案看不懂：“{}”。请写成 {}。"
HOW = {
    QuestionKind.SINGLE: "一个选项字母，如 B",
    QuestionKind.MULTIPLE: "选项字母，如 ABD",
    QuestionKind.TRUE_FALSE: "“对”或“错”",
    QuestionKind.NUMERIC: "一个数，如 15 或 15±0.5",
}
_TRUE, _FALSE = r"(?:√|对|正确|是)", r"(?:×|错误?|不正确|否)"
_A_IS_TRUE = re.compile(
    rf"A\s*[.、:为是代表]*\s*{_TRUE}.{{0,6}}?B\s*[.、:为是代表]*\s*{_FALSE}|{_TRUE}.{{0,4}}A.{{0,6}}?{_FALSE}.{{0,4}}B"
)
_LETTER_AND_TEXT = re.compile(r"([A-H])\s*[.、:\s]\s*(.+)", re.DOTALL)
_NUMBER = re.compile(
    r"(-?\d+(?:\.\d+)?)\s*(?:\(?\s*(?:±|误差|允许误差|\+/-)\s*[:为]?\s*(\d+(?:\.\d+)?)\s*\)?)?"
)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a question is and how it is answered; `doubts` say why that isn't certain."""

    kind: QuestionKind | None
    answer: list[Any]
    doubts: tuple[str, ...] = ()
    remark: str = ""
    drops_options: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """All by which kind and key are decided."""

    stem: str
    options: Options
    keys: Sequence[RawKey]
    heading: Heading | None
    title: str


def decide(asked: Asked) -> Decision:
    """Decide on one question."""
    kind = kind_of(asked)
    if kind is None:
        doubt = "看不出题型。请在题前写上题型标题，如“一、单选题”，或者核对选项和答案。"
        doubts = (doubt,) if asked.keys else (doubt, NO_KEY)
        return Decision(kind=None, answer=[], doubts=doubts)
    keys = [each for each in asked.keys if each.text.strip()]
    if not keys:
        return Decision(kind=kind, answer=[], doubts=(NO_KEY,), drops_options=_is_pair(kind, asked))
    read = [_read(kind, each.text, asked) for each in keys]
    return _agree(kind, keys, read, asked)


def _agree(
    kind: QuestionKind, keys: Sequence[RawKey], read: list[tuple[list[Any], str, str]], asked: Asked
) -> Decision:
    """Bring several keys of one question together: they must say the same."""
    doubts = list(dict.fromkeys(doubt for _, doubt, _ in read if doubt))
    answers = [answer for answer, _, _ in read if answer]
    if len({_comparable(each) for each in answers}) > 1:
        places = "，".join(f"{key.where}写的是“{key.text.strip()[:20]}”" for key in keys)
        doubts.append(f"两处答案不一样：{places}。请核对后只留正确的一处。")
        answers = []
    return Decision(
        kind=kind,
        answer=answers[0] if answers else [],
        doubts=tuple(doubts),
        remark=next((remark for _, _, remark in read if remark), ""),
        drops_options=_is_pair(kind, asked),
    )


def _comparable(answer: list[Any]) -> str:
    return squeeze(repr(answer)).replace("\\n", "")


def _is_pair(kind: QuestionKind, asked: Asked) -> bool:
    return kind is QuestionKind.TRUE_FALSE and is_truth_pair(asked.options)


def is_truth_pair(options: Options) -> bool:
    """Tell whether the options are 对 and 错 in any words."""
    texts = [fold(text).strip(" 。.") for _, text in options]
    return len(texts) == 2 and (  # noqa: PLR2004 - a pair.
        (texts[0] in TRUE_WORDS and texts[1] in FALSE_WORDS)
        or (texts[0] in FALSE_WORDS and texts[1] in TRUE_WORDS)
    )


def kind_of(asked: Asked) -> QuestionKind | None:
    """Give the kind that a heading says, or that options and key make certain."""
    if asked.heading in KIND_OF_HEADING:
        return KIND_OF_HEADING[asked.heading]
    if is_truth_pair(asked.options):
        return QuestionKind.TRUE_FALSE
    counts = {len(set(letters_of(each.text))) for each in asked.keys}
    if asked.options:
        if len(counts) != 1 or 0 in counts:
            return None
        return QuestionKind.SINGLE if counts == {1} else QuestionKind.MULTIPLE
    said = [truth_of(each.text) for each in asked.keys]
    if said and all(said) and counts == {0} and asked.heading is not Heading.CHOICE:
        return QuestionKind.TRUE_FALSE
    return None


def _read(kind: QuestionKind, text: str, asked: Asked) -> tuple[list[Any], str, str]:
    """Give the answer of one key, a doubt or "", and what else the key says."""
    if kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        return _read_letters(kind, text, asked)
    if kind is QuestionKind.TRUE_FALSE:
        return _read_truth(text, asked)
    if kind is QuestionKind.BLANK:
        return _read_blanks(text, asked)
    if kind is QuestionKind.NUMERIC:
        return _read_number(text)
    return [text.strip()], "", ""


def _read_letters(kind: QuestionKind, text: str, asked: Asked) -> tuple[list[Any], str, str]:
    letters = letters_of(text) or _letter_by_text(text, asked.options)
    if not letters:
        return [], BAD_KEY.format(text.strip()[:30], HOW[kind]), ""
    labels = [label for label, _ in asked.options]
    doubt = ""
    if beyond := [each for each in letters if each not in labels]:
        doubt = f"答案里的 {'、'.join(beyond)} 不在选项里。请核对答案或者补上选项。"
    elif len(set(letters)) != len(letters):
        doubt = f"答案“{text.strip()[:20]}”里有重复的字母，请核对。"
    elif kind is QuestionKind.SINGLE and len(letters) > 1:
        doubt = f"单选题的答案有{len(letters)}个字母（{letters}）。请改成一个，或者改成多选题。"
    elif asked.heading is Heading.MULTIPLE and len(letters) == 1:
        doubt = f"多选题的答案只有一个字母（{letters}）。请核对答案，或者改成单选题。"
    return sorted(set(letters)), doubt, ""


def _letter_by_text(text: str, options: Options) -> str:
    """Find the option that a key names by its text, with its letter or without."""
    found = _LETTER_AND_TEXT.fullmatch(fold(text).strip())
    wanted = squeeze(found[2] if found else text).rstrip("。.;")
    named = [label for label, option in options if squeeze(option).rstrip("。.;") == wanted]
    if len(named) != 1 or (found and found[1] != named[0]):
        return ""
    return named[0]


def _read_truth(text: str, asked: Asked) -> tuple[list[Any], str, str]:
    folded = fold(text).strip().upper().rstrip("。.")
    if folded in {"A", "B"}:
        truth = _truth_of_letter(folded, asked)
        if truth is None:
            message = (
                f"判断题的答案写的是字母 {folded}，没有写明 A、B 各是对还是错。请写“对”或“错”。"
            )
            return [], message, ""
        return ["true" if truth else "false"], "", ""
    said = truth_of(text)
    if said is None:
        return [], BAD_KEY.format(text.strip()[:30], HOW[QuestionKind.TRUE_FALSE]), ""
    return ["true" if said[0] else "false"], "", said[1]


def _truth_of_letter(letter: str, asked: Asked) -> bool | None:
    if is_truth_pair(asked.options):
        text = fold(dict(asked.options).get(letter, "")).strip(" 。.")
        return None if not text else text in TRUE_WORDS
    if not asked.options and _A_IS_TRUE.search(fold(asked.title)):
        return letter == "A"
    return None


def _read_blanks(text: str, asked: Asked) -> tuple[list[Any], str, str]:
    blanks = count_blanks(asked.stem)
    if not blanks:
        return [], "题干里没有找到要填的空。请用 ____ 或（　　）标出每一个空。", ""
    parts = split_blanks(text, blanks)
    if parts is None:
        message = f"有{blanks}个空，分不清答案“{text.strip()[:30]}”里哪一段填哪个空。请用“；”隔开各空，用“/”隔开同一空的不同写法。"  # noqa: E501
        return [], message, ""
    return parts, "", ""


def _read_number(text: str) -> tuple[list[Any], str, str]:
    found = _NUMBER.fullmatch(fold(text).strip().rstrip("。"))
    if not found:
        return [], BAD_KEY.format(text.strip()[:30], HOW[QuestionKind.NUMERIC]), ""
    tolerance = str(Decimal(found[2])) if found[2] else "0"
    return [{"value": str(Decimal(found[1])), "tolerance": tolerance}], "", ""


def name_of(kind: QuestionKind | None) -> str:
    """Give the Chinese name of a kind."""
    return QUESTION_KIND_LABELS[kind] if kind else "题型不明的题"
