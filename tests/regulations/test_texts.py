"""Splitting a pasted text at 第X条, and comparing two versions: without a database."""

import pytest

from app.regulations import texts
from app.regulations.texts import Article

TEXT = """为规范接待，制定本制度。
第一章 总则
第一条：首问责任人负责到底。
  不得推诿。
第 二 条　窗口人员
一次告知。
第十一条 按照第二条办理。
"""


def test_a_pasted_text_is_split_at_its_articles():
    found = texts.split(TEXT)
    assert found.introduction == "为规范接待，制定本制度。"
    assert [(each.label, each.chapter, each.text) for each in found.articles] == [
        ("第一条", "第一章 总则", "首问责任人负责到底。\n不得推诿。"),
        ("第二条", "", "窗口人员\n一次告知。"),
        ("第十一条", "", "按照第二条办理。"),
    ]
    assert found.problems == ()
    assert found.notes == ("第十一条前面的条号不连续，请核对。",)


def test_a_handbook_without_articles_is_split_at_its_headings_or_stays_whole():
    handbook = texts.split("一、收件\n核对证件。\n二、受理\n出具凭证。")
    assert [each.label for each in handbook.articles] == ["一", "二"]
    whole = texts.split("把材料带齐就能办。")
    assert [(each.label, each.text) for each in whole.articles] == [
        (texts.WHOLE, "把材料带齐就能办。")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "请写正文"),
        ("第一条\n第二条　有字", "第一条没有内容"),
        ("第一条　甲\n第一条　乙", "第一条出现了两次"),
    ],
)
def test_what_could_not_be_cited_is_told(text, told):
    assert told in "".join(texts.split(text).problems)


@pytest.mark.parametrize("text", [TEXT, "一、收件\n核对。\n二、受理\n凭证。", "只有一段话。"])
def test_what_is_put_together_again_is_split_alike(text):
    found = texts.split(text)
    again = texts.split(texts.join(found.introduction, found.articles))
    assert (again.introduction, again.articles) == (found.introduction, found.articles)


@pytest.mark.parametrize(
    ("label", "number"),
    [("第一条", 1), ("第十条", 10), ("第十二条", 12), ("第二十条", 20), ("第一百零三条", 103),
     ("第12条", 12), ("全文", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(label, number):
    assert texts.number_of(label) == number


def test_an_inserted_article_moves_no_other():
    before = [Article(label="第一条", text="甲不得推诿"), Article(label="第二条", text="乙")]
    after = [
        Article(label="第一条", text="甲一律不得推诿"),
        Article(label="第二条", text="新加的"),
        Article(label="第三条", text="乙"),
    ]
    changes = texts.compare(before, after)
    assert [(each.kind, each.label) for each in changes] == [
        ("changed", "第一条"),
        ("added", "第二条"),
        ("same", "第二条，现第三条"),
    ]
    pieces = [(each.kind, each.text) for each in changes[0].pieces]
    assert pieces == [("same", "甲"), ("added", "一律"), ("same", "不得推诿")]
    assert [each.kind for each in texts.compare(after, before)].count("removed") == 1
