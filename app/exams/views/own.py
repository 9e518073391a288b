"""The sitting that an address names, for the person whose it is."""

from flask import abort

from app.exams.models import Exam, Sitting
from app.exams.service import sittings
from app.kernel.permissions import signed_in


def load(public_id: str) -> tuple[Exam, Sitting]:
    """Load my own sitting, or answer 404."""
    found = sittings.get_sitting_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found
