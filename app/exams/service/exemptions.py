"""Whom the site itself exempts when an exam is published: who knows a key, and newcomers.

"Whoever opened the key of a drawn question since the draft began is 免考(命题), listed before
publishing"; "免考 for newcomers under a month". They stand on the roll, exempt, and never begin.
Reading one's own released result is no 命题: everybody does that.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts import service as accounts
from app.exams.models import Exam, ExcuseCause, Sitting
from app.exams.service import excuses, papers
from app.exams.settings import NEWCOMER_DAYS
from app.kernel import clock
from app.questions import key_reading
from app.settings import service as numbers


@dataclass(frozen=True, kw_only=True)
class Exempt:
    """Who of a roll is exempt: by person, with the numbers of his questions, and newcomers.

    Of somebody who has worked on the paper itself no numbers are given: he knows them all.
    """

    key_seen: Mapping[int, frozenset[int]]
    newcomers: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class RollPreview:
    """What the page before publication says of the roll."""

    total: int
    key_seen: Sequence[str]
    newcomers: Sequence[str]

    @property
    def expected(self) -> int:
        """Give how many have to come."""
        return self.total - len(self.key_seen) - len(self.newcomers)


def find_exempt(
    exam: Exam, roll: Collection[accounts.PersonOnRoll], published_by_id: int | None
) -> Exempt:
    """Find who of a roll is exempt; whoever knows a key is so even if he is new."""
    people = {each.person_id for each in roll}
    seen = {each: frozenset[int]() for each in people & workers_of(exam, published_by_id)}
    opened = key_reading.who_opened(papers.question_ids(exam.id), exam.drafted_at)
    for person_id in people & opened.keys() - seen.keys():
        seen[person_id] = opened[person_id]
    on = clock.local(exam.opens_at).date()
    new = {each.person_id for each in roll if is_new(each.joined_on, on)}
    return Exempt(
        key_seen=seen,
        newcomers=frozenset() if exam.is_for_named else frozenset(new - seen.keys()),
    )


def is_new(joined_on: date, on: date) -> bool:
    """Tell whether somebody has been here for too short a time on a day."""
    return (on - joined_on).days < numbers.get(NEWCOMER_DAYS)


def workers_of(exam: Exam, published_by_id: int | None) -> set[int]:
    """Give who has drafted, changed, sent, reviewed, approved or published a paper."""
    deciders = {exam.reviewed_by_id, exam.approved_by_id, exam.published_by_id, published_by_id}
    return {*papers.list_authors(exam.id), *(each for each in deciders if each is not None)}


def preview_roll(
    exam: Exam, roll: Sequence[accounts.PersonOnRoll], published_by_id: int
) -> RollPreview:
    """Say who will have to come, and by name who will not and why."""
    found = find_exempt(exam, roll, published_by_id)
    names = accounts.person_names([*found.key_seen, *found.newcomers])
    return RollPreview(
        total=len(roll),
        key_seen=[
            f"{names[person_id]}：{question_text(ids)}"
            for person_id, ids in sorted(found.key_seen.items())
        ],
        newcomers=[names[each] for each in sorted(found.newcomers)],
    )


def question_text(ids: Collection[int]) -> str:
    """Say which questions somebody has seen the answers of."""
    if not ids:
        return "起草、审核或发布这张试卷"
    return f"看过第{'、'.join(map(str, sorted(ids)))}题的答案"


def exempt_all(sittings: Sequence[Sitting], found: Exempt) -> None:
    """Exempt those who were found, in the write that has put them on the roll."""
    of = {each.person_id: each for each in sittings}
    excuses.exempt([of[each] for each in sorted(found.key_seen)], ExcuseCause.KEY_SEEN)
    excuses.exempt([of[each] for each in sorted(found.newcomers)], ExcuseCause.NEWCOMER)
