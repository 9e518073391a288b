"""The shape of what people type about days and hours; rules that need the table live in service."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.kernel.clock import SHANGHAI
from app.kernel.forms import BaseForm, VersionField
from app.workdays.models import DayKind
from app.workdays.periods import Periods, parse_periods, show_periods
from app.workdays.service import MAX_DAYS, DayEntry, HallMode, HoursEntry

MAX_NAME = 40
MAX_NOTICE = 120
WEEK_FIELDS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Changes = list[tuple[str, str, str]]


class PeriodsField(StringField):
    """Opening hours as text, 9:00-12:00、13:00-17:00; empty is closed. `data` holds Periods."""

    data: Periods | None  # type: ignore[assignment]

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the text; what can't be read stays in the control with its message."""
        self.data = None
        self.data = parse_periods(valuelist[0]) if valuelist else ()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return show_periods(self.data) if self.data else ""


class VersionedForm(BaseForm):
    """A form that edits what others may have changed meanwhile."""

    version = VersionField()


class DayForm(VersionedForm):
    """What one day is: for deadlines, and for the hall. Filled from a DayEntry."""

    kind = RadioField(
        "工作日",
        [InputRequired("请选择是不是工作日。")],
        choices=[
            SelectChoice(DayKind.ORDINARY, "按星期：星期一至星期五是工作日"),
            SelectChoice(DayKind.OFF, "放假"),
            SelectChoice(DayKind.WORK, "上班（含调休）"),
        ],
    )
    hall = RadioField(
        "大厅",
        [InputRequired("请选择大厅开不开。")],
        choices=[
            SelectChoice(HallMode.USUAL, "照常"),
            SelectChoice(HallMode.CLOSED, "闭厅"),
            SelectChoice(HallMode.OWN, "另定时段"),
        ],
    )
    periods = PeriodsField("开放时段", description="选“另定时段”时填写，如 9:00-12:00。")
    name = StringField(
        "事由",
        [Length(max=MAX_NAME, message=f"事由最多{MAX_NAME}个字。")],
        description="不同于平常的日子要写明，如“中秋”“设备检修”。",
    )

    def validate_periods(self, field: PeriodsField) -> None:
        """Ask for hours where the hall has its own on this day, and ignore none silently."""
        has_own = self.hall.data == HallMode.OWN
        if has_own and field.data == ():
            raise ValidationError("请填写开放时段，如 9:00-12:00。")
        if field.data and not has_own:
            raise ValidationError("填了时段却没有选“另定时段”：请改选，或者清空时段。")

    def read_entry(self, day: date) -> DayEntry:
        """Give what was typed, for the service."""
        return DayEntry(
            day=day,
            kind=DayKind(self.kind.data),
            name=self.name.data or "",
            periods=None if self.hall.data == HallMode.USUAL else self.periods.data,
            version=self.version.data,
        )


class HoursForm(VersionedForm):
    """The hall's usual week, and from when on."""

    valid_from = DateField("生效日期", [InputRequired("请填写生效日期。")])
    monday = PeriodsField("星期一")
    tuesday = PeriodsField("星期二")
    wednesday = PeriodsField("星期三")
    thursday = PeriodsField("星期四")
    friday = PeriodsField("星期五")
    saturday = PeriodsField("星期六")
    sunday = PeriodsField("星期日")

    def read_entry(self) -> HoursEntry:
        """Give what was typed, for the service."""
        return HoursEntry(
            valid_from=cast("date", self.valid_from.data),
            week=tuple(self[name].data for name in WEEK_FIELDS),
            version=self.version.data,
        )


def hours_data(entry: HoursEntry, *, today: date) -> dict[str, object]:
    """Give the form's data: planned hours are edited where they begin, others from today on."""
    days = dict(zip(WEEK_FIELDS, entry.week, strict=True))
    return {"valid_from": max(entry.valid_from, today), "version": entry.version, **days}


class ImportForm(BaseForm):
    """Agreeing to the differences that were shown; `seen` is their fingerprint."""

    notice = StringField(
        "通知名称和文号",
        [DataRequired("请填写依据的通知。"), Length(max=MAX_NOTICE)],
        description="手头有文件的，请补上文号。",
    )
    seen = HiddenField()


class DeadlineForm(BaseForm):
    """When something was received, and how many working days it may take."""

    received = DateTimeLocalField(
        "收到时间", [InputRequired("请填写收到的日期和时间。")], format="%Y-%m-%dT%H:%M"
    )
    days = IntegerField(
        "几个工作日",
        [
            InputRequired("请填写工作日数。"),
            NumberRange(0, MAX_DAYS, message=f"请填0到{MAX_DAYS}之间的整数。"),
        ],
    )

    def read_question(self) -> tuple[datetime, int]:
        """Give the aware time of receipt and the number of working days."""
        received, days = cast("tuple[datetime, int]", (self.received.data, self.days.data))
        return received.replace(tzinfo=SHANGHAI), days


def renew(typed: VersionedForm, stored: VersionedForm) -> Changes:
    """Let a stale form be sent once more, on what is stored by now.

    Gives what differs: label, what is stored, what was typed.
    """
    typed.version.data = stored.version.data
    rows = [
        (field.label.text, show_value(field), show_value(typed[field.name])) for field in stored
    ]
    return [row for row in rows if row[1] != row[2]]


def show_value(field: Field) -> str:
    """Give a field's value in words."""
    if isinstance(field, RadioField):
        return next((option.label.text for option in field if option.checked), "—")
    if isinstance(field, PeriodsField):
        return show_periods(field.data) if field.data else "—"
    return str(field.data or "—")
