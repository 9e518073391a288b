"""Looking at 政治面貌 and entering it; both pages are there only where the hall keeps it."""

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.accounts.models import POLITICAL_STATUS_LABELS, PoliticalStatus
from app.accounts.roster import political
from app.accounts.roster.people import PersonRow
from app.accounts.roster.people_views import (
    draw_form,
    draw_person,
    load,
    load_mine,
    person_url,
)
from app.accounts.roster.register_views import STALE
from app.accounts.views import blueprint
from app.audit.service import record_read
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError, VersionedForm
from app.kernel.permissions import Permission, signed_in

NOT_STATED = "未填"
NOTE = "只有管人员的经办人和党支部能看，每次查看都记入日志；名单和导出里没有这一项。"


class PoliticalStatusForm(VersionedForm):
    """政治面貌 of a person."""

    political_status = SelectField(
        "政治面貌",
        choices=[
            SelectChoice("", NOT_STATED),
            *(SelectChoice(each.value, label) for each, label in POLITICAL_STATUS_LABELS.items()),
        ],
    )

    def status(self) -> PoliticalStatus | None:
        """Give what was chosen."""
        chosen = self.political_status.data
        return PoliticalStatus(chosen) if chosen else None


@blueprint.post("/people/<int:person_id>/political-status/show")
@require(Permission.ACCOUNTS_POLITICAL_READ)
def show_political_status(person_id: int) -> ResponseReturnValue:
    """Show 政治面貌 once; the log says who looked."""
    row = load(person_id)
    refuse_unless_kept(row)
    note_look(person_id)
    status = political.get_status(person_id)
    return draw_person(row, political_text=label_of(status))


@blueprint.route("/people/<int:person_id>/political-status/edit", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_ROSTER_EDIT)
def edit_political_status(person_id: int) -> ResponseReturnValue:
    """Enter 政治面貌. The form shows what is stored, which is a look as well."""
    row = load_mine(person_id)
    refuse_unless_kept(row)
    form, title = PoliticalStatusForm(), f"{row.person.name}的政治面貌"
    back = person_url(person_id)
    if request.method != "POST":
        note_look(person_id)
        status = political.get_status(person_id)
        form.political_status.data = status.value if status else ""
        form.version.data = row.person.version
        return draw_form(form, title, back, note=NOTE)

    def act() -> bool:
        political.change_status(
            person_id=person_id,
            seen_version=form.version.data,
            status=form.status(),
            changed_by_id=signed_in().person_id,
        )
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        return draw_stale(row, form, title)
    if not is_saved:
        return draw_form(form, title, back, note=NOTE, status=422)
    flash("已保存。", "success")
    return redirect(back, 303)


def draw_stale(row: PersonRow, form: PoliticalStatusForm, title: str) -> ResponseReturnValue:
    """Show what is stored now beside what was chosen; the next save is made on that."""
    note_look(row.person.id)
    stored = label_of(political.get_status(row.person.id))
    form.add_errors({"": STALE})
    form.version.data = row.person.version
    note = f"{NOTE}最新内容：{stored}。"
    return draw_form(form, title, person_url(row.person.id), note=note, status=409)


def refuse_unless_kept(row: PersonRow) -> None:
    """Answer 404 where the hall does not keep it, or keeps it from me."""
    if not political.may_look(signed_in(), row.placement.department_id):
        abort(404)


def note_look(person_id: int) -> None:
    """Leave the mark of a look in the log, before anything is shown."""
    record_read(
        person_id=signed_in().person_id, object_type="person_political", object_id=person_id
    )


def label_of(status: PoliticalStatus | None) -> str:
    """Write it as people read it."""
    return POLITICAL_STATUS_LABELS[status] if status else NOT_STATED
