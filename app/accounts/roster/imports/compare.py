"""What a roster file would change: joined, moved, changed, left; and what stands in its way.

"Differences (joined, moved, left)". Whoever is missing from the file is only proposed as 离岗, each
with a tick; a department or window that the hall does not know is added or matched by a person,
never by a guess. The same differences always have the same fingerprint.
"""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.accounts.models import EMPLOYMENT_LABELS, Employment
from app.accounts.roster.imports.columns import BY_NAME
from app.accounts.roster.imports.known import Known, KnownPerson
from app.accounts.roster.imports.parse import Roster, RosterRow, RowProblem
from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.accounts.roster.placements import group_of
from app.accounts.service import normalise
from app.kernel import formats

ADD = "add"
CLOSE_ENOUGH = 0.6
REGISTERED_ELSEWHERE = "窗口{}登记在{}名下；请核对窗口和部门"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody works according to the file. An id of None means: yet to be added."""

    department_id: int | None
    department: str
    window_id: int | None
    window: str
    post_id: int | None
    post: str
    post_group: str

    @property
    def text(self) -> str:
        """Give it in one line."""
        return " ".join(part for part in (self.department, self.window, self.post) if part)


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Somebody new."""

    row: RosterRow
    place: Place


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A transfer: from `before` to `place`, from the day of the list on."""

    row: int
    person_id: int
    staff_number: str
    name: str
    before: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of a person: what stands there and what will."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Somebody with other particulars than before."""

    row: int
    person_id: int
    staff_number: str
    name: str
    changes: Sequence[Change]


