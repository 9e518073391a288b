"""What is to be drawn from what: the rows of a blueprint, the bank's questions, a drawn form."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.accounts.roster.models import PostGroup
from app.questions.kinds import QuestionDifficulty, QuestionKind
from app.questions.models import QuestionCategory

# What a mark of a question weighs; of unknown difficulty is as good as of medium.
WEIGHTS: Mapping[QuestionDifficulty | None, int] = {
    QuestionDifficulty.EASY: 1,
    QuestionDifficulty.MEDIUM: 2,
    QuestionDifficulty.HARD: 3,
    None: 2,
}
STRATA = (1, 2, 3)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question of the bank that may be asked: its version in force, and its use so far."""

    question_id: int
    kind: QuestionKind
    category: QuestionCategory
    post_group: PostGroup | None
    difficulty: QuestionDifficulty | None
    tags: AbstractSet[str]
    used_on: date | None
    used_times: int
    group_key: int | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a blueprint: so many questions of this sort, of so many marks each."""

    number: int
    category: QuestionCategory
    kind: QuestionKind
    tag: str
    difficulty: QuestionDifficulty | None
    count: int
    marks: Decimal

    @property
    def strata(self) -> Sequence[int]:
        """The weights among which the row may be divided."""
        return STRATA if self.difficulty is None else (WEIGHTS[self.difficulty],)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that decides on the forms, beside the candidates.

    `form_count` is per post group where a row asks for 岗位题, else of all; None among the groups
    stands for people whose post has none. `reuse_since`: used on that day or later is used lately.
    `most_exposure`: so many percent of all forms may hold one drawn question.
    """

    rows: Sequence[Row]
    fixed_ids: Sequence[int]
    form_count: int
    post_groups: Sequence[PostGroup | None]
    seed: int
    reuse_since: date | None
    most_exposure: int | None

    @property
    def groups(self) -> Sequence[PostGroup | None]:
        """For whom forms differ: without rows of 岗位题, for nobody."""
        has_posts = any(row.category is QuestionCategory.POST for row in self.rows)
        return tuple(self.post_groups) if has_posts else (None,)

    @property
    def all_forms(self) -> int:
        """How many forms there will be."""
        return self.form_count * len(self.groups)

    @property
    def most_forms(self) -> int | None:
        """How many forms may hold one drawn question; None where all may."""
        if self.most_exposure is None:
            return None
        most = -(-self.all_forms * self.most_exposure // 100)
        return most if most < self.all_forms else None


@dataclass(frozen=True, kw_only=True)
class Form:
    """One drawn form. `difficulty` is the sum of marks times weight of what was drawn.

    What was chosen by hand comes first and is the same in all; then the rows, `row.count` each.
    """

    code: int
    post_group: PostGroup | None
    question_ids: tuple[int, ...]
    difficulty: Decimal


def is_free(each: Candidate, fixed: AbstractSet[int]) -> bool:
    """Tell whether a question may be drawn at all: not chosen by hand, no part of a case."""
    return each.group_key is None and each.question_id not in fixed


def is_fresh(plan: Plan, each: Candidate) -> bool:
    """Tell whether a question was not used of late: "no question used in the last N months"."""
    return plan.reuse_since is None or each.used_on is None or each.used_on < plan.reuse_since


def fits(row: Row, group: PostGroup | None, each: Candidate) -> bool:
    """Tell whether a question is of the sort that a row asks for, in a form for this post group."""
    return is_of_sort(row, each) and is_meant_for(row, group, each)


def is_of_sort(row: Row, each: Candidate) -> bool:
    """Tell whether a question is of the kind, the tag and the difficulty that a row asks for."""
    return (
        each.kind is row.kind
        and (not row.tag or row.tag in each.tags)
        and (row.difficulty is None or row.difficulty is each.difficulty)
    )


def count_fitting(plan: Plan, candidates: Sequence[Candidate]) -> list[int]:
    """Count for each row how many questions it could draw, whatever the post."""
    fixed = frozenset(plan.fixed_ids)
    free = [each for each in candidates if is_free(each, fixed) and is_fresh(plan, each)]
    return [
        sum(1 for each in free if each.category is row.category and is_of_sort(row, each))
        for row in plan.rows
    ]


def is_meant_for(row: Row, group: PostGroup | None, each: Candidate) -> bool:
    """Tell whether a question is for these people; who has no post group gets 公共题 throughout."""
    if row.category is QuestionCategory.COMMON or group is None:
        return each.category is QuestionCategory.COMMON
    return each.category is QuestionCategory.POST and each.post_group in {None, group}


def marks_of(plan: Plan, form: Form) -> Mapping[int, Decimal]:
    """Give the marks of each drawn question of a form; those chosen by hand have their own.

    NOTE: where rows of the same kind give different marks, a question may earn more in one form
    than in another.
    """
    drawn = iter(form.question_ids[len(plan.fixed_ids) :])
    return {next(drawn): row.marks for row in plan.rows for _ in range(row.count)}
