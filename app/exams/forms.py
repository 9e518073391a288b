"""The shape of what organisers type about an exam."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.exams.models import Exam
from app.exams.service.papers import Settings
from app.exams.settings import MAX_MINUTES, needs_approval, usual_minutes, usual_pass_marks
from app.kernel.clock import from_local, local
from app.kernel.forms import BaseForm, MarksField, VersionField, text_in

# The first is how a browser's control wants it; the others are what people type without one.
TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
FIRST_YEAR, LAST_YEAR = 2020, 2100
# Stands for a time that validation has refused; no service ever sees it.
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - from_local gives the zone.
DEFAULT_NOTICE = (
    "办件优先：有群众在窗口时先办件，开放时间内任选空闲时段参加。\n"
    "开始后按限时计时，到时自动交卷；叫回窗口、考场暂停时计时停住。\n"
    "每选一次自动保存，断网、断电不丢答案。"
)


def when(value: datetime | None) -> datetime | None:
    """Read a typed time as the hall's time; an impossible year counts as nothing typed."""
    if value is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None
    return from_local(value)


class PaperForm(BaseForm):
    """An exam's settings: eight fields, with what a month usually needs filled in."""

    title = StringField("考试名称", [DataRequired("请写考试名称。"), Length(max=80)])
    opens_at = DateTimeLocalField("开放时间", [InputRequired("请选开放时间。")], format=TIMES)
    closes_at = DateTimeLocalField("结束时间", [InputRequired("请选结束时间。")], format=TIMES)
    minutes = IntegerField(
        "限时（分钟）",
        [
            InputRequired("请写限时。"),
            NumberRange(min=1, max=MAX_MINUTES, message="限时在1至240分钟之间。"),
        ],
        default=usual_minutes,
    )
    pass_marks = MarksField(
        "合格分",
        [
            InputRequired("请写合格分。"),
            NumberRange(min=0, max=10000, message="合格分不能是负数。"),
        ],
        places=None,
        default=usual_pass_marks,
    )
    department_ids = SelectMultipleField(
        "参加部门",
        coerce=int,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    notice = TextAreaField(
        "须知",
        [DataRequired("请写须知。"), Length(max=1000)],
        default=DEFAULT_NOTICE,
        description="多选题怎么得分、补考以哪次为准，系统会自己写上。",
    )
    releases_when_complete = BooleanField("全部交卷后自动评卷并公布成绩")
    is_double_marked = BooleanField("简答题、论述题由两人评分")
    version = VersionField()

    def settings(self) -> Settings:
        """Give the typed settings as the service takes them."""
        return Settings(
            title=text_in(self.title),
            notice=text_in(self.notice),
            opens_at=from_local(self.opens_at.data or EPOCH),
            closes_at=from_local(self.closes_at.data or EPOCH),
            minutes=self.minutes.data or 0,
            pass_marks=Decimal(self.pass_marks.data or 0).quantize(Decimal("0.01")),
            department_ids=self.department_ids.data or [],
            releases_when_complete=bool(self.releases_when_complete.data),
            needs_approval=needs_approval(),
            is_double_marked=bool(self.is_double_marked.data),
        )

    def validate(self, extra_validators: object = None) -> bool:
        """Check the times' years too: a browser without a date control sends free text."""
        is_valid = bool(super().validate(extra_validators))
        for field in (self.opens_at, self.closes_at):
            if field.data is not None and when(field.data) is None:
                field.errors = [*field.errors, "年份不对，请按 2026-11-21 09:00 的样子填写。"]
                is_valid = False
        return is_valid

    def fill(self, exam: Exam, department_ids: Sequence[int]) -> None:
        """Show stored settings."""
        self.title.data, self.notice.data = exam.title, exam.notice
        self.opens_at.data = local(exam.opens_at).replace(tzinfo=None)
        self.closes_at.data = local(exam.closes_at).replace(tzinfo=None)
        self.minutes.data, self.pass_marks.data = exam.minutes, exam.pass_marks
        self.department_ids.data = list(department_ids)
        self.releases_when_complete.data = exam.releases_when_complete
        self.is_double_marked.data = exam.is_double_marked
        self.version.data = exam.version


class ReasonForm(BaseForm):
    """A reason for a decision."""

    reason = TextAreaField("原因", [DataRequired("请写明原因。"), Length(max=500)])
