"""The shape of an upload: a file with its tick, and the day of the list."""

from datetime import timedelta

from wtforms import DateField, FileField, ValidationError
from wtforms.validators import InputRequired

from app.files.uploads import UploadForm
from app.kernel import clock

FARTHEST = timedelta(days=366)


class RosterUploadForm(UploadForm):
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

    def validate_effective_on(self, field: DateField) -> None:
        """Refuse a day that must be a slip."""
        if field.data and abs(field.data - clock.today()) > FARTHEST:
            raise ValidationError("名单日期离今天太远，请核对年份。")
