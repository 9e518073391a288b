"""The shape of an upload: a file, the day of the list, and the tick about its content."""

from datetime import timedelta
from pathlib import PurePosixPath

from wtforms import BooleanField, DateField, FileField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.kernel import clock
from app.kernel.forms import BaseForm

FARTHEST = timedelta(days=366)
MAX_NAME = 200
# Words in a file's name that say that it does not belong here.
FORBIDDEN = ("绝密", "机密", "秘密", "内部", "注意保存")


class RosterUploadForm(BaseForm):
    """A roster file."""

    file = FileField(
        "名单文件",
        description="Excel 工作簿（.xlsx），2 MB以内。表头要有工号、姓名、部门、岗位、入职日期。",
    )
    effective_on = DateField(
        "名单日期",
        [InputRequired("请填写名单日期。")],
        description="调动从这一天起算；名单里没有、又勾选离岗的人，前一天是最后一天。",
    )
    is_harmless = BooleanField(
        "我确认本文件不含涉密、内部、敏感内容",
        [DataRequired("严禁上传涉密、内部、敏感文件。请确认后勾选。")],
    )

    def validate_effective_on(self, field: DateField) -> None:
        """Refuse a day that must be a slip."""
        if field.data and abs(field.data - clock.today()) > FARTHEST:
            raise ValidationError("名单日期离今天太远，请核对年份。")


def clean_name(name: str | None) -> str:
    """Give a file's own name: no folders, nothing unseen."""
    plain = PurePosixPath((name or "").replace("\\", "/")).name
    return "".join(c for c in plain if c.isprintable())[:MAX_NAME]


def forbidden_word(name: str) -> str:
    """Give the word in a file's name that forbids its upload; '' for none."""
    return next((word for word in FORBIDDEN if word in name), "")
