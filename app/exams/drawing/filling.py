"""Filling the forms: "usage spread evenly", a question once in a form, by seed and not by chance.

Each form takes the questions that the forms before it used least, and among equals those that a
hash of seed, form and question puts first. Where that leads into a dead end (two rows want the same
questions, or a question has reached its limit) questions change places along an augmenting path.
That all forms can be filled has been made sure of before.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from app.accounts.roster.models import PostGroup
from app.exams.drawing.shelf import Cell, Shelf
from app.exams.drawing.splitting import Split, cells_of


class Spot(NamedTuple):
    """A cell (by its place in the group's list) of one form."""

    code: int
    cell: int


class Group(NamedTuple):
    """The forms for one post group: what each is to have, and who can stand where."""

    post_group: PostGroup | None
    cells: Sequence[Cell]
    counts: Sequence[int]
    # The cells that a question fits, and the questions that a cell may have.
    homes: Mapping[int, Sequence[int]]
    pools: Sequence[Sequence[int]]


class Sheet:
    """One form while it is filled: which question stands in which cell."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.room = list(group.counts)
        self.held: list[dict[int, None]] = [{} for _ in group.counts]
        self.cell_of: dict[int, int] = {}
        self.missing = sum(group.counts)
        # Full cells from which nothing can move on: nor will it later.
        self.closed: set[int] = set()

    def offer(self, question: int) -> bool:
        """Take a question, if the form can hold it beside what it has."""
        homes = self.group.homes[question]
        for cell in homes:
            if self.room[cell]:
                self.put(question, cell)
                return True
        return not self.closed.issuperset(homes) and self.make_room(question, homes)

    def make_room(self, question: int, homes: Iterable[int]) -> bool:
        """Move questions on from cell to cell until there is a place for one more."""
        came: dict[int, tuple[int, int] | None] = dict.fromkeys(homes)
        queue = deque(came)
        while queue:
            cell = queue.popleft()
            for held in self.held[cell]:
                for end in self.group.homes[held]:
                    if end in came:
                        continue
                    came[end] = (cell, held)
                    if self.room[end]:
                        self.move_up(question, end, came)
                        return True
                    queue.append(end)
        self.closed.update(came)
        return False

    def move_up(self, question: int, cell: int, came: Mapping[int, tuple[int, int] | None]) -> None:
        """Move every question on the path by one cell, and put the new one into the first."""
        step = came[cell]
        while step is not None:
            before, held = step
            self.take(held)
            self.put(held, cell)
            cell, step = before, came[before]
        self.put(question, cell)

    def put(self, question: int, cell: int) -> None:
        self.held[cell][question] = None
        self.cell_of[question] = cell
        self.room[cell] -= 1
        self.missing -= 1

    def take(self, question: int) -> None:
        cell = self.cell_of.pop(question)
        del self.held[cell][question]
        self.room[cell] += 1
        self.missing += 1


class Filling:
    """All forms while they are filled."""

    def __init__(self, shelf: Shelf, split: Split) -> None:
        self.plan = shelf.plan
        self.used_times = {each.question_id: each.used_times for each in shelf.candidates}
        # Which forms hold a question; how many is its use so far.
        self.holders: dict[int, dict[int, None]] = {each: {} for each in self.used_times}
        self.most = self.plan.most_forms or self.plan.all_forms
        self.groups = [make_group(shelf, split, each) for each in self.plan.groups]
        self.sheets: dict[int, Sheet] = {}

    def fill_all(self) -> None:
        """Fill one form after the other, group by group."""
        for group in self.groups:
            for _ in range(self.plan.form_count):
                code = len(self.sheets) + 1
                self.sheets[code] = Sheet(group)
                self.fill(code)

    def fill(self, code: int) -> None:
        """Fill a form with what was used least; what is still missing is given up by others."""
        sheet = self.sheets[code]
        if sheet.missing:
            for question in self.in_order(code, sheet.group.homes):
                if sheet.offer(question):
                    self.holders[question][code] = None
                    if not sheet.missing:
                        break
        for cell, room in enumerate(list(sheet.room)):
            for _ in range(room):
                self.mend(Spot(code, cell))

    def in_order(self, code: int, questions: Iterable[int]) -> Iterator[int]:
        """Give questions, the least used first, without those that have reached their limit."""
        order = make_order(self.plan.seed, code)
        keyed = sorted(
            (len(self.holders[each]), self.used_times[each], order(each), each)
            for each in questions
            if len(self.holders[each]) < self.most
        )
        return (question for *_, question in keyed)

    def mend(self, start: Spot) -> None:
        """Fill a place though all that fit it stand in the form or have reached their limit."""
        came: dict[Spot, tuple[Spot, int] | None] = {start: None}
        asked: set[int] = set()
        queue = deque([start])
        while queue:
            spot = queue.popleft()
            sheet = self.sheets[spot.code]
            for question in sheet.group.pools[spot.cell]:
                here = sheet.cell_of.get(question)
                if here is None and len(self.holders[question]) < self.most:
                    return self.hand_on(question, spot, came)
                for end in self.givers(question, spot, here, asked):
                    if end not in came:
                        came[end] = (spot, question)
                        queue.append(end)
        message = "what was found to be possible could not be filled"
        raise LookupError(message)

    def givers(
        self, question: int, spot: Spot, here: int | None, asked: set[int]
    ) -> Iterator[Spot]:
        """Give the spots that could give up a question: of this form, or of all that hold it."""
        if here is not None:
            yield Spot(spot.code, here)
        elif question not in asked:
            asked.add(question)
            for code in self.holders[question]:
                yield Spot(code, self.sheets[code].cell_of[question])

    def hand_on(
        self, question: int, spot: Spot, came: Mapping[Spot, tuple[Spot, int] | None]
    ) -> None:
        """Give each spot on the path the question of the next one."""
        step = came[spot]
        while step is not None:
            before, given = step
            self.take(given, spot)
            self.put(question, spot)
            question, spot, step = given, before, came[before]
        self.put(question, spot)

    def put(self, question: int, spot: Spot) -> None:
        self.sheets[spot.code].put(question, spot.cell)
        self.holders[question][spot.code] = None

    def take(self, question: int, spot: Spot) -> None:
        self.sheets[spot.code].take(question)
        del self.holders[question][spot.code]


def make_group(shelf: Shelf, split: Split, post_group: PostGroup | None) -> Group:
    """Say what a form for a post group is to have, and from where."""
    counts = {
        cell: count for cell, count in cells_of(shelf, split).items() if cell.group == post_group
    }
    pools = [
        sorted(each.question_id for heap in shelf.heaps_of(cell) for each in heap.questions)
        for cell in counts
    ]
    homes: dict[int, list[int]] = {}
    for place, pool in enumerate(pools):
        for question in pool:
            homes.setdefault(question, []).append(place)
    return Group(post_group, tuple(counts), tuple(counts.values()), homes, pools)


def make_order(seed: int, code: int) -> Callable[[int], bytes]:
    """Give the function by whose values the questions of a form are ordered among equals."""
    start = f"{seed}:{code}:"
    return lambda question: sha256(f"{start}{question}".encode()).digest()
