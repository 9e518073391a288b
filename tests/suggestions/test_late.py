"""Forms that are sent twice, or after somebody else was faster: nothing that was typed is lost."""

import pytest

from app.accounts import service as accounts
from app.kernel import db
from app.kernel.permissions import Role
from app.suggestions.models import IdeaState
from app.suggestions.order_models import OrderState
from app.workflow.service import STALE
from tests.inbox.test_service import send_away
from tests.suggestions.factories import (
    ANSWER,
    FEEDBACK,
    VISIT,
    accept,
    add_evidence,
    do,
    draft_order,
    latest,
    order_url,
    picture,
    send_opinion,
    state_of,
    submit_idea,
    url_of,
)
from tests.support import cast

MAIN = "main form[method=post]"
DECLINED = {"outcome": "declined", **ANSWER, "reason": "要留给消防标识。"}


def grant(app, who, role):
    with app.app_context(), db.write():
        accounts.grant_at_set_up(person_id=cast.person_id(who), role=role, starts_on=cast.JOINED_ON)


def late(browser, page, values):
    """Send a page when it is too late: it comes back with why, and with what was typed."""
    refused = browser.submit(page, values, form=MAIN, status=422)
    assert STALE in refused.text
    for typed in values.values():
        assert typed in refused.body
    return refused


@pytest.mark.db
def test_who_taps_twice_is_led_on_and_who_is_late_keeps_what_he_typed(browse, app, now):
    grant(app, "other", Role.SECTION_CHIEF)
    send_opinion(browse, now)
    idea = latest(app)
    url = url_of(idea)
    officer, chief, other = browse("officer"), browse("chief"), browse("other")
    page = officer.get(f"{url}/accept")
    for _ in range(2):
        officer.submit(page, form=MAIN)
    assert state_of(app, idea) is IdeaState.HANDLING
    answers = [(each, each.get(f"{url}/answer")) for each in (chief, other)]
    asked = other.get(f"{url}/extension")
    for _ in range(2):
        chief.submit(answers[0][1], DECLINED, form=MAIN)
    late(
        other,
        answers[1][1],
        {"finding": "另一位看过。", "answer": "另一份答复。", "outcome": "declined"},
    )
    late(other, asked, {"reason": "要问消防。"})
    # Who has no part in it finds nothing, sent or opened.
    office = browse("office")
    office.post(f"{url}/accept", {"csrf_token": office.token()}, status=404)


@pytest.mark.db
def test_what_is_handed_over_or_merged_twice_leads_to_the_same_place(browse, app):
    gone, kept, same = (
        submit_idea(browse, title=f"第{place}条", problem=text, proposal=text)
        for place, text in enumerate(("窗口收红包。", "取号没人教。", "老人等得太久了。"))
    )
    office = browse("office")
    page = office.get(f"{gone}/hand-over")
    first, second = (office.submit(page, form=MAIN).location for _ in range(2))
    assert first == second
    assert "移送单" in office.get(first).text
    page = office.get(f"{same}/merge")
    for _ in range(2):
        office.submit(page, {"into": kept.rpartition("/")[2]}, form=MAIN)
    page = office.get(f"{kept}/refuse")
    for _ in range(2):
        office.submit(page, {"reason": "不属于大厅。"}, form=MAIN)


@pytest.mark.db
def test_a_decision_comes_back_to_the_deputy_who_was_too_late(browse, app):
    grant(app, "branch", Role.LEADER)
    with app.app_context():
        send_away("leader", deputy="clerk")
    first, second = (
        submit_idea(browse),
        submit_idea(browse, title="大门口的灯要换", problem="灯不亮。", proposal="换灯。"),
    )
    chief, clerk, branch = browse("chief"), browse("clerk"), browse("branch")
    for url in (first, second):
        accept(browse, "office", url)
        chief.submit(chief.get(f"{url}/extension"), {"reason": "要问消防。"}, form=MAIN)
    mine, theirs = clerk.get(f"{first}/allow-extension"), branch.get(f"{first}/allow-extension")
    for _ in range(2):
        branch.submit(theirs, {"opinion": "同意。"}, form=MAIN)
    late(clerk, mine, {"opinion": "代为同意。"})
    assert clerk.client.get(f"{first}/allow-extension").status_code == 404
    page = clerk.get(f"{second}/allow-extension")
    for _ in range(2):
        assert clerk.submit(page, {"opinion": "同意。"}, form=MAIN).location == "/inbox"


@pytest.mark.db
def test_a_form_of_an_order_is_sent_twice_or_too_late(browse, app, second_officer):
    order = draft_order(browse, app)
    url = order_url(order)
    do(browse, "clerk", order, "submit")
    clerk = browse("clerk")
    page = clerk.get(f"{url}/issue/signed")
    for _ in range(2):
        clerk.post(page.url, {**sheet(), **hidden_fields(page)})
    lead, first, second = browse("lead"), browse("officer"), browse("officer2")
    for name, values in (("receive", {}), ("feedback", FEEDBACK)):
        page = lead.get(f"{url}/{name}")
        for _ in range(2):
            lead.submit(page, values, form=MAIN)
    add_evidence(browse, order)
    upload, page = lead.get(f"{url}/evidence/new"), lead.get(f"{url}/finish")
    for _ in range(2):
        lead.submit(page, {"result": "引导岗已到位。"}, form=MAIN)
    assert state_of(app, order) is OrderState.VERIFYING
    data = {"file": picture(), "is_unclassified": "y", "csrf_token": lead.token()}
    assert "不在落实中" in lead.post(upload.url, data, status=422).text
    do(browse, "office", order, "verify", reason="看过。")
    pages = [each.get(f"{url}/visit") for each in (first, second)]
    for _ in range(2):
        first.submit(pages[0], VISIT, form=MAIN)
    late(second, pages[1], {**VISIT, "note": "打了很长的字。"})
    assert state_of(app, order) is OrderState.REVISITING
    assert first.client.get(f"{url}/visit").status_code == 404


def sheet():
    """Give what stands on a sheet that was signed on paper, with its scan."""
    return {
        "signed_by": "SY010",
        "signed_on": "2026-11-20",
        "meeting": "主任办公会",
        "file": picture(),
        "is_unclassified": "y",
    }


def hidden_fields(page):
    """Give what the page sends by itself: its token and the version that was seen."""
    found = page.all(f"{MAIN} input[type=hidden]")
    return {each.get("name"): each.get("value") for each in found}
