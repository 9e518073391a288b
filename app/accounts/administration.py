"""What 系统管理员 does with the accounts of others; every act is logged with its reason.

Nobody acts on his own account here. The last account in use of each duty can't be disabled, and
its holder can't leave: the hall would be without it. Administrators' passwords are not reset here
either: whoever holds the code would hold two duties.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select

from app.accounts import second_factor
from app.accounts.appointment_models import Appointment, is_open
from app.accounts.credentials import issue_code
from app.accounts.models import (
    DUTIES_OF,
    Account,
    AccountKind,
    Department,
    Person,
    SessionEnd,
    SignInSession,
    SignInThrottle,
)
from app.accounts.passwords import NO_PASSWORD
from app.accounts.policy import security_profile
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import standing
from app.accounts.service import read_grants
from app.accounts.sessions import end_by_hash, end_sessions_of
from app.accounts.sign_in_models import ActivationCode, SecondFactor
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import GRANTS, Permission, Principal


class AccountState(StrEnum):
    """What an account is at the moment; derived, never stored."""

    IN_USE = "in_use"
    WAITING = "waiting"
    LOCKED = "locked"
    DISABLED = "disabled"
    LEFT = "left"
    ANONYMISED = "anonymised"


ACCOUNT_STATE_LABELS = {
    AccountState.IN_USE: "正常",
    AccountState.WAITING: "待激活",
    AccountState.LOCKED: "已锁定",
    AccountState.DISABLED: "已停用",
    AccountState.LEFT: "已离岗",
    AccountState.ANONYMISED: "已匿名",
}
ACCOUNT_KIND_LABELS = {
    AccountKind.BUSINESS: "业务账号",
    AccountKind.ADMINISTRATOR: "管理员（不分设）",
    AccountKind.SYSADMIN: "系统管理员",
    AccountKind.SECADMIN: "安全管理员",
    AccountKind.AUDITOR: "审计管理员",
}


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """An account as the list shows it."""

    account: Account
    person: Person
    department: Department
    throttle: SignInThrottle | None
    code: ActivationCode | None
    has_factor: bool
    last_signed_in_at: datetime | None

    @property
    def state(self) -> AccountState:
        """What the account is, the weightiest first."""
        if self.person.anonymised_at is not None:
            return AccountState.ANONYMISED
        if self.account.disabled_at is not None:
            return AccountState.DISABLED
        if self.person.left_on is not None and self.person.left_on < clock.today():
            return AccountState.LEFT
        locked_until = self.throttle.locked_until if self.throttle else None
        if locked_until is not None and locked_until > clock.now():
            return AccountState.LOCKED
        is_waiting = self.account.password_hash == NO_PASSWORD
        return AccountState.WAITING if is_waiting else AccountState.IN_USE


# When somebody last signed in, as far as sessions are kept.
LAST_SIGNED_IN = (
    select(func.max(SignInSession.created_at))
    .where(SignInSession.account_id == Account.id)
    .correlate(Account)
    .scalar_subquery()
)


def select_accounts() -> Select[*tuple[Any, ...]]:
    """Select all accounts with what the list shows of them."""
    return (
        select(
            Account,
            Person,
            Department,
            SignInThrottle,
            ActivationCode,
            SecondFactor.account_id,
            LAST_SIGNED_IN,
        )
        .join(Person, Person.id == Account.person_id)
        .join(Placement, standing(clock.today()))
        .join(Department, Department.id == Placement.department_id)
        .outerjoin(SignInThrottle, SignInThrottle.login_name == Account.login_name)
        .outerjoin(ActivationCode, ActivationCode.account_id == Account.id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    )


def row_of(found: Any) -> AccountRow:  # noqa: ANN401 - a result row of any shape.
    """Give what a result row holds by name."""
    account, person, department, throttle, code, factor_of, last = found
    return AccountRow(
        account=account,
        person=person,
        department=department,
        throttle=throttle,
        code=code,
        has_factor=factor_of is not None,
        last_signed_in_at=last,
    )


def is_in_state(state: AccountState) -> ColumnElement[bool]:
    """Give the condition that `AccountRow.state` is this one; for the select above."""
    is_disabled = Account.disabled_at.is_not(None)
    has_left = and_(Person.left_on.is_not(None), Person.left_on < clock.today())
    is_locked = and_(
        SignInThrottle.locked_until.is_not(None), SignInThrottle.locked_until > clock.now()
    )
    is_waiting = Account.password_hash == NO_PASSWORD
    order = {
        AccountState.ANONYMISED: Person.anonymised_at.is_not(None),
        AccountState.DISABLED: is_disabled,
        AccountState.LEFT: has_left,
        AccountState.LOCKED: func.coalesce(is_locked, False),
        AccountState.WAITING: is_waiting,
    }
    before: list[ColumnElement[bool]] = []
    for each, condition in order.items():
        if each is state:
            return and_(condition, *(not_(other) for other in before))
        before.append(condition)
    return and_(*(not_(other) for other in before))


def get_account_for(user: Principal, account_id: int) -> AccountRow | None:
    """Give an account to whoever may look at accounts."""
    if not user.can(Permission.ACCOUNTS_ACCOUNT_READ):
        return None
    found = db.session.execute(select_accounts().where(Account.id == account_id)).one_or_none()
    return None if found is None else row_of(found)


def load_other(user: Principal, account_id: int) -> Account:
    """Give an account that somebody acts on; raises RefusedError for any of his own.

    Nor is there anything to be done with the account of whom nobody knows any more.
    """
    account = db.session.get_one(Account, account_id, with_for_update=True)
    if account.person_id == user.person_id:
        raise RefusedError(form="不能办理自己的账号，请由另一位管理员办理。")
    if db.session.get_one(Person, account.person_id).anonymised_at is not None:
        raise RefusedError(form="这个人离岗已久，信息已经匿名，账号不能再办理。")
    return account


def unlock(*, user: Principal, account_id: int, reason: str) -> None:
    """Let a locked login name try again at once."""
    account = load_other(user, account_id)
    throttle = db.session.get(SignInThrottle, account.login_name, with_for_update=True)
    if throttle is None or throttle.locked_until is None or throttle.locked_until <= clock.now():
        raise RefusedError(form="这个账号现在没有锁定，不用解锁。")
    db.session.delete(throttle)
    log(AuditEvent.ACCOUNTS_UNLOCKED, user, account, reason=reason)


def reset(*, user: Principal, account_id: int, code_hash: str, reason: str) -> None:
    """Void an account's password and give it a new code for a day; its sessions end."""
    account = load_other(user, account_id)
    if account.kind is not AccountKind.BUSINESS:
        raise RefusedError(form="管理员账号的密码不能在网页上重设，请由管理机器的人用命令重设。")
    if account.disabled_at is not None:
        raise RefusedError(form="这个账号已停用，请先启用再重设。")
    keep_appointments_apart(account)
    hours = security_profile().reset_hours
    valid_until = clock.now() + timedelta(hours=hours)
    issue_code(
        account=account, code_hash=code_hash, valid_until=valid_until, issued_by_id=user.person_id
    )
    account.reset_at = clock.now()
    end_sessions_of(account.id, SessionEnd.ENDED_BY_ADMINISTRATOR)
    log(AuditEvent.ACCOUNTS_CODE_ISSUED, user, account, reason=reason, hours=hours)


