"""Pages of 巡查: on the way through the hall, at the desk, and for the departments concerned."""

from flask import Blueprint

blueprint = Blueprint("inspections", __name__, url_prefix="/inspections")

from app.inspections.views import (  # noqa: E402 - they add their routes to it.
    checklists,
    findings,
    handovers,
    ledgers,
    own,
    rosters,
    rounds,
)

__all__ = [
    "blueprint",
    "checklists",
    "findings",
    "handovers",
    "ledgers",
    "own",
    "rosters",
    "rounds",
]
