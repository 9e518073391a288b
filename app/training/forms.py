"""The shape of what people type about classes; rules on the database live in the services."""

from collections.abc import Sequence
from datetime import date, datetime

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Department
from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.files.kept_photos import PhotoForm
from app.files.uploads import UploadForm
from app.kernel import clock
from app.kernel.forms import BaseForm, RefusedError, VersionedForm, VersionField, date_in, text_in
from app.training.booking import Candidate, SeatRow
from app.training.classes import Content
from app.training.models import (
    CLASS_KIND_LABELS,
    SIGN_IN_WAY_LABELS,
    ClassKind,
    SignInWay,
    StudyRecord,
)

MOST_SEATS = 1000
MOST_TEXT = 2000
SUBMIT, KEEP = "submit", "keep"
KIND_CHOICES = [SelectChoice(each.value, label) for each, label in CLASS_KIND_LABELS.items()]


class BoxesField(SelectMultipleField):
    """Several of some choices, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ClassForm(VersionedForm):
    """Six fields: kind, title, when, where, teacher, for whom; the rest is folded and preset."""

    kind = SelectField("类别", choices=KIND_CHOICES)
    title = StringField("主题", [DataRequired("请写主题。"), Length(max=60)])
    day = DateField("日期", [InputRequired("请选日期。")])
    starts = TimeField("开始时间", [InputRequired("请填开始时间。")])
    ends = TimeField("结束时间", [InputRequired("请填结束时间。")])
    place = StringField("地点", [DataRequired("请写地点。"), Length(max=40)])
    teacher = StringField(
        "讲师",
        [DataRequired("请写讲师。"), Length(max=40)],
        description="本厅人员写工号，外请的写单位和姓名。",
    )
    post_groups = BoxesField(
        "对象岗位",
        choices=[SelectChoice(each.value, label) for each, label in POST_GROUP_LABELS.items()],
        description="不选就是全部岗位。",
    )
    department_ids = BoxesField("只面向这些部门", coerce=int, description="不选就是全部部门。")
    seats = IntegerField(
        "座位数",
        [Optional(), NumberRange(min=1, max=MOST_SEATS, message=f"请填1到{MOST_SEATS}。")],
        description="不填就是不限；报满以后的排候补。",
    )
    aim = StringField(
        "预期改变", [Length(max=200)], description="希望哪项工作指标有变化，如“首次办成率提高”。"
    )
    has_test = BooleanField("课后安排训后测试")
    has_survey = BooleanField("课后发满意度调查（匿名）")

    def prepare(self, departments: Sequence[Department]) -> None:
        """Offer departments in their 序列."""
        self.department_ids.choices = [SelectChoice(each.id, each.name) for each in departments]

    def fill(self, content: Content, version: int) -> None:
        """Show what a class says, or what a new one starts from."""
        start, end = clock.local(content.starts_at), clock.local(content.ends_at)
        self.version.data, self.kind.data = version, content.kind.value
        self.day.data, self.starts.data, self.ends.data = start.date(), start.time(), end.time()
        for name in ("title", "place", "teacher", "seats", "aim", "has_test", "has_survey"):
            self[name].data = getattr(content, name)
        self.post_groups.data = [each.value for each in content.post_groups]
        self.department_ids.data = list(content.department_ids)

    def read_content(self) -> Content:
        """Give what was typed; a day with its hours is the hall's time."""
        day = date_in(self.day)
        return Content(
            kind=ClassKind(self.kind.data),
            title=text_in(self.title),
            starts_at=instant_of(day, self.starts),
            ends_at=instant_of(day, self.ends),
            place=text_in(self.place),
            teacher=text_in(self.teacher),
            post_groups=[PostGroup(each) for each in self.post_groups.data or ()],
            department_ids=list(self.department_ids.data or ()),
            seats=self.seats.data,
            aim=text_in(self.aim),
            has_test=bool(self.has_test.data),
            has_survey=bool(self.has_survey.data),
        )


def instant_of(day: date, field: TimeField) -> datetime:
    """Give the instant that was typed; raises RefusedError where no time was."""
    if field.data is None:
        raise RefusedError(**{field.name: "请填时间。"})
    return clock.from_local(datetime.combine(day, field.data))


