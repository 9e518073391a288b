"""季度考核与个人数字化考核画像: read from evidence only, each point with its record."""

from app.assessment.models import TRIGGERS
from app.assessment.settings import SETTINGS
from app.kernel.feature import Feature

FEATURE = Feature(name="assessment", triggers=TRIGGERS, settings=SETTINGS)
