"""The home page: what waits for a person on top, what is done below, gathered from all rooms."""

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue

from app.home import commands, first_run, gallery, surroundings, tour
from app.kernel.declared import require
from app.kernel.feature import HomeCard, features
from app.kernel.permissions import Permission, Principal, signed_in

blueprint = Blueprint("home", __name__)
blueprint.add_url_rule("/first-run", view_func=first_run.show_first_run)


def init(app: Flask) -> None:
    """Register the pages; those of the demonstration only where it is one."""
    surroundings.init(app)
    commands.init(app)
    app.register_blueprint(blueprint)
    if app.config["IS_DEMO"]:
        tour.register(app)
        app.register_blueprint(gallery.blueprint)


@blueprint.get("/")
@require(Permission.HOME_PAGE_VIEW)
def show_home() -> ResponseReturnValue:
    """Show what waits for me, then what is done."""
    user = signed_in()
    cards = gather_cards(user)
    return render_template(
        "home/show_home.html",
        tasks=[task for card in cards for task in card.tasks],
        open_entries=[entry for card in cards for entry in card.open],
        done_entries=[entry for card in cards for entry in card.done],
    )


def gather_cards(user: Principal) -> list[HomeCard]:
    """Ask every room for its card; a new hall's first run comes before all."""
    rooms = features(current_app)
    cards = [room.card(user) for room in rooms if room.card is not None]
    return [first_run.show_card(user), *cards]
