"""Keys as people write and read them: ABD, 对, 告知/告诉；5个工作日, 15±0.5.

What is written here reads back. A text that fits no key is given back as it is, so that checking it
says what is wrong and nothing is guessed.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from app.questions.kinds import CHOICES, FALSE, TRUE, QuestionKind
from app.questions.parsing.blanks import count_blanks, split_blanks

BETWEEN_BLANKS, BETWEEN_WORDS = "；", "/"
TRUTH = {TRUE: "对", FALSE: "错"}
# What stands between the letters of a key, once full-width characters have become ordinary ones.
SEPARATORS = "、,;./|和"
TRUE_WORDS = {"对": TRUE, "正确": TRUE, "√": TRUE, "T": TRUE, "错": FALSE, "错误": FALSE,
              "×": FALSE, "X": FALSE, "F": FALSE}  # fmt: skip
NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(?:(?:±|\+-|\+/-)\s*(\d+(?:\.\d+)?))?")


def write_key(kind: QuestionKind | None, answer: Sequence[Any]) -> str:
    """Write a key as people read it; "" where there is none."""
    if not answer:
        return ""
    if kind in CHOICES:
        return "".join(answer)
    if kind is QuestionKind.TRUE_FALSE:
        return TRUTH[answer[0]]
    if kind is QuestionKind.BLANK:
        return BETWEEN_BLANKS.join(BETWEEN_WORDS.join(words) for words in answer)
    if kind is QuestionKind.NUMERIC:
        value, tolerance = answer[0]["value"], answer[0]["tolerance"]
        return value if Decimal(tolerance) == 0 else f"{value}±{tolerance}"
    return "\n".join(answer)


def read_key(kind: QuestionKind, text: str, *, stem: str = "") -> list[Any]:
    """Read a key as people write it: `b`, `A、C D`, `ＡＣ`, 对, 甲/乙；丙; unknown words stay."""
    cleaned = normalize("NFKC", text).strip()
    if kind is QuestionKind.TRUE_FALSE:
        return [TRUE_WORDS.get(cleaned.upper(), cleaned)]
    if kind in CHOICES:
        return sorted({c for c in cleaned.upper() if c not in SEPARATORS and not c.isspace()})
    if kind is QuestionKind.BLANK:
        return split_blanks(text, count_blanks(stem)) or [text]
    if kind is QuestionKind.NUMERIC:
        found = NUMBER.fullmatch(cleaned)
        return [{"value": found[1], "tolerance": found[2] or "0"}] if found else [cleaned]
    return [text] if text else []
