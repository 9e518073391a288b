"""Makes drafts into questions and says of each what is doubtful about it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from app.questions.kinds import OPTION_LABELS, QuestionKind
from app.questions.parsing.blanks import count_blanks
from app.questions.parsing.deciding import Asked, Decision, decide, name_of
from app.questions.parsing.document import UNREAD, Document
from app.questions.parsing.drafts import Assembled, Draft, RawKey, SharedStem
from app.questions.parsing.folding import fold, squeeze
from app.questions.parsing.result import (
    Group,
    Option,
    ParsedQuestion,
    ParseResult,
    Picture,
    Problem,
    Severity,
)
from app.questions.parsing.stems import Stem, read_stem
from app.questions.parsing.words import KIND_OF_HEADING, Field

_PICTURE = re.compile(r"\[图\d+\]")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_TAGS = re.compile(r"[\s、,，;；|/]+")
_OPTION_INSIDE = re.compile(r"(?:\s|[。;,])[B-H]\s*[.、:]\s*\S")
NO_STEM = "没有题干。请补上题目的文字。"


def judge(assembled: Assembled, document: Document, left: Sequence[tuple[str, str]]) -> ParseResult:
    """Give all questions with their problems; `left` belongs to no question."""
    groups = {id(each): _group(each) for each in assembled.groups if each.drafts}
    questions, problems = [], [_problem(where, text) for where, text in left]
    problems += _ignored(assembled)
    drafts = [draft for section in assembled.sections for draft in section.drafts]
    for place, draft in enumerate(drafts):
        group = groups.get(id(draft.group)) if draft.group else None
        question, doubts = _question(place, draft, group, document)
        questions.append(question)
        problems += [_problem(question.where, each, place) for each in doubts]
    return ParseResult(questions=tuple(questions), problems=tuple(problems))


def _problem(where: str, message: str, place: int | None = None) -> Problem:
    return Problem(where=where, severity=Severity.ERROR, message=message, place=place)


def _ignored(assembled: Assembled) -> list[Problem]:
    """Say which lines outside of questions were passed over, the title excepted."""
    if len(assembled.ignored) < 2:  # noqa: PLR2004 - the first is the title.
        return []
    text = "；".join(text[:20] for _, text in assembled.ignored[1:6])
    where = assembled.ignored[1][0]
    message = f"这些文字不属于任何一道题，没有采用：“{text}”。"
    return [Problem(where=where, severity=Severity.WARNING, message=message)]


def _group(shared: SharedStem) -> Group:
    return Group(id=shared.id, stem="\n".join(shared.lines).strip())


def _question(
    place: int, draft: Draft, group: Group | None, document: Document
) -> tuple[ParsedQuestion, list[str]]:
    stem = read_stem(draft)
    options = [(label, "\n".join(texts).strip()) for label, texts in draft.options]
    decision = decide(_asked(draft, stem, options))
    marks, bad_marks = _marks(draft, stem, decision)
    question = ParsedQuestion(
        place=place,
        number=str(draft.number) if draft.number else "",
        kind=decision.kind,
        stem=stem.text,
        options=()
        if decision.drops_options
        else tuple(Option(label=label, text=text) for label, text in options),
        answer=decision.answer,
        marks=marks,
        tags=_tags(draft),
        difficulty=_joined(draft, Field.DIFFICULTY),
        basis=_joined(draft, Field.BASIS) or None,
        analysis=_joined(draft, Field.ANALYSIS) or decision.remark,
        group=group,
        pictures=_pictures(stem, options, group, document.pictures),
        source="\n".join(draft.source),
        where=_where(draft, decision.kind),
    )
    doubts = [*draft.doubts, *decision.doubts, *_doubts(draft, stem, question), *bad_marks]
    doubts += [document.doubt] if document.doubt else []
    return question, list(dict.fromkeys(doubts))


def _asked(draft: Draft, stem: Stem, options: list[tuple[str, str]]) -> Asked:
    keys = [*draft.keys, *(RawKey(text=each, where="题干括号") for each in stem.keys)]
    return Asked(
        stem=stem.text,
        options=options,
        keys=[each for each in keys if each.text.strip()],
        heading=stem.heading or draft.wanted,
        title=draft.section.title,
    )


def _where(draft: Draft, kind: QuestionKind | None) -> str:
    number = f"第{draft.number}题" if draft.number else ""
    return f"{name_of(kind)}{number}（{draft.where}）"


def _joined(draft: Draft, name: Field) -> str:
    """Put the texts of a field together, each only once."""
    texts = [each.strip() for each in draft.fields.get(name, ())]
    return "\n".join(dict.fromkeys(each for each in texts if each))


def _tags(draft: Draft) -> tuple[str, ...]:
    words = _TAGS.split(f"{_joined(draft, Field.TAGS)} {_joined(draft, Field.POST)}")
    return tuple(dict.fromkeys(each for each in words if each))


def _marks(draft: Draft, stem: Stem, decision: Decision) -> tuple[Decimal | None, list[str]]:
    """Give the marks of a question: its own before those of its heading."""
    if typed := _joined(draft, Field.MARKS):
        found = _NUMBER.fullmatch(fold(typed).replace("分", "").strip())
        try:
            return (Decimal(found[0]), []) if found else (None, [f"分值看不懂：“{typed[:20]}”。"])
        except InvalidOperation:  # pragma: no cover
            return None, []
    if stem.marks is not None:
        return stem.marks, []
    if draft.section.marks_per_blank and decision.kind is QuestionKind.BLANK:
        return draft.section.marks_per_blank * count_blanks(stem.text) or None, []
    return draft.section.marks, []


def _pictures(
    stem: Stem, options: list[tuple[str, str]], group: Group | None, known: Mapping[str, bytes]
) -> tuple[Picture, ...]:
    texts = [stem.text, *(text for _, text in options), group.stem if group else ""]
    markers = dict.fromkeys(each for text in texts for each in _PICTURE.findall(text))
    return tuple(Picture(marker=each, content=known[each]) for each in markers if each in known)


def _doubts(draft: Draft, stem: Stem, question: ParsedQuestion) -> Iterator[str]:
    if not question.stem:
        yield NO_STEM
    if stem.doubt:
        yield stem.doubt
    tag, heading = stem.heading or draft.heading, draft.section.heading
    if tag in KIND_OF_HEADING and heading in KIND_OF_HEADING and tag is not heading:
        yield "题前写的题型和标题写的题型不一样，请核对。"
    if draft.group and question.group is not None and not question.group.stem:
        yield "共用题干是空的，请补上。"
    if draft.group and draft.group.family and len(draft.group.drafts) == 1:
        yield "只有一道小题的共用题干：请核对它是一道题，还是题干里的要点。"
    texts = [question.stem, *(each.text for each in question.options), repr(question.answer)]
    yield from _unread(" ".join(texts), {each.marker for each in question.pictures})
    yield from _option_doubts(question)


def _unread(text: str, markers: set[str]) -> Iterator[str]:
    """Say what stands in a question that isn't text."""
    if UNREAD in text:
        yield "题里有一格读不出来（公式或者错误值）。请改成普通文字后再上传。"
    if "[公式：" in text:
        yield "题里有公式，已按文字读出。请核对公式，必要时换成图片。"
    if "[符号?]" in text:
        yield "题里有一个特殊符号读不出来，请核对。"
    if any(each not in markers for each in _PICTURE.findall(text)):
        yield "题里有一张图片没有读到，请核对。"


def _option_doubts(question: ParsedQuestion) -> Iterator[str]:
    is_choice = question.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}
    labels = "".join(each.label for each in question.options)
    if is_choice and len(labels) < 2:  # noqa: PLR2004
        yield "没有找到选项，或者只有一个选项。请核对选项前面有没有字母。"
    elif labels != OPTION_LABELS[: len(labels)]:
        yield f"选项的字母是 {labels}，中间缺少或者重复。请核对选项。"
    if not is_choice and question.kind is not None and labels:
        yield f"{name_of(question.kind)}不应当有选项。请核对题型。"
    for option in question.options:
        if not option.text:
            yield f"选项 {option.label} 是空的，请补上。"
        elif _OPTION_INSIDE.search(fold(option.text)) and option.label != labels[-1:]:
            yield f"选项 {option.label} 里可能混进了别的选项，请核对。"
        elif re.search(r"(?:答案|解析)\s*:|\[(?:答案|解析)\]", fold(option.text)):
            yield f"选项 {option.label} 里混进了答案或者解析，请核对。"
    texts = [squeeze(each.text) for each in question.options if each.text]
    if len(set(texts)) != len(texts):
        yield "有两个选项的文字相同，请核对。"
