"""Lists leave the site as Excel files: first the event is committed, then the first byte goes."""

from typing import Any

from flask import Response, request

from app.audit.service import record_export
from app.kernel import listing, spreadsheets
from app.kernel.permissions import Principal


def answer_export(
    of: listing.Listing[Any], statement: listing.Statement, *, what: str, name: str, user: Principal
) -> Response:
    """Answer with the list that the URL describes; `what` names it in the log, `name` the file."""
    record_export(person_id=user.person_id, what=what, state=request.query_string.decode())
    return spreadsheets.answer_with(listing.export(of, statement, request.args), name)
