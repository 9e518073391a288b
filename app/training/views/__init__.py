"""Pages of classes, lists, sign-in, materials, effect, plan and monthly figures; one blueprint."""

from flask import Blueprint

blueprint = Blueprint("training", __name__, url_prefix="/training")

from app.training.views import (  # noqa: E402 - each adds its routes to the blueprint above.
    classes,
    effects,
    figures,
    materials,
    plan,
    seats,
    sign_ins,
)

__all__ = [
    "blueprint",
    "classes",
    "effects",
    "figures",
    "materials",
    "plan",
    "seats",
    "sign_ins",
]
