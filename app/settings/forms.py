"""The shape of what people type to change a business number."""

from datetime import date
from typing import cast

from wtforms import DateField, Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from app.kernel.forms import BaseForm, VersionField, text_in
from app.settings.service import AnySetting, Change, Standing

MAX_REASON = 200


class ChangeForm(BaseForm):
    """A new value, from when on, and why."""

    value: Field
    valid_from = DateField("生效日期", [InputRequired("请填写生效日期。")])
    reason = StringField(
        "原因或依据",
        [
            DataRequired("请写明原因或依据。"),
            Length(max=MAX_REASON, message=f"最多{MAX_REASON}个字。"),
        ],
        description="如“办公室2026年第3次例会”。",
    )
    version = VersionField()

    def read_change(self) -> Change:
        """Give what was typed, for the service."""
        return Change(
            text=text_in(self.value),
            valid_from=cast("date", self.valid_from.data),
            reason=text_in(self.reason),
            version=self.version.data,
        )


def make_form(standing: Standing, *, tomorrow: date, **given: object) -> ChangeForm:
    """Make the form of one setting, filled with what is in force."""
    setting = standing.setting

    class SettingForm(ChangeForm):
        """The form with the control that the setting's kind needs, in front."""

        value = make_control(setting)

    return SettingForm(
        data={
            "value": setting.typed(standing.value),
            "valid_from": tomorrow,
            "version": standing.version,
        },
        **given,
    )


def make_control(setting: AnySetting) -> Field:
    """Make the control for a value."""
    label = f"新的数值（{setting.unit}）" if setting.unit else "新的数值"
    if setting.options:
        choices = [SelectChoice(value, text) for value, text in setting.options]
        return RadioField(label, [InputRequired("请选一项。")], choices=choices)
    hint = setting.advice if setting.is_number else ""
    return StringField(label, [DataRequired("请填写新的数值。")], description=hint)
