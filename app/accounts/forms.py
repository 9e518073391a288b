"""The shape of what people type to sign in, and about accounts."""

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Regexp

from app.accounts.models import AccountKind
from app.kernel.forms import BaseForm

LOGIN_NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
LOGIN_NAME_ADVICE = "只用字母、数字、短横和下划线，以字母或数字开头。"


class SignInForm(BaseForm):
    """工号 and password."""

    staff_number = StringField(
        "工号", [DataRequired("请输入工号。"), Length(max=64, message="工号最多64个字符。")]
    )
    password = PasswordField(
        "密码", [InputRequired("请输入密码。"), Length(max=256, message="密码最多256个字符。")]
    )
    next = HiddenField()


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


class AppointmentForm(BaseForm):
    """Who is to administer, as what, and why."""

    number = StringField(
        "工号", [DataRequired("请写工号。"), Length(max=64, message="工号最多64个字符。")]
    )
    kind = RadioField("担任", coerce=AccountKind)
    login_name = StringField(
        "管理员登录名",
        [
            DataRequired("请写登录名。"),
            Length(max=32, message="登录名最多32个字符。"),
            Regexp(LOGIN_NAME, message=LOGIN_NAME_ADVICE),
        ],
        description="登录管理员账号时用，不要用工号，如“anquan-01”。",
    )
    reason = StringField(
        "依据", [DataRequired("请写依据，如会议和日期。"), Length(max=200, message="最多200个字。")]
    )


class AcceptForm(BaseForm):
    """The password with which an appointed person begins."""

    password = PasswordField(
        "管理员账号的密码",
        [InputRequired("请输入密码。"), Length(max=256, message="密码最多256个字符。")],
    )
    repeated = PasswordField(
        "再输一次", [EqualTo("password", message="两次输入的密码不一样，请重新输入。")]
    )
