"""A stem in pieces: blanks with their numbers, pictures where their markers stand."""

import pytest

from app.exams.stems import StemPiece, pieces_of, unplaced


def written(pieces):
    """Write pieces in a line, so that a test reads like the stem."""
    return "".join(
        f"<{each.blank}>" if each.blank else f"[{each.picture}]" if each.picture else each.text
        for each in pieces
    )


@pytest.mark.parametrize(
    ("stem", "blanks", "shown"),
    [
        ("收件后____分钟内出具（　　）。", 2, "收件后<1>分钟内出具<2>。"),
        ("____是第一位的", 1, "<1>是第一位的"),
        ("没有空格的题干", 1, "没有空格的题干"),
        # Nobody knows which is which: the stem stays as it was typed.
        ("收件后____分钟内出具（　　）。", 1, "收件后____分钟内出具（　　）。"),
        ("单选题里的（　　）照写", 0, "单选题里的（　　）照写"),
    ],
)
def test_blanks_are_numbered_where_they_are_as_many_as_the_key_has(stem, blanks, shown):
    assert written(pieces_of(stem, blank_count=blanks)) == shown


def test_pictures_stand_where_their_markers_do():
    pieces = pieces_of("如[图2]与[图1]，还有[图3]。", ["[图1]", "[图2]"])
    assert written(pieces) == "如[2]与[1]，还有[图3]。"
    assert pieces[0] == StemPiece(text="如")


def test_a_picture_beside_a_blank():
    assert written(pieces_of("[图1]写着____。", ["[图1]"], 1)) == "[1]写着<1>。"


def test_pictures_that_no_text_names_are_left_over():
    assert unplaced(["见[图1]", "材料[图3]"], ["[图1]", "[图2]", "[图3]"]) == [2]


def test_an_empty_stem_has_no_pieces():
    assert pieces_of("") == []
