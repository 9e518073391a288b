"""The shape of what is typed about a group of screens, and about a package."""

import re

from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts import service as accounts
from app.kernel.forms import BaseForm, VersionedForm, text_in
from app.screens.models import (
    LEAST_INCHES,
    LEAST_METRES,
    LEAST_PIXELS,
    MAX_NAME,
    MOST_INCHES,
    MOST_METRES,
    MOST_PIXELS,
    ORIENTATION_LABELS,
    PACE_LABELS,
    ScreenGroup,
    ScreenOrientation,
    ScreenPace,
)
from app.screens.service import GroupSettings

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ALL, CHOSEN = "all", "chosen"


def number_field(
    label: str, least: int, most: int, *, description: str, default: int | None = None
) -> IntegerField:
    """Give a field for a whole number within bounds, which its message names."""
    return IntegerField(
        label,
        [
            InputRequired(f"请填{least}到{most}之间的整数。"),
            NumberRange(least, most, message=f"请填{least}到{most}之间的整数。"),
        ],
        description=description,
        default=default,
    )


class GroupForm(VersionedForm):
    """A group of screens as it is changed."""

    name = StringField("名称", [DataRequired("请写名称，如“窗口上方屏”。"), Length(max=MAX_NAME)])
    orientation = RadioField(
        "方向",
        choices=[SelectChoice(each.value, label) for each, label in ORIENTATION_LABELS.items()],
        coerce=ScreenOrientation,
        default=ScreenOrientation.LANDSCAPE,
    )
    inches = number_field(
        "尺寸（英寸）", LEAST_INCHES, MOST_INCHES, description="对角线，如 55。", default=55
    )
    metres = number_field(
        "观看距离（米）", LEAST_METRES, MOST_METRES, description="群众一般站多远看。", default=5
    )
    pace = RadioField(
        "停留时间",
        choices=[SelectChoice(each.value, label) for each, label in PACE_LABELS.items()],
        coerce=ScreenPace,
        default=ScreenPace.NORMAL,
        description="每页按字数停留8至45秒；老年人多的地方选适老，停留更久。",
    )
    scope = RadioField(
        "播放哪些部门",
        choices=[
            SelectChoice(ALL, "全部部门（以后新增的也播）"),
            SelectChoice(CHOSEN, "选定的部门"),
        ],
        default=ALL,
    )
    department_ids = SelectMultipleField(
        "选定的部门",
        coerce=int,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def prepare(self) -> None:
        """Load the departments, in the hall's 序列."""
        self.department_ids.choices = [
            SelectChoice(each.id, each.name) for each in accounts.list_departments()
        ]

    def settings(self) -> GroupSettings:
        """Give what was typed, as the service takes it."""
        return GroupSettings(
            name=text_in(self.name),
            orientation=ScreenOrientation(self.orientation.data),
            pace=ScreenPace(self.pace.data),
            inches=self.inches.data or 0,
            metres=self.metres.data or 0,
            takes_all=self.scope.data == ALL,
            department_ids=self.department_ids.data or [],
        )

    def fill(self, group: ScreenGroup, settings: GroupSettings) -> None:
        """Show what is stored."""
        self.name.data = settings.name
        self.orientation.data, self.pace.data = settings.orientation, settings.pace
        self.inches.data, self.metres.data = settings.inches, settings.metres
        self.scope.data = ALL if settings.takes_all else CHOSEN
        self.department_ids.data = list(settings.department_ids)
        self.version.data = group.version


class NewGroupForm(GroupForm):
    """A new group; its address can't be changed later, because screens are set up with it."""

    slug = StringField(
        "网址末段",
        [DataRequired("请写网址末段，如 windows。"), Length(max=MAX_NAME)],
        description="小写英文字母、数字和短横线，如 windows；登记以后不能改。",
    )

    def validate_slug(self, field: StringField) -> None:
        """Refuse what can't be typed into the browser of any screen."""
        if not SLUG.fullmatch(text_in(field)):
            raise ValidationError("只能用小写英文字母、数字和短横线，如 hall-2。")


class PackageForm(BaseForm):
    """The size of the pictures."""

    width = number_field("宽（像素）", LEAST_PIXELS, MOST_PIXELS, description="按屏的实际点数填。")
    height = number_field(
        "高（像素）",
        LEAST_PIXELS,
        MOST_PIXELS,
        description="长条屏也可以，如 1920×360。",
    )
