"""The shape of what people type about A/B角 and 事项授权; rules that need the database live in
deputies.py and authorisations.py.
"""

from collections.abc import Sequence

from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accounts.roster.models import ServiceItem
from app.accounts.roster.people_forms import plausible
from app.kernel.forms import BaseForm


class DeputyForm(BaseForm):
    """Who stands in for whom."""

    staff_number = StringField(
        "A角工号",
        [DataRequired("请写A角的工号。"), Length(max=32)],
        description="不在岗时，工作由B角代办的人。",
    )
    deputy_number = StringField(
        "B角工号", [DataRequired("请写B角的工号。"), Length(max=32)], description="代办的人。"
    )
    starts_on = DateField("开始日期", [InputRequired("请写开始日期。"), plausible])
    ends_on = DateField(
        "结束日期", [Optional(), plausible], description="不填就一直有效，直到结束。"
    )


class EndPeriodForm(BaseForm):
    """The last day of an A/B角 or of an authorisation."""

    ends_on = DateField(
        "结束日期",
        [InputRequired("请写结束日期。"), plausible],
        description="这一天为最后一天；只能比原定的提前。",
    )


class AuthorisationForm(BaseForm):
    """Who may handle which 事项 by himself."""

    staff_number = StringField(
        "工号",
        [DataRequired("请写工号。"), Length(max=32)],
        description="可以独立办理这个事项的人；别的部门的人（如综窗）也可以。",
    )
    service_item_id = SelectField("事项", coerce=int, description="只列你负责的部门在用的事项。")
    starts_on = DateField("开始日期", [InputRequired("请写开始日期。"), plausible])
    ends_on = DateField(
        "结束日期", [Optional(), plausible], description="不填就一直有效，直到结束。"
    )

    def prepare(self, items: Sequence[ServiceItem]) -> None:
        """Offer the 事项 that may be given."""
        self.service_item_id.choices = [
            SelectChoice(each.id, f"{each.name}（{each.code}）") for each in items
        ]
