"""The gallery of components: every macro with realistic content, for whoever builds pages."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from app.kernel.declared import require
from app.kernel.forms import BaseForm
from app.kernel.permissions import Permission

blueprint = Blueprint("gallery", __name__)


class SampleForm(BaseForm):
    """One field of each kind."""

    name = StringField("名称", [InputRequired("请填写名称。")], description="不超过30个字。")
    note = TextAreaField("说明")
    kind = SelectField(
        "类型", choices=[SelectChoice("single", "单选题"), SelectChoice("multiple", "多选题")]
    )
    choice = RadioField(
        "评卷方式",
        choices=[SelectChoice("job", "到时自动评卷"), SelectChoice("hand", "由经办人评卷")],
    )
    agree = BooleanField("我已核对过答案和依据")
    opens_at = DateTimeLocalField("开放时间")


@blueprint.get("/gallery")
@require(Permission.HOME_PAGE_VIEW)
def show_gallery() -> ResponseReturnValue:
    """Show every component; the form is shown as it looks when something is missing."""
    form = SampleForm(kind="single", choice="job")
    form.validate()
    return render_template("gallery/show_gallery.html", form=form)
