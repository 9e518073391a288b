"""姓氏笔画: fewer strokes first, then 横竖撇点折. The counts below were counted by hand."""

import itertools
import random

import pytest

from app.kernel.strokes import TABLE, sort_by_strokes, stroke_count, stroke_key

COUNTED = {
    1: "一乙", 2: "丁卜刁", 3: "于马万卫", 4: "王毛牛方尹邓", 5: "叶田白冯石龙", 6: "刘许孙任江达朱",
    7: "李杨肖吴何余汪沈宋张陆陈", 8: "范林周金郑孟", 9: "赵胡钟段姜姚施", 10: "秦袁徐高郭陶",
    11: "黄曹龚梁崔", 12: "彭蒋韩程谢葛曾", 13: "靳赖窦", 14: "蔡臧廖谭", 15: "樊黎潘", 16: "薛穆",
    17: "戴魏", 21: "夔",
}  # fmt: skip
# In the order in which published lists have the surnames of four, seven and nine strokes.
IN_ORDER = ["王牛毛方尹邓", "李杨肖吴何余汪沈宋张陆陈", "赵胡钟段姜姚", "黄曹龚崔梁"]


@pytest.mark.parametrize("count", COUNTED)
def test_strokes_are_those_that_were_counted(count):
    assert {each: stroke_count(each) for each in COUNTED[count]} == dict.fromkeys(
        COUNTED[count], count
    )


@pytest.mark.parametrize("surnames", IN_ORDER)
def test_equally_many_strokes_are_ordered_by_the_first_ones(surnames):
    mixed = random.Random(7).sample(surnames, len(surnames))
    assert "".join(sort_by_strokes(mixed)) == surnames


def test_names_are_ordered_character_by_character():
    names = [
        "丁一",
        "于静",
        "马知远",
        "王安",
        "王安石",
        "王知远",
        "叶子",
        "欧阳若溪",
        "夏侯明",
        "魏一诺",
    ]
    wanted = [
        "丁一",
        "于静",
        "马知远",
        "王安",
        "王安石",
        "王知远",
        "叶子",
        "欧阳若溪",
        "夏侯明",
        "魏一诺",
    ]
    for seed in range(20):
        assert sort_by_strokes(random.Random(seed).sample(names, len(names))) == wanted


def test_every_pair_of_counts_is_in_order():
    for few, many in itertools.pairwise(sorted(COUNTED)):
        assert max(map(stroke_key, COUNTED[few])) < min(map(stroke_key, COUNTED[many]))


def test_dots_and_blanks_of_a_name_do_not_count():
    assert stroke_key("阿依·买买 提") == stroke_key("阿依买买提")


def test_what_the_table_lacks_comes_last_in_a_fixed_order():
    assert stroke_count("A") is None
    assert sort_by_strokes(["Bob", "龘", "Ann", "王安"]) == ["王安", "龘", "Ann", "Bob"]


def test_things_are_sorted_by_their_names_and_equal_ones_keep_their_order():
    people = [(2, "王安"), (1, "王安"), (3, "丁一")]
    assert sort_by_strokes(people, lambda each: each[1]) == [(3, "丁一"), (2, "王安"), (1, "王安")]


def test_table_has_the_characters_of_the_standard_once_each():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    characters = "".join(line.partition(" ")[2] for line in lines if line[0] != "#")
    assert len(set(characters)) == len(characters)
    standard = {chr(each) for each in range(0x4E00, 0x9FA6)}
    assert len(standard - set(characters)) < 10
