"""The shape of what people type to set a site up, and to give its first roles."""

from wtforms import PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Regexp

from app.accounts.forms import LOGIN_NAME, LOGIN_NAME_ADVICE
from app.accounts.roles import role_choices
from app.kernel.forms import BaseForm, text_in
from app.kernel.permissions import Role

OWN, WHOLE = "own", "whole"
DIFFERENT = "两次输入的密码不一样，请重新输入。"
MAX_PASSWORD = Length(max=256, message="密码最多256个字符。")


class SetUpForm(BaseForm):
    """The first person of a new site, let in by the one-time code that the start printed."""

    code = StringField("启动码", [DataRequired("请输入启动时屏幕上显示的启动码。")])
    hall_name = StringField("大厅名称", [DataRequired("请输入大厅名称。"), Length(max=60)])
    department_name = StringField("所在部门", [DataRequired("请输入部门名称。"), Length(max=60)])
    staff_number = StringField("工号", [DataRequired("请输入工号。"), Length(max=32)])
    name = StringField("姓名", [DataRequired("请输入姓名。"), Length(max=40)])
    password = PasswordField("业务账号的密码", [InputRequired("请输入密码。"), MAX_PASSWORD])
    repeated = PasswordField("再输一次", [EqualTo("password", message=DIFFERENT)])
    login_name = StringField(
        "管理员登录名",
        [
            DataRequired("请输入管理员登录名。"),
            Length(max=32),
            Regexp(LOGIN_NAME, message=LOGIN_NAME_ADVICE),
        ],
        description="不要用工号，如“guanli-01”。",
    )
    administrator_password = PasswordField(
        "管理员账号的密码", [InputRequired("请输入密码。"), MAX_PASSWORD]
    )
    administrator_repeated = PasswordField(
        "再输一次", [EqualTo("administrator_password", message=DIFFERENT)]
    )


class FirstRolesForm(BaseForm):
    """A role, and everybody who gets it."""

    role = SelectField("角色", coerce=Role)
    people = TextAreaField(
        "给谁",
        [DataRequired("请写工号或姓名，每行一个。")],
        description="每行一个工号；没有同名的也可以写姓名。",
    )
    scope = RadioField(
        "范围",
        choices=[SelectChoice(WHOLE, "全中心"), SelectChoice(OWN, "各自所在的部门")],
        default=WHOLE,
        description="窗口负责人、联络员一般选“各自所在的部门”。",
    )

    def prepare(self) -> None:
        """Offer the roles."""
        self.role.choices = [SelectChoice(value, label) for value, label in role_choices()]

    def lines(self) -> list[str]:
        """Give what was typed line by line."""
        return text_in(self.people).splitlines()