def keep_appointments_apart(account: Account) -> None:
    """Refuse a code for whoever confirms administrators, or is about to become one.

    With it an administrator could confirm his own proposal, or begin in another's place.
    """
    decides = any(
        Permission.ACCOUNTS_ADMINISTRATOR_DECIDE in GRANTS[grant.role]
        for grant in read_grants(account.person_id, clock.today())
    )
    is_candidate = select(Appointment.id).where(
        Appointment.person_id == account.person_id,
        is_open(),
    )
    if decides or db.session.scalar(is_candidate) is not None:
        raise RefusedError(
            form="这个人能确认管理员任命，或者正在被任命为管理员，密码不能在网页上重设，"
            "请由管理机器的人用命令重设。"
        )


def disable(*, user: Principal, account_id: int, reason: str) -> None:
    """Shut an account out at once; raises RefusedError for the last of a duty."""
    administrators = hold_administrators()
    account = load_other(user, account_id)
    if account.disabled_at is not None:
        raise RefusedError(form="这个账号已经停用。")
    if last_of_a_duty([account], administrators) is not None:
        label = ACCOUNT_KIND_LABELS[account.kind]
        raise RefusedError(form=f"这是最后一个在用的{label}账号，不能停用。请先设好接替的人。")
    account.disabled_at = clock.now()
    end_sessions_of(account.id, SessionEnd.ACCOUNT_DISABLED)
    log(AuditEvent.ACCOUNTS_DISABLED, user, account, reason=reason)


