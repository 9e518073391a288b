"""工作流: moves, history, 线下签批, 汇总表 and numbering of papers, for all rooms that decide."""

from flask import Flask

from app.accounts.roster.representing import list_represented
from app.inbox.lists import QUICK_MOVES
from app.kernel import clock
from app.kernel.feature import Feature
from app.kernel.guard import STAND_INS
from app.kernel.permissions import Grant, Principal
from app.workflow import own_data, panels, recount_views
from app.workflow.models import TRIGGERS


def init(app: Flask) -> None:
    """Offer what lower rooms ask for: the next move of a step, and in whose place one acts."""
    app.extensions[QUICK_MOVES] = panels.quick_moves
    app.register_blueprint(recount_views.blueprint)
    app.extensions[STAND_INS] = find_stand_ins


def find_stand_ins(user: Principal) -> list[Grant]:
    """Give the roles of those in whose place somebody decides today."""
    if user.is_administrator:
        return []
    absent = list_represented(user.person_id, clock.today())
    return [grant for each in absent for grant in each.grants]


FEATURE = Feature(
    name="workflow",
    card=recount_views.show_card,
    personal_data=own_data.tables_of,
    triggers=TRIGGERS,
    init=init,
)
