"""The shape of a question as a person types it."""

from decimal import Decimal
from unicodedata import normalize

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.kernel.forms import MarksField, VersionField, text_in
from app.questions.kinds import OPTION_LABELS
from app.questions.models import (
    FALSE,
    QUESTION_CATEGORY_LABELS,
    QUESTION_KIND_LABELS,
    TRUE,
    QuestionCategory,
    QuestionKind,
    QuestionVersion,
)
from app.questions.service import Content
from app.regulations.citing import BasisRequired, CitingForm

MAX_MARKS = 100
MAX_BASIS = 300
# What stands between the letters of a key, once full-width characters have become ordinary ones.
SEPARATORS = "、,;./|和"
TRUE_WORDS = {"对": TRUE, "正确": TRUE, "√": TRUE, "T": TRUE, "错": FALSE, "错误": FALSE,
              "×": FALSE, "X": FALSE, "F": FALSE}  # fmt: skip


class QuestionForm(CitingForm):
    """One question; options one per line, the key as letters."""

    kind = RadioField(
        "题型",
        choices=[SelectChoice(kind.value, label) for kind, label in QUESTION_KIND_LABELS.items()],
        default=QuestionKind.SINGLE.value,
    )
    category = RadioField(
        "类别",
        choices=[
            SelectChoice(each.value, label) for each, label in QUESTION_CATEGORY_LABELS.items()
        ],
        default=QuestionCategory.COMMON.value,
    )
    stem = TextAreaField("题干", [DataRequired("请写题干。"), Length(max=1000)])
    options = TextAreaField(
        "选项", [Length(max=2000)], description="每行一个，不用写A、B、C；判断题不填。"
    )
    key = StringField(
        "答案", [DataRequired("请写答案。")], description="单选如 B，多选如 ACD，判断写 对 或 错。"
    )
    marks = MarksField(
        "分值",
        [
            InputRequired("请写分值，例如 10。"),
            NumberRange(min=Decimal("0.5"), max=MAX_MARKS, message="分值在0.5至100之间。"),
        ],
        places=None,
        default=Decimal(10),
    )
    basis = StringField(
        "依据",
        [BasisRequired("请写依据：制度或方案的名称和条款。"), Length(max=MAX_BASIS)],
        description="制度或方案的名称和条款，原文照录。",
    )
    analysis = TextAreaField("解析", [Length(max=1000)], description="成绩公布后给答错的人看。")
    version = VersionField()

    def content(self) -> Content:
        """Give the typed question as the service takes it."""
        kind = QuestionKind(self.kind.data)
        lines = text_in(self.options).split("\n")
        return Content(
            kind=kind,
            category=QuestionCategory(self.category.data),
            stem=text_in(self.stem),
            options=[line.strip() for line in lines if line.strip()],
            key=read_key(kind, text_in(self.key)),
            marks=Decimal(self.marks.data or 0).quantize(Decimal("0.01")),
            basis=self.cited_basis(self.basis, MAX_BASIS),
            article_id=self.read_article(),
            analysis=text_in(self.analysis),
        )

    def fill(self, version: QuestionVersion) -> None:
        """Show a stored version."""
        self.kind.data = version.kind.value
        self.category.data = version.category.value
        self.stem.data = version.stem
        is_choice = version.kind is not QuestionKind.TRUE_FALSE
        self.options.data = (
            "\n".join(option["text"] for option in version.options) if is_choice else ""
        )
        self.key.data = write_key(version)
        self.marks.data = version.marks
        self.basis.data = version.basis
        self.article_id.data = version.article_id or 0
        self.analysis.data = version.analysis
        self.version.data = version.number


def read_key(kind: QuestionKind, text: str) -> list[str]:
    """Read a key as people write it: `b`, `A、C D`, `ＡＣ`, `对`; unknown words stay."""
    cleaned = normalize("NFKC", text).strip().upper()
    if kind is QuestionKind.TRUE_FALSE:
        return [TRUE_WORDS.get(cleaned, cleaned)]
    return sorted({c for c in cleaned if c not in SEPARATORS and not c.isspace()})


def write_key(version: QuestionVersion) -> str:
    """Write a key as people read it."""
    if version.kind is QuestionKind.TRUE_FALSE:
        return "对" if version.key == [TRUE] else "错"
    return "".join(sorted(version.key, key=OPTION_LABELS.index))
