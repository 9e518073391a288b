"""Labelled parts of a question: 答案：B, 【解析】…, 依据：…, several on a line."""

import re
from dataclasses import dataclass

from app.questions.parsing.folding import fold
from app.questions.parsing.words import FIELD_BY_LABEL, Field, alternatives


@dataclass(frozen=True, kw_only=True)
class FieldPart:
    """One labelled text, as it was typed."""

    field: Field
    text: str


_LABEL = rf"(?:{alternatives(FIELD_BY_LABEL)})"
_SPACED = r"\s*".join("答案")
_START = re.compile(
    rf"\s*(?:\[\s*(?P<boxed>{_LABEL})\s*\]\s*:?|\(?\s*(?P<plain>{_LABEL}|{_SPACED})\s*(?:为|是)?\s*:)\s*"
)
_BARE = re.compile(
    r"\s*(?P<plain>答案|正确答案|参考答案|标准答案)\s*(?:为|是)?\s*(?=[A-Ha-h√×](?![A-Za-z])|[A-H、,\s]+\s*$|(?:对|错|正确|错误)\s*$)"
)
_LATE = [each for each, name in FIELD_BY_LABEL.items() if name not in {Field.STEM, Field.OPTIONS, Field.NUMBER} and each not in {"答", "类型"}]  # fmt: skip  # noqa: E501
_LATER = re.compile(
    rf"\[\s*(?P<boxed>{alternatives(_LATE)})\s*\]\s*:?\s*"
    rf"|(?:(?<=[\s;。.,)?!_A-Ha-h√×对错确误易中难])|\()\s*(?P<plain>{alternatives(_LATE)})\s*:\s*"
)


def label_of(text: str) -> Field | None:
    """Name the field of a column's or a form's label, None for other words."""
    return FIELD_BY_LABEL.get("".join(fold(text).split()).strip(":*()[]"))


def starts_with_field(text: str) -> bool:
    """Tell whether a line begins with a label."""
    folded = fold(text)
    return bool(_START.match(folded) or _BARE.match(folded))


def split_fields(text: str) -> tuple[str, list[FieldPart]]:
    """Part a line at its labels: what stands before the first one, and each with its text."""
    folded = fold(text)
    first = _START.match(folded) or _BARE.match(folded)
    starts = [first] if first else []
    offset = first.end() if first else 0
    starts += [each for each in _LATER.finditer(folded, max(offset - 1, 0)) if each.end() > offset]
    if not starts:
        return text, []
    parts = []
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        end = following.start() if following else len(text)
        label = "".join((found.groupdict().get("boxed") or found["plain"]).split())
        value = text[found.end() : end].strip()
        parts.append(FieldPart(field=FIELD_BY_LABEL[label], text=_unwrapped(found, value)))
    return text[: starts[0].start()], parts


def _unwrapped(found: re.Match[str], value: str) -> str:
    """Take off the bracket that closes the one before the label: （答案：B）."""
    opened = found[0].lstrip().startswith("(")
    if opened and (bare := value.rstrip("。. ")).endswith((")", "）")):
        return bare[:-1].rstrip()
    return value
