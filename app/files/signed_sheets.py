"""What stands on every sheet that was signed on paper: who, when, and the scan of it (代录)."""

from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.files import scans
from app.files.uploads import UploadForm
from app.kernel.forms import VersionField

MAX_REASON = 500


class SheetForm(UploadForm):
    """What stands on a sheet that was signed on paper and decides nothing, with its scan."""

    sheet = "纸质单"
    version = VersionField()
    signed_by = StringField(
        "签字人工号",
        [InputRequired("请填签字人的工号。"), Length(max=32)],
        description="在纸上签字的人，不是代录的人。",
    )
    signed_on = DateField("签字日期", [InputRequired("请填纸上写的日期。")])
    reason = TextAreaField("备注", [Length(max=MAX_REASON)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.file.label.text = f"{self.sheet}扫描件"
        self.file.description = scans.HINT
