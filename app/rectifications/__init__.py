"""整改: 整改通知单 from its signature to 销号, for every room that finds something to be mended."""

from app.kernel.feature import Feature, NavigationEntry, Section
from app.kernel.permissions import Permission
from app.rectifications import evidence, own_data, tour, views
from app.rectifications.indicators import INDICATORS
from app.rectifications.papers import PAPER
from app.rectifications.settings import SETTINGS
from app.rectifications.workflow import FLOW

FEATURE = Feature(
    name="rectifications",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.INSPECTIONS,
            label="整改台账",
            endpoint="rectifications.list_orders",
            permission=Permission.RECTIFICATIONS_ORDER_READ,
            position=44,
            endpoints=views.PAGES,
        ),
    ),
    settings=SETTINGS,
    flows=(FLOW,),
    papers=(PAPER,),
    personal_data=own_data.tables_of,
    indicators=INDICATORS,
    evidence_rules=evidence.RULES,
    evidence=evidence.read,
    tour=tour.STOPS,
)
