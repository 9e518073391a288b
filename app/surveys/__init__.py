"""满意度调查: asked of those who took part, anonymous by construction."""

from datetime import timedelta

from app.kernel.feature import Feature, Periodic
from app.surveys import service
from app.surveys.models import TRIGGERS
from app.surveys.settings import SETTINGS

FEATURE = Feature(
    name="surveys",
    periodic=(Periodic(name="surveys.close", every=timedelta(minutes=1), run=service.close_due),),
    triggers=TRIGGERS,
    settings=SETTINGS,
)
