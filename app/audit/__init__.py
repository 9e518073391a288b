"""The log of acts: who did what, when and from where; written in the act's own transaction."""

from app.audit import service
from app.audit.models import TRIGGERS
from app.kernel.feature import Feature

FEATURE = Feature(name="audit", triggers=TRIGGERS, init=service.init)
