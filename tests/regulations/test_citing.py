"""Questions, checklist items, findings and orders cite an article, beside their basis in words."""

import pytest
from sqlalchemy import select

from app.inspections.models import ChecklistItem
from app.kernel import db
from app.questions.models import QuestionVersion
from app.rectifications.models import RectificationOrder
from tests.regulations.factories import article_ids, latest, make_next, make_rule

QUESTION = {
    "stem": "首问责任人是谁？",
    "options": "首位接待的人\n窗口负责人",
    "key": "A",
    "marks": "5",
}
ITEM = {"name": "首问引导", "phrases": "首问后未引导到承办窗口"}
ORDER = {
    "department_id": "1",
    "window_id": "0",
    "severity": "minor",
    "fact": "11月20日10时，A12窗口首问后未引导。",
    "requirement": "查明原因，按期改好。",
}
NAME = "《首问负责制》第二条（第1版）"


@pytest.fixture
def article(browse, app):
    """Give the second article of a rule in force."""
    make_rule(browse)
    return article_ids(app, latest(app).id)["第二条"]


def newest(app, model):
    """Give the newest row."""
    with app.app_context():
        return db.session.scalars(select(model).order_by(model.id.desc())).first()


def test_a_question_cites_an_article_and_keeps_it_when_the_rule_has_a_new_version(
    article, browse, app, now
):
    clerk = browse("clerk")
    page = clerk.get("/questions/new")
    refused = clerk.submit(page, QUESTION, form="main form", status=422)
    assert "请写依据" in refused.text
    shown = clerk.submit(page, {**QUESTION, "article_id": str(article)}, form="main form").location
    version = newest(app, QuestionVersion)
    assert (version.article_id, version.basis) == (article, NAME)
    assert f"/regulations/articles/{article}" in clerk.get(shown).links()
    with app.app_context():
        rule_id = latest(app).regulation_id
    make_next(browse, rule_id)
    now.move(days=11)
    clerk = browse("clerk")
    edit = clerk.get(f"{shown}/edit")
    # No longer offered to others, but this one keeps it.
    assert f'value="{article}"' in edit.body
    assert f'value="{article}"' not in clerk.get("/questions/new").body
    clerk.submit(edit, {"stem": "首问责任人指的是谁？"}, form="main form")
    assert newest(app, QuestionVersion).article_id == article


def test_an_item_of_the_checklist_cites_an_article_and_its_findings_with_it(article, browse, app):
    clerk = browse("clerk")
    clerk.submit(clerk.get("/inspections/checklist"), form="main form")
    page = clerk.get("/inspections/checklist/items/new")
    clerk.submit(page, {**ITEM, "article_id": str(article)}, form="#item-form")
    item = newest(app, ChecklistItem)
    assert (item.article_id, item.basis) == (article, NAME)
    assert f"/regulations/articles/{article}" in clerk.get("/inspections/checklist").links()
    # Another item that is changed leaves this one as it is.
    edit = clerk.get("/inspections/checklist/items/dress/edit")
    clerk.submit(edit, {"basis": "窗口行为规范"}, form="#item-form")
    with app.app_context():
        kept = db.session.scalars(
            select(ChecklistItem.article_id).where(ChecklistItem.name == ITEM["name"])
        ).all()
    assert kept == [article, article]


def test_an_order_cites_an_article_beside_its_basis(article, browse, app):
    clerk = browse("clerk")
    page = clerk.get("/rectifications/new")
    given = {**ORDER, "article_id": str(article), "basis": "首问负责制第二条，负责到底"}
    shown = clerk.submit(page, given, form="#order-form").location
    order = newest(app, RectificationOrder)
    assert (order.article_id, order.basis) == (article, given["basis"])
    page = clerk.get(shown)
    assert given["basis"] in page.text
    assert f"/regulations/articles/{article}" in page.links()


def test_what_is_no_article_of_a_rule_in_force_is_refused(article, browse, app):
    clerk = browse("clerk")
    page = clerk.get("/rectifications/new")
    given = {**ORDER, "basis": "见制度"}
    answer = clerk.post(
        "/rectifications/new",
        {**given, "article_id": str(article + 999), "version": "0", "csrf_token": token(page)},
        status=422,
    )
    assert "有效" in answer.text or "选" in answer.text
    assert newest(app, RectificationOrder) is None


def token(page):
    """Give the token of a form."""
    return page.one("#order-form input[name=csrf_token]").get("value")
