"""Forms of moves: the version that was seen, a reason where one is asked for, a signed sheet."""

from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.files.signed_sheets import MAX_REASON, SheetForm
from app.kernel.forms import VersionedForm


class MoveForm(VersionedForm):
    """A move with its reason; pages of moves that ask for none leave the field out."""

    reason = TextAreaField("理由", [Length(max=MAX_REASON, message=f"最多{MAX_REASON}字。")])


class SignatureForm(SheetForm):
    """What stands on a sheet by which something was decided."""

    sheet = "签批单"
    signed_by = StringField(
        "签批人工号",
        [InputRequired("请填签批人的工号。"), Length(max=32)],
        description="在纸上签字的领导或负责人，不是代录的人。",
    )
    signed_on = DateField("签批日期", [InputRequired("请填纸上写的签批日期。")])
    meeting = StringField(
        "会议或事由",
        [InputRequired("请写明在哪次会上或者因什么签批。"), Length(max=100)],
        description="如“11月主任办公会”；没有开会的，写“传批”。",
    )
    minute_number = StringField("纪要编号", [Length(max=60)], description="没有纪要的不填。")
    reason = TextAreaField("批示意见", [Length(max=MAX_REASON)])
