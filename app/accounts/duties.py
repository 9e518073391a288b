"""三员分立: who holds which duty, and the switch that separates them for good.

"Switch 三员分立: off, one administrator (a small hall can start); on, three, at most one per person
and mutually exclusive." The database keeps it; once on, it stays on.
"""

from sqlalchemy import select

from app.accounts.administration import ACCOUNT_KIND_LABELS, hold_administrators, log
from app.accounts.models import DUTIES_OF, Account, AccountKind, Hall, Person, SessionEnd
from app.accounts.roster.placements import not_left
from app.accounts.sessions import end_sessions_of
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal

SEPARATE = (AccountKind.SYSADMIN, AccountKind.SECADMIN, AccountKind.AUDITOR)


def is_separated() -> bool:
    """Tell whether 三员分立 is on."""
    hall = db.session.get(Hall, 1)
    return hall is not None and hall.has_separate_administrators


def kinds_to_choose() -> tuple[AccountKind, ...]:
    """Give the kinds that somebody may be appointed to now."""
    return SEPARATE if is_separated() else (AccountKind.ADMINISTRATOR, *SEPARATE)


def list_administrators() -> list[tuple[Account, Person]]:
    """Give the administrators' accounts in use with their owners, by kind."""
    order = {kind: place for place, kind in enumerate(AccountKind)}
    today = clock.today()
    rows = db.session.execute(
        select(Account, Person)
        .join(Person, Person.id == Account.person_id)
        .where(
            Account.kind != AccountKind.BUSINESS,
            Account.disabled_at.is_(None),
            not_left(today),
        )
    ).all()
    return sorted(
        ((account, person) for account, person in rows), key=lambda each: order[each[0].kind]
    )


def holds_duty(person_id: int) -> bool:
    """Tell whether a person has an administrator's account in use."""
    found = select(Account.id).where(
        Account.person_id == person_id,
        Account.kind != AccountKind.BUSINESS,
        Account.disabled_at.is_(None),
    )
    return db.session.scalar(found) is not None


def missing_duties(user: Principal) -> list[AccountKind]:
    """Give the duties that nobody would hold by an account of its own, if this person separates."""
    held = {
        account.kind
        for account, person in list_administrators()
        if account.kind in SEPARATE and person.id != user.person_id
    }
    return [kind for kind in SEPARATE if kind not in held | duty_left_to(user)]


def duty_left_to(user: Principal) -> set[AccountKind]:
    """Give what remains to who separates: with all duties 系统管理员, of the three his own."""
    own = db.session.get(Account, user.account_id)
    if own is None or own.disabled_at is not None:
        return set()
    return {AccountKind.SYSADMIN if own.kind is AccountKind.ADMINISTRATOR else own.kind}


def separate(*, user: Principal) -> None:
    """Turn 三员分立 on: the asking account becomes 系统管理员, others with all duties are disabled.

    The first run ends with it. Raises RefusedError while a duty has nobody.
    """
    hall = db.session.get_one(Hall, 1, with_for_update=True)
    if hall.has_separate_administrators:
        raise RefusedError(form="三员已经分设。")
    hold_administrators()
    missing = missing_duties(user)
    if missing:
        names = "、".join(ACCOUNT_KIND_LABELS[kind] for kind in missing)
        raise RefusedError(form=f"还没有{names}：请先任命，等本人启用以后再分设。")
    for account in list_with_all_duties():
        give_up_duties(account, user)
    db.session.flush()
    hall.has_separate_administrators = True
    if hall.set_up_on is not None and hall.opened_on is None:
        hall.opened_on = clock.today()
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_DUTIES_SEPARATED,
        person_id=user.person_id,
        object_type="hall",
        object_id=1,
    )


def list_with_all_duties() -> list[Account]:
    """Give the accounts in use that hold all duties, of whoever has left too."""
    return list(
        db.session.scalars(
            select(Account)
            .where(Account.kind == AccountKind.ADMINISTRATOR, Account.disabled_at.is_(None))
            .order_by(Account.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def give_up_duties(account: Account, user: Principal) -> None:
    """Leave the asking account one duty, and any other none; both sign in anew."""
    reason = "三员分设"
    if account.id == user.account_id:
        account.kind = AccountKind.SYSADMIN
        log(AuditEvent.ACCOUNTS_KIND_CHANGED, user, account, reason=reason, kind=account.kind)
    else:
        account.disabled_at = clock.now()
        log(AuditEvent.ACCOUNTS_DISABLED, user, account, reason=reason)
    end_sessions_of(account.id, SessionEnd.ROLES_CHANGED)


def list_duties() -> list[tuple[AccountKind, list[tuple[Account, Person]]]]:
    """Give each of the three duties with the accounts that carry it."""
    found = list_administrators()
    return [
        (kind, [each for each in found if DUTIES_OF[kind] <= DUTIES_OF[each[0].kind]])
        for kind in SEPARATE
    ]
