"""Who a row is about: the two columns with which each list of people begins."""

from collections.abc import Callable
from typing import Any

from app.accounts.models import Person
from app.kernel import listing


def person_columns(
    url: Callable[[Any], str], *, label: str = "姓名", number_label: str = "工号"
) -> tuple[listing.Column[Any], listing.Column[Any]]:
    """Give name and 工号 of `row.person`; the name leads to `url(row)`."""
    name = listing.Column[Any](
        name="person",
        label=label,
        cell=lambda row: listing.Cell(text=row.person.name, href=url(row)),
        sort=Person.name_key,
        is_short=True,
    )
    number = listing.Column[Any](
        name="number",
        label=number_label,
        cell=lambda row: row.person.staff_number,
        sort=Person.staff_number,
        is_short=True,
    )
    return name, number
