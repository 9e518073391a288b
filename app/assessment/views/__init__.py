"""Pages of the assessment: schemes, cycles, portraits, objections, department sheets, packages."""

from flask import Blueprint

blueprint = Blueprint("assessment", __name__, url_prefix="/assessment")

from app.assessment.views import (  # noqa: E402 - they add their routes to it.
    cycles,
    objections,
    packages,
    portraits,
    schemes,
    sheets,
)

__all__ = ["blueprint", "cycles", "objections", "packages", "portraits", "schemes", "sheets"]
