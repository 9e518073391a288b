"""A bank without a database, and the blueprint of a large exam, for bench draw."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from app.accounts.roster.models import PostGroup
from app.exams.drawing import Candidate, Plan, Row
from app.questions.kinds import QuestionDifficulty, QuestionKind
from app.questions.models import QuestionCategory

SEED, TODAY = 7, date(2026, 11, 20)
TAGS = ("首问负责", "一次告知", "廉洁从业", "网上办理", "投诉处理", "保密")
KINDS = (
    *[QuestionKind.SINGLE] * 9,
    *[QuestionKind.MULTIPLE] * 5,
    *[QuestionKind.TRUE_FALSE] * 4,
    QuestionKind.BLANK,
    QuestionKind.SHORT,
)
COMMON, POST = QuestionCategory.COMMON, QuestionCategory.POST
GROUPS = tuple(PostGroup)
# Category, kind, tag, difficulty, count, marks: fifty questions, 100 marks.
ROWS = (
    (COMMON, QuestionKind.SINGLE, "", None, 12, 2),
    (COMMON, QuestionKind.SINGLE, "廉洁从业", None, 4, 2),
    (COMMON, QuestionKind.SINGLE, "保密", QuestionDifficulty.HARD, 2, 2),
    (POST, QuestionKind.SINGLE, "", None, 6, 2),
    (COMMON, QuestionKind.MULTIPLE, "", None, 6, 2),
    (COMMON, QuestionKind.MULTIPLE, "首问负责", QuestionDifficulty.MEDIUM, 2, 2),
    (POST, QuestionKind.MULTIPLE, "", None, 4, 2),
    (COMMON, QuestionKind.TRUE_FALSE, "", None, 6, 1),
    (POST, QuestionKind.TRUE_FALSE, "", None, 4, 1),
    (COMMON, QuestionKind.BLANK, "", None, 2, 2),
    (COMMON, QuestionKind.SHORT, "", None, 2, 7),
)
MOST_EXPOSURE = 20


def make_bank(size: int) -> Sequence[Candidate]:
    """Invent questions: a half for everybody, a half for posts; a tenth used of late."""
    chance = random.Random(SEED)
    return [make_question(place, chance) for place in range(1, size + 1)]


def make_question(place: int, chance: random.Random) -> Candidate:
    """Invent one question."""
    is_common = chance.random() < 1 / 2
    used_times = chance.choice((0, 0, 0, 1, 2))
    return Candidate(
        question_id=place,
        kind=chance.choice(KINDS),
        category=COMMON if is_common else POST,
        post_group=None if is_common else chance.choice((None, *GROUPS)),
        difficulty=chance.choice((*QuestionDifficulty, QuestionDifficulty.MEDIUM, None)),
        tags=frozenset(chance.sample(TAGS, chance.choice((0, 1, 1, 2, 3)))),
        used_on=TODAY - timedelta(days=chance.randint(1, 800)) if used_times else None,
        used_times=used_times,
        group_key=None,
    )


def make_plan(forms: int, *, most_exposure: int | None = None, seed: int = SEED) -> Plan:
    """Ask for so many forms, a fifth for each post group."""
    return Plan(
        rows=[
            Row(
                number=number,
                category=category,
                kind=kind,
                tag=tag,
                difficulty=difficulty,
                count=count,
                marks=Decimal(marks),
            )
            for number, (category, kind, tag, difficulty, count, marks) in enumerate(ROWS, start=1)
        ],
        fixed_ids=(),
        form_count=-(-forms // len(GROUPS)),
        post_groups=GROUPS,
        seed=seed,
        reuse_since=TODAY - timedelta(days=183),
        most_exposure=most_exposure,
    )
