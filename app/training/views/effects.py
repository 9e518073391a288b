"""成效: the three ways of one class, side by side."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.files import papers as printed
from app.kernel.declared import require
from app.kernel.permissions import Permission
from app.training import effects, papers
from app.training.views import blueprint
from app.training.views.loading import load_listed


@blueprint.get("/classes/<string:public_id>/effect")
@require(Permission.TRAINING_CLASS_READ)
def show_effect(public_id: str) -> ResponseReturnValue:
    """Show what a class achieved, as far as there is enough to say."""
    found = load_listed(public_id)
    if not effects.is_held(found):
        abort(404)
    return render_template(
        "training/show_effect.html",
        found=found,
        sheet=papers.read_effect_sheet(found.id),
        is_printed=printed.is_ready(papers.EFFECT, found.id),
    )
