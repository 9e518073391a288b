"""Ideas and 建议单 made through the pages, as their users make them."""

import io
import re
from datetime import timedelta

from PIL import Image
from sqlalchemy import select

from app.kernel import db
from app.suggestions.models import Idea
from app.suggestions.order_models import ImprovementOrder

OPINION = "取号机旁边没有人引导，老人不会操作，希望安排一位志愿者。"
IDEA = {
    "title": "取号机旁放一张大字流程图",
    "problem": "老人第一次来不知道先取号还是先问导办，常常排错队。",
    "proposal": "在取号机旁放一张大字流程图，写明三步。",
}
ANSWER = {
    "finding": "现场看了三天，每天约有二十位老人需要引导。",
    "answer": "采纳，在取号机旁设引导岗，十一月底前到位。",
    "order_title": "取号机旁安排引导",
    "order_problem": "取号机旁无人引导，每天约二十位老人取错号。",
    "order_cause": "取号机旁没有引导岗。",
    "demand": "在取号机旁设引导岗，并放大字流程图。",
}
ORDER = {
    "title": "取号等候时间偏长",
    "department_id": "1",
    "problem": "十月12345工单3件反映取号等候超过20分钟，平均等候26分钟。",
    "cause": "取号机旁无人引导，取错号后重新排队。",
    "demand": "高峰时段安排引导，取错号的就地改号。",
    "carry_days": "10",
    "source": "hotline",
    "case_count": "3",
    "source_number": "12345-1001、12345-1002、12345-1003",
    "period_from": "2026-10-01",
    "period_until": "2026-10-31",
    "indicator": "平均等候时间",
    "current_value": "26分钟",
    "target_value": "15分钟",
    "clause": "细则4.2",
    "points": "1.5",
}
FEEDBACK = {
    "verdict": "adopted",
    "measures": "九点到十一点安排两人引导。",
    "responsible": "葛书宁",
    "finish_on": "2026-12-04",
}
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}")


def send_opinion(browse, now, text=OPINION, **values):
    """Send an opinion as anybody; gives the code and the page that shows it."""
    browser = browse(None)
    page = browser.get("/public/suggestions/new")
    now.move(seconds=20)
    answer = browser.submit(page, {"problem": text, **values}, form="#idea-form", status=200)
    return CODE.search(answer.text)[0], answer


def follow(browse, now, code, *, status=200):
    """Look at an opinion by its code."""
    browser = browse(None)
    page = browser.get("/public/suggestions/follow")
    return browser.submit(page, {"code": code}, form="#follow-form", status=status)


def submit_idea(browse, who="staff", **values):
    """Propose something as somebody of the hall; gives its address."""
    browser = browse(who)
    page = browser.get("/suggestions/ideas/new")
    return browser.submit(page, {**IDEA, **values}, form="#idea-form").location


def latest(app, model=Idea):
    """Give the newest record."""
    with app.app_context():
        return db.session.scalars(select(model).order_by(model.id.desc())).first()


def url_of(idea):
    """Give the address of an idea."""
    return f"/suggestions/ideas/{idea.public_id}"


def accept(browse, who, url, **values):
    """Take an idea in."""
    browser = browse(who)
    return browser.submit(browser.get(f"{url}/accept"), values, form="#move-form")


def answer(browse, url, outcome="adopted", who="chief", status=303, **values):
    """Answer an idea."""
    browser = browse(who)
    given = {"outcome": outcome, "department_id": "1", **ANSWER, **values}
    return browser.submit(browser.get(f"{url}/answer"), given, form="#move-form", status=status)


def adopted_order(browse, app, now):
    """Let an opinion be adopted; gives its 建议单."""
    send_opinion(browse, now)
    url = url_of(latest(app))
    accept(browse, "officer", url)
    answer(browse, url)
    return latest(app, ImprovementOrder)


def draft_order(browse, app, **values):
    """Draft a 建议单 from another source; gives it."""
    browser = browse("clerk")
    page = browser.get("/suggestions/orders/new")
    browser.submit(page, {**ORDER, **values}, form="#order-form")
    return latest(app, ImprovementOrder)


def order_url(order):
    """Give the address of a 建议单."""
    return f"/suggestions/orders/{order.id}"


def do(browse, who, order, name, **values):
    """Make a move of a 建议单 by its page."""
    browser = browse(who)
    page = browser.get(f"{order_url(order)}/{name}")
    return browser.submit(page, values, form="main form[method=post]")


def issue(browse, order):
    """Send a 建议单 for the signature and sign it."""
    do(browse, "clerk", order, "submit")
    do(browse, "leader", order, "issue")


def take_on(browse, order, **values):
    """Receive a 建议单 and say what the department does."""
    do(browse, "lead", order, "receive")
    do(browse, "lead", order, "feedback", **{**FEEDBACK, **values})


def picture(color=(60, 120, 90)):
    """Draw a picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (80, 60), color).save(buffer, "PNG")
    buffer.seek(0)
    return buffer, "现场.png"


def add_evidence(browse, order):
    """Upload a picture of what was done."""
    browser = browse("lead")
    page = browser.get(f"{order_url(order)}/evidence/new")
    token = page.one("#upload-form input[name=csrf_token]").get("value")
    data = {"file": picture(), "is_unclassified": "y", "csrf_token": token}
    return browser.post(f"{order_url(order)}/evidence/new", data)


def carry_out(browse, order):
    """Do what a 建议单 asks, with evidence."""
    add_evidence(browse, order)
    do(browse, "lead", order, "finish", result="引导岗已到位，流程图已张贴。")


VISIT = {"way": "phone", "result": "solved", "note": "现在有人教了，方便多了。"}


def close(browse, order, now):
    """Take a 建议单 from its draft to the second visit; needs a second feedback officer."""
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="现场看过，引导岗在岗。")
    do(browse, "officer", order, "visit", **VISIT)
    now.move(days=61)
    do(
        browse,
        "officer2",
        order,
        "revisit",
        **VISIT,
        on=(now.now + timedelta(hours=8)).date().isoformat(),
    )


def state_of(app, record):
    """Give a record's state now."""
    with app.app_context():
        return db.session.get_one(type(record), record.id).state
