"""Forms: trimmed, in Chinese, nothing in them that a database would choke on."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.kernel.forms import BaseForm, RefusedError, text_in


class Sample(BaseForm):
    name = StringField("名称", [InputRequired()])
    note = TextAreaField("说明")
    count = IntegerField("数量")


def filled(app, **values: str) -> Sample:
    with app.test_request_context("/", method="POST", data=values):
        form = Sample(MultiDict(values))
        form.validate()
        return form


def test_blanks_around_text_are_taken_off_full_width_ones_too(app):
    assert text_in(filled(app, name="　 单知远 \n").name) == "单知远"


@pytest.mark.parametrize("junk", ["a\x00b", "a\x1bb", "a\u2028b", "a\ue000b", "a\x7fb"])
def test_characters_that_nobody_sees_are_refused_with_advice(app, junk):
    form = filled(app, name=junk)
    assert "控制字符" in form.name.errors[0]


def test_line_ends_are_made_uniform_and_allowed(app):
    form = filled(app, name="a", note="一\r\n二")
    assert form.note.data == "一\n二"
    assert not form.note.errors


def test_endless_text_is_refused_with_its_length(app):
    assert "现在有5001个字" in filled(app, name="字" * 5001).name.errors[0]


def test_messages_of_the_library_are_chinese(app):
    assert filled(app).name.errors == ["该字段是必填字段。"]


def test_a_number_that_no_column_holds_is_refused_not_an_error(app):
    assert filled(app, name="a", count="9" * 6000).count.errors


def test_what_a_service_refuses_stands_beside_its_field_or_over_the_form(app):
    form = filled(app, name="a")
    form.add_errors(RefusedError(name="已经有这个名称。", form="现在不能保存。").errors)
    assert form.name.errors == ["已经有这个名称。"]
    assert form.form_errors == ["现在不能保存。"]
