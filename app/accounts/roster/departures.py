"""What ends with a person's last day: roles, A/B角, 事项授权 and sessions, however he leaves.

The form and the import go through the same function, so that nobody keeps by one way what he would
lose by the other. Each row that was ended is listed with what it said before: the undoing of an
import writes exactly that back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import or_, select

from app.accounts.models import RoleGrant, SessionEnd
from app.accounts.roster.models import Authorisation, Deputy
from app.accounts.sessions import end_sessions_of_people
from app.kernel import clock, db

Row = RoleGrant | Deputy | Authorisation
MODELS: Mapping[str, type[Row]] = {
    model.__tablename__: model for model in (RoleGrant, Deputy, Authorisation)
}
# The last day, or none; and whether the row counts at all: granted, or not cancelled.
State = tuple[str | None, bool | None]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A row that ended with a departure: what it said before, and what it says now."""

    table: str
    id: int
    person_id: int
    before: State
    after: State

    def as_list(self) -> list[Any]:
        """Give it as JSON."""
        return [self.table, self.id, self.person_id, list(self.before), list(self.after)]


def from_list(stored: Sequence[Any]) -> Ended:
    """Read back what `as_list` gave."""
    table, row_id, person_id, before, after = stored
    return Ended(
        table=table,
        id=row_id,
        person_id=person_id,
        before=(before[0], before[1]),
        after=(after[0], after[1]),
    )


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Cut a list of ids into pieces: no database takes any number of parameters."""
    size = 500
    return (ids[start : start + size] for start in range(0, len(ids), size))


def end_with(left: Mapping[int, date]) -> list[Ended]:
    """End what people hold with their last days (id -> day); gives what was ended.

    What would have begun later never begins. Sessions end at once for those whose day is over.
    """
    found: dict[tuple[str, int], Ended] = {}
    for some in chunks(list(left)):
        for row, person_id in open_rows(some):
            ended = end_row(row, person_id, left[person_id])
            if ended is not None:
                first = found.get((ended.table, ended.id), ended)
                found[ended.table, ended.id] = Ended(**{**vars(ended), "before": first.before})
    db.session.flush()
    gone = [person_id for person_id, day in left.items() if day < clock.today()]
    for some in chunks(gone):
        end_sessions_of_people(some, SessionEnd.PERSON_LEFT)
    return list(found.values())


def open_rows(ids: Sequence[int]) -> Iterator[tuple[Row, int]]:
    """Give each row that may hold for one of these people, with the person; A/B角 with either."""
    grants = select(RoleGrant).where(
        RoleGrant.person_id.in_(ids), RoleGrant.is_granted.is_not(False)
    )
    given = select(Authorisation).where(
        Authorisation.person_id.in_(ids), Authorisation.cancelled_at.is_(None)
    )
    # Always locked in the same order, and written down in it.
    for grant in db.session.scalars(grants.order_by(RoleGrant.id).with_for_update()):
        yield grant, grant.person_id
    for authorisation in db.session.scalars(given.order_by(Authorisation.id).with_for_update()):
        yield authorisation, authorisation.person_id
    pairs = select(Deputy).where(
        or_(Deputy.person_id.in_(ids), Deputy.deputy_id.in_(ids)), Deputy.cancelled_at.is_(None)
    )
    for pair in db.session.scalars(pairs.order_by(Deputy.id).with_for_update()):
        for person_id in sorted({pair.person_id, pair.deputy_id} & set(ids)):
            yield pair, person_id


def end_row(row: Row, person_id: int, day: date) -> Ended | None:
    """Let a row hold until a day at most; None where it does so already."""
    if row.ends_on is not None and row.ends_on <= day:
        return None
    before = state_of(row)
    if row.starts_on <= day:
        row.ends_on = day
    elif not isinstance(row, RoleGrant):
        row.cancelled_at = clock.now()
    elif row.is_granted:
        row.is_granted = False
    after = state_of(row)
    if before == after:
        return None
    return Ended(
        table=row.__tablename__, id=row.id, person_id=person_id, before=before, after=after
    )


def state_of(row: Row) -> State:
    """Say until when a row holds, and whether it counts."""
    counts = row.is_granted if isinstance(row, RoleGrant) else row.cancelled_at is None
    return (row.ends_on.isoformat() if row.ends_on else None), counts


def put_back(ended: Sequence[Ended]) -> None:
    """Write back what rows said before a departure."""
    for each in ended:
        row = load(each)
        text, counts = each.before
        row.ends_on = date.fromisoformat(text) if text else None
        if isinstance(row, RoleGrant):
            row.is_granted = counts
        else:
            row.cancelled_at = None
    db.session.flush()


def find_changed(ended: Sequence[Ended]) -> Iterator[int]:
    """Give whose rows say something else by now, or whose days somebody else has taken since."""
    for each in ended:
        row = load(each)
        if state_of(row) != each.after or is_taken(row, each):
            yield each.person_id


def is_taken(row: Row, ended: Ended) -> bool:
    """Tell whether another row of the kind stands where this one would be again."""
    if isinstance(row, RoleGrant):
        return False
    model = type(row)
    ends_on = date.fromisoformat(ended.before[0]) if ended.before[0] else date.max
    others = select(model.id).where(
        model.person_id == row.person_id,
        model.id != row.id,
        model.cancelled_at.is_(None),
        model.starts_on <= ends_on,
        or_(model.ends_on.is_(None), model.ends_on >= row.starts_on),
    )
    if isinstance(row, Authorisation):
        others = others.where(Authorisation.service_item_id == row.service_item_id)
    return db.session.scalar(others.limit(1)) is not None


def load(ended: Ended) -> Row:
    """Give a row that was ended."""
    return cast("Row", db.session.get_one(MODELS[ended.table], ended.id))


def ids_of(ended: Iterable[Ended], model: type[Row]) -> list[int]:
    """Give the rows of one kind, for the log."""
    return [each.id for each in ended if each.table == model.__tablename__]
