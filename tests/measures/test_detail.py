"""What a row says of itself: why it has no light, from what a figure was counted, how it went."""

from datetime import date
from decimal import Decimal

from app.measures.charts import draw
from app.measures.models import IndicatorKind, MeasureIndicator, MeasureReading
from tests.exams import factories as exams
from tests.measures.factories import assign, do, find, light_on, load_plans, read


def test_a_row_without_a_light_says_what_is_missing(browse, app):
    load_plans(browse)
    url, indicator = find(app, "G5")
    assert "无数据：还没有分解到牵头部门，没有人填报。" in light_on(browse, url)
    assign(browse, url)
    do(browse, "lead", url, "receive")
    label = "首办成功率"
    assert f"无数据：{label}：还没有读数，请牵头部门填报。" in light_on(browse, url)
    assert label in browse("office").get("/measures").text
    read(browse, indicator, value="88.2")
    assert "无数据" not in light_on(browse, url)


def test_two_readings_make_a_course_and_one_does_not(browse, app, now):
    load_plans(browse)
    url, indicator = find(app, "G5")
    assign(browse, url)
    do(browse, "lead", url, "receive")
    read(browse, indicator, value="91.2")
    assert not browse("office").get(url).all("figure.course")
    now.move(days=3)
    read(browse, indicator, value="88.5", read_on="2026-11-23")
    page = browse("office").get(url)
    assert page.one("figure.course svg").get("aria-label") == (
        "首办成功率的走势：2次读数，从91.2%到88.5%"
    )
    assert "虚线是目标" in page.text_of("figure.course figcaption")
    assert len(page.all("figure.course circle")) == 2


def test_a_live_share_stands_beside_what_it_was_counted_from(browse, app, now):
    with app.app_context():
        exams.released_exam(now, staff=exams.KEY)
    load_plans(browse)
    url, _ = find(app, "11")
    assign(browse, url)
    text = browse("office").get(url).text
    assert "50%" in text
    assert "怎么算的：1/2。实考÷（应考−缓考−免考）；应考2人次，缓考0，免考0。" in text


def reading(day, value, number):
    """Give a reading that nobody stores."""
    return MeasureReading(id=number, read_on=date(2026, 5, day), value=Decimal(value))


def test_the_line_stands_where_its_values_are():
    indicator = MeasureIndicator(
        kind=IndicatorKind.AT_LEAST, target=Decimal(90), unit="%", label="首办成功率"
    )
    chart = draw(indicator, [reading(1, "80", 1), reading(11, "100", 2), reading(11, "90", 3)])
    # The later of two on one day counts; the target is the highest of all.
    assert chart.points == "8.0,108.0 632.0,12.0"
    assert chart.target == "12.0"
    assert (chart.low, chart.high) == ("80%", "90%")
    assert draw(indicator, [reading(1, "80", 1), reading(1, "81", 2)]) is None
    flat = MeasureIndicator(kind=IndicatorKind.WATCHED, target=None, unit="次")
    assert draw(flat, [reading(1, "2", 1), reading(2, "2", 2)]).points == "8.0,60.0 632.0,60.0"
    words = MeasureIndicator(kind=IndicatorKind.QUALITATIVE, target=None, unit="")
    assert draw(words, [reading(1, "0", 1), reading(2, "1", 2)]) is None


def test_a_hall_without_a_plan_says_what_comes_first(browse):
    page = browse("office").get("/measures")
    assert "还没有任务。请办公室先载入计划。" in page.text
    assert "看过去的某一天" not in page.text
    assert "逾期 0项" not in page.text
