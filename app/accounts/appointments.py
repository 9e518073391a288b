"""任命: how somebody becomes 系统, 安全 or 审计管理员.

"Requested by one, confirmed by another, compared by person." An administrator asks, 安全管理员 or
中心领导 confirms, and the person sets the password himself: nobody else ever holds it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.accounts import passwords
from app.accounts.appointment_models import Appointment, is_open
from app.accounts.credentials import check_new, store_password
from app.accounts.duties import holds_duty, kinds_to_choose
from app.accounts.models import Account, AccountKind, Hall, Person
from app.accounts.passwords import NO_PASSWORD
from app.accounts.policy import About, problems, security_profile
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import not_left, standing
from app.accounts.service import (
    add_account,
    business_account,
    find_account,
    hall_name,
    normalise,
)
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal

RESET_COUNTS = timedelta(days=30)
CHANGED = "这一项已经办理过了，请刷新后再看。"


class AppointmentState(StrEnum):
    """How far an appointment is; derived, never stored."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


STATE_LABELS = {
    AppointmentState.ASKED: "待确认",
    AppointmentState.CONFIRMED: "待本人启用",
    AppointmentState.ACCEPTED: "已启用",
    AppointmentState.REFUSED: "未同意",
    AppointmentState.WITHDRAWN: "已撤回",
    AppointmentState.DECLINED: "本人不接受",
}


@dataclass(frozen=True, kw_only=True)
class AppointmentRow:
    """An appointment as pages show it."""

    appointment: Appointment
    person: Person
    requested_by: str
    decided_by: str
    ended_by: str

    @property
    def state(self) -> AppointmentState:
        """How far it is."""
        return state_of(self.appointment)


def state_of(appointment: Appointment) -> AppointmentState:
    """Say how far an appointment is."""
    if appointment.ended_at is not None:
        if appointment.is_confirmed is False:
            return AppointmentState.REFUSED
        is_declined = appointment.ended_by_id == appointment.person_id
        return AppointmentState.DECLINED if is_declined else AppointmentState.WITHDRAWN
    if appointment.accepted_at is not None:
        return AppointmentState.ACCEPTED
    is_asked = appointment.decided_at is None
    return AppointmentState.ASKED if is_asked else AppointmentState.CONFIRMED


def select_appointments() -> Statement:
    """Select all appointments with the names that belong to them."""
    asker, decider, ender = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(Appointment, Person, asker.name, decider.name, ender.name)
        .join(Person, Person.id == Appointment.person_id)
        .join(asker, asker.id == Appointment.requested_by_id)
        .outerjoin(decider, decider.id == Appointment.decided_by_id)
        .outerjoin(ender, ender.id == Appointment.ended_by_id)
    )


def row_of(found: tuple[Appointment, Person, str, str | None, str | None]) -> AppointmentRow:
    """Name the parts of a result row."""
    appointment, person, requested_by, decided_by, ended_by = found
    return AppointmentRow(
        appointment=appointment,
        person=person,
        requested_by=requested_by,
        decided_by=decided_by or "",
        ended_by=ended_by or "",
    )


def find_appointment(appointment_id: int) -> AppointmentRow | None:
    """Give one appointment."""
    found = db.session.execute(
        select_appointments().where(Appointment.id == appointment_id)
    ).one_or_none()
    return None if found is None else row_of(found)


def find_mine(person_id: int) -> Appointment | None:
    """Give the confirmed appointment that waits for this person to begin."""
    return db.session.scalar(
        select(Appointment).where(
            Appointment.person_id == person_id,
            Appointment.is_confirmed.is_(True),
            is_open(),
        )
    )


def list_waiting_for(person_id: int) -> list[AppointmentRow]:
    """Give what this person may confirm: neither asked for by him nor about him."""
    rows = db.session.execute(
        select_appointments()
        .where(
            Appointment.decided_at.is_(None),
            Appointment.ended_at.is_(None),
            Appointment.requested_by_id != person_id,
            Appointment.person_id != person_id,
        )
        .order_by(Appointment.id)
    )
    return [row_of(each) for each in rows]


