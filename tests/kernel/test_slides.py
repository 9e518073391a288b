"""Slides: their version, how long they stay, and how they are cut into pages."""

import random
from dataclasses import replace
from datetime import date

import pytest

from app.kernel import slides
from app.kernel.slides import LANDSCAPE, PORTRAIT, STRIP, Slide, SlideLine

FOUR = (
    SlideLine(before="材料齐全的", number="15", after="分钟内完成收件"),
    SlideLine(before="所缺材料", number="1", after="次书面告知清楚"),
    SlideLine(before="一般登记", number="3", after="个工作日内办结"),
    SlideLine(before="咨询问题", number="1", after="个工作日内回复"),
)
# Twenty-two characters, as long as a commitment may be.
LONG = SlideLine(before="涉及两个以上部门的复杂事项在", number="10", after="个工作日内办结")
SLIDE = Slide(
    key="commitments:1",
    window="B12号窗口",
    title="不动产登记中心",
    lines=FOUR,
    phones=(("监督电话", "0000-5566 1200"), ("热线", "12345")),
    footer="2026年10月8日公开",
    badge=False,
    department_id=1,
    window_id=1,
    valid_from=date(2026, 10, 8),
    valid_until=None,
)


def lines_on(slide, layout):
    return [page.lines for page in slides.split(slide, layout)]


def test_another_word_anywhere_is_another_version():
    changes = {
        "key": "other", "window": "B13号窗口", "title": "区税务局", "lines": FOUR[:3],
        "phones": (), "footer": "今天公开", "badge": True, "department_id": 2, "window_id": None,
        "valid_from": date(2026, 10, 9), "valid_until": date(2026, 12, 31),
    }  # fmt: skip
    versions = {replace(SLIDE, **{name: value}).version for name, value in changes.items()}
    assert len(versions | {SLIDE.version}) == len(changes) + 1
    assert replace(SLIDE).version == SLIDE.version
    assert len(SLIDE.version) == 64


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [(7, False), (8, True), (20, True), (21, False)],
)
def test_both_ends_of_its_time_belong_to_it(day, is_valid):
    slide = replace(SLIDE, valid_until=date(2026, 10, 20))
    assert slide.is_valid(date(2026, 10, day)) == is_valid


@pytest.mark.parametrize(
    ("characters", "seconds", "slowly"),
    [(0, 8, 8), (15, 8, 11), (16, 9, 11), (60, 23, 33), (125, 45, 45), (900, 45, 45)],
)
def test_page_stays_as_long_as_one_reads_it(characters, seconds, slowly):
    assert slides.seconds_for(characters) == seconds
    assert slides.seconds_for(characters, is_slow=True) == slowly


def test_a_number_is_read_as_one():
    page = slides.split(replace(SLIDE, lines=FOUR[:1]), LANDSCAPE)[0]
    # B12 号窗口; the title; the line with 15; 监督电话 and its number, 热线 and its; the footer.
    assert page.characters == 4 + 7 + (5 + 1 + 7) + (4 + 1) + (2 + 1) + (3 + 5)


@pytest.mark.parametrize("layout", [LANDSCAPE, PORTRAIT])
def test_four_commitments_have_room_on_one_page(layout):
    assert lines_on(SLIDE, layout) == [FOUR]


def test_a_strip_shows_one_at_a_time():
    assert lines_on(SLIDE, STRIP) == [(line,) for line in FOUR]


def test_what_has_no_room_goes_to_further_pages_that_are_equally_full():
    five = (*FOUR, FOUR[0])
    assert [len(lines) for lines in lines_on(replace(SLIDE, lines=five), LANDSCAPE)] == [3, 2]
    pages = slides.split(replace(SLIDE, lines=five), LANDSCAPE)
    assert [(page.number, page.count) for page in pages] == [(1, 2), (2, 2)]


@pytest.mark.parametrize("layout", [LANDSCAPE, PORTRAIT, STRIP], ids=lambda each: each.name)
def test_the_longest_commitments_are_whole_on_every_layout(layout):
    given = (LONG,) * 5
    assert sum(lines_on(replace(SLIDE, lines=given), layout), ()) == given


def test_a_slide_without_lines_has_one_page():
    assert [
        (page.number, page.count) for page in slides.split(replace(SLIDE, lines=()), LANDSCAPE)
    ] == [(1, 1)]


def test_title_stands_below_the_window_where_it_has_no_room_beside_it():
    assert not slides.split(SLIDE, LANDSCAPE)[0].is_stacked
    long = replace(SLIDE, title="区人力资源和社会保障局就业促进中心")
    assert slides.split(long, LANDSCAPE)[0].is_stacked
    assert slides.split(replace(SLIDE, badge=True, title="区人力资源社保局"), LANDSCAPE)[
        0
    ].is_stacked
    assert slides.split(SLIDE, PORTRAIT)[0].is_stacked


def test_a_text_that_is_too_long_is_cut_behind_a_stop_and_nothing_is_lost():
    text = "本窗口实行首问负责制，首位接待的工作人员负责到底。" * 6
    pages = lines_on(replace(SLIDE, lines=(SlideLine(before=text),)), STRIP)
    assert "".join(line.text for lines in pages for line in lines) == text
    assert all(line.text.endswith(("，", "。")) for lines in pages for line in lines)


def test_any_text_is_shown_whole_and_every_page_has_room(rounds):
    """Draw slides: nothing is lost, nothing is larger than its page, no page is empty."""
    draw = random.Random(rounds)
    letters = "窗口承诺办结收件告知，。 Ab1234W"

    def text(most):
        return "".join(draw.choice(letters) for _ in range(draw.randint(0, most)))

    for _ in range(min(rounds, 200)):
        given = tuple(
            SlideLine(before=text(60), number=draw.choice(["", "7", "1200"]), after=text(40))
            for _ in range(draw.randint(1, 7))
        )
        slide = replace(
            SLIDE, lines=given, window=text(12), title=text(20), badge=draw.random() < 0.3
        )
        layout = slides.layout_for(draw.randint(64, 7680), draw.randint(64, 7680))
        pages = slides.split(slide, layout)
        shown = "".join(line.text for page in pages for line in page.lines)
        assert shown == "".join(line.text for line in given)
        for page in pages:
            assert len(page.lines) == 1 or slides.has_room(page.lines, page)
            assert all(slides.has_room((line,), page) or len(line.text) < 2 for line in page.lines)


@pytest.mark.parametrize(
    ("width", "height", "name", "canvas"),
    [
        (1920, 1080, "landscape", 1920), (3840, 2160, "landscape", 1920), (1366, 768, "landscape", 1920),
        (1080, 1920, "portrait", 1080), (1024, 1024, "landscape", 1920), (360, 1920, "portrait", 1080),
        (1920, 360, "strip", 1920), (3840, 360, "strip", 3840), (1920, 720, "strip", 1920),
    ],
)  # fmt: skip
def test_size_decides_the_layout(width, height, name, canvas):
    layout = slides.layout_for(width, height)
    assert (layout.name, layout.width) == (name, canvas)


def test_no_text_is_small():
    for layout in (LANDSCAPE, PORTRAIT):
        assert layout.title[0] >= 104
        assert layout.body[0] >= 72
    assert min(slides.STRIP_SIZES) >= 50
