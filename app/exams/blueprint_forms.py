"""The shape of what organisers type about 组卷: a row of what is drawn, and how it is drawn."""

from collections.abc import Sequence
from decimal import Decimal

from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, NumberRange, Optional

from app.exams.drawing import Row
from app.exams.kinds import PART_RULE_LABELS, PartRule
from app.exams.models import Exam
from app.exams.service.blueprints import Way
from app.exams.service.choosing import MAX_QUESTIONS
from app.kernel.forms import BaseForm, MarksField, VersionField
from app.questions.kinds import (
    DIFFICULTY_LABELS,
    QUESTION_KIND_LABELS,
    USUAL_MARKS,
    QuestionDifficulty,
    QuestionKind,
)
from app.questions.models import QUESTION_CATEGORY_LABELS, QuestionCategory

MOST_FORMS, MOST_MONTHS, WHOLE = 400, 36, 100
# Drawn by themselves: what a person marks by hand is chosen by hand.
DRAWN_KINDS = (
    QuestionKind.SINGLE,
    QuestionKind.MULTIPLE,
    QuestionKind.TRUE_FALSE,
    QuestionKind.BLANK,
    QuestionKind.NUMERIC,
)
ANY = SelectChoice("", "不限")


class RowForm(BaseForm):
    """One row: so many questions of a kind, for everybody or for each post."""

    category = SelectField(
        "类别",
        choices=[
            SelectChoice(each.value, label) for each, label in QUESTION_CATEGORY_LABELS.items()
        ],
        default=QuestionCategory.COMMON.value,
    )
    kind = SelectField(
        "题型",
        choices=[SelectChoice(each.value, QUESTION_KIND_LABELS[each]) for each in DRAWN_KINDS],
        default=QuestionKind.SINGLE.value,
    )
    tag = SelectField("知识点", default="")
    difficulty = SelectField(
        "难度",
        choices=[
            ANY,
            *(SelectChoice(each.value, label) for each, label in DIFFICULTY_LABELS.items()),
        ],
        default="",
    )
    count = IntegerField(
        "题数",
        [
            InputRequired("请写抽几道题。"),
            NumberRange(min=1, max=MAX_QUESTIONS, message=f"题数在1至{MAX_QUESTIONS}之间。"),
        ],
        default=10,
    )
    marks = MarksField(
        "每题分值",
        [
            InputRequired("请写每题几分。"),
            NumberRange(min=Decimal("0.01"), max=WHOLE, message="分值要大于0，最多100分。"),
        ],
        places=None,
        default=USUAL_MARKS[QuestionKind.SINGLE],
    )

    def offer(self, tags: Sequence[str]) -> None:
        """Offer the tags of the bank."""
        self.tag.choices = [ANY, *(SelectChoice(each, each) for each in tags)]

    def row(self, number: int) -> Row:
        """Give the row as the service takes it, at a place."""
        return Row(
            number=number,
            category=QuestionCategory(self.category.data),
            kind=QuestionKind(self.kind.data),
            tag=self.tag.data or "",
            difficulty=QuestionDifficulty(self.difficulty.data) if self.difficulty.data else None,
            count=self.count.data or 0,
            marks=Decimal(self.marks.data or 0).quantize(Decimal("0.01")),
        )


class WayForm(BaseForm):
    """How forms are drawn, put and marked."""

    form_count = IntegerField(
        "套数",
        [
            InputRequired("请写组几套卷。"),
            NumberRange(min=1, max=MOST_FORMS, message=f"套数在1至{MOST_FORMS}之间。"),
        ],
        description="有岗位题的，每个岗位类别各组这么多套；各套难度相同。",
    )
    reuse_months = IntegerField(
        "近几个月用过的题不抽",
        [Optional(), NumberRange(min=1, max=MOST_MONTHS, message="在1至36个月之间，不限就留空。")],
        description="不限就留空。",
    )
    most_exposure = IntegerField(
        "一道题最多出现在百分之几的卷中",
        [Optional(), NumberRange(min=1, max=WHOLE, message="在1至100之间，不限就留空。")],
        description="不限就留空。",
    )
    is_shuffled = BooleanField("每人的题目和选项顺序不同")
    part_rule = RadioField(
        "多选题少选",
        choices=[SelectChoice(each.value, label) for each, label in PART_RULE_LABELS.items()],
        default=PartRule.ALL_OR_NOTHING.value,
    )
    option_marks = MarksField(
        "按选项计分的，每选对一项得几分",
        [Optional(), NumberRange(min=Decimal("0.01"), max=WHOLE, message="要大于0。")],
        places=None,
    )
    version = VersionField()

    def way(self) -> Way:
        """Give it as the service takes it."""
        marks = self.option_marks.data
        return Way(
            form_count=self.form_count.data or 1,
            is_shuffled=bool(self.is_shuffled.data),
            reuse_months=self.reuse_months.data,
            most_exposure=self.most_exposure.data,
            part_rule=PartRule(self.part_rule.data),
            option_marks=None if marks is None else Decimal(marks).quantize(Decimal("0.01")),
        )

    def fill(self, exam: Exam) -> None:
        """Show what is stored."""
        self.form_count.data, self.is_shuffled.data = exam.form_count, exam.is_shuffled
        self.reuse_months.data, self.most_exposure.data = exam.reuse_months, exam.most_exposure
        self.part_rule.data, self.option_marks.data = exam.part_rule.value, exam.option_marks
        self.version.data = exam.version
