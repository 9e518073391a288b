"""The demonstration's bank: all questions of `demo_bank`, and its review at work.

They rest on the two plans or on an article of the demonstration's own rules, and are marked
演示题，未经审核. No law is quoted: where a text is not at hand, a question rests on the plans. What
rests on the plans was written before the first exam of the assessed quarters; what cites a rule,
once the rule was in force, and the cases with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import on
from app.kernel import clock
from app.kernel.permissions import Principal
from app.questions import demo_imports, demo_reviews, service
from app.questions.demo_bank.loading import load_bank
from app.questions.demo_bank.shape import BankQuestion
from app.questions.kinds import CHOICES, QuestionDifficulty, QuestionKind
from app.questions.models import USUAL_BANK, QuestionCategory
from app.questions.service import Content, Place
from app.regulations.service import Citation, list_articles

DRAFTER = "QY0103"
POST_BANK = "窗口业务题库"
# How many days ago the writing began of what rests on a plan, and of what cites a rule.
ON_PLANS, ON_RULES = timedelta(days=304), timedelta(days=112)
# So many were written in one go, and so many days lie between two of these.
AT_ONCE, APART = 50, timedelta(days=2)

Articles = Mapping[tuple[str, str], Citation]


def fill(day: date) -> None:
    """Put the questions into the bank as the 经办人 of the cast, and review some of them."""
    bank, made = load_bank(), dict[int, int]()
    groups: dict[str, int] = {}
    for moment, lot in lots(day, bank):
        with on(moment, 14):
            user, articles = one_of_cast(DRAFTER), read_articles()
            for each in lot:
                made[each.parsed.place] = add(each, user, articles, groups)
    demo_reviews.fill(day, {made[each.parsed.place]: each for each in bank})
    demo_imports.fill(day)


def lots(day: date, bank: Sequence[BankQuestion]) -> Iterator[tuple[date, list[BankQuestion]]]:
    """Divide the bank into what was written in one go, each with its day."""
    for begun, is_on_rule in ((ON_PLANS, False), (ON_RULES, True)):
        those = [each for each in bank if bool(each.cited or each.parsed.group) is is_on_rule]
        for start in range(0, len(those), AT_ONCE):
            yield day - begun + start // AT_ONCE * APART, those[start : start + AT_ONCE]


def read_articles() -> Articles:
    """Give the articles in force on the clock's day by rule and label."""
    return {(each.rule, each.label): each for each in list_articles(clock.today())}


def add(each: BankQuestion, user: Principal, articles: Articles, groups: dict[str, int]) -> int:
    """Add a question in the open write, with its shared stem once; gives its id."""
    shared = each.parsed.group
    if shared is not None and shared.id not in groups:
        groups[shared.id] = service.add_group(stem=shared.stem, created_by_id=user.person_id)
    return service.create_question(
        content=content_of(each, articles, groups[shared.id] if shared else None),
        user=user,
        place=Place(
            bank=POST_BANK if each.category is QuestionCategory.POST else USUAL_BANK,
            tags=each.parsed.tags,
            is_demonstration=True,
        ),
    )


def content_of(each: BankQuestion, articles: Articles, group_id: int | None) -> Content:
    """Give a question of the bank as the service takes it."""
    parsed = each.parsed
    kind = parsed.kind or QuestionKind.SINGLE
    cited = articles.get((each.cited.rule, each.cited.label)) if each.cited else None
    return Content(
        kind=kind,
        category=each.category,
        post_group=each.post_group,
        difficulty=QuestionDifficulty(parsed.difficulty),
        stem=parsed.stem,
        group_id=group_id,
        options=[option.text for option in parsed.options] if kind in CHOICES else (),
        key=parsed.answer,
        marks=parsed.marks,
        basis=cited.name if cited else parsed.basis or "",
        article_id=cited.article_id if cited else None,
        analysis=parsed.analysis,
    )
