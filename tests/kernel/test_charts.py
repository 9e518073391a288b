"""Charts at their edges: no value, one, all the same, missing, more than can be drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import charts
from app.kernel.charts import MISSING, Value, histogram, line
from app.kernel.charts.histogram import COLUMN_TOP


def values(*numbers):
    return [Value(label=f"{place}月", value=each) for place, each in enumerate(numbers, start=1)]


def test_no_value_is_said_and_nothing_drawn():
    chart = line([])
    assert (chart.pieces, chart.dots, chart.says) == ((), (), MISSING)
    assert histogram([]).columns == ()
    assert histogram([]).says == MISSING


def test_one_value_stands_in_the_middle_without_a_line():
    chart = line(values(97))
    assert chart.pieces == ()
    assert (chart.dots[0].x, chart.dots[0].text) == ("320.0", "97")


def test_equal_values_lie_on_one_height():
    chart = line(values(5, 5, 5))
    assert len({dot.y for dot in chart.dots}) == 1
    assert len(chart.pieces) == 1


def test_a_missing_value_is_a_gap_and_no_nought():
    chart = line(values(90, 95, None, 80, 85))
    assert len(chart.pieces) == 2
    gap = chart.dots[2]
    assert (gap.has_data, gap.text) == (False, MISSING)
    assert chart.says == "1月90，2月95，3月无数据，4月80，5月85"
    # One between two gaps is a dot without a line.
    assert line(values(None, 3, None)).pieces == ()


def test_all_missing_is_drawn_as_gaps():
    chart = line(values(None, None))
    assert chart.pieces == ()
    assert [dot.text for dot in chart.dots] == [MISSING, MISSING]


def test_higher_stands_higher():
    low, high = line(values(10, 20)).dots
    assert float(high.y) < float(low.y)


def test_the_tallest_column_holds_most_and_an_empty_one_has_its_nought():
    first, second, third = histogram([("0%–10%", 0), ("10%–20%", 3), ("90%以上", 6)]).columns
    assert float(first.height) == 0
    assert float(third.height) == pytest.approx(2 * float(second.height))
    assert (first.count, third.count) == (0, 6)
    assert "90%以上：6人" in histogram([("90%以上", 6)]).says


def test_columns_without_anybody_are_flat():
    assert {column.height for column in histogram([("甲", 0), ("乙", 0)]).columns} == {"0.0"}


@given(st.lists(st.none() | st.floats(-1e9, 1e9), max_size=24))
def test_everything_lies_within_the_picture(numbers):
    chart = line(values(*numbers))
    for dot in chart.dots:
        assert 0 <= float(dot.x) <= chart.width
        assert 0 <= float(dot.text_y) <= float(dot.y) <= chart.height
    drawn = sum(len(piece.split()) for piece in chart.pieces)
    assert drawn <= sum(each is not None for each in numbers)


@given(st.lists(st.integers(0, 10_000), max_size=12))
def test_columns_lie_within_the_picture(counts):
    chart = histogram([(str(place), count) for place, count in enumerate(counts)])
    for column in chart.columns:
        assert float(column.y) >= COLUMN_TOP - 0.05
        assert float(column.y) + float(column.height) == pytest.approx(float(chart.foot), abs=0.11)
        assert float(column.x) + float(column.width) <= chart.width


# ---------- bars


def test_bars_begin_at_nought_and_end_with_the_scale():
    chart = charts.bars(
        [
            Value(label="一半", value=50, text="50.0%"),
            Value(label="全部", value=100),
            Value(label="超出", value=140),
            Value(label="负的", value=-3),
            Value(label="没有", value=None),
        ],
        highest=100,
    )
    widths = [float(each.width) for each in chart.bars]
    assert widths[1] == widths[2] == 2 * widths[0]
    assert widths[3] == widths[4] == 0
    assert [each.text for each in chart.bars] == ["50.0%", "100", "140", "-3", MISSING]
    assert [each.has_data for each in chart.bars] == [True, True, True, True, False]
    assert chart.says.startswith("一半50.0%，全部100")


def test_bars_without_anything_are_said():
    assert charts.bars([]).says == MISSING
    assert charts.bars([Value(label="零", value=0)]).bars[0].width == "0.0"


def test_a_long_name_is_cut_where_its_bar_begins():
    [bar] = charts.bars([Value(label="一" * 30, value=1)]).bars
    assert len(bar.label) <= charts.LONGEST_LABEL
    assert bar.label.endswith("…")


# ---------- a radar


def test_fewer_than_three_axes_with_data_are_no_radar():
    assert charts.radar([("甲", 80, None), ("乙", 90, None), ("丙", None, 70)]) is None


def test_an_axis_without_data_is_a_gap_and_says_so():
    drawn = charts.radar([(name, 80, 75) for name in "甲乙丙"] + [("丁", None, 70)])
    assert [each.value for each in drawn.axes] == ["80.0", "80.0", "80.0", MISSING]
    assert (len(drawn.lines), len(drawn.dots), len(drawn.before)) == (2, 3, 4)


def test_what_lies_beyond_the_scale_stands_at_its_end():
    low, high = charts.radar([("甲", 10, None)] * 3), charts.radar([("甲", 140, None)] * 3)
    assert set(low.dots) == {("165.0", "118.0")}
    assert high.dots[0] == (high.axes[0].x, high.axes[0].y)
