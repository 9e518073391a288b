"""Who acts where nobody is signed in: a job that somebody ordered, a command in his name."""

from app.accounts import service as accounts
from app.kernel import clock
from app.kernel.permissions import Principal


def acting_as(person_id: int) -> Principal:
    """Give somebody as services see who acts, with what he may do today."""
    return Principal(
        account_id=accounts.business_account(person_id).id,
        person_id=person_id,
        name="",
        staff_number="",
        department_id=0,
        department_name="",
        grants=accounts.read_grants(person_id, clock.today()),
        session_id="",
    )
