"""The shape of what the administrator types about the hall."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.accounts.hall import Profile
from app.kernel.forms import BaseForm, VersionField, text_in

TEXTS = (
    "name",
    "former_name",
    "number_prefix",
    "supervision_phone",
    "hotline",
    "discipline_phone",
    "qr_base",
    "office_hours",
)


class HallForm(BaseForm):
    """The profile of the hall."""

    name = StringField("大厅名称", [DataRequired("请填写大厅名称。"), Length(max=60)])
    former_name = StringField("曾用名称", [Length(max=60)], description="改过名的填写，没有的留空")
    number_prefix = StringField(
        "自有编号的字头", [Length(max=8)], description="如“优建”；没有的留空，编号只有年份和序号"
    )
    supervision_phone = StringField(
        "监督电话", [Length(max=20)], description="大厅自己的；没有的留空"
    )
    hotline = StringField("政务服务热线", [Length(max=20)])
    discipline_phone = StringField("纪检举报电话", [Length(max=20)])
    qr_base = StringField(
        "二维码的网址开头",
        [Length(max=120)],
        description="群众手机打得开的网址；打不开的留空，就一律不印二维码",
    )
    office_hours = StringField(
        "办公时间", [Length(max=80)], description="如“周一至周五9:00—17:00，周六9:00—12:00”"
    )
    version = VersionField()

    def read_profile(self) -> Profile:
        """Give what was typed, for the service."""
        texts = {name: text_in(self[name]) for name in TEXTS}
        return Profile(version=self.version.data, **texts)
