"""The shape of what people type about rules; what needs the database lives in the services."""

from collections.abc import Sequence
from typing import Any
from unicodedata import category

from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import TextArea

from app.accounts.models import Department
from app.accounts.roster.models import Post
from app.kernel.forms import UNSEEN, BaseForm, VersionedForm, date_in, text_in, trim
from app.regulations.citing import BasisRequired, CitingForm
from app.regulations.models import (
    MAX_BASIS,
    MAX_NAME,
    RISK_LEVEL_LABELS,
    RULE_CLASS_LABELS,
    RULE_KIND_LABELS,
    RULE_PART_LABELS,
    WORK_STAGE_LABELS,
    Regulation,
    RiskContent,
    RiskLevel,
    RuleClass,
    RuleKind,
    RulePart,
    WorkStage,
)
from app.regulations.reading_lists import FOR_ALL
from app.regulations.risks import Content
from app.regulations.rules import Head, Wording
from app.regulations.settings import MOST_DAYS

MAX_RULE = 60_000
CENTRE = 0


class RuleTextAreaField(Field):
    """The whole text of a rule, longer than any other text of the site."""

    # It draws any field with a value; its declared type knows strings only.
    widget = TextArea()  # type: ignore[assignment]
    data: str

    def _value(self) -> str:
        return self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text as it was pasted, with uniform line ends."""
        self.data = str(trim(valuelist[0])) if valuelist else ""

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 - as WTForms has it.
        """Refuse nothing, too much, and control characters that no font draws."""
        del form
        if not self.data:
            raise ValidationError("请粘贴或者录入正文。")
        if len(self.data) > MAX_RULE:
            raise ValidationError(f"最多{MAX_RULE}个字，现在有{len(self.data)}个字。")
        if any(category(each) in UNSEEN and each not in "\n\t" for each in self.data):
            raise ValidationError("含有看不见的控制字符，请重新粘贴。")


class RuleForm(VersionedForm):
    """A rule with the words of one version; a later version has no head."""

    name = StringField("名称", [DataRequired("请写名称。"), Length(max=MAX_NAME)])
    kind = SelectField(
        "类别", choices=[SelectChoice(each, label) for each, label in RULE_KIND_LABELS.items()]
    )
    part = SelectField(
        "方面", choices=[SelectChoice(each, label) for each, label in RULE_PART_LABELS.items()]
    )
    class_ = SelectField(
        "分类", choices=[SelectChoice(each, label) for each, label in RULE_CLASS_LABELS.items()]
    )
    department_id = SelectField("层面", coerce=int)
    effective_on = DateField("生效日", [InputRequired("请填写生效日。")])
    note = StringField(
        "修订说明", [Length(max=300)], description="这一版改了什么，一句话；首版不用写。"
    )
    text = RuleTextAreaField(
        "正文", description="可以整篇粘贴：每条从“第X条”起行，章从“第X章”起行，自动分条。"
    )

    def prepare(self, departments: Sequence[Department], *, has_centre: bool) -> None:
        """Offer the places for which somebody may draft."""
        self.department_id.choices = [
            *([SelectChoice(CENTRE, "中心层面")] if has_centre else []),
            *(SelectChoice(each.id, each.name) for each in departments),
        ]

    def keep_head(self) -> None:
        """Leave the head out: what was approved once is called so for ever."""
        for name in ("name", "kind", "part", "class_", "department_id"):
            del self[name]

    def read_head(self) -> Head | None:
        """Give what the rule is called, where the form asks for it."""
        if "name" not in self:
            return None
        return Head(
            name=text_in(self.name),
            kind=RuleKind(self.kind.data),
            part=RulePart(self.part.data),
            class_=RuleClass(self.class_.data),
            department_id=self.department_id.data or None,
        )

    def read_wording(self) -> Wording:
        """Give what the version says."""
        return Wording(
            effective_on=date_in(self.effective_on),
            note=text_in(self.note),
            text=self.text.data,
        )


class RiskForm(CitingForm, VersionedForm):
    """A 岗位廉政风险点."""

    post_id = SelectField("岗位", coerce=int)
    stage = RadioField(
        "环节",
        [InputRequired("请选择环节。")],
        choices=[SelectChoice(each, label) for each, label in WORK_STAGE_LABELS.items()],
    )
    manifestation = TextAreaField(
        "风险表现",
        [DataRequired("请写风险表现。"), Length(max=300)],
        description="写岗位上可能出现的情形，不写任何人。",
    )
    level = RadioField(
        "等级",
        [InputRequired("请选择等级。")],
        choices=[SelectChoice(each, label) for each, label in RISK_LEVEL_LABELS.items()],
    )
    measures = TextAreaField("防控措施", [DataRequired("请写防控措施。"), Length(max=500)])
    responsible_number = StringField(
        "责任人工号",
        [DataRequired("请写责任人的工号。"), Length(max=32)],
        description="负责落实防控措施的人。",
    )
    basis = StringField(
        "依据", [BasisRequired("请选择条文，或者写明依据。"), Length(max=MAX_BASIS)]
    )
    review_on = DateField("复核日", [InputRequired("请填写复核日。")])

    def prepare(self, posts: Sequence[Post], cited: int | None = None) -> None:
        """Offer posts and articles."""
        self.post_id.choices = [SelectChoice(each.id, each.name) for each in posts]
        self.prepare_articles(cited)

    def fill(self, content: RiskContent, staff_number: str) -> None:
        """Show what it says now, without its 复核日, which is what the review sets."""
        self.stage.data, self.level.data = content.stage.value, content.level.value
        self.manifestation.data, self.measures.data = content.manifestation, content.measures
        self.basis.data, self.article_id.data = content.basis, content.article_id or 0
        self.responsible_number.data = staff_number

    def read_content(self, responsible_id: int) -> Content:
        """Give what was typed, for the service."""
        return Content(
            stage=WorkStage(self.stage.data),
            level=RiskLevel(self.level.data),
            manifestation=text_in(self.manifestation),
            measures=text_in(self.measures),
            responsible_id=responsible_id,
            basis=self.cited_basis(self.basis, MAX_BASIS),
            article_id=self.read_article(),
            review_on=date_in(self.review_on),
        )


class ItemForm(BaseForm):
    """A line of a must-read list."""

    regulation_id = SelectField("制度", coerce=int)
    post_id = SelectField("岗位", coerce=int)
    days = IntegerField(
        "期限",
        [
            InputRequired("请写工作日数。"),
            NumberRange(min=1, max=MOST_DAYS, message=f"请填1到{MOST_DAYS}之间的整数。"),
        ],
        description="从列入、到岗或者新版生效起，几个工作日内确认。",
    )

    def prepare(self, rules: Sequence[Regulation], posts: Sequence[Post]) -> None:
        """Offer rules in force, and posts."""
        self.regulation_id.choices = [SelectChoice(each.id, each.name) for each in rules]
        self.post_id.choices = [
            SelectChoice(0, FOR_ALL),
            *(SelectChoice(each.id, each.name) for each in posts),
        ]


class ConfirmForm(BaseForm):
    """「我已阅读并理解」."""

    is_understood = BooleanField("我已阅读并理解", [InputRequired("请先勾选“我已阅读并理解”。")])
