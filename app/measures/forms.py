"""The shape of what people type about plans, measures and readings."""

from collections.abc import Sequence
from decimal import Decimal

from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Department
from app.files.uploads import UploadForm
from app.kernel import formats
from app.kernel.forms import (
    BaseForm,
    MarksField,
    VersionedForm,
    date_in,
    text_in,
)
from app.measures.models import (
    NOTE_KIND_LABELS,
    IndicatorKind,
    IndicatorWay,
    Measure,
    MeasureIndicator,
    NoteKind,
)
from app.measures.notes import NoteEntry
from app.measures.plans import PlanSpan
from app.measures.readings import Entry

MAX_TEXT = 500
MAX_LINE = 120
MOST_COUNT = 100_000_000
NO_DAY = "请填写日期。"


class AssignForm(VersionedForm):
    """Whose a measure is, and until when."""

    department_id = SelectField("牵头部门", coerce=int)
    partners = StringField(
        "配合部门",
        [Length(max=MAX_LINE, message=f"最多{MAX_LINE}个字。")],
        description="没有的不填；几个部门用顿号隔开。",
    )
    ends_on = DateField("完成期限", [InputRequired(NO_DAY)])

    def prepare(self, departments: Sequence[Department]) -> None:
        """Fill in what may be chosen."""
        choices = [SelectChoice(each.id, each.name) for each in departments]
        self.department_id.choices = [SelectChoice(0, "请选择"), *choices]


class ExtendForm(VersionedForm):
    """A later date, and why."""

    until_on = DateField("延到", [InputRequired(NO_DAY)])
    reason = TextAreaField(
        "延期理由",
        [DataRequired("请写明理由。"), Length(max=MAX_TEXT, message=f"最多{MAX_TEXT}个字。")],
    )


class NoteForm(BaseForm):
    """督促整改 or 宣传引导, in a line."""

    kind = RadioField(
        "类别",
        [InputRequired("请选择类别。")],
        choices=[SelectChoice(each, label) for each, label in NOTE_KIND_LABELS.items()],
        default=NoteKind.URGING,
    )
    noted_on = DateField("日期", [InputRequired(NO_DAY)])
    text = TextAreaField(
        "内容",
        [DataRequired("请写明内容。"), Length(max=MAX_TEXT, message=f"最多{MAX_TEXT}个字。")],
        description="做了什么、向谁、结果如何，一两句话。",
    )

    def read_note(self) -> NoteEntry:
        """Give what was written."""
        return NoteEntry(
            kind=NoteKind(self.kind.data), noted_on=date_in(self.noted_on), text=text_in(self.text)
        )


class ReadingForm(UploadForm):
    """A reading: of all fields only those that the indicator has use for are shown."""

    read_on = DateField("读数日期", [InputRequired(NO_DAY)])
    progress = RadioField(
        "进展",
        choices=[SelectChoice("0", "推进中"), SelectChoice("1", "已完成")],
        default="0",
    )
    value = MarksField("读数", [Optional()])
    numerator = IntegerField(
        "分子", [Optional(), NumberRange(min=0, max=MOST_COUNT, message="请填0以上的整数。")]
    )
    denominator = IntegerField(
        "分母", [Optional(), NumberRange(min=1, max=MOST_COUNT, message="请填1以上的整数。")]
    )
    mean = MarksField("全市各区平均值", [Optional()])
    items = SelectMultipleField(
        "已完成的项目",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=True,
    )
    text = TextAreaField(
        "做了什么", [Length(max=MAX_TEXT, message=f"最多{MAX_TEXT}个字。")],
        description="进展、问题和下一步，一两句话。",
    )  # fmt: skip
    source = StringField(
        "数据来源",
        [
            DataRequired("请写明数据从哪里来。"),
            Length(max=MAX_LINE, message=f"最多{MAX_LINE}个字。"),
        ],
        description="如“一网通办数字化运营平台10月报表”。",
    )
    reason = StringField("更正原因", [Length(max=MAX_LINE, message=f"最多{MAX_LINE}个字。")])

    def prepare(self, indicator: MeasureIndicator) -> None:
        """Leave the fields that the indicator has use for."""
        unused = {"progress", "value", "numerator", "denominator", "mean", "items"}
        unused -= set(fields_of(indicator))
        for name in unused:
            del self[name]
        if "items" in self:
            self.items.choices = [SelectChoice(each, each) for each in indicator.items]
        if "value" in self:
            self.value.label.text = f"读数（{indicator.unit}）" if indicator.unit else "读数"
            self.value.description = value_hint(indicator)
        self.file.description = "佐证：JPG、PNG图片或PDF，没有的可以不选。"

    def read_entry(self) -> Entry:
        """Give what was typed."""
        given = {name: self[name].data for name in ("numerator", "denominator", "mean")
                 if name in self}  # fmt: skip
        return Entry(
            read_on=date_in(self.read_on),
            value=self.read_value(),
            items=tuple(self.items.data or ()) if "items" in self else (),
            text=text_in(self.text),
            source=text_in(self.source),
            **given,
        )

    def read_value(self) -> Decimal | None:
        """Give the number, or what stands for it."""
        if "progress" in self:
            return Decimal(self.progress.data or 0)
        return self.value.data if "value" in self else None


def fields_of(indicator: MeasureIndicator) -> tuple[str, ...]:
    """Name the fields of a reading of this indicator."""
    if indicator.kind is IndicatorKind.QUALITATIVE:
        return ("progress",)
    if indicator.kind is IndicatorKind.CHECKLIST:
        return ("items",) if indicator.items else ("value",)
    if indicator.kind is IndicatorKind.RELATIVE:
        return ("value", "mean")
    if indicator.way is IndicatorWay.RATIO:
        return ("value", "numerator", "denominator")
    return ("value",)


def value_hint(indicator: MeasureIndicator) -> str:
    """Say what number is meant."""
    if indicator.way is IndicatorWay.RUNNING:
        return "填到这一天为止、本期累计的数。"
    if indicator.way is IndicatorWay.RATIO:
        return "填百分数；有分子分母的填分子分母，这里不填。"
    return "填这一天的数。"


class TargetForm(VersionedForm):
    """A target, while its row is nobody's yet."""

    target = MarksField("目标值", [InputRequired("请填写目标值。")])
    upper = MarksField("上限", [Optional()])


class CopyForm(BaseForm):
    """The next year's plan."""

    year = IntegerField(
        "年度",
        [InputRequired("请填写年度。"), NumberRange(min=2000, max=2100, message="请填四位年度。")],
    )
    title = StringField(
        "名称",
        [DataRequired("请填写名称。"), Length(max=MAX_LINE, message=f"最多{MAX_LINE}个字。")],
    )
    starts_on = DateField("开始日期", [InputRequired(NO_DAY)])
    ends_on = DateField("结束日期", [InputRequired(NO_DAY)])

    def read_span(self) -> PlanSpan:
        """Give the days."""
        return PlanSpan(starts_on=date_in(self.starts_on), ends_on=date_in(self.ends_on))


class TableForm(UploadForm):
    """A 任务分解表."""


def due_hint(measure: Measure) -> str:
    """Say until when the plan runs."""
    return f"这一项从{formats.day(measure.begins_on)}开始。"
