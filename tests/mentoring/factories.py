"""Pairs made through the pages, as their users make them."""

from sqlalchemy import select, update

from app.accounts.models import Account
from app.kernel import clock, db
from app.mentoring.models import MentoringPair
from tests.support import cast

GOALS = "三个月内独立受理两个事项，一次讲清材料。"
FINAL = {f"result_{place}": "passed" for place in range(1, 6)}
SEEN = {
    "action": "独立受理一件买卖转移。",
    "standard": "一次告知，录入无差错。",
    "result": "passed",
}
WORDS = {"taught": "看了六件登记。", "progress": "材料清单记住了。", "plan_next": "开始陪办。"}


def propose(browse, app, who="clerk", **values):
    """Propose the pair by the list of candidates; gives it."""
    browser = browse(who)
    url = candidates_url(app)
    link = next(each for each in browser.get(url).links() if each.endswith(f"/{mentor(app)}/new"))
    given = {"goals": GOALS, "assessor_id": person_id(app, "assessor"), **values}
    browser.submit(browser.get(link), given, form="#pair-form")
    return latest(app)


def candidates_url(app):
    """Give the address of who may be the master of the newcomer."""
    return f"/mentoring/newcomers/{person_id(app, 'novice')}/candidates"


def mentor(app):
    """Give the master's id."""
    return person_id(app, "mentor")


def person_id(app, who):
    """Give somebody's id."""
    with app.app_context():
        return cast.person_id(who)


def latest(app):
    """Give the newest pair."""
    with app.app_context():
        return db.session.scalars(select(MentoringPair).order_by(MentoringPair.id.desc())).first()


def pair_url(pair):
    """Give the address of a pair."""
    return f"/mentoring/pairs/{pair.public_id}"


def do(browse, who, pair, name, status=303, **values):
    """Make a move of a pair by its page."""
    browser = browse(who)
    page = browser.get(f"{pair_url(pair)}/{name}")
    return browser.submit(page, values, form="main form[method=post]", status=status)


def agree(browse, pair):
    """Let both agree."""
    do(browse, "clerk", pair, "submit")
    do(browse, "mentor", pair, "agree-master")
    do(browse, "novice", pair, "agree-apprentice")


def start(browse, app, **values):
    """Bring a pair to where it runs."""
    pair = propose(browse, app, **values)
    agree(browse, pair)
    do(browse, "chief", pair, "approve")
    return latest(app)


def sign_next(browse, pair, place=0):
    """Let the master sign the next level of an item by its button; gives the answer."""
    browser = browse("mentor")
    page = browser.get(pair_url(pair))
    form = page.all("#matrix form")[place]
    selector = f'#matrix form[action="{form.get("action")}"]'
    answer = browser.submit(page, form=selector, status=None)
    if answer.status == 200:
        browser.submit(answer, form="main form[method=post]")
    return answer


def sign_solo(browse, pair, place=0):
    """Sign 看, 陪 and 独立 of an item."""
    for _ in range(3):
        sign_next(browse, pair, place)


def assess(browse, pair, who="assessor", status=303, **values):
    """Assess the first item that is signed."""
    browser = browse(who)
    url = next(each for each in browser.get(pair_url(pair)).links() if each.endswith("/assess"))
    given = {**SEEN, **values}
    return browser.submit(browser.get(url), given, form="#assess-form", status=status)


def master_all(browse, pair, count=2):
    """Let every item be signed and assessed."""
    for _ in range(count):
        sign_solo(browse, pair)
        assess(browse, pair)


def renew_passwords(app):
    """Let everybody have a new password: months have passed."""
    with app.app_context(), db.write():
        db.session.execute(update(Account).values(password_set_at=clock.now()))


def state_of(app, pair):
    """Give a pair's state now."""
    with app.app_context():
        return db.session.get_one(MentoringPair, pair.id).state
