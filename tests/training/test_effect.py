"""Monthly figures from Excel, and what a class achieved: exact figures, none on fewer than five."""

from datetime import date
from decimal import Decimal

import pytest

from app.kernel import db, spreadsheets
from app.surveys import service as surveys
from app.surveys.service import SurveyResult
from app.training import effects, facts, figures
from app.training.effect_texts import survey_way
from app.training.models import FigureImport, FigureImportState
from tests.training.factories import (
    add_crowd,
    announce,
    book,
    class_at,
    do,
    figures_file,
    new_class,
    number_of,
    send_file,
    tick,
)

IMPORT = "/training/figures/imports/new"


def take_in(browse, rows):
    """Import figures; gives the page of the file."""
    browser = browse("clerk")
    shown = send_file(browser, IMPORT, figures_file(rows)).location
    page = browser.get(shown)
    browser.submit(page, form=f'form[action="{shown}/apply"]')
    return page


@pytest.mark.db
def test_a_file_is_shown_with_its_faults_and_what_is_right_is_taken_in(browse, app, now):
    rows = [
        ["SY001", "2026-10", "首次办成率", 96.5],
        ["sy002", "2026年10月", "首次办成率", "97.25"],
        ["SY001", "2026-10", "首次办成率", 90],
        ["SY999", "2026-10", "首次办成率", 90],
        ["SY001", "十月", "首次办成率", 90],
        ["SY001", "2027-03", "首次办成率", 90],
        ["SY001", "2026-09", "", 90],
        ["SY001", "2026-09", "首次办成率", "很好"],
    ]
    page = take_in(browse, rows)
    assert "可以导入2行，其中更新已有的0行；有错的6行不导入" in page.text
    for fault in ("前面已有", "没有这个工号", "月份要写成", "还没有到", "指标要有", "数值要写成"):
        assert fault in page.text
    page = take_in(browse, [["SY001", "2026-10", "首次办成率", 98]])
    assert "更新已有的1行" in page.text
    text = browse("clerk").get("/training/figures").text
    assert "98" in text
    assert "96.5" not in text
    assert "共2项数据" in text
    assert browse("clerk").get("/training/figures/export").data.startswith(b"PK")
    browser = browse("clerk")
    kept = send_file(browser, IMPORT, figures_file(rows)).location
    now.move(days=8)
    with app.app_context():
        figures.erase_old()
        found = db.session.query(FigureImport).order_by(FigureImport.id.desc()).first()
        assert (found.state, found.rows) == (FigureImportState.ERASED, [])
    assert "文件内容已经清除" in browse("clerk").get(kept).text


def test_another_table_is_no_such_file(browse):
    content = spreadsheets.write_table("别的", ["姓名", "成绩"], [["甲", 1]])
    browser = browse("clerk")
    answer = send_file(browser, IMPORT, figures_file([]), status=422)
    assert "没有一行数据" in answer.text
    file = (figures_file([])[0].__class__(content), "别的.xlsx")
    assert "表头缺少：工号" in send_file(browser, IMPORT, file, status=422).text


def hold_class(browse, app, now, people, came):
    """Hold a class that these came to."""
    url = new_class(browse)
    announce(browse, url)
    book(browse, url, *people)
    now.move(days=6, hours=5, minutes=35)
    tick(browse, url, app, *came)
    do(browse, "clerk", url, "hold")
    return url


@pytest.fixture
def no_survey(monkeypatch):
    """Let nothing be asked."""
    monkeypatch.setattr(surveys, "open_for", lambda **given: None)


def test_the_three_ways_stand_side_by_side_with_exact_figures(
    browse, app, now, no_survey, monkeypatch
):
    del no_survey
    people = add_crowd(app, 12)
    url = hold_class(browse, app, now, people, people[:6])
    now.move(days=70)
    with app.app_context():
        numbers = [number_of(each) for each in people]
    # Those who took part go from 10 to 13 on average, the others from 10 to 11.
    rows = [
        [number, month, "首次办成率", value + shift]
        for place, number in enumerate(numbers)
        for month, value in (("2026-10", 10), ("2026-12", 13 if place < 6 else 11))
        for shift in [place % 3 - 1 if month == "2026-12" else 0]
    ]
    take_in(browse, rows)
    result = SurveyResult(
        public_id="of-the-class",
        title="满意度", is_closed=True, invited=6, n=6, response_rate=Decimal("100.0"),
        mean=Decimal("4.5"), satisfied_share=Decimal("83.3"), hidden_reason="",
    )  # fmt: skip
    monkeypatch.setattr(surveys, "result_of", lambda **given: result)
    page = browse("office").get(f"{url}/effect")
    for text in ("83.3%", "4.50（5分制）", "6份", "100.0%（应答6人）"):
        assert text in page.text
    assert "10.00 13.00 +3.00 6 +1.00" in page.text
    assert page.all("details.fold li")
    with app.app_context():
        [metric] = effects.read_effect(class_at(url)).metrics
        assert (metric.trained.n, metric.others.n) == (6, 6)
        assert metric.difference == pytest.approx(2.0)
        # Changes are 2, 3, 4 twice in each group: variance 0.8, error sqrt(0.8/6 + 0.8/6).
        assert metric.error == pytest.approx((0.8 / 6 * 2) ** 0.5)
        span = facts.Span(first=date(2026, 11, 1), last=date(2026, 11, 30))
        reading = facts.read_satisfaction(span)
        assert reading is not None
        assert reading.value == Decimal("83.3")


def test_nothing_is_said_about_fewer_than_five(browse, app, now, no_survey):
    del no_survey
    people = add_crowd(app, 6)
    url = hold_class(browse, app, now, people, people[:4])
    now.move(days=70)
    with app.app_context():
        numbers = [number_of(each) for each in people]
    rows = [
        [number, month, "首次办成率", value]
        for number in numbers
        for month, value in (("2026-10", 41), ("2026-12", 43))
    ]
    take_in(browse, rows)
    text = browse("clerk").get(f"{url}/effect").text
    assert "样本不足" in text
    assert "41.00" not in text
    assert "+2.00" not in text
    assert "两组中有一组少于5人，不作比较" in text
    hidden = SurveyResult(
        public_id="of-the-class",
        title="满意度", is_closed=True, invited=4, n=4, response_rate=None, mean=None,
        satisfied_share=None, hidden_reason="答卷少于5份",
    )  # fmt: skip
    assert hidden.hidden_reason in effects_text(hidden)


def effects_text(result):
    """Give what is said of a survey that must stay hidden."""
    way = survey_way(result, has_survey=True)
    assert way.figures == ()
    return way.missing


def test_indicators_say_nothing_where_nothing_is_asked_and_teachers_are_told(app):
    with app.app_context():
        span = facts.Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
        assert facts.read_satisfaction(span) is None
        assert list(facts.list_evidence(span)) == []
