"""Who has confirmed what: the overview for the lead and the office, and one person."""

from collections import defaultdict
from collections.abc import Sequence

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement, Post
from app.accounts.roster.placements import not_left, standing
from app.audit.exports import answer_export
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.listing import Listing, Statement
from app.kernel.permissions import Permission, Principal, signed_in
from app.regulations import lists, readings
from app.regulations.lists import PersonRow, Tally
from app.regulations.readings import Reading
from app.regulations.views.base import blueprint, departments_for

READ = Permission.REGULATIONS_READING_READ


@blueprint.get("/readings")
@require(READ)
def list_readings() -> ResponseReturnValue:
    """Show who has confirmed, by rule with its denominator and by person."""
    user = signed_in()
    tally = tally_for(user)
    view = listing.show(
        declared(tally),
        select_people_for(user),
        request.args,
        url=url_for(".list_readings"),
        export_url=url_for(".export_readings"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "regulations/list_readings.html",
        listing=view,
        sums=sums_of(tally),
    )


@blueprint.get("/readings/export")
@require(READ)
def export_readings() -> ResponseReturnValue:
    """Give the overview as an Excel file."""
    user = signed_in()
    return answer_export(
        declared(tally_for(user)),
        select_people_for(user),
        what="reading",
        name="必读确认情况.xlsx",
        user=user,
    )


def declared(tally: Tally) -> Listing[PersonRow]:
    """Give the overview with the departments that I may see."""
    return lists.make_readings(tally, departments_for(READ))


def select_people_for(user: Principal) -> Statement:
    """Select those who work in the hall today, in the departments that somebody may see."""
    today = clock.today()
    statement = (
        select(Person, Department.name, Post.name)
        .select_from(Person)
        .join(Placement, standing(today))
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .where(not_left(today), Person.joined_on <= today)
    )
    scope = user.departments_of(READ)
    return statement if scope is None else statement.where(Department.id.in_(scope))


def tally_for(user: Principal) -> Tally:
    """Gather what is asked today of the people that somebody may see."""
    people = select_people_for(user).with_only_columns(Person.id)
    found: dict[int, list[Reading]] = defaultdict(list)
    for each in readings.list_today(db.session.scalars(people).all()):
        found[each.person_id].append(each)
    return found


def sums_of(tally: Tally) -> list[list[str]]:
    """Count by version: asked, confirmed with its share, overdue."""
    by_title: dict[str, list[Reading]] = defaultdict(list)
    for mine in tally.values():
        for each in mine:
            by_title[each.title].append(each)
    return [
        [
            title,
            str(len(found)),
            formats.share(sum(each.confirmed_at is not None for each in found), len(found)),
            str(sum(each.is_late for each in found)),
        ]
        for title, found in sorted(by_title.items())
    ]


@blueprint.get("/readings/<int:person_id>")
@require(Permission.REGULATIONS_RULE_READ)
def show_readings(person_id: int) -> ResponseReturnValue:
    """Show what somebody had to read: to himself, his lead, and those who see the overview."""
    person = load_person(person_id)
    found = readings.list_readings((person.id,))
    return render_template(
        "regulations/show_readings.html", person=person, rows=rows_of(found), is_own=is_own(person)
    )


def rows_of(found: Sequence[Reading]) -> list[list[str]]:
    """Write what was asked, the newest first."""
    ordered = sorted(found, key=lambda each: (each.due_at, each.title), reverse=True)
    return [
        [
            each.title,
            formats.day(each.begins_on),
            formats.day(each.due_on),
            formats.moment(each.confirmed_at) if each.confirmed_at else "—",
            word_of(each),
        ]
        for each in ordered
    ]


def word_of(reading: Reading) -> str:
    """Say in a word how it stands."""
    if reading.confirmed_at is not None:
        return "按期确认" if reading.is_in_time else "逾期确认"
    if not reading.holds_on(clock.today()):
        return "不再要求"
    return "逾期未确认" if reading.is_late else "待确认"


def is_own(person: Person) -> bool:
    """Tell whether a page is about whoever looks at it."""
    return person.id == signed_in().person_id


def load_person(person_id: int) -> Person:
    """Load somebody whose readings I may see, or answer 404."""
    person = db.session.get(Person, person_id)
    if person is None:
        abort(404)
    if is_own(person):
        return person
    scope = signed_in().departments_of(READ)
    placed_in = db.session.scalar(
        select(Placement.department_id)
        .join(Person, standing(clock.today()))
        .where(Person.id == person.id)
    )
    if scope is not None and placed_in not in scope:
        abort(404)
    return person
