"""All business numbers at a glance."""

import io

import pytest
import python_calamine

from tests.settings.factories import TODAY, TOMORROW, set_value

URL = "/settings"


@pytest.mark.db
def test_each_number_stands_with_its_value_its_day_its_plan_and_its_source(browse, app):
    with app.app_context():
        set_value("accounts.idle_minutes", "20", TODAY)
        set_value("accounts.idle_minutes", "10", TOMORROW, version=1)
    page = browse("secadmin").get(URL + "?q=多久不操作")
    assert page.text_of("tbody") == (
        "多久不操作自动退出 登录 20分钟 2026年11月20日起 2026年11月21日起10分钟 安全策略"
        " 等保：超时自动退出；本站最长30分钟 —"
    )


@pytest.mark.db
@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("?kind=安全策略", "锁定多久", "新试卷的限时"),
        ("?kind=业务参数", "新试卷的限时", "锁定多久"),
        ("?planned=planned", "锁定多久", "新试卷的限时"),
        ("?q=一月一考", "新试卷的合格分", "锁定多久"),
        ("?q=等保", "锁定多久", "新试卷的限时"),
    ],
)
def test_the_list_is_searched_and_filtered(browse, app, query, found, missing):
    with app.app_context():
        set_value("accounts.lock_minutes", "60", TOMORROW)
    page = browse("secadmin").get(URL + query)
    assert found in page.text_of("tbody")
    assert missing not in page.text_of("tbody")


@pytest.mark.db
def test_the_list_is_sorted_and_comes_as_a_fragment(browse):
    page = browse("secadmin").get(URL + "?sort=-group", fragment=True)
    groups = [each.text for each in page.all("td[data-label=用在哪里] .value")]
    assert groups == sorted(groups, reverse=True)
    assert len(set(groups)) > 5


def test_a_search_without_a_hit_says_so(browse):
    assert "没有符合条件的记录" in browse("secadmin").get(URL + "?q=没有的").text


def test_an_unconfirmed_default_is_marked_until_it_is_set(browse, app):
    secadmin = browse("secadmin")
    assert "（核）待中心确认" in secadmin.get(URL + "?q=限时").text_of("tbody")
    with app.app_context():
        set_value("exams.usual_minutes", "45")
    assert "（核）" not in secadmin.get(URL + "?q=限时").text_of("tbody")


@pytest.mark.db
def test_the_list_leaves_as_an_excel_file(browse):
    content = browse("secadmin").get(URL + "/export?kind=安全策略").data
    table = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = table.get_sheet_by_index(0).to_python()
    assert found[0][:4] == ["参数", "用在哪里", "现在", "从何时起"]
    assert {row[5] for row in found[1:]} == {"安全策略"}
