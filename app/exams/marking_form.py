"""What a marker types about one answer."""

from decimal import Decimal

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.exams.service.hand_answers import GivenMark
from app.exams.service.hand_marking import REMARK_LENGTH, Marking
from app.kernel.forms import BaseForm, MarksField, VersionField, text_in


class MarkingForm(BaseForm):
    """Marks in steps of a half, and a remark for whoever wrote the answer."""

    marks = MarksField("得分", [InputRequired("请写得分。")], places=None)
    remark = StringField(
        "评语",
        [Length(max=REMARK_LENGTH, message=f"最多{REMARK_LENGTH}字，请写短一些。")],
        description="可以不写；公布成绩后本人看得到，不写姓名。",
    )
    version = VersionField(default=0)

    def marking(self) -> Marking:
        """Give what was typed as the service takes it."""
        return Marking(
            marks=Decimal(self.marks.data or 0).quantize(Decimal("0.01")),
            remark=text_in(self.remark),
            version=self.version.data,
        )

    def fill(self, mine: GivenMark | None) -> None:
        """Show what this marker gave before."""
        if mine is None:
            self.version.data = 0
            return
        self.marks.data, self.remark.data = mine.marks.normalize(), mine.remark
        self.version.data = mine.version
