"""The field with which any form cites an article, beside the free text of its basis.

A form mixes in CitingForm and calls `prepare_articles`; `cited_basis` gives the text that is kept:
what was typed, or the name of the article where nothing was.
"""

from typing import Any

from wtforms import Field, Form, SelectField
from wtforms.validators import StopValidation

from app.kernel import clock
from app.kernel.forms import BaseForm, text_in
from app.regulations.service import get_article, list_articles

NONE = 0
NO_ARTICLE = "不引用条文"
SHOWN = 24


class BasisRequired:
    """Ask for a basis in words where no article is cited either."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 - WTForms reads a plain dict.

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Check it; a cited article is enough."""
        if not text_in(field) and not form["article_id"].data:
            raise StopValidation(self.message)


class CitingForm(BaseForm):
    """A form that may cite an article that is in force, or keep the one that it cites."""

    article_id = SelectField(
        "引用条文",
        coerce=int,
        default=NONE,
        description="选了条文的，依据可以不写，自动写成制度名称、条和版本。",
    )

    def prepare_articles(self, cited: int | None = None) -> None:
        """Offer the articles of today by rule; and what is cited already, whatever its age."""
        groups: dict[str, list[tuple[int, str]]] = {NO_ARTICLE: [(NONE, NO_ARTICLE)]}
        offered = set()
        for each in list_articles(clock.today()):
            text = each.text if len(each.text) <= SHOWN else f"{each.text[:SHOWN]}…"
            name = f"{each.rule}　{each.label}　{text}"
            groups.setdefault(f"{each.rule}（第{each.number}版）", []).append(
                (each.article_id, name)
            )
            offered.add(each.article_id)
        kept = get_article(cited)
        if kept is not None and kept.article_id not in offered:
            groups["原来引用的"] = [(kept.article_id, kept.name)]
        self.article_id.choices = groups

    def read_article(self) -> int | None:
        """Give the article that was chosen."""
        chosen: int = self.article_id.data or NONE
        return chosen or None

    def cited_basis(self, field: Field, most: int) -> str:
        """Give the basis: what was typed, or the name of the article that was chosen."""
        typed = text_in(field)
        found = None if typed else get_article(self.read_article())
        return found.name[:most] if found else typed