class PlanForm(BaseForm):
    """One line of the year's plan."""

    month = SelectField("月份")
    kind = SelectField("类别", choices=KIND_CHOICES)
    title = StringField("主题", [DataRequired("请写主题。"), Length(max=60)])

    def prepare(self) -> None:
        """Offer the months of this year and of the next."""
        today = clock.today()
        months = [(today.year, month) for month in range(today.month, 13)]
        months += [(today.year + 1, month) for month in range(1, 13)]
        self.month.choices = [
            SelectChoice(f"{year}-{month}", f"{year}年{month}月") for year, month in months
        ]

    def read_month(self) -> tuple[int, int]:
        """Give year and month."""
        year, _, month = str(self.month.data).partition("-")
        return int(year), int(month)


class BookingForm(BaseForm):
    """Whom a lead books."""

    person_ids = BoxesField("人员", coerce=int)

    def prepare(self, candidates: Sequence[Candidate]) -> None:
        """Offer who may be booked; who was left over in the first session is ticked."""
        self.person_ids.choices = [
            SelectChoice(each.person_id, f"{each.name}（{each.place}）") for each in candidates
        ]


class FreeForm(BaseForm):
    """Why somebody gives up his place."""

    reason = StringField("原因", [DataRequired("请写明原因。"), Length(max=100)])


class SignInsForm(BaseForm):
    """Who has signed in, by tick or from the printed sheet."""

    seat_ids = BoxesField("已签到", coerce=int)
    # Who had signed in when the list was shown.
    seen = HiddenField()
    way = RadioField(
        "按什么登记",
        choices=[
            SelectChoice(each.value, SIGN_IN_WAY_LABELS[each])
            for each in (SignInWay.TICK, SignInWay.PAPER)
        ],
        default=SignInWay.TICK.value,
    )
    reason = StringField(
        "说明", [Length(max=100)], description="过了迟到时间再点名、撤销已有签到，要写明原因。"
    )

    def prepare(self, rows: Sequence[SeatRow]) -> None:
        """Offer who is booked."""
        self.seat_ids.choices = [
            SelectChoice(each.seat.id, f"{each.name}（{each.department}）") for each in rows
        ]

    def fill(self, rows: Sequence[SeatRow]) -> None:
        """Tick who has signed in."""
        self.seat_ids.data = [each.seat.id for each in rows if each.seat.signed_at is not None]
        self.seen.data = " ".join(str(each) for each in self.seat_ids.data)

    def read_seen(self) -> list[int]:
        """Give who had signed in when the list was shown."""
        known = {value for value, *_ in self.seat_ids.iter_choices()}
        return [each for each in known if str(each) in text_in(self.seen).split()]


class CodeForm(BaseForm):
    """The code on the wall, as somebody typed it."""

    code = StringField(
        "签到码", [DataRequired("请输入大屏上的六位数字。"), Length(max=12)],
        description="看现场大屏，每20秒换一次。",
    )  # fmt: skip

    def read_code(self) -> str:
        """Give the digits, without the blanks between which they are shown."""
        return "".join(text_in(self.code).split())


class MaterialForm(UploadForm):
    """A picture or a PDF that is handed out."""

    file = FileField(
        "课件", description="PDF（10页以内）或JPG、PNG图片，10MB以内；幻灯片请另存为PDF。"
    )
    title = StringField("名称", [DataRequired("请写课件的名称。"), Length(max=60)])


class RecordForm(PhotoForm):
    """学习会记录, with its one photo."""

    version = VersionField()
    file = FileField("一张照片", description="JPG、PNG 或 WEBP，10MB以内；拍摄地点等信息不保留。")
    chair = StringField("主持", [DataRequired("请写主持人。"), Length(max=40)])
    content = TextAreaField(
        "内容", [DataRequired("请写学习内容。"), Length(max=MOST_TEXT)],
        description="学了什么，出自哪份制度或者方案。",
    )  # fmt: skip
    points = TextAreaField(
        "发言要点", [DataRequired("请写发言要点。"), Length(max=MOST_TEXT)],
        description="一人一段，写要点，不写全文。",
    )  # fmt: skip

    def fill(self, record: StudyRecord | None) -> None:
        """Show what is stored."""
        self.version.data = record.version if record else 0
        for name in ("chair", "content", "points"):
            self[name].data = getattr(record, name) if record else ""

    def read_texts(self) -> tuple[str, str, str]:
        """Give what was typed."""
        return text_in(self.chair), text_in(self.content), text_in(self.points)


class FigureForm(UploadForm):
    """A file of monthly figures."""

    file = FileField("Excel文件", description="用模板的表头：工号、月份、指标、数值；5MB以内。")