def ask(*, user: Principal, number: str, kind: AccountKind, login_name: str, reason: str) -> int:
    """Ask that a person may administer; raises RefusedError. Returns the appointment's id."""
    if kind not in kinds_to_choose():
        raise RefusedError(kind="三员已经分设，请选系统、安全或审计管理员。")
    person = need_candidate(number, user)
    name = normalise(login_name)
    check_login_name(name, person)
    appointment = Appointment(
        person_id=person.id,
        kind=kind,
        login_name=name,
        reason=reason,
        requested_by_id=user.person_id,
        requested_at=clock.now(),
    )
    db.session.add(appointment)
    db.session.flush()
    note(AuditEvent.ACCOUNTS_ADMINISTRATOR_REQUESTED, appointment, user.person_id, reason=reason)
    return appointment.id


def need_candidate(number: str, user: Principal) -> Person:
    """Give who has this 工号 and may be appointed; raises RefusedError."""
    today = clock.today()
    person = db.session.scalar(
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(Placement, standing(today))
        .where(Account.login_name == normalise(number), Account.kind == AccountKind.BUSINESS)
        .where(not_left(today))
        .with_for_update(of=Person)
    )
    if person is None:
        raise RefusedError(number="没有这个在岗的人，请核对工号。")
    if person.id == user.person_id:
        raise RefusedError(number="不能任命本人，请由另一位管理员提出。")
    if holds_duty(person.id):
        raise RefusedError(number="这个人已有在用的管理员账号，一人只能有一个。")
    check_standing(person)
    open_one = select(Appointment.id).where(
        Appointment.person_id == person.id,
        is_open(),
    )
    if db.session.scalar(open_one) is not None:
        raise RefusedError(number="这个人已有一项任命在办，请先办完或撤回那一项。")
    return person


def check_standing(person: Person) -> None:
    """Refuse whoever may not have his account to himself: not activated, or reset lately."""
    account = business_account(person.id)
    if account.password_hash == NO_PASSWORD or account.disabled_at is not None:
        raise RefusedError(number="这个人的业务账号还没有激活，或者已停用，请先让本人激活。")
    if account.reset_at is not None and clock.now() - account.reset_at < RESET_COUNTS:
        day = formats.day(clock.local(account.reset_at).date())
        raise RefusedError(number=f"这个人的密码{day}由管理员重设过，满30天才能任命。")


def check_login_name(name: str, person: Person) -> None:
    """Refuse a login name that is taken, or promised to somebody by another appointment."""
    promised = select(Appointment.id).where(
        Appointment.login_name == name,
        is_open(),
    )
    if not is_free(name, person.id) or db.session.scalar(promised) is not None:
        raise RefusedError(login_name="这个登录名已经有人使用，请换一个。")


def is_free(name: str, person_id: int) -> bool:
    """Tell whether nobody has a login name; a person's own disabled one may come back."""
    known = find_account(name)
    return known is None or (
        known.person_id == person_id
        and known.kind is not AccountKind.BUSINESS
        and known.disabled_at is not None
    )


def decide(*, user: Principal, appointment_id: int, is_confirmed: bool) -> None:
    """Confirm an appointment or refuse it; raises RefusedError for the asker or the person."""
    appointment = hold(appointment_id)
    if state_of(appointment) is not AppointmentState.ASKED:
        raise RefusedError(form=CHANGED)
    if user.person_id == appointment.requested_by_id:
        raise RefusedError(form="提出任命的人不能自己确认，请由中心领导或另一位安全管理员办理。")
    if user.person_id == appointment.person_id:
        raise RefusedError(form="不能确认对本人的任命，请由中心领导或另一位安全管理员办理。")
    if user.departments_of(Permission.ACCOUNTS_ADMINISTRATOR_DECIDE) is not None:
        raise RefusedError(form="只管一个部门的人不能确认全中心的管理员，请由中心领导办理。")
    now = clock.now()
    appointment.decided_by_id, appointment.decided_at = user.person_id, now
    appointment.is_confirmed = is_confirmed
    if not is_confirmed:
        appointment.ended_at, appointment.ended_by_id = now, user.person_id
    db.session.flush()
    event = (
        AuditEvent.ACCOUNTS_ADMINISTRATOR_CONFIRMED
        if is_confirmed
        else AuditEvent.ACCOUNTS_ADMINISTRATOR_REFUSED
    )
    note(event, appointment, user.person_id)


def withdraw(*, user: Principal, appointment_id: int) -> None:
    """End an appointment that has not begun: by an administrator, or declined by the person."""
    appointment = hold(appointment_id)
    if state_of(appointment) not in {AppointmentState.ASKED, AppointmentState.CONFIRMED}:
        raise RefusedError(form=CHANGED)
    appointment.ended_at, appointment.ended_by_id = clock.now(), user.person_id
    db.session.flush()
    note(AuditEvent.ACCOUNTS_ADMINISTRATOR_WITHDRAWN, appointment, user.person_id)


