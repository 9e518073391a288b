"""Pages of this room: the ballot, what came of a survey, the questionnaire."""

from flask import Blueprint

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")

from app.surveys.views import ballots, questionnaires, results  # noqa: E402

__all__ = ["ballots", "blueprint", "questionnaires", "results"]
