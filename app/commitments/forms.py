"""The shape of what people type about commitments; rules of wording stand in wording.py."""

from wtforms import BooleanField, FileField, SelectField, SelectMultipleField, StringField
from wtforms.fields import TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.commitments.models import MOST_LINES, MOST_STANDARDS
from app.commitments.sheets import Content, LineEntry, StandardEntry
from app.files.uploads import UploadForm
from app.kernel.forms import BaseForm, VersionedForm, text_in

# More than a line may have: what is too long is told with its number of characters by the service.
TYPED_LINE = 60
LAST, BLANK = "last", "blank"


class NewSheetForm(BaseForm):
    """For whom a new version is drafted, and what it starts from."""

    place = SelectField("部门或窗口", description="选整个部门，或者其中一个窗口。")
    source = SelectField(
        "从哪里开始",
        choices=[
            SelectChoice(LAST, "上一版；没有的，用本部门的"),
            SelectChoice(BLANK, "空白"),
        ],
        default=LAST,
    )

    def read_place(self) -> tuple[int, int | None]:
        """Give department and window."""
        department, _, window = str(self.place.data).partition("-")
        return int(department), int(window) if window else None


class SheetForm(VersionedForm):
    """The text of a version: five rows of commitments, five of standards; empty ones are ignored.

    The rows are added below this class.
    """

    slogan = StringField(
        "标语",
        [Length(max=16, message="标语最多16个字。")],
        description="两句为好，中间空一格，如“一次讲清 一次办成”。",
    )
    supervision_phone = StringField(
        "监督电话", [Length(max=20)], description="不填就用大厅统一的监督电话。"
    )
    receiver = StringField(
        "公示受理人",
        [Length(max=20, message="最多20个字。")],
        description="写科室或岗位，不写人名，如“大厅值班长”。",
    )

    def read_content(self) -> Content:
        """Give what was typed, rows in their places."""
        return Content(
            slogan=text_in(self.slogan),
            supervision_phone=text_in(self.supervision_phone),
            receiver=text_in(self.receiver),
            lines=[
                LineEntry(
                    text=text_in(self[f"text_{row}"]),
                    indicator=text_in(self[f"indicator_{row}"]),
                    measure=text_in(self[f"measure_{row}"]),
                )
                for row in line_rows()
            ],
            standards=[
                StandardEntry(
                    text=text_in(self[f"standard_text_{row}"]),
                    basis=text_in(self[f"standard_basis_{row}"]),
                )
                for row in standard_rows()
            ],
        )

    def fill(self, content: Content, version: int) -> None:
        """Show what is stored."""
        self.version.data = version
        for name in ("slogan", "supervision_phone", "receiver"):
            self[name].data = getattr(content, name)
        for row, line in enumerate(content.lines, start=1):
            for name in ("text", "indicator", "measure"):
                self[f"{name}_{row}"].data = getattr(line, name)
        for row, standard in enumerate(content.standards, start=1):
            self[f"standard_text_{row}"].data = standard.text
            self[f"standard_basis_{row}"].data = standard.basis


def line_rows() -> range:
    """Give the numbers of the rows of commitments."""
    return range(1, MOST_LINES + 1)


def standard_rows() -> range:
    """Give the numbers of the rows of standards."""
    return range(1, MOST_STANDARDS + 1)


def add_rows() -> None:
    """Add the fields of the rows, each with a label that names its row."""
    for row in line_rows():
        parts = (
            ("text", "承诺", TYPED_LINE),
            ("indicator", "指标", 20),
            ("measure", "怎样衡量", 60),
        )
        for name, label, most in parts:
            field = StringField(
                f"第{row}条{label}", [Length(max=most, message=f"最多{most}个字。")]
            )
            setattr(SheetForm, f"{name}_{row}", field)
    for row in standard_rows():
        for name, label, most in (("text", "内容", 40), ("basis", "依据", 56)):
            field = StringField(
                f"第{row}条标准的{label}", [Length(max=most, message=f"最多{most}个字。")]
            )
            setattr(SheetForm, f"standard_{name}_{row}", field)


add_rows()


class CopyForm(BaseForm):
    """To which windows a department's version is copied."""

    window_ids = SelectMultipleField(
        "窗口",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class CodeForm(UploadForm):
    """The official picture of a window's 好差评码."""

    file = FileField(
        "好差评码图片",
        description="由“好差评”平台下发的原图，JPG、PNG 或 WEBP，10 MB以内；本站不生成码。",
    )
    is_official = BooleanField(
        "这是平台下发给本窗口的码", [InputRequired("请核对是不是本窗口的码，再打勾。")]
    )


class PlateForm(BaseForm):
    """For whom a 党员示范岗 is asked, and why."""

    staff_number = StringField("工号", [DataRequired("请写工号。"), Length(max=32)])
    grounds = TextAreaField(
        "申请理由",
        [DataRequired("请写申请理由。"), Length(max=200, message="最多200个字。")],
        description="写岗位上的表现；不写入党时间等党员信息。",
    )
