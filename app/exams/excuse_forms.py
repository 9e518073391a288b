"""What is typed about who comes when: an application for 缓考 or 免考, and a window of a batch."""

from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from app.exams.batching import BATCHES
from app.exams.forms import EPOCH, TIMES, when
from app.exams.models import EXCUSE_CAUSE_LABELS, EXCUSE_KIND_LABELS, ExcuseCause, ExcuseKind
from app.exams.service.batches import Window
from app.exams.service.excuses import TYPED_CAUSES, Wanted
from app.kernel.clock import from_local
from app.kernel.forms import BaseForm, text_in


class ExcuseForm(BaseForm):
    """One kind and cause for one or more people; no sick note is asked for."""

    people = TextAreaField(
        "姓名或工号",
        [DataRequired("请写姓名或工号。"), Length(max=1000)],
        description="可以一次写多人，用空格、顿号或换行隔开；同名的写工号。",
    )
    kind = RadioField(
        "申请",
        [InputRequired("请选缓考或者免考。")],
        choices=[SelectChoice(each.value, label) for each, label in EXCUSE_KIND_LABELS.items()],
        default=ExcuseKind.DEFERRAL.value,
        description="缓考的人要参加补考；免考的人这一次不用考。",
    )
    cause = RadioField(
        "原因",
        [InputRequired("请选原因。")],
        choices=[SelectChoice(each.value, EXCUSE_CAUSE_LABELS[each]) for each in TYPED_CAUSES],
        description="免考请选“其他”，并写明原因。",
    )
    note = StringField(
        "说明",
        [Length(max=200)],
        description="选“其他”的必填。不用写病情，也不用上传病假条。",
    )

    def wanted(self) -> Wanted:
        """Give what was typed as the service takes it."""
        return Wanted(
            kind=ExcuseKind(self.kind.data),
            cause=ExcuseCause(self.cause.data),
            people=text_in(self.people),
            note=text_in(self.note),
        )


class WindowForm(BaseForm):
    """From when until when one batch may begin."""

    code = SelectField("场次", choices=[SelectChoice(each, f"{each}场") for each in BATCHES])
    opens_at = DateTimeLocalField("开始进入", [InputRequired("请选开始时间。")], format=TIMES)
    closes_at = DateTimeLocalField("停止进入", [InputRequired("请选结束时间。")], format=TIMES)

    def validate(self, extra_validators: object = None) -> bool:
        """Check the times' years too."""
        is_valid = bool(super().validate(extra_validators))
        for field in (self.opens_at, self.closes_at):
            if field.data is not None and when(field.data) is None:
                field.errors = [*field.errors, "年份不对，请按 2026-11-21 09:00 的样子填写。"]
                is_valid = False
        return is_valid

    def window(self) -> Window:
        """Give what was typed as the service takes it."""
        return Window(
            code=str(self.code.data),
            opens_at=from_local(self.opens_at.data or EPOCH),
            closes_at=from_local(self.closes_at.data or EPOCH),
        )
