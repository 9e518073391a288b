"""Who acts where nobody is signed in: a job that somebody ordered, a command, a story."""

from datetime import date

from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import clock
from app.kernel.permissions import Principal


def acting(person_id: int, day: date | None = None) -> Principal:
    """Give somebody as services see who acts, with what he holds on a day, or on the clock's."""
    return principal_of(accounts.business_account(person_id), day)


def principal_of(account: Account, day: date | None = None, *, staff_number: str = "") -> Principal:
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
