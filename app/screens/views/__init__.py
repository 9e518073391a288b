"""Pages of 大厅屏: groups and packages for the office, the player for everybody."""

from flask import Blueprint

blueprint = Blueprint("screens", __name__)

from app.screens.views import groups, packages, public  # noqa: E402 - they add their routes to it.

__all__ = ["blueprint", "groups", "packages", "public"]
