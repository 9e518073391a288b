"""覆盖情况, and words put on many questions at once."""

import pytest

from app.kernel import db
from app.questions.service import set_tags, tags_of
from tests.questions.factories import add_draft, add_question

pytestmark = pytest.mark.db


@pytest.fixture
def bank(app):
    """Three questions that may be drawn, and a draft: the first with two tags, the third bare."""
    with app.app_context():
        ids = [add_question(stem=f"第{place}问") for place in range(3)]
        with db.write():
            set_tags(question_id=ids[0], tags=["首问", "告知"])
            set_tags(question_id=ids[1], tags=["首问"])
        ids.append(add_draft(stem="未审的一问"))
    return ids


def figures(page):
    """Give the total of each row, by its heading."""
    rows = page.all(".coverage tbody tr")
    return {words(row[0]): row[-1] for row in rows}


def words(element):
    return "".join(element.itertext()).strip()


def test_each_tag_counts_and_the_sum_counts_a_question_once(browse, bank):
    found = figures(browse("clerk").get("/questions/coverage"))
    counts = {label: words(cell)[:1] for label, cell in found.items()}
    assert counts == {"告知": "1", "首问": "2", "未标知识点": "1", "合计（每题一次）": "3"}


def test_a_figure_leads_to_the_questions_that_it_counts(browse, bank):
    clerk = browse("clerk")
    cell = figures(clerk.get("/questions/coverage?standing=kept"))["未标知识点"]
    link = cell[0]
    assert words(link) == "2道"
    assert len(clerk.get(link.get("href")).all("tbody tr")) == 2


def test_the_table_leaves_as_a_file(browse, bank):
    assert browse("clerk").get("/questions/coverage/export").data[:2] == b"PK"


def tag(browse, query="", **values):
    clerk = browse("clerk")
    sent = {"csrf_token": clerk.token(), "act": "add", "tags": "收件", **values}
    return clerk.follow(clerk.post(f"/questions/tags{query}", sent))


def test_ticked_questions_get_a_tag_and_lose_it(browse, app, bank):
    page = tag(browse, question=[str(each) for each in bank[:2]])
    assert "已给2道题加上知识点" in page.text
    with app.app_context():
        assert tags_of(bank)[bank[0]] == ["告知", "收件", "首问"]
    page = tag(browse, question=[str(each) for each in bank[:3]], act="drop")
    assert "已给2道题去掉知识点，1道原来没有，没有改" in page.text


def test_all_that_the_address_finds_gets_a_tag(browse, app, bank):
    tag(browse, "?state=draft", whole="1")
    with app.app_context():
        assert [each for each, tags in tags_of(bank).items() if "收件" in tags] == bank[3:]


@pytest.mark.parametrize(
    ("values", "advice"),
    [({}, "请先勾选题目"), ({"question": "1", "tags": " "}, "请写知识点")],
)
def test_what_chooses_nothing_is_refused(browse, bank, values, advice):
    assert advice in tag(browse, **values).text
