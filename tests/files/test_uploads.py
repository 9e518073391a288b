"""The one door for files: the tick, the size, and marks of secrecy in name and first lines."""

import io

import pytest
from flask import render_template_string

from app.files import uploads
from app.files.uploads import UploadForm, check_lines, find_mark, head_of, take_upload
from app.kernel.forms import RefusedError

LIMIT = 100 << 10


def sent(app, name="名单.xlsx", content=b"x", **data):
    """Send a form with a file; gives what was taken and the messages."""
    given = {"is_unclassified": "y", **data}
    if name is not None:
        given["file"] = (io.BytesIO(content), name)
    given = {key: value for key, value in given.items() if value is not None}
    with app.test_request_context("/", method="POST", data=given) as context:
        form = UploadForm()
        taken = take_upload(form, max_bytes=LIMIT)
        context.request.close()
        return taken, form.errors


def test_a_file_with_the_tick_is_taken_with_its_own_name(app):
    taken, errors = sent(app, "C:/桌面/十一月名单.xlsx", b"abc")
    assert (taken.name, taken.content, errors) == ("十一月名单.xlsx", b"abc", {})


def test_without_the_tick_nothing_is_taken(app):
    taken, errors = sent(app, is_unclassified=None)
    assert taken is None
    assert errors == {"is_unclassified": ["请核对后打勾，再上传。"]}


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ({"name": None}, "请选择文件"),
        ({"name": ""}, "请选择文件"),
        ({"content": b""}, "文件是空的"),
        ({"content": b"x" * (LIMIT + 1)}, "超过100KB"),
    ],
)
def test_no_file_an_empty_one_and_one_too_large_are_refused(app, given, advice):
    taken, errors = sent(app, **given)
    assert taken is None
    assert advice in errors["file"][0]


def test_the_largest_file_is_taken(app):
    assert sent(app, content=b"x" * LIMIT)[0] is not None


def test_sizes_are_named_in_round_figures():
    assert [uploads.show_size(size) for size in (10 << 20, 200 << 10)] == ["10MB", "200KB"]


@pytest.mark.parametrize("mark", uploads.MARKS)
def test_a_mark_in_the_name_is_refused_with_what_to_do(app, mark):
    taken, errors = sent(app, f"关于某事的通知（{mark}）.xlsx")
    assert taken is None
    assert f"文件名里有“{mark}”" in errors["file"][0]
    assert "线下办理" in errors["file"][0]
    assert "再上传" in errors["file"][0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_a_mark_in_the_first_lines_of_a_text_is_refused(app, encoding):
    content = ("机 密★一年\n" + "某区文件\n" * 400).encode(encoding)
    taken, errors = sent(app, "通知.TXT", content)
    assert taken is None
    assert "文件开头里有“机密”" in errors["file"][0]


def test_a_word_far_down_or_in_no_text_is_not_looked_for(app):
    far = ("正文\n" * 30 + "内部\n").encode()
    assert sent(app, "通知.txt", far)[0] is not None
    assert sent(app, "照片.jpg", "内部".encode())[0] is not None


def test_bytes_that_are_no_text_have_no_first_lines():
    assert head_of(b"\x80\xff" * 20) == ""
    assert head_of("汉字".encode() * 1000)[:2] == "汉字"


def test_what_a_reader_has_unpacked_is_looked_at_as_well():
    check_lines(["工号", "姓名"])
    with pytest.raises(RefusedError, match="绝密"):
        check_lines(["花名册", "绝  密"])


def test_marks_are_found_with_blanks_between():
    assert find_mark("注 意\t保 存") == "注意保存"
    assert find_mark("秘书处公开") == ""


def test_a_name_is_shown_without_folders_and_control_characters():
    assert uploads.shown_name("C:\\桌面\\甲.xlsx") == "甲.xlsx"
    assert uploads.shown_name("../../etc/a\r\nb\u202e.xlsx") == "ab.xlsx"
    assert len(uploads.shown_name("长" * 999)) == uploads.MAX_NAME


PAGE = """{% from "_macros/upload.html" import upload_form %}
{% call upload_form("/x", form, "上传", id="up", accept=".xlsx") %}<p>更多</p>{% endcall %}"""


def test_the_form_carries_warning_tick_and_token(app):
    with app.test_request_context("/"):
        drawn = render_template_string(PAGE, form=UploadForm())
    for piece in (
        uploads.WARNING,
        'enctype="multipart/form-data"',
        'accept=".xlsx"',
        'name="is_unclassified"',
        'name="csrf_token"',
        "<p>更多</p>",
    ):
        assert piece in drawn
