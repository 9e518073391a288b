"""A workflow as data: its states with who must act and by when, its moves with who may make them.

"Each feature declares its states and moves as data: from, to, roles that may, separation of duties,
what must be filled in or attached, deadline in working days, who is told; guards and effects are
plain functions named in the table." A room writes one Flow in its `workflow.py` and names it in its
Feature; the engine (service.py) is the only one that changes a state. No state is ever edited:
sending back is a move like any other.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission

# A record of any room: it derives from `records.Flowing`.
Record = Any


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Whoever holds a permission, in the record's department or for the whole centre."""

    permission: Permission


@dataclass(frozen=True, kw_only=True)
class Named:
    """The one person whose id stands in this column of the record."""

    column: str


Owner = Holders | Named


class Waiting(StrEnum):
    """Whether anybody has to act while a record is in a state."""

    # Somebody must: such a state has an owner and a number of working days.
    OPEN = "open"
    # Nobody must until something happens, as with a text that is 公开中.
    RESTING = "resting"
    # Nobody ever will.
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class State:
    """A state: what lists call it, who must act and within how many working days.

    `days` reads the number from a setting or from the record; the engine asks it when the state is
    entered. `kind` colours the tag: "", amber, blue, green, red.
    """

    value: StrEnum
    label: str
    kind: str = ""
    waiting: Waiting = Waiting.OPEN
    owner: Owner | None = None
    days: Callable[[Record], int] | None = None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A decision that was signed on paper: 线下签批、经办人代录.

    "who signed, when, meeting and minute number, scan of the signed sheet".
    """

    signed_by_id: int
    signed_on: date
    meeting: str
    minute_number: str
    scan_file_id: int


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a guard or an effect gets to know of the move that is being made.

    `decided_by_id` is whoever decides: for a decision signed on paper the one who signed. None is
    the site itself (a timer). `data` is what the room's own page passed to the engine.
    """

    decided_by_id: int | None
    reason: str = ""
    # The day that stands on the sheet, of what was signed on paper.
    signed_on: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def nothing(record: Record, act: Act) -> None:
    """Ask for nothing, do nothing more."""
    del record, act


def always(record: Record) -> bool:
    """Let a move belong to every record."""
    del record
    return True


def nobody(record: Record) -> Collection[int]:
    """Bar nobody."""
    del record
    return ()


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move from one of `sources` to `target`.

    `by` is who may: holders of a permission in the record's department, or one named person.
    `permission` is what its page asks of anybody who opens it. `not_by` names the columns of those
    who may not, with `refused` as the sentence that they read; the same stands in the database as a
    CHECK. `applies` tells of which records it is a move at all, where a record has one of two ways
    out of a state. `stamp` = "approved" fills `approved_by_id` and `approved_at`. `guard` raises
    RefusedError; `effect` changes the record further, in the same transaction. `tells` names
    columns of persons who get a notice; who has to act next sees an open step and needs none.
    """

    # The word in its address, such as `send-back`; unique within the flow.
    name: str
    # What its button says, and its line in the path: 送审.
    label: str
    sources: Collection[StrEnum]
    target: StrEnum
    by: Owner
    permission: Permission
    stamp: str = ""
    not_by: Sequence[str] = ()
    # Others who may not, where a record keeps them in rows of their own: whoever worked on a paper.
    bars: Callable[[Record], Collection[int]] = nobody
    refused: str = "起草人不能审核自己起草的内容，请由其他人办理。"
    # The label of the reason that must be given; none is asked for where this is empty.
    reason: str = ""
    # A decision: may be signed on paper and entered by a 经办人, made by the B角 of somebody who is
    # away, and made for many records at once by one 汇总表.
    is_approval: bool = False
    is_batch: bool = False
    # No decision, but may come on paper all the same, entered by a 经办人 with the scan: tells who
    # could have signed such a sheet on a day. "Every phone step has a paper way."
    paper: Callable[[Record, int, date], bool] | None = None
    # Sends a record back: what it opens is shown amber from the start.
    is_return: bool = False
    # Asked before it is made, where it can't be taken back.
    question: str = ""
    # Said when it is done.
    done: str = "已办理。"
    # The one that stands out among the moves of a page.
    is_primary: bool = False
    # The room has a page of its own for it, at its own endpoint; no page is made here.
    endpoint: str = ""
    # The room's own page for such a sheet, where more is typed from it than who signed it.
    sheet_endpoint: str = ""
    applies: Callable[[Record], bool] = always
    guard: Callable[[Record, Act], None] = nothing
    effect: Callable[[Record, Act], None] = nothing
    tells: Sequence[str] = ()

    @property
    def is_signable(self) -> bool:
        """Tell whether it may come on a sheet that was signed, and be entered from there."""
        return self.is_approval or self.paper is not None

    @property
    def sheet(self) -> str:
        """Name such a sheet."""
        return "线下签批" if self.is_approval else "纸质单"


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A workflow. `name` stands in stored rows and is never changed."""

    # `room.thing`, such as `rectifications.order`.
    name: str
    # What people call a record of it: 整改通知单.
    noun: str
    # The word in the endpoints of its moves: `approve_card`.
    word: str
    model: type[Any]
    states: Sequence[State]
    moves: Sequence[Move]
    # The record in one line, for lists of what waits.
    title: Callable[[Record], str]
    # Where it belongs; None is the whole centre.
    department: Callable[[Record], int | None]
    # Where it is shown, and the arguments of that address.
    endpoint: str
    arguments: Callable[[Record], Mapping[str, Any]]
    # What the log calls it.
    object_type: str
    # The label of its beginning in the path: 起草.
    begun: str = "起草"
    # States beside the first one in which a record may begin.
    begins: Collection[StrEnum] = ()
    # Facts that whoever decides reads beside the question, as (label, text).
    facts: Callable[[Record], Sequence[tuple[str, str]]] = lambda _record: ()
    # What a 汇总表 says of a record below its title: what is decided on, in a few lines.
    brief: Callable[[Record], Sequence[str]] = lambda _record: ()

    def state(self, value: str) -> State:
        """Give a state by its stored value; raises KeyError for one that was never declared."""
        return {str(each.value): each for each in self.states}[str(value)]

    def move(self, name: str) -> Move:
        """Give a move by its name; raises KeyError."""
        return {each.name: each for each in self.moves}[name]

    def moves_from(self, value: str) -> list[Move]:
        """Give the moves that lead out of a state, in the order of the table."""
        return [each for each in self.moves if value in {str(one) for one in each.sources}]

    def moves_of(self, record: Record) -> list[Move]:
        """Give the moves that lead out of a record's state and belong to it."""
        return [each for each in self.moves_from(record.state) if each.applies(record)]

    def batch_moves(self) -> list[Move]:
        """Give the moves that one 汇总表 can make for many records."""
        return [each for each in self.moves if each.is_batch]


def refuse(**errors: str) -> None:
    """Refuse from a guard; `form` is a sentence about the whole. Raises RefusedError."""
    raise RefusedError(**errors)
