"""The HTML of frozen questions, rendered once and joined per person.

A question that is frozen never changes, so its HTML is kept under the hash of its content; what a
person has chosen is put between the kept pieces. Rendering it anew costs ten times a whole request.
"""

from collections.abc import Sequence

from flask import render_template
from markupsafe import Markup

from app.exams.models import PaperQuestion
from app.exams.service.sittings import GivenAnswer
from app.questions.kinds import QUESTION_KIND_LABELS, QuestionKind
from app.questions.models import QUESTION_CATEGORY_LABELS

# A control character can't stand in a question, so a mark with it can't be confused with text.
MARK = "\x1f"
MOST_KEPT = 500
NOTHING_YET = GivenAnswer(chosen=(), is_flagged=False, revision=0)

_kept: dict[tuple[str, int], Sequence[str]] = {}


def question_html(question: PaperQuestion, total: int, given: GivenAnswer | None) -> Markup:
    """Give the HTML of a question as this person answered it so far."""
    given = given or NOTHING_YET
    values = {f"chosen-{label}": "checked" for label in given.chosen}
    values["revision"] = str(given.revision)
    values["flagged"] = "data-flagged" if given.is_flagged else ""
    pieces = kept_pieces(question, total)
    return Markup(  # noqa: S704 - rendered by an escaping template; the values are our own words.
        "".join(values.get(piece, "") if place % 2 else piece for place, piece in enumerate(pieces))
    )


def kept_pieces(question: PaperQuestion, total: int) -> Sequence[str]:
    """Give the pieces of a question's HTML: text and the names of gaps by turns."""
    key = (question.content_hash, total)
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = tuple(render(question, total).split(MARK))
    return _kept[key]


def render(question: PaperQuestion, total: int) -> str:
    """Render a question with marked gaps where a person's answer goes."""
    return render_template(
        "exams/_question.html",
        question=question,
        total=total,
        kind_label=QUESTION_KIND_LABELS[question.kind],
        category_label=QUESTION_CATEGORY_LABELS[question.category],
        is_multiple=question.kind is QuestionKind.MULTIPLE,
        gap=gap,
    )


def gap(name: str) -> Markup:
    """Mark a gap."""
    return Markup(f"{MARK}{name}{MARK}")  # noqa: S704 - a fixed word between control characters.
