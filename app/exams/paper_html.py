"""The HTML of frozen questions, rendered once and joined per person.

"HTML is cached per frozen question and option by version hash and joined per person": a question
that is frozen never changes, so its pieces are kept under the hash of its content; the order of the
options, the 题号 and what a person has answered are put in between. Rendering it anew costs ten
times a whole request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup, escape

from app.exams.answer_shapes import MOST
from app.exams.service.frozen import FrozenQuestion
from app.exams.service.sittings import GivenAnswer, PlacedQuestion
from app.exams.stems import pieces_of, unplaced
from app.questions.kinds import OPTION_LABELS, QUESTION_KIND_LABELS, QuestionKind
from app.questions.models import QUESTION_CATEGORY_LABELS

# Control characters can't stand in a question, so a mark with one can't be confused with text.
MARK = "\x1f"
PART = "\x1e"
MOST_KEPT = 500
NOTHING_YET = GivenAnswer(chosen=(), is_flagged=False, revision=0)
# Lines that a long answer begins with.
ROWS = {QuestionKind.SHORT: 6, QuestionKind.ESSAY: 14}

# Text and the names of gaps by turns.
Pieces = Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A question in pieces that can be joined in any order of its options."""

    head: Pieces
    options: Mapping[str, Pieces]
    tail: Pieces


_kept: dict[tuple[object, ...], Kept] = {}


def paper_blocks(
    placed: Sequence[PlacedQuestion], answers: Mapping[int, GivenAnswer], pictures_at: str
) -> list[Markup]:
    """Give the questions of a paper as one person finds and has answered them.

    `pictures_at` is the address below which this reader gets the pictures of the questions.
    """
    cases = case_values(placed)
    shared = {"total": str(len(placed)), "pictures": str(escape(pictures_at))}
    return [
        join(each, answers.get(each.question.number) or NOTHING_YET, shared | cases[each.place])
        for each in placed
    ]


def case_values(placed: Sequence[PlacedQuestion]) -> dict[int, dict[str, str]]:
    """Say for each place which questions share its stem, and whether the stem stood before."""
    places: dict[int, list[int]] = {}
    for each in placed:
        if each.question.group_key is not None:
            places.setdefault(each.question.group_key, []).append(each.place)
    values: dict[int, dict[str, str]] = {each.place: {} for each in placed}
    for own in places.values():
        span = f"第{own[0]}题" if len(own) == 1 else f"第{own[0]}至{own[-1]}题"
        for place in own:
            again = "" if place == own[0] else " is-again"
            values[place] = {"case-range": span, "case-first": str(own[0]), "case-again": again}
    return values


def join(placed: PlacedQuestion, given: GivenAnswer, shared: Mapping[str, str]) -> Markup:
    """Join the pieces of one question."""
    kept = kept_pieces(placed.question)
    values = {
        **shared,
        "place": str(placed.place),
        "revision": str(given.revision),
        "flagged": "data-flagged" if given.is_flagged else "",
    }
    if not kept.options:
        values |= {f"text-{place}": str(escape(text)) for place, text in enumerate(given.chosen)}
    options = [
        fill(
            kept.options[label],
            {"letter": letter, "checked": "checked" if label in given.chosen else ""},
        )
        for letter, label in zip(OPTION_LABELS, placed.labels, strict=False)
    ]
    whole = [fill(kept.head, values), *options, fill(kept.tail, values)]
    return Markup("".join(whole))  # noqa: S704 - rendered by an escaping template; answers are escaped.


def fill(pieces: Pieces, values: Mapping[str, str]) -> str:
    """Put values into the gaps; one without a value stays empty."""
    return "".join(
        values.get(piece, "") if place % 2 else piece for place, piece in enumerate(pieces)
    )


def kept_pieces(question: FrozenQuestion) -> Kept:
    """Give the pieces of a question's HTML."""
    key = (question.content_hash, question.number, question.group_stem, *markers_of(question))
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = cut(render(question))
    return _kept[key]


def cut(html: str) -> Kept:
    """Cut rendered HTML at its parts: the head, each option under its label, the tail."""
    head, *rest = html.split(PART)
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    tail = parts.pop("")
    return Kept(
        head=tuple(head.split(MARK)),
        options={label: tuple(text.split(MARK)) for label, text in parts.items()},
        tail=tuple(tail.split(MARK)),
    )


def markers_of(question: FrozenQuestion) -> list[str]:
    """Give the markers of a question's pictures in their order."""
    return [each["marker"] for each in question.pictures]


def render(question: FrozenQuestion) -> str:
    """Render a question with marked gaps where a person's answer goes."""
    return render_template("exams/_question.html", **context_of(question), gap=gap, part=part)


def context_of(question: FrozenQuestion) -> dict[str, Any]:
    """Say what a question's template needs."""
    markers = markers_of(question)
    texts = [question.stem, question.group_stem]
    return {
        "question": question,
        "kind_label": QUESTION_KIND_LABELS[question.kind],
        "category_label": QUESTION_CATEGORY_LABELS[question.category],
        "is_multiple": question.kind is QuestionKind.MULTIPLE,
        "is_typed": not question.options,
        "is_long": question.kind in ROWS,
        "stem": pieces_of(question.stem, markers, question.blank_count),
        "case_stem": pieces_of(question.group_stem, markers),
        "loose": unplaced(texts, markers),
        "blanks": question.blank_count or 1,
        "rows": ROWS.get(question.kind, 1),
        "most": MOST.get(question.kind, 0),
    }


def gap(name: str) -> Markup:
    """Mark a gap."""
    return Markup(f"{MARK}{name}{MARK}")  # noqa: S704 - a fixed word between control characters.


def part(label: str) -> Markup:
    """Mark where the option with a label begins, or the tail."""
    return Markup(f"{PART}{label}{PART}")  # noqa: S704 - a label of ours between control characters.
