"""Loading what the address names, for whoever may see it; 404 for everybody else."""

from flask import abort

from app.kernel.permissions import Permission, signed_in
from app.training import classes
from app.training.models import TrainingClass

REFUSED, STALE = 422, 409
DRAFT = Permission.TRAINING_CLASS_DRAFT


def load(public_id: str) -> TrainingClass:
    """Load a class whose ledger I read, or on whose list I am."""
    found = classes.get_class_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found


def load_listed(public_id: str) -> TrainingClass:
    """Load a class whose ledger I read."""
    found = classes.get_listed_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found


def load_own(public_id: str) -> TrainingClass:
    """Load a class that I organise: 404 where I don't."""
    found = load_listed(public_id)
    if not classes.covers(signed_in(), DRAFT, found):
        abort(404)
    return found
