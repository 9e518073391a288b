"""A bank of ten thousand questions, in rows: the demonstration's texts over and over, each different."""

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import cycle, islice

from sqlalchemy import insert

from app.kernel import clock, db
from app.questions.demo_bank.loading import load_bank
from app.questions.demo_bank.shape import BankQuestion
from app.questions.models import Question, QuestionState, QuestionTag, QuestionVersion
from app.questions.service import searchable
from tests.support import cast

# Of twenty questions so many stand in each state.
STATES = (
    *[QuestionState.REVIEWED] * 9,
    *[QuestionState.IN_USE] * 7,
    *[QuestionState.DRAFT] * 3,
    QuestionState.RETIRED,
)
SEED = 21


def fill(count: int) -> None:
    """Insert so many questions with versions and tags, in one write."""
    chance, drafter = random.Random(SEED), cast.person_id("clerk")
    source = list(islice(cycle(load_bank()), count))
    numbered = list(enumerate(source, start=1))
    with db.write():
        put(Question, (question(place, drafter, chance) for place, _ in numbered))
        put(QuestionVersion, (version(place, each, drafter) for place, each in numbered))
        put(
            QuestionTag,
            ({"question_id": place, "tag": tag} for place, each in numbered for tag in each.parsed.tags),
        )  # fmt: skip


def put(model: type, rows: Iterator[Mapping[str, object]]) -> None:
    """Insert rows by one statement."""
    db.session.connection().execute(insert(model), list(rows))


def question(place: int, drafter: int, chance: random.Random) -> dict[str, object]:
    """Invent how far a question is."""
    state = chance.choice(STATES)
    is_used = state is QuestionState.IN_USE
    now = clock.now()
    return {
        "id": place,
        "state": state,
        "wording": 1,
        "bank": ("综合题库", "窗口业务题库", "历年考题")[place % 3],
        "is_demonstration": False,
        "used_times": chance.randint(1, 6) if is_used else 0,
        "used_on": (clock.today() - timedelta(days=chance.randint(1, 400))) if is_used else None,
        "version": 1,
        "drafted_by_id": drafter,
        "drafted_at": now,
        "moved_at": now,
    }


def version(place: int, each: BankQuestion, drafter: int) -> dict[str, object]:
    """Give the wording of a question: a text of the demonstration, with its number."""
    parsed = each.parsed
    stem = f"{parsed.stem}（第{place}号）"
    options = [{"label": option.label, "text": option.text} for option in parsed.options]
    texts = (stem, *(option.text for option in parsed.options), parsed.basis or "", parsed.analysis)
    return {
        "question_id": place,
        "number": 1,
        "kind": parsed.kind,
        "category": each.category,
        "post_group": each.post_group,
        "difficulty": parsed.difficulty,
        "stem": stem,
        "group_id": None,
        "options": options,
        "key": parsed.answer,
        "marks": parsed.marks,
        "basis": parsed.basis or "",
        "article_id": None,
        "analysis": parsed.analysis,
        "searched": "\n".join(searchable(text) for text in texts),
        "created_by_id": drafter,
        "created_at": clock.now(),
        "note": "",
    }
