"""Who acts in the demonstration: its people, as services see who acts."""

from datetime import date

from app.accounts import service as accounts
from app.accounts.acting import principal_of
from app.kernel.permissions import Principal


def one_of_cast(login_name: str, day: date | None = None) -> Principal:
    """Give somebody by the name with which he signs in; raises LookupError."""
    account = accounts.find_account(accounts.normalise(login_name))
    if account is None:
        message = f"the demonstration has no {login_name}"
        raise LookupError(message)
    return principal_of(account, day, staff_number=login_name)
