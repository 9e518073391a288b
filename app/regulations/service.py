"""What rules offer to other rooms: which articles are in force, and what one says.

Citing is beside the free text of a basis and never instead of it: a question, an item of the
checklist or an order says the same for ever, also when the rule has a newer version.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.kernel import db
from app.regulations.models import Regulation, RegulationArticle, RegulationVersion
from app.regulations.rules import in_force
from app.regulations.texts import WHOLE


@dataclass(frozen=True, kw_only=True)
class Citation:
    """An article with its rule and version: 制度·条·版本."""

    article_id: int
    version_id: int
    rule: str
    number: int
    label: str
    text: str

    @property
    def name(self) -> str:
        """Write it as papers do: 《首问负责制》第三条（第2版）."""
        label = "" if self.label == WHOLE else self.label
        return f"《{self.rule}》{label}（第{self.number}版）"


def list_articles(day: date) -> list[Citation]:
    """Give the articles that are in force on a day, by rule and in order."""
    found = db.session.execute(
        select(RegulationArticle, RegulationVersion, Regulation)
        .join(RegulationVersion, RegulationVersion.id == RegulationArticle.version_id)
        .join(Regulation, Regulation.id == RegulationVersion.regulation_id)
        .where(in_force(day))
        .order_by(Regulation.part, Regulation.name, Regulation.id, RegulationArticle.position)
    )
    return [cite(*each) for each in found]


def get_articles(ids: Collection[int | None]) -> Mapping[int, Citation]:
    """Give approved articles by id, whether they are still in force or not."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    found = db.session.execute(
        select(RegulationArticle, RegulationVersion, Regulation)
        .join(RegulationVersion, RegulationVersion.id == RegulationArticle.version_id)
        .join(Regulation, Regulation.id == RegulationVersion.regulation_id)
        .where(RegulationArticle.id.in_(wanted), RegulationVersion.number.is_not(None))
    )
    return {each[0].id: cite(*each) for each in found}


def get_article(article_id: int | None) -> Citation | None:
    """Give one approved article; None where there is none."""
    return get_articles((article_id,)).get(article_id or 0)


def article_text(article_id: int) -> str:
    """Give what an approved article says, with its name; '' where there is none."""
    found = get_article(article_id)
    return "" if found is None else f"{found.name}：{found.text}"


def cite(article: RegulationArticle, version: RegulationVersion, rule: Regulation) -> Citation:
    """Put a citation together."""
    return Citation(
        article_id=article.id,
        version_id=version.id,
        rule=rule.name,
        number=version.number or 0,
        label=article.label,
        text=article.text,
    )
