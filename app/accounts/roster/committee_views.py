"""The page of a 议事机构: its members of today and before, adding one, ending a membership."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roster import committees, people
from app.accounts.roster.models import COMMITTEE_OFFICE_LABELS, Committee
from app.accounts.roster.people_forms import MemberForm
from app.accounts.views import blueprint
from app.kernel import clock, db
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import date_in, text_in
from app.kernel.permissions import Permission, signed_in

EDIT = Permission.ACCOUNTS_REGISTER_EDIT


@blueprint.get("/committees/<int:entry_id>")
@require(Permission.ACCOUNTS_ROSTER_READ)
def show_committee(entry_id: int) -> ResponseReturnValue:
    """Show a committee with its members."""
    form = MemberForm()
    form.starts_on.data = clock.today()
    return draw(load(entry_id), form)


def draw(committee: Committee, form: MemberForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the page of a committee."""
    page = render_template(
        "accounts/show_committee.html",
        committee=committee,
        members=committees.list_members(committee.id),
        offices=COMMITTEE_OFFICE_LABELS,
        today=clock.today(),
        form=form,
        may_edit=signed_in().can(EDIT),
    )
    return page, status


@blueprint.post("/committees/<int:entry_id>/members")
@require(EDIT)
def add_member(entry_id: int) -> ResponseReturnValue:
    """Make somebody a member."""
    committee = load(entry_id)
    form = MemberForm()

    def act() -> bool:
        number = text_in(form.staff_number)
        committees.add_member(
            committee_id=entry_id,
            person_id=people.need_colleague(number, field="staff_number"),
            office=form.office.data,
            starts_on=date_in(form.starts_on),
            by_id=signed_in().person_id,
        )
        return True

    if not save(form, act):
        return draw(committee, form, status=422)
    flash("已加入。", "success")
    return redirect(url_for("accounts.show_committee", entry_id=entry_id), 303)


@blueprint.post("/committees/<int:entry_id>/members/<int:member_id>/end")
@require(EDIT)
def end_membership(entry_id: int, member_id: int) -> ResponseReturnValue:
    """Let a membership end."""
    load(entry_id)
    return move(
        lambda: committees.end_membership(
            committee_id=entry_id, member_id=member_id, by_id=signed_in().person_id
        ),
        done="已退出。",
        to=url_for("accounts.show_committee", entry_id=entry_id),
    )


def load(entry_id: int) -> Committee:
    """Load a committee, or answer 404."""
    committee = db.session.get(Committee, entry_id)
    if committee is None:
        abort(404)
    return committee
