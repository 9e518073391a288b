"""What 师徒结对 puts on a person's home page: how far his own pairs are.

What waits for him stands in 待办 already: this month's record, an agreement, an assessment.
"""

from flask import url_for
from sqlalchemy import func, select

from app.kernel import db
from app.kernel.feature import HomeCard, HomeEntry
from app.kernel.permissions import Permission, Principal
from app.mentoring.models import UNDER_WAY, MentoringItem, MentoringPair
from app.mentoring.pairs import PairRow, row_of, select_own_pairs


def show_card(user: Principal) -> HomeCard:
    """Give a line for each pair that is under way."""
    if not user.can(Permission.MENTORING_PAIR_JOIN):
        return HomeCard()
    rows = [
        row_of(tuple(each))
        for each in db.session.execute(
            select_own_pairs(user)
            .where(MentoringPair.state.in_(UNDER_WAY))
            .order_by(MentoringPair.id)
        )
    ]
    counts = count_items([each.pair.id for each in rows])
    return HomeCard(open=tuple(entry_of(each, user, counts) for each in rows))


def count_items(pair_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Give how many items of each pair are 独立, and how many there are."""
    if not pair_ids:
        return {}
    rows = db.session.execute(
        select(MentoringItem.pair_id, func.count(MentoringItem.assessed_on), func.count())
        .where(MentoringItem.pair_id.in_(pair_ids))
        .group_by(MentoringItem.pair_id)
    )
    return {pair_id: (done, planned) for pair_id, done, planned in rows}


def entry_of(row: PairRow, user: Principal, counts: dict[int, tuple[int, int]]) -> HomeEntry:
    """Write one pair as whoever looks at it sees it."""
    done, planned = counts.get(row.pair.id, (0, 0))
    words = {
        row.pair.master_id: f"带教{row.apprentice.name}",
        row.pair.apprentice_id: f"师傅{row.master.name}",
    }
    word = words.get(user.person_id, f"考核{row.apprentice.name}")
    return HomeEntry(
        text=f"师徒结对：{word}",
        aside=f"独立{done}项，计划{planned}项",
        url=url_for("mentoring.show_pair", public_id=row.pair.public_id),
    )
