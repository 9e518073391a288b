"""The shape of what people type to sign in and to set a site up."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from app.kernel.forms import BaseForm

MIN_PASSWORD = 10


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
            Length(min=MIN_PASSWORD, max=256, message=f"密码至少{MIN_PASSWORD}位。"),
        ],
    )
    repeated = PasswordField(
        "再输一次密码", [EqualTo("password", message="两次输入的密码不一样，请重新输入。")]
    )
