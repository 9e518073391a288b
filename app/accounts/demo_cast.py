"""Who acts in the demonstration: its people, as services see who acts."""

from datetime import date

from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.permissions import Principal


def acting(person_id: int, day: date | None = None) -> Principal:
    """Give somebody with what he holds on a day, or on the clock's day."""
    return principal_of(accounts.business_account(person_id), day)


def one_of_cast(login_name: str, day: date | None = None) -> Principal:
    """Give somebody by the name with which he signs in; raises LookupError."""
    account = accounts.find_account(accounts.normalise(login_name))
    if account is None:
        message = f"the demonstration has no {login_name}"
        raise LookupError(message)
    return principal_of(account, day, staff_number=login_name)


def principal_of(account: Account, day: date | None, *, staff_number: str = "") -> Principal:
    """Give whoever an account belongs to."""
    return Principal(
        account_id=account.id,
        person_id=account.person_id,
        name="",
        staff_number=staff_number,
        department_id=0,
        department_name="",
        grants=accounts.grants_of(account, day or clock.today()),
        session_id="",
    )
