"""Pages of this room: sheets, what is printed of them, plates, codes, and what the public reads."""

from flask import Blueprint

blueprint = Blueprint("commitments", __name__)

from app.commitments.views import (  # noqa: E402
    codes,
    disclosed,
    papers,
    plates,
    sheets,
)

__all__ = ["blueprint", "codes", "disclosed", "papers", "plates", "sheets"]