@dataclass(frozen=True, kw_only=True)
class Departed:
    """Somebody who left on a day that the file says, or who is missing from it (`row` 0).

    `hindrance` says why a missing one can't be ticked.
    """

    row: int
    person_id: int
    staff_number: str
    name: str
    before: str
    left_on: str
    hindrance: str = ""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A department or window that the hall does not have; `options` are what it may be."""

    key: str
    name: str
    row: int
    people: int
    options: Sequence[tuple[str, str]]
    suggestion: str


@dataclass(kw_only=True)
class Comparison:
    """All of it."""

    problems: list[RowProblem] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    departed: list[Departed] = field(default_factory=list)
    missing: list[Departed] = field(default_factory=list)
    unknown_departments: list[Unknown] = field(default_factory=list)
    unknown_windows: list[Unknown] = field(default_factory=list)
    unchanged: int = 0

    @property
    def can_be_applied(self) -> bool:
        """All or nothing: with one fault, or one open question, nothing is applied."""
        return not (self.problems or self.unknown_departments or self.unknown_windows)

    @property
    def is_empty(self) -> bool:
        """Tell whether the file says what the site says already."""
        return not (self.joined or self.moved or self.changed or self.departed or self.missing)

    def fingerprint(self) -> str:
        """Give a short hash, so that only what was seen is applied."""
        # asdict copies deeply, which takes a second for five thousand people.
        text = json.dumps(vars(self), ensure_ascii=False, sort_keys=True, default=vars)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def compare(
    roster: Roster, known: Known, *, effective_on: date, choices: Mapping[str, str]
) -> Comparison:
    """Compare a roster with what the site knows.

    `choices` maps the key of an unknown department or window to `add`, or to an id as text.
    """
    work = Comparing(roster=roster, known=known, effective_on=effective_on, choices=choices)
    for row in roster.rows:
        work.compare_row(row)
    work.find_missing()
    work.ask_about_unknown()
    work.result.problems.sort(key=lambda each: (each.row, len(each.letter), each.letter))
    return work.result


class Comparing:
    """A comparison under way."""

    def __init__(
        self, *, roster: Roster, known: Known, effective_on: date, choices: Mapping[str, str]
    ) -> None:
        self.roster, self.known, self.effective_on = roster, known, effective_on
        self.choices = choices
        self.result = Comparison(problems=list(roster.problems))
        self.faulty = {problem.row for problem in roster.problems}
        self.seen: set[int] = set()
        self.new_groups: dict[str, str] = {}
        self.departments: dict[str, list[int]] = {}
        self.windows: dict[tuple[str, int | None, str], list[int]] = {}
        self.chosen_windows: set[str] = set()

    def note(self, row: RosterRow, name: str, message: str) -> None:
        """Take note of a fault."""
        self.result.problems.append(
            RowProblem(
                row=row.row,
                letter=self.roster.places.get(name, ""),
                label=BY_NAME[name].label,
                message=message + "。",
            )
        )

    def compare_row(self, row: RosterRow) -> None:
        """Compare one row; a faulty one only counts its person as being in the file."""
        person = self.known.people.get(normalise(row.staff_number))
        if person is not None:
            self.seen.add(person.id)
        if row.row in self.faulty:
            return
        before = len(self.result.problems)
        place = self.find_place(row, person)
        if person is None:
            self.check_new(row)
        else:
            self.check_known(row, person)
        if len(self.result.problems) > before:
            return
        if person is None:
            self.result.joined.append(Joined(row=row, place=place))
        else:
            self.compare_person(row, person, place)

    def check_new(self, row: RosterRow) -> None:
        """A 工号 that is new only because Excel ate its zeros is none."""
        like = self.known.without_zeros.get(normalise(row.staff_number).lstrip("0"))
        if like and row.staff_number.isdigit():
            self.note(row, "staff_number", f"没有这个工号，却有{like}；可能丢了前面的0，请补上")

    def check_known(self, row: RosterRow, person: KnownPerson) -> None:
        """Check what a row may not say of somebody who is known."""
        if not set(row.name) & set(person.name):
            self.note(
                row,
                "name",
                f"工号{row.staff_number}登记的是{person.name}；请核对工号，确实改名的先改成登记的姓名",
            )
        left_on = row.left_on or ""
        if person.left_on and left_on != person.left_on:
            self.note(
                row,
                "left_on" if left_on else "staff_number",
                f"{person.name}已在{show_day(person.left_on)}离岗；请删去这一行，返岗的另外登记",
            )
        elif left_on and not person.left_on:
            self.check_leaving(row, person, left_on)

    def check_leaving(self, row: RosterRow, person: KnownPerson, left_on: str) -> None:
        """Check the day on which the file says that somebody leaves."""
        if left_on < person.placed_since:
            self.note(
                row, "left_on", f"早于现岗位的开始日期{show_day(person.placed_since)}；请改正"
            )
        elif hindrance := self.known.hindrances.get(person.id):
            self.note(row, "left_on", hindrance)

    def compare_person(self, row: RosterRow, person: KnownPerson, place: Place) -> None:
        """Compare somebody who is known."""
        facts: dict[str, Any] = {
            "person_id": person.id,
            "staff_number": person.staff_number,
            "name": person.name,
        }
        changes = list(changes_of(row, person))
        is_leaving = bool(row.left_on) and not person.left_on
        is_moving = not row.left_on and key_of(place) != person.place_key
        if is_moving and self.effective_on.isoformat() <= person.placed_since:
            self.note(
                row,
                "department",
                f"现岗位从{show_day(person.placed_since)}开始，调动要晚于它；请把名单日期改晚，重新上传",
            )
            return
        if changes:
            self.result.changed.append(Changed(row=row.row, changes=changes, **facts))
        if is_leaving:
            self.result.departed.append(
                Departed(row=row.row, before=person.place, left_on=row.left_on or "", **facts)
            )
        if is_moving:
            self.result.moved.append(Moved(row=row.row, before=person.place, place=place, **facts))
        if not (changes or is_leaving or is_moving):
            self.result.unchanged += 1

    def find_place(self, row: RosterRow, person: KnownPerson | None) -> Place:
        """Find department, window and post of a row among those that are known."""
        department_id, department = self.find_department(row)
        window_id, window = self.find_window(row, person, department_id, department)
        post_id, post, group = self.find_post(row)
        return Place(
            department_id=department_id,
            department=department,
            window_id=window_id,
            window=window,
            post_id=post_id,
            post=post,
            post_group=group,
        )

    def find_department(self, row: RosterRow) -> tuple[int | None, str]:
        """Find a department by its name, or by what was chosen for it."""
        found = self.known.departments.get(row.department)
        choice = self.choices.get(department_key(row.department), "")
        if found is None and choice.isdigit():
            found = self.known.departments_by_id.get(int(choice))
        if found is not None:
            if found.is_closed:
                self.note(row, "department", f"{found.name}已经撤销；请改成现在的部门")
            return found.id, found.name
        if choice != ADD:
            self.departments.setdefault(row.department, []).append(row.row)
        return None, row.department

    def find_window(
        self, row: RosterRow, person: KnownPerson | None, department_id: int | None, department: str
    ) -> tuple[int | None, str]:
        """Find a window by its number; without such a column nobody changes windows alone."""
        if row.window is None:
            stays = person is not None and person.department_id == department_id
            return (person.window_id, person.window) if person and stays else (None, "")
        if not row.window:
            return None, ""
        found = self.known.windows.get(row.window.casefold())
        choice = self.choices.get(window_key(row.window), "")
        if found is None and choice.isdigit():
            found = self.known.windows_by_id.get(int(choice))
        if found is not None:
            if found.department_id != department_id:
                owner = self.known.departments_by_id[found.department_id].name
                self.note(row, "window", REGISTERED_ELSEWHERE.format(found.number, owner))
            elif found.is_closed:
                self.note(row, "window", f"窗口{found.number}已经停用；请改正")
            return found.id, found.number
        self.meet_new_window(row, department_id, department, is_chosen=choice == ADD)
        return None, row.window

    def meet_new_window(
        self, row: RosterRow, department_id: int | None, department: str, *, is_chosen: bool
    ) -> None:
        """Remember a window that is not known; it can belong to one department only."""
        number = row.window or ""
        same = [key for key in self.windows if key[0].casefold() == number.casefold()]
        if same and same[0][2] != department:
            first = self.windows[same[0]][0]
            self.note(
                row,
                "window",
                f"窗口{number}在第{first}行属于{same[0][2]}；一个窗口只属于一个部门，请核对",
            )
            return
        key = same[0] if same else (number, department_id, department)
        self.windows.setdefault(key, []).append(row.row)
        if is_chosen:
            self.chosen_windows.add(number)

    def find_post(self, row: RosterRow) -> tuple[int | None, str, str]:
        """Find a post by its name; a new one is added with the group that the file says."""
        found = self.known.posts.get(row.post)
        if found is not None:
            if row.post_group and row.post_group != found.post_group:
                label = POST_GROUP_LABELS[PostGroup(found.post_group)]
                self.note(
                    row,
                    "post_group",
                    f"岗位{found.name}登记为{label}；请改成一样的，或者换岗位名称",
                )
            if found.is_closed:
                self.note(row, "post", f"岗位{found.name}已经停用；请改正")
            return found.id, found.name, found.post_group
        group = row.post_group or self.new_groups.get(row.post) or group_of(row.post).value
        first = self.new_groups.setdefault(row.post, group)
        if group != first:
            label = POST_GROUP_LABELS[PostGroup(first)]
            self.note(row, "post_group", f"岗位{row.post}在前面的行里是{label}；请改成一样的")
        return None, row.post, first

    def find_missing(self) -> None:
        """Propose as 离岗 whoever is in service and not in the file."""
        last_day = (self.effective_on - timedelta(days=1)).isoformat()
        for person in self.known.people.values():
            if person.id in self.seen or person.left_on:
                continue
            if person.joined_on > self.effective_on.isoformat():
                continue
            self.result.missing.append(
                Departed(
                    row=0,
                    person_id=person.id,
                    staff_number=person.staff_number,
                    name=person.name,
                    before=person.place,
                    left_on=max(last_day, person.placed_since, person.joined_on),
                    hindrance=self.known.hindrances.get(person.id, ""),
                )
            )

    def ask_about_unknown(self) -> None:
        """List the departments and windows that somebody has to decide on."""
        options = [(str(each.id), each.name) for each in self.known.open_departments]
        for name, rows in self.departments.items():
            self.result.unknown_departments.append(ask(department_key(name), name, rows, options))
        for (number, department_id, department), rows in self.windows.items():
            if number in self.chosen_windows:
                continue
            near = [
                (str(each.id), each.number)
                for each in self.known.open_windows
                if each.department_id == department_id
            ]
            question = ask(window_key(number), f"{number}（{department}）", rows, near)
            self.result.unknown_windows.append(question)


def department_key(name: str) -> str:
    """Give the key under which the choice for a department is kept."""
    return f"department:{name}"


def window_key(number: str) -> str:
    """Give the key under which the choice for a window is kept."""
    return f"window:{number.casefold()}"


def ask(key: str, name: str, rows: Sequence[int], options: Sequence[tuple[str, str]]) -> Unknown:
    """Ask what an unknown name is; the suggestion is the existing one most like it, or to add."""
    names = {shorten(label): value for value, label in options}
    near = difflib.get_close_matches(shorten(name), names, n=1, cutoff=CLOSE_ENOUGH)
    is_window = key.startswith("window:")
    return Unknown(
        key=key,
        name=name,
        row=rows[0],
        people=len(rows),
        options=options,
        # 窗口 A01 and A02 look alike and are two.
        suggestion=names[near[0]] if near and not is_window else ADD,
    )


def shorten(name: str) -> str:
    """Take off what halls write or leave out at will: 区 before, 局 stays."""
    return name.removeprefix("市").removeprefix("区") or name


def key_of(place: Place) -> tuple[int | None, int | None, int | None]:
    """Give what a transfer is recognised by; something yet to be added is None."""
    window = -1 if place.window and place.window_id is None else place.window_id
    return place.department_id, window, place.post_id


def changes_of(row: RosterRow, person: KnownPerson) -> Iterator[Change]:
    """Compare a person's particulars; an empty cell erases nothing."""
    after = {
        "name": row.name,
        "employment": row.employment or person.employment,
        "phone": row.phone or person.phone,
        "joined_on": row.joined_on,
    }
    for name, value in after.items():
        before = getattr(person, name)
        if value != before:
            yield Change(field=name, label=BY_NAME[name].label, before=before, after=value)


def show_value(change: Change, value: str) -> str:
    """Show one side of a change to people: words for codes, telephones masked."""
    if change.field == "employment":
        return EMPLOYMENT_LABELS[Employment(value)] if value else "未填"
    if change.field == "phone":
        return f"{value[:3]}****{value[-4:]}" if value else "未填"
    return show_day(value) if change.field == "joined_on" else value


def show_day(text: str) -> str:
    """Write a day in ISO form for people: 2024年3月1日."""
    return formats.day(date.fromisoformat(text)) if text else ""


def counts_of(comparison: Comparison) -> dict[str, Any]:
    """Give how many people each group has."""
    return {
        "added": len(comparison.joined),
        "moved": len(comparison.moved),
        "changed": len(comparison.changed),
        "departed": len(comparison.departed),
        "unchanged": comparison.unchanged,
    }
