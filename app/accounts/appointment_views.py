"""管理员: who holds which duty, who is appointed, and the switch 三员分立."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import appointments, duties
from app.accounts.administration import ACCOUNT_KIND_LABELS
from app.accounts.appointment_models import Appointment, is_open
from app.accounts.appointments import STATE_LABELS, AppointmentRow, AppointmentState
from app.accounts.forms import AppointmentForm
from app.accounts.models import AccountKind, Person
from app.accounts.person_columns import person_columns
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.kernel import formats, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import proven, require
from app.kernel.forms import ask_first, text_in
from app.kernel.permissions import Permission, signed_in

READ = Permission.ACCOUNTS_ADMINISTRATOR_READ
APPOINT = Permission.ACCOUNTS_ADMINISTRATOR_APPOINT
DECIDE = Permission.ACCOUNTS_ADMINISTRATOR_DECIDE
STATE_TAGS = {
    AppointmentState.ASKED: "tag-amber",
    AppointmentState.CONFIRMED: "tag-blue",
    AppointmentState.ACCEPTED: "tag-green",
    AppointmentState.REFUSED: "tag",
    AppointmentState.WITHDRAWN: "tag",
    AppointmentState.DECLINED: "tag",
}
SEPARATE_QUESTION = (
    "分设后三项职责由三个人的账号分别承担，不能再合并；你的账号改为系统管理员，需要重新登录。"
)


def is_in_state(value: str) -> listing.Condition:
    """Filter by how far an appointment is."""
    return {
        "open": is_open(),
        "accepted": Appointment.accepted_at.is_not(None),
        "ended": Appointment.ended_at.is_not(None),
    }[value]


APPOINTMENTS: listing.Listing[AppointmentRow] = listing.Listing(
    id="appointment-list",
    noun="项任命",
    title="管理员任命",
    row=appointments.row_of,
    columns=[
        *person_columns(
            lambda row: url_for("accounts.show_appointment", appointment_id=row.appointment.id)
        ),
        listing.Column(
            name="kind",
            label="担任",
            cell=lambda row: ACCOUNT_KIND_LABELS[row.appointment.kind],
            sort=Appointment.kind,
        ),
        listing.Column(name="asker", label="提出", cell=lambda row: row.requested_by),
        listing.Column(
            name="asked",
            label="提出时间",
            cell=lambda row: formats.moment(row.appointment.requested_at),
            sort=Appointment.requested_at,
            is_wide=True,
        ),
        listing.Column(name="decider", label="确认", cell=lambda row: row.decided_by or "—"),
        listing.Column(
            name="state",
            label="状态",
            cell=lambda row: listing.Cell(text=STATE_LABELS[row.state], kind=STATE_TAGS[row.state]),
        ),
    ],
    search=(Person.name, Person.staff_number, Person.name_key),
    search_label="姓名、拼音或工号",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=[("open", "在办"), ("accepted", "已启用"), ("ended", "未同意或已撤回")],
            where=is_in_state,
        ),
        listing.Filter(
            name="kind",
            label="担任",
            options=[
                (kind.value, ACCOUNT_KIND_LABELS[kind])
                for kind in (AccountKind.ADMINISTRATOR, *duties.SEPARATE)
            ],
            where=lambda value: Appointment.kind == AccountKind(value),
        ),
    ],
    default_sort="-asked",
    tie_break=Appointment.id.desc(),
    empty_text="还没有任命过。第一位管理员在首次启用时设立。",
)


@blueprint.get("/administrators")
@require(READ)
def list_administrators() -> ResponseReturnValue:
    """Show who holds each duty, the switch, and all appointments."""
    view = listing.show(
        APPOINTMENTS,
        appointments.select_appointments(),
        request.args,
        url=url_for("accounts.list_administrators"),
        export_url=url_for("accounts.export_administrators"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    user = signed_in()
    is_separated = duties.is_separated()
    return render_template(
        "accounts/list_administrators.html",
        listing=view,
        held=duties.list_duties(),
        kinds=ACCOUNT_KIND_LABELS,
        is_separated=is_separated,
        missing=[ACCOUNT_KIND_LABELS[kind] for kind in duties.missing_duties(user)],
        may_appoint=user.can(APPOINT),
        question=SEPARATE_QUESTION,
    )


@blueprint.get("/administrators/export")
@require(READ)
def export_administrators() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        APPOINTMENTS,
        appointments.select_appointments(),
        what="appointments",
        name="管理员任命.xlsx",
        user=signed_in(),
    )


@blueprint.route("/administrators/new", methods=["GET", "POST"])
@require(APPOINT)
@proven
def new_appointment() -> ResponseReturnValue:
    """Ask that somebody may administer."""
    form = AppointmentForm()
    form.kind.choices = [
        (kind.value, ACCOUNT_KIND_LABELS[kind]) for kind in duties.kinds_to_choose()
    ]
    if request.method != "POST":
        return render_template("accounts/new_appointment.html", form=form)

    def act() -> int:
        return appointments.ask(
            user=signed_in(),
            number=text_in(form.number),
            kind=form.kind.data,
            login_name=text_in(form.login_name),
            reason=text_in(form.reason),
        )

    appointment_id = save(form, act)
    if appointment_id is None:
        return render_template("accounts/new_appointment.html", form=form), 422
    flash("已提出，等中心领导或安全管理员确认。", "success")
    return redirect(url_for("accounts.show_appointment", appointment_id=appointment_id), 303)


@blueprint.get("/administrators/<int:appointment_id>")
@require(READ)
def show_appointment(appointment_id: int) -> ResponseReturnValue:
    """Show one appointment with its path, and what I may do about it."""
    row, user = load(appointment_id), signed_in()
    appointment = row.appointment
    concerned = {appointment.person_id, appointment.requested_by_id}
    can_end = row.state in {AppointmentState.ASKED, AppointmentState.CONFIRMED}
    is_asked = row.state is AppointmentState.ASKED
    return render_template(
        "accounts/show_appointment.html",
        row=row,
        kind=ACCOUNT_KIND_LABELS[appointment.kind],
        state=STATE_LABELS[row.state],
        tag_kind=STATE_TAGS[row.state],
        may_decide=user.can(DECIDE) and is_asked and user.person_id not in concerned,
        may_withdraw=user.can(APPOINT) and can_end,
    )


@blueprint.post("/administrators/<int:appointment_id>/decide")
@require(DECIDE)
@proven
def decide_appointment(appointment_id: int) -> ResponseReturnValue:
    """Confirm an appointment, or refuse it."""
    row = load(appointment_id)
    decision = request.form.get("decision")
    if decision not in {"confirm", "refuse"}:
        abort(400)
    word = "确认" if decision == "confirm" else "不同意"
    to = url_for("accounts.show_appointment", appointment_id=appointment_id)
    asked = ask_first(
        title=f"{word}这项任命？",
        question=f"{row.person.name}，{ACCOUNT_KIND_LABELS[row.appointment.kind]}。",
        label=word,
        back_url=to,
    )
    if asked is not None:
        return asked
    return move(
        lambda: appointments.decide(
            user=signed_in(), appointment_id=appointment_id, is_confirmed=decision == "confirm"
        ),
        done="已确认，等本人启用。" if decision == "confirm" else "已办理：不同意。",
        to=to,
    )


@blueprint.post("/administrators/<int:appointment_id>/withdraw")
@require(APPOINT)
def withdraw_appointment(appointment_id: int) -> ResponseReturnValue:
    """Withdraw an appointment that has not begun."""
    load(appointment_id)
    return move(
        lambda: appointments.withdraw(user=signed_in(), appointment_id=appointment_id),
        done="已撤回。",
        to=url_for("accounts.show_appointment", appointment_id=appointment_id),
    )


@blueprint.post("/administrators/separate")
@require(APPOINT)
@proven
def separate_duties() -> ResponseReturnValue:
    """Turn 三员分立 on."""
    to = url_for("accounts.list_administrators")
    asked = ask_first(
        title="确认启用三员分立？", question=SEPARATE_QUESTION, label="启用", back_url=to
    )
    if asked is not None:
        return asked
    user = signed_in()
    return move(lambda: duties.separate(user=user), done="三员已经分设。", to=to)


def load(appointment_id: int) -> AppointmentRow:
    """Load an appointment, or answer 404."""
    found = appointments.find_appointment(appointment_id)
    if found is None:
        abort(404)
    return found
