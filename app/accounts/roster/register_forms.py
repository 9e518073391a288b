"""The shape of what people type into the registers: departments, windows, posts, 事项, 议事机构."""

from datetime import date

from sqlalchemy import select
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields import TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.accounts.models import DEPARTMENT_KIND_LABELS, Department, DepartmentKind
from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.accounts.roster.placements import is_open
from app.kernel import clock, db
from app.kernel.forms import VersionedForm

MAX_POSITION = 999


def department_choices(today: date) -> list[SelectChoice]:
    """Give the departments that are not closed, in the hall's 序列."""
    rows = db.session.scalars(
        select(Department).where(is_open(Department, today)).order_by(Department.position)
    )
    return [SelectChoice(each.id, each.name) for each in rows]


class RegisterForm(VersionedForm):
    """An entry of a register. It is never deleted: what is no longer used is closed on a day."""

    closed_on = DateField(
        "停用日期", [Optional()], description="不再使用的，填从哪一天起停用；在用的不填。"
    )

    def prepare(self) -> None:
        """Load what a person may choose from."""


class DepartmentForm(RegisterForm):
    """A department."""

    name = StringField("部门名称", [DataRequired("请写部门名称。"), Length(max=60)])
    position = IntegerField(
        "序列",
        [
            InputRequired("请写序列，例如 12。"),
            NumberRange(min=1, max=MAX_POSITION, message="序列在1至999之间。"),
        ],
        description="大厅固定的先后次序，不能和别的部门相同。",
    )
    kind = RadioField(
        "类别",
        choices=[SelectChoice(each.value, label) for each, label in DEPARTMENT_KIND_LABELS.items()],
        coerce=DepartmentKind,
        default=DepartmentKind.STATIONED,
    )


class OfDepartmentForm(RegisterForm):
    """An entry that belongs to a department."""

    department_id = SelectField("部门", coerce=int)

    def prepare(self) -> None:
        """Offer the departments in use, and the one that stands there."""
        self.department_id.choices = department_choices(clock.today())


class WindowForm(OfDepartmentForm):
    """A window."""

    number = StringField(
        "窗口号",
        [DataRequired("请写窗口号，例如 A12。"), Length(max=20)],
        description="和窗口上方的牌子一致。",
    )
    name = StringField("窗口名称", [Length(max=60)], description="例如 不动产登记综合窗口。")


class PostForm(RegisterForm):
    """A post."""

    name = StringField("岗位名称", [DataRequired("请写岗位名称。"), Length(max=40)])
    post_group = RadioField(
        "岗位类别",
        choices=[SelectChoice(each.value, label) for each, label in POST_GROUP_LABELS.items()],
        coerce=PostGroup,
        default=PostGroup.GENERAL,
        description="一月一考按类别出岗位题。",
    )


class ServiceItemForm(OfDepartmentForm):
    """A 事项."""

    code = StringField("事项编码", [DataRequired("请写事项编码。"), Length(max=40)])
    name = StringField("事项名称", [DataRequired("请写事项名称。"), Length(max=120)])
    depth = StringField("办理深度", [Length(max=40)], description="例如 全程网办、一次办好。")
    is_frequent = BooleanField("高频事项")
    manual_version = StringField("手册版本", [Length(max=40)])


class CommitteeForm(RegisterForm):
    """A 议事机构."""

    name = StringField("名称", [DataRequired("请写名称，例如 效能建设领导小组。"), Length(max=60)])
    duty = TextAreaField("职责", [Length(max=300)])
