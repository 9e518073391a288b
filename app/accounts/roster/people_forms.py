"""The shape of what people type about a person; rules that need the database live in people.py."""

import re
from datetime import date

from sqlalchemy import select
from wtforms import DateField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import Field, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from app.accounts.models import EMPLOYMENT_LABELS, Employment
from app.accounts.roles import role_choices
from app.accounts.roster.models import (
    ABSENCE_KIND_LABELS,
    COMMITTEE_OFFICE_LABELS,
    AbsenceKind,
    CommitteeOffice,
    Post,
    ServiceWindow,
)
from app.accounts.roster.people import Particulars, Place
from app.accounts.roster.placements import is_open
from app.accounts.roster.register_forms import department_choices
from app.kernel import clock, db
from app.kernel.forms import BaseForm, VersionedForm, text_in
from app.kernel.permissions import Role

NONE = 0
EARLIEST = date(1970, 1, 1)
PHONE = re.compile(r"[0-9+\- ]{5,20}|")
NAME = re.compile(r"[^\d<>@#%&*/\\]+")
STAFF_NUMBER = r"^[^\s]+$"


def plausible(form: BaseForm, field: Field) -> None:
    """Refuse a day that nobody can mean."""
    del form
    if field.data is not None and not EARLIEST <= field.data <= date(
        clock.today().year + 5, 12, 31
    ):
        message = "日期看起来不对，请检查年份。"
        raise ValidationError(message)


class ParticularsForm(VersionedForm):
    """A person himself."""

    staff_number = StringField(
        "工号",
        [
            DataRequired("请写工号。"),
            Length(max=32, message="工号最多32个字符。"),
            Regexp(STAFF_NUMBER, message="工号里不能有空格。"),
        ],
        description="登录时用，全中心不能重复。",
    )
    name = StringField("姓名", [DataRequired("请写姓名。"), Length(max=40)])
    employment = RadioField(
        "用工性质",
        [Optional()],
        choices=[SelectChoice(each.value, label) for each, label in EMPLOYMENT_LABELS.items()],
    )
    phone = StringField("手机", [Length(max=20)], description="名单和导出里只显示头尾几位。")

    def validate_name(self, field: Field) -> None:
        """Refuse what no name has."""
        if not NAME.fullmatch(field.data or "x"):
            message = "姓名里不能有数字和符号。"
            raise ValidationError(message)

    def validate_phone(self, field: Field) -> None:
        """Refuse what is no number."""
        if not PHONE.fullmatch(field.data or ""):
            message = "手机请只写数字，例如 13800000000。"
            raise ValidationError(message)

    def particulars(self) -> Particulars:
        """Give what was typed."""
        kind = self.employment.data
        return Particulars(
            staff_number=text_in(self.staff_number),
            name=text_in(self.name),
            employment=Employment(kind) if kind in set(Employment) else None,
            phone=text_in(self.phone),
        )


class PlaceForm(BaseForm):
    """Where somebody works, and as what."""

    department_id = SelectField("部门", coerce=int)
    window_id = SelectField("窗口", coerce=int, description="不在窗口的，选“不在窗口”。")
    post_id = SelectField("岗位", coerce=int)

    def prepare(self, departments: frozenset[int] | None) -> None:
        """Offer departments (of these only, unless None), windows and posts in use."""
        today = clock.today()
        self.department_id.choices = [
            each
            for each in department_choices(today)
            if departments is None or each.value in departments
        ]
        windows = db.session.scalars(
            select(ServiceWindow)
            .where(is_open(ServiceWindow, today))
            .order_by(ServiceWindow.number)
        )
        self.window_id.choices = [SelectChoice(NONE, "不在窗口")] + [
            SelectChoice(each.id, f"{each.number}　{each.name}") for each in windows
        ]
        posts = db.session.scalars(select(Post).where(is_open(Post, today)).order_by(Post.name))
        self.post_id.choices = [SelectChoice(each.id, each.name) for each in posts]

    def place(self) -> Place:
        """Give what was chosen."""
        return Place(
            department_id=self.department_id.data,
            window_id=self.window_id.data or None,
            post_id=self.post_id.data,
        )


class NewPersonForm(ParticularsForm, PlaceForm):
    """A person who joins."""

    joined_on = DateField("入职日期", [InputRequired("请写入职日期。"), plausible])


class TransferForm(PlaceForm):
    """A transfer."""

    starts_on = DateField(
        "从哪一天起",
        [InputRequired("请写调动日期。"), plausible],
        description="前一天为原岗位的最后一天。",
    )


class LeavingForm(BaseForm):
    """A departure."""

    left_on = DateField(
        "最后在岗日",
        [InputRequired("请写最后在岗的日期。"), plausible],
        description="次日起不能登录。",
    )


class AbsenceForm(BaseForm):
    """An absence, and who stands in."""

    kind = SelectField(
        "事由",
        choices=[SelectChoice(each.value, label) for each, label in ABSENCE_KIND_LABELS.items()],
        coerce=AbsenceKind,
    )
    starts_on = DateField("开始日期", [InputRequired("请写开始日期。"), plausible])
    ends_on = DateField("结束日期", [InputRequired("请写结束日期。"), plausible])
    covered_by = StringField(
        "替岗人工号", [Length(max=32)], description="有人替岗的，填替岗人的工号；没有的不填。"
    )


class RoleForm(BaseForm):
    """A role that is asked for."""

    role = SelectField("角色", coerce=Role)
    department_id = SelectField("范围", coerce=int, description="只管一个部门的，选部门。")
    starts_on = DateField("开始日期", [InputRequired("请写开始日期。"), plausible])
    ends_on = DateField(
        "结束日期", [Optional(), plausible], description="不填就一直有效，直到收回。"
    )

    def prepare(self) -> None:
        """Offer roles and departments."""
        self.role.choices = [SelectChoice(value, label) for value, label in role_choices()]
        self.department_id.choices = [
            SelectChoice(NONE, "全中心"),
            *department_choices(clock.today()),
        ]


class EndRoleForm(BaseForm):
    """Why a role is taken back."""

    reason = TextAreaField("原因", [DataRequired("请写收回的原因。"), Length(max=300)])


class MemberForm(BaseForm):
    """Somebody who becomes a member of a committee."""

    staff_number = StringField("工号", [DataRequired("请写工号。"), Length(max=32)])
    office = RadioField(
        "职务",
        choices=[
            SelectChoice(each.value, label) for each, label in COMMITTEE_OFFICE_LABELS.items()
        ],
        coerce=CommitteeOffice,
        default=CommitteeOffice.MEMBER,
    )
    starts_on = DateField("从哪一天起", [InputRequired("请写日期。"), plausible])
