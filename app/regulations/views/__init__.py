"""The pages of the room: 制度库, 廉政风险点, must-read lists and who has confirmed what."""

from app.regulations.views import lists, mine, readings, risks, versions
from app.regulations.views import rules as rule_pages
from app.regulations.views.base import blueprint

__all__ = ["blueprint", "lists", "mine", "readings", "risks", "rule_pages", "versions"]