def hold(appointment_id: int) -> Appointment:
    """Hold an appointment until the write ends."""
    return db.session.get_one(
        Appointment, appointment_id, with_for_update=True, populate_existing=True
    )


def check_password(appointment: Appointment, password: str) -> None:
    """Refuse a bad password, or that of the business account; hashes, so outside of any write."""
    person = db.session.get_one(Person, appointment.person_id)
    about = About(
        hall_name=hall_name(),
        login_name=appointment.login_name,
        staff_number=person.staff_number,
        name=person.name,
    )
    found = problems(password, about, security_profile())
    known = find_account(appointment.login_name)
    if not found and known is not None:
        found = check_new(known, password, security_profile())
    if not found and passwords.verify(business_account(person.id).password_hash, password):
        found.append("不能与业务账号的密码相同。")
    if found:
        raise RefusedError(password="".join(found))


def accept(*, user: Principal, password_hash: str) -> None:
    """Begin: make the account with the password that its owner has set; raises RefusedError."""
    # Held first: whoever separates the duties meanwhile waits, or is waited for.
    db.session.get_one(Hall, 1, with_for_update=True, populate_existing=True)
    found = find_mine(user.person_id)
    if found is None:
        raise RefusedError(form=CHANGED)
    appointment = hold(found.id)
    if state_of(appointment) is not AppointmentState.CONFIRMED:
        raise RefusedError(form=CHANGED)
    if appointment.kind not in kinds_to_choose():
        raise RefusedError(form="三员已经分设，这项任命不再适用，请联系系统管理员重新办理。")
    if holds_duty(user.person_id):
        raise RefusedError(form="你已有在用的管理员账号，一人只能有一个。")
    if not is_free(appointment.login_name, user.person_id):
        raise RefusedError(form="登录名已被别人占用，请联系系统管理员撤回后重新任命。")
    account = open_account(appointment, password_hash)
    appointment.accepted_at = clock.now()
    db.session.flush()
    note(
        AuditEvent.ACCOUNTS_ADMINISTRATOR_ACCEPTED,
        appointment,
        user.person_id,
        account_id=account.id,
    )


def set_administrator(
    *, person_id: int, kind: AccountKind, login_name: str, password_hash: str
) -> None:
    """Make somebody an administrator by whoever runs the machine; raises RefusedError."""
    hall = db.session.get_one(Hall, 1, with_for_update=True)
    if kind is AccountKind.ADMINISTRATOR and hall.has_separate_administrators:
        raise RefusedError(kind="三员已经分设，请选系统、安全或审计管理员。")
    if holds_duty(person_id):
        raise RefusedError(form="这个人已有在用的管理员账号，一人只能有一个。")
    name = normalise(login_name)
    check_login_name(name, db.session.get_one(Person, person_id))
    account = open_account(
        Appointment(person_id=person_id, kind=kind, login_name=name), password_hash
    )
    append(
        AuditEvent.ACCOUNTS_ADMINISTRATOR_SET,
        person_id=None,
        object_type="account",
        object_id=account.id,
        of_person=person_id,
        kind=kind,
    )


def open_account(appointment: Appointment, password_hash: str) -> Account:
    """Make the account, or take the person's earlier one back into use for this duty."""
    known = find_account(appointment.login_name)
    if known is None:
        return add_account(
            person_id=appointment.person_id,
            login_name=appointment.login_name,
            password_hash=password_hash,
            kind=appointment.kind,
        )
    known.kind, known.disabled_at = appointment.kind, None
    remembered = security_profile().remembered
    store_password(account=known, password_hash=password_hash, remembered=remembered)
    append(
        AuditEvent.ACCOUNTS_ENABLED,
        person_id=appointment.person_id,
        object_type="account",
        object_id=known.id,
        of_person=appointment.person_id,
        kind=appointment.kind,
    )
    return known


def note(event: AuditEvent, appointment: Appointment, by_id: int, **more: object) -> None:
    """Write down an act on an appointment."""
    append(
        event,
        person_id=by_id,
        object_type="appointment",
        object_id=appointment.id,
        for_person=appointment.person_id,
        kind=appointment.kind,
        **more,
    )
