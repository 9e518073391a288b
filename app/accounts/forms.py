"""The shape of what people type to sign in and to set a site up."""

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from app.kernel.forms import BaseForm


class SignInForm(BaseForm):
    """工号 and password."""

    staff_number = StringField(
        "工号", [DataRequired("请输入工号。"), Length(max=64, message="工号最多64个字符。")]
    )
    password = PasswordField(
        "密码", [InputRequired("请输入密码。"), Length(max=256, message="密码最多256个字符。")]
    )
    next = HiddenField()


class SetUpForm(BaseForm):
    """The first person of a new site, let in by the one-time code that the start printed."""

    code = StringField("启动码", [DataRequired("请输入启动时屏幕上显示的启动码。")])
    hall_name = StringField("大厅名称", [DataRequired("请输入大厅名称。"), Length(max=60)])
    department_name = StringField("所在部门", [DataRequired("请输入部门名称。"), Length(max=60)])
    staff_number = StringField("工号", [DataRequired("请输入工号。"), Length(max=32)])
    name = StringField("姓名", [DataRequired("请输入姓名。"), Length(max=40)])
    password = PasswordField(
        "密码",
        [
            InputRequired("请输入密码。"),
            Length(max=256, message="密码最多256个字符。"),
        ],
    )
    repeated = PasswordField(
        "再输一次密码", [EqualTo("password", message="两次输入的密码不一样，请重新输入。")]
    )


class CodeForm(BaseForm):
    """The second step of signing in."""

    code = StringField(
        "动态口令或恢复码",
        [DataRequired("请输入动态口令。"), Length(max=40, message="最多40个字符。")],
    )
    next = HiddenField()


class NewPasswordForm(BaseForm):
    """A new password, typed twice; the present one where it was not just proven."""

    present = PasswordField("现在的密码", [Length(max=256, message="密码最多256个字符。")])
    password = PasswordField(
        "新密码",
        [InputRequired("请输入新密码。"), Length(max=256, message="密码最多256个字符。")],
    )
    repeated = PasswordField(
        "再输一次新密码", [EqualTo("password", message="两次输入的密码不一样，请重新输入。")]
    )


class ProofForm(BaseForm):
    """The password once more; `kernel.forms.PROOF_FIELD` names its field."""

    next = HiddenField()
    proof_password = PasswordField(
        "密码", [InputRequired("请输入密码。"), Length(max=256, message="密码最多256个字符。")]
    )


class FactorForm(BaseForm):
    """The first code of a new authenticator, with the secret that it was made from."""

    secret = HiddenField()
    code = StringField(
        "手机上显示的6位数字",
        [DataRequired("请输入6位数字。"), Length(max=20, message="最多20个字符。")],
    )


class ReasonForm(BaseForm):
    """Why an administrator does something with somebody's account."""

    reason = StringField(
        "原因",
        [DataRequired("请写明原因，会记入日志。"), Length(max=200, message="原因最多200个字。")],
    )


class SlipsForm(BaseForm):
    """For whom activation slips are printed."""

    department = SelectField("部门", default="")
    again = BooleanField("已经发过、还没有过期的也重新打印（原来的激活单随即作废）")