def hold_administrators() -> list[Account]:
    """Give the administrators' accounts in use, held with their people until the write ends.

    Held before any single one is, so that two who disable one another wait and don't block. Who has
    a last day does not count: his duty must not lapse with him.
    """
    return list(
        db.session.scalars(
            select(Account)
            .join(Person, Person.id == Account.person_id)
            .where(
                Account.kind != AccountKind.BUSINESS,
                Account.disabled_at.is_(None),
                Person.left_on.is_(None),
            )
            .order_by(Account.id)
            .with_for_update(of=[Account, Person])
            .execution_options(populate_existing=True)
        )
    )


def last_of_a_duty(
    leaving: Collection[Account], administrators: Collection[Account]
) -> Account | None:
    """Give whichever of these accounts holds a duty that no other one in use would hold."""
    gone = {account.id for account in leaving}
    left = {duty for each in administrators if each.id not in gone for duty in DUTIES_OF[each.kind]}
    return next((each for each in leaving if DUTIES_OF[each.kind] - left), None)


def keep_duties_without(person_ids: Collection[int]) -> None:
    """Refuse that people leave the hall with the last account in use of a duty; RefusedError.

    To be called before their rows are held: this holds those of all administrators.
    """
    administrators = hold_administrators()
    leaving = [each for each in administrators if each.person_id in person_ids]
    last = last_of_a_duty(leaving, administrators)
    if last is not None:
        name = db.session.get_one(Person, last.person_id).name
        label = ACCOUNT_KIND_LABELS[last.kind]
        raise RefusedError(
            form=f"{name}管着最后一个在用的{label}账号，不能登记离岗。请先设好接替的人。"
        )


def enable(*, user: Principal, account_id: int, reason: str) -> None:
    """Let a disabled business account in again; an administrator is appointed anew instead."""
    account = load_other(user, account_id)
    if account.disabled_at is None:
        raise RefusedError(form="这个账号没有停用。")
    if account.kind is not AccountKind.BUSINESS:
        raise RefusedError(form="管理员账号停用以后不能再启用，请在“管理员”里重新任命。")
    account.disabled_at = None
    log(AuditEvent.ACCOUNTS_ENABLED, user, account, reason=reason)


def end_sessions(*, user: Principal, account_id: int) -> int:
    """End all sessions of somebody else; gives how many there were."""
    account = load_other(user, account_id)
    count = end_sessions_of(account.id, SessionEnd.ENDED_BY_ADMINISTRATOR)
    log(AuditEvent.ACCOUNTS_SESSIONS_ENDED, user, account, sessions=count)
    return count


def end_session(*, user: Principal, account_id: int, token_hash: str) -> None:
    """End one session of somebody else."""
    account = load_other(user, account_id)
    end_by_hash(token_hash, SessionEnd.ENDED_BY_ADMINISTRATOR)
    log(AuditEvent.ACCOUNTS_SESSIONS_ENDED, user, account, sessions=1)


def reset_factor(*, user: Principal, account_id: int, reason: str) -> None:
    """Take somebody's second factor away, because his authenticator is lost; sessions end."""
    account = load_other(user, account_id)
    if not second_factor.has_factor(account.id):
        raise RefusedError(form="这个账号没有开启动态口令。")
    second_factor.remove_factor(account=account, removed_by_id=user.person_id)
    end_sessions_of(account.id, SessionEnd.ENDED_BY_ADMINISTRATOR)
    log(AuditEvent.ACCOUNTS_SESSIONS_ENDED, user, account, reason=reason)


def log(event: AuditEvent, user: Principal, account: Account, **data: object) -> None:
    """Write down who did what to which account, and why."""
    append(
        event,
        person_id=user.person_id,
        object_type="account",
        object_id=account.id,
        of_person=account.person_id,
        **data,
    )
