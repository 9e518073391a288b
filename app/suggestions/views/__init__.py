"""Pages of ideas, of the public, of 建议单, of 移送 and of imported files; one blueprint."""

from flask import Blueprint

blueprint = Blueprint("suggestions", __name__)

from app.suggestions.views import (  # noqa: E402 - each adds its routes to the blueprint above.
    adopted,
    extensions,
    following,
    handling,
    handovers,
    imports,
    moves,
    order_moves,
    orders,
    own,
    public,
)

__all__ = [
    "adopted",
    "blueprint",
    "extensions",
    "following",
    "handling",
    "handovers",
    "imports",
    "moves",
    "order_moves",
    "orders",
    "own",
    "public",
]
