"""What is typed about a question that may be wrong: a doubt, and what whoever checked proposes."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from app.exams.models import CORRECTION_KIND_LABELS, CorrectionKind, QuestionCorrection
from app.exams.service.corrections import Finding
from app.exams.service.doubts import NO_REASON
from app.kernel.forms import BaseForm, VersionField, text_in
from app.questions.key_text import write_key
from app.questions.kinds import QuestionKind


class DoubtForm(BaseForm):
    """What somebody holds against a question."""

    reason = TextAreaField(
        "疑问",
        [
            DataRequired(NO_REASON),
            Length(max=500, message="最多500字，请写短一些。"),
        ],
        description="写清哪个选项、依据哪一条。核对和决定的人看得到内容，页面上不显示你的姓名。",
    )


class FindingForm(BaseForm):
    """What is right: for a second person to decide."""

    kind = RadioField(
        "核对意见",
        [InputRequired("请选核对意见。")],
        choices=[SelectChoice(each.value, label) for each, label in CORRECTION_KIND_LABELS.items()],
    )
    further = StringField(
        "也算对的答案",
        [Length(max=1000)],
        description="选“增加一个正确答案”的填写：单选如 B，多选如 ACD，判断写 对 或 错；"
        "填空用“；”隔开各空；数值如 15±0.5。",
    )
    opinion = TextAreaField(
        "理由",
        [DataRequired("请写明理由和依据。"), Length(max=1000)],
        description="依据哪个制度的哪一条。提出疑问的人和看成绩的人会看到。",
    )
    version = VersionField()

    def finding(self) -> Finding:
        """Give what was typed as the service takes it."""
        return Finding(
            kind=CorrectionKind(self.kind.data),
            further=text_in(self.further),
            opinion=text_in(self.opinion),
        )

    def fill(self, correction: QuestionCorrection, kind: QuestionKind) -> None:
        """Show what is stored: after a return what was proposed before."""
        self.version.data = correction.version
        if correction.kind is None:
            return
        self.kind.data = correction.kind.value
        self.opinion.data = correction.opinion
        self.further.data = write_key(kind, correction.further_key)
