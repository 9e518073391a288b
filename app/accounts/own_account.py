"""What everybody does with his own account: a new password, his sessions, his second factor.

A new password ends every other session of the account (AU9): whoever else knew the old one is out.
"""

from app.accounts import passwords, second_factor
from app.accounts.credentials import check_new, find_code, store_password
from app.accounts.models import Account, SessionEnd
from app.accounts.policy import security_profile
from app.accounts.sessions import SignedIn, begin_session, end_by_hash, end_sessions_of
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal


def get_own(user: Principal) -> Account:
    """Give the account that somebody is signed in with."""
    return db.session.get_one(Account, user.account_id)


def must_prove(user: Principal) -> bool:
    """Tell whether a new password needs the present one: a one-time code was just typed."""
    return find_code(get_own(user)) is None


def change_password(*, user: Principal, password: str) -> SignedIn:
    """Take a new password and begin a new session in place of all others; opens its own write.

    The present password was checked before. Raises RefusedError for one that the policy refuses,
    passwords.BusyError when too many sign in at once.
    """
    profile = security_profile()
    found = check_new(get_own(user), password, profile)
    if found:
        raise RefusedError(password="".join(found))
    password_hash = passwords.hash_password(password)
    with db.write():
        account = get_own(user)
        store_password(account=account, password_hash=password_hash, remembered=profile.remembered)
        end_sessions_of(account.id, SessionEnd.PASSWORD_CHANGED)
        append(
            AuditEvent.ACCOUNTS_PASSWORD_CHANGED,
            person_id=user.person_id,
            object_type="account",
            object_id=account.id,
        )
        return begin_session(account)


def set_password(*, account: Account, password_hash: str) -> None:
    """Give an account a new password and end its sessions: by whoever runs the machine."""
    remembered = security_profile().remembered
    store_password(account=account, password_hash=password_hash, remembered=remembered)
    end_sessions_of(account.id, SessionEnd.PASSWORD_CHANGED)
    append(
        AuditEvent.ACCOUNTS_PASSWORD_SET,
        person_id=None,
        object_type="person",
        object_id=account.person_id,
    )


def end_session(*, user: Principal, token_hash: str) -> None:
    """End one of my sessions, in the open write."""
    end_by_hash(token_hash, SessionEnd.ENDED_BY_SELF)
    log_ended(user, 1)


def end_other_sessions(user: Principal) -> int:
    """End all my sessions but this one; gives how many there were."""
    count = end_sessions_of(user.account_id, SessionEnd.ENDED_BY_SELF, but=user.session_id)
    log_ended(user, count)
    return count


def log_ended(user: Principal, count: int) -> None:
    """Write down that somebody ended sessions of his own."""
    append(
        AuditEvent.ACCOUNTS_SESSIONS_ENDED,
        person_id=user.person_id,
        object_type="account",
        object_id=user.account_id,
        sessions=count,
    )


def may_remove_factor(user: Principal) -> bool:
    """Tell whether the second factor is somebody's own choice; 等保三级 leaves some none."""
    return not (security_profile().is_level_three and user.is_administrator)


def remove_factor(user: Principal) -> None:
    """Sign in without a second factor from now on; raises RefusedError where it is compulsory."""
    if not may_remove_factor(user):
        raise RefusedError(form="管理员账号必须使用动态口令，不能关闭。")
    second_factor.remove_factor(account=get_own(user), removed_by_id=user.person_id)
