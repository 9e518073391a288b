"""What an answer to a question may be, by its kind; how it is stored, and how people read it.

An answer is a list of texts: the labels of options, sorted; for blanks one text each, in their
order, "" where nothing was filled in; for the others the one text. An answer that says nothing is
the empty list, so that nobody counts it as given. Pure; what an answer earns stands in `marking`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.questions.kinds import TRUE, QuestionKind
from app.questions.parsing import folding

# How many characters each text of a written answer may have.
MOST = {
    QuestionKind.BLANK: 200,
    QuestionKind.NUMERIC: 200,
    QuestionKind.SHORT: 2_000,
    QuestionKind.ESSAY: 10_000,
}
ON_ONE_LINE = frozenset({QuestionKind.BLANK, QuestionKind.NUMERIC})
UNANSWERED, UNFILLED = "未作答", "（未填）"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

# All but tab and line feed; halves of surrogate pairs, which no database stores, go with them.
_CONTROLS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]")
_NEW_LINE = re.compile("\r\n?|[\u0085\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class AnswerShape:
    """What an answer to one question may be."""

    kind: QuestionKind
    labels: Sequence[str] = ()
    blank_count: int = 0

    def fits(self, chosen: Sequence[str]) -> bool:
        """Tell whether an answer, as it was sent, can belong to the question."""
        if self.kind in MOST:
            return not chosen or self._fits_texts(chosen)
        is_one_too_many = len(chosen) > 1 and self.kind is not QuestionKind.MULTIPLE
        is_repeated = len(set(chosen)) != len(chosen)
        return set(self.labels).issuperset(chosen) and not is_repeated and not is_one_too_many

    def _fits_texts(self, texts: Sequence[str]) -> bool:
        """Tell whether texts are as many as the places to write in, and none of them too long."""
        places = max(1, self.blank_count) if self.kind is QuestionKind.BLANK else 1
        most = MOST[self.kind]
        # A browser counts the end of a line as one character, but sends two.
        return len(texts) == places and all(
            len(_NEW_LINE.sub("\n", text)) <= most for text in texts
        )

    def tidy(self, chosen: Sequence[str]) -> list[str]:
        """Give an answer as it is stored; of one that fits, the tidied one fits too."""
        if self.kind not in MOST:
            return sorted(chosen)
        texts = [tidy_text(text, is_one_line=self.kind in ON_ONE_LINE) for text in chosen]
        return texts if any(texts) else []


def tidy_text(text: str, *, is_one_line: bool) -> str:
    """Give a written text without blanks around it and without what nobody sees."""
    seen = folding.tidy(_CONTROLS.sub("", _NEW_LINE.sub("\n", text)))
    return (re.sub(r"[\n\t]", " ", seen) if is_one_line else seen).strip()


def is_answered(chosen: Sequence[str]) -> bool:
    """Tell whether an answer says anything."""
    return any(chosen)


def write_answer(kind: QuestionKind, chosen: Sequence[str]) -> str:
    """Write an answer as people read it: ACD, 正确, ①甲　②乙, 未作答."""
    if not is_answered(chosen):
        return UNANSWERED
    if kind is QuestionKind.TRUE_FALSE:
        return "正确" if list(chosen) == [TRUE] else "错误"
    if kind is QuestionKind.BLANK and len(chosen) > 1:
        return "　".join(
            f"{place_mark(place)}{text or UNFILLED}" for place, text in enumerate(chosen)
        )
    if kind in MOST:
        return chosen[0]
    return "".join(sorted(chosen))


def place_mark(place: int) -> str:
    """Give the mark of a blank, counted from 0: ① to ⑳, then （21）."""
    return CIRCLED[place] if place < len(CIRCLED) else f"（{place + 1}）"
