"""What an organiser types for an act in an exam that runs."""

from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.exams.models import ControlKind
from app.exams.settings import MAX_MINUTES
from app.kernel.forms import BaseForm

MOST_WORDS = 200


class PlainForm(BaseForm):
    """Nothing to type: to start, to go on."""


class MessageForm(BaseForm):
    """A message to those who sit."""

    text = TextAreaField(
        "消息",
        [DataRequired("请写消息。"), Length(max=MOST_WORDS, message="消息最多200个字。")],
        description="几秒内显示在答题页上方，看过的人按“知道了”收起。",
    )


class ReasonForm(BaseForm):
    """A reason, for the log."""

    text = TextAreaField(
        "原因",
        [DataRequired("请写原因。"), Length(max=MOST_WORDS, message="原因最多200个字。")],
        description="记入审计日志，应考人看不到。",
    )


class ExtraTimeForm(ReasonForm):
    """How much longer, and why."""

    minutes = IntegerField(
        "加时（分钟）",
        [
            InputRequired("请写加几分钟。"),
            NumberRange(min=1, max=MAX_MINUTES, message="加时在1至240分钟之间。"),
        ],
    )


FORMS: dict[ControlKind, type[BaseForm]] = {
    ControlKind.START: PlainForm,
    ControlKind.MESSAGE: MessageForm,
    ControlKind.EXTRA_TIME: ExtraTimeForm,
    ControlKind.PAUSE: ReasonForm,
    ControlKind.RESUME: PlainForm,
    ControlKind.COLLECT: ReasonForm,
}
