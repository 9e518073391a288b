"""The shape of a question as a person types it."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.kernel.forms import BaseForm, MarksField, VersionField, text_in
from app.questions.key_text import read_key, write_key
from app.questions.kinds import (
    CHOICES,
    DIFFICULTY_LABELS,
    QUESTION_KIND_LABELS,
    QuestionDifficulty,
    QuestionKind,
)
from app.questions.models import QUESTION_CATEGORY_LABELS, QuestionCategory, QuestionVersion
from app.questions.service import Content
from app.regulations.citing import BasisRequired, CitingForm

MAX_MARKS = 100
MAX_BASIS = 300
BETWEEN_TAGS = re.compile(r"[、，,;；\n]")


class QuestionForm(CitingForm):
    """One question; options one per line, the key as people write it."""

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
    post_group = SelectField(
        "岗位",
        choices=[
            SelectChoice("", "不分岗位"),
            *(SelectChoice(each.value, label) for each, label in POST_GROUP_LABELS.items()),
        ],
        default="",
        description="岗位题选了岗位的，只给这一类岗位的人。",
    )
    stem = TextAreaField(
        "题干",
        [DataRequired("请写题干。"), Length(max=2000)],
        description="填空题用 ____ 标出每一个空。",
    )
    options = TextAreaField(
        "选项", [Length(max=4000)], description="每行一个，不用写A、B、C；只有单选题、多选题要填。"
    )
    key = TextAreaField(
        "答案",
        [DataRequired("请写答案。"), Length(max=4000)],
        description="单选如 B，多选如 ACD，判断写 对 或 错；填空用“；”隔开各空，"
        "用“/”隔开同一空的不同写法；数值如 15±0.5；简答、论述写参考答案。",
    )
    marks = MarksField(
        "分值",
        [
            Optional(),
            NumberRange(min=Decimal("0.5"), max=MAX_MARKS, message="分值在0.5至100之间。"),
        ],
        places=None,
        description="不填的，由试卷按题型给分。",
    )
    difficulty = SelectField(
        "难度",
        choices=[
            SelectChoice("", "未定"),
            *(SelectChoice(each.value, label) for each, label in DIFFICULTY_LABELS.items()),
        ],
        default="",
    )
    tags = StringField("知识点", [Length(max=300)], description="几个知识点之间用“、”隔开。")
    basis = StringField(
        "依据",
        [BasisRequired("请写依据：制度或方案的名称和条款。"), Length(max=MAX_BASIS)],
        description="制度或方案的名称和条款，原文照录。",
    )
    analysis = TextAreaField("解析", [Length(max=2000)], description="成绩公布后给答错的人看。")
    version = VersionField()

    def content(
        self, *, group_id: int | None = None, pictures: Mapping[str, int] | None = None
    ) -> Content:
        """Give the typed question as the service takes it; pictures stay whose marker stays."""
        kind, stem = QuestionKind(self.kind.data), text_in(self.stem)
        lines = text_in(self.options).split("\n") if kind in CHOICES else []
        return Content(
            kind=kind,
            category=QuestionCategory(self.category.data),
            post_group=PostGroup(self.post_group.data) if self.post_group.data else None,
            difficulty=QuestionDifficulty(self.difficulty.data) if self.difficulty.data else None,
            stem=stem,
            group_id=group_id,
            pictures={each: file for each, file in (pictures or {}).items() if each in stem},
            options=[line.strip() for line in lines if line.strip()],
            key=read_key(kind, text_in(self.key), stem=stem),
            marks=None if self.marks.data is None else self.marks.data.quantize(Decimal("0.01")),
            basis=self.cited_basis(self.basis, MAX_BASIS),
            article_id=self.read_article(),
            analysis=text_in(self.analysis),
        )

    def read_tags(self) -> list[str]:
        """Give the typed tags."""
        return [each.strip() for each in BETWEEN_TAGS.split(text_in(self.tags)) if each.strip()]

    def fill(self, version: QuestionVersion, *, seen: int, tags: Collection[str]) -> None:
        """Show a stored version; `seen` is by what a stale edit is recognised."""
        self.kind.data = version.kind.value
        self.category.data = version.category.value
        self.post_group.data = version.post_group.value if version.post_group else ""
        self.difficulty.data = version.difficulty.value if version.difficulty else ""
        self.stem.data = version.stem
        has_options = version.kind in CHOICES
        self.options.data = (
            "\n".join(option["text"] for option in version.options) if has_options else ""
        )
        self.key.data = write_key(version.kind, version.key)
        self.marks.data = version.marks
        self.tags.data = "、".join(tags)
        self.basis.data = version.basis
        self.article_id.data = version.article_id or 0
        self.analysis.data = version.analysis
        self.version.data = seen


class GroupForm(BaseForm):
    """A stem that several questions share."""

    stem = TextAreaField("共用题干", [DataRequired("请写共用题干。"), Length(max=4000)])
