"""Rules, risk points and must-read lists, made through the pages as their users make them."""

from sqlalchemy import select

from app.accounts.roster.models import Post
from app.kernel import db
from app.regulations.models import (
    ReadingItem,
    RegulationArticle,
    RegulationVersion,
    RiskPoint,
)

TEXT = """为规范窗口接待，制定本制度。
第一章　总则
第一条　首位接待办事群众的工作人员是首问责任人。
第二条　首问责任人负责到底，不得推诿。
第二章　要求
第三条　不属于本窗口的事项，由首问责任人引导到承办窗口。
"""
NEXT_TEXT = TEXT.replace("不得推诿", "不得以任何理由推诿").replace(
    "承办窗口。", "承办窗口。\n第四条　引导情况当日登记。"
)
RULE = {
    "name": "首问负责制",
    "kind": "rule",
    "part": "business",
    "class_": "handling",
    "department_id": "0",
    "effective_on": "2026-11-20",
    "text": TEXT,
}
RISK = {
    "stage": "accept",
    "manifestation": "收件时对熟人不按取号顺序办理。",
    "level": "medium",
    "measures": "叫号系统按号放行，每日抽查记录。",
    "responsible_number": "SY004",
    "basis": "窗口行为规范（演示制度）第五条",
    "review_on": "2027-05-20",
}


def draft_rule(browse, who="clerk", status=303, **values):
    """Draft a rule; gives the answer."""
    browser = browse(who)
    page = browser.get("/regulations/new")
    return browser.submit(page, {**RULE, **values}, form="#rule-form", status=status)


def move(browse, who, url, name, **values):
    """Make a move by its page."""
    browser = browse(who)
    page = browser.get(f"{url}/{name}")
    return browser.submit(page, values, form="main form[method=post]")


def approve(browse, url):
    """Send a draft on, and approve it."""
    move(browse, "clerk", url, "submit")
    move(browse, "chief", url, "approve")


def make_rule(browse, **values):
    """Make an approved rule; gives the address of its version."""
    url = draft_rule(browse, **values).location
    approve(browse, url)
    return url


def make_next(browse, rule_id, text=NEXT_TEXT, **values):
    """Draft and approve the next version of a rule; gives the address of its version."""
    clerk = browse("clerk")
    page = clerk.get(f"/regulations/{rule_id}/versions/new")
    given = {"effective_on": "2026-12-01", "note": "推诿和登记。", "text": text, **values}
    made = clerk.submit(page, given, form="#rule-form").location
    approve(browse, made)
    return made


def post_id(app, name):
    """Give the id of a post."""
    with app.app_context():
        return db.session.scalars(select(Post.id).where(Post.name == name)).one()


def latest(app, model=RegulationVersion):
    """Give the newest record."""
    with app.app_context():
        return db.session.scalars(select(model).order_by(model.id.desc())).first()


def article_ids(app, version_id):
    """Give the ids of a version's articles by label."""
    with app.app_context():
        found = db.session.execute(
            select(RegulationArticle.label, RegulationArticle.id).where(
                RegulationArticle.version_id == version_id
            )
        )
        return {each.label: each.id for each in found}


def list_for(browse, app, rule_id, post="0", days="3", who="clerk", status=303):
    """Put a rule on a must-read list."""
    browser = browse(who)
    page = browser.get("/regulations/lists/new")
    given = {"regulation_id": str(rule_id), "post_id": str(post), "days": days}
    browser.submit(page, given, form="#item-form", status=status)
    return latest(app, ReadingItem)


def confirm(browse, who, version_id):
    """Confirm a version."""
    browser = browse(who)
    page = browser.get(f"/regulations/mine/{version_id}")
    return browser.submit(page, {"is_understood": "y"}, form="#confirm-form")


def propose(browse, app, post="综合窗口", status=303, **values):
    """Write a risk point; gives it."""
    clerk = browse("clerk")
    page = clerk.get("/regulations/risks/new")
    given = {"post_id": str(post_id(app, post)), **RISK, **values}
    clerk.submit(page, given, form="#risk-form", status=status)
    return latest(app, RiskPoint)


def risk_url(risk):
    """Give the address of a risk point."""
    return f"/regulations/risks/{risk.id}"
