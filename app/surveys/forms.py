"""The shape of what people type: a ballot, a questionnaire, its questions, names to be covered."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.files.uploads import UploadForm
from app.kernel.forms import BaseForm, RefusedError, VersionedForm, VersionField, text_in
from app.surveys import questions
from app.surveys.models import LONGEST_TITLE
from app.surveys.questions import (
    KIND_LABELS,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    SCALE,
    Condition,
    Question,
    QuestionKind,
)

PREFIX = "answer_"
TEXT_HINT = "文字可能暴露您的身份：不要写姓名、窗口号和只有您知道的事。"
NO_CONDITION = ""
FEW_OPTIONS = "选择题至少写两个选项，每行一个。"
MANY_OPTIONS = f"最多{MOST_OPTIONS}个选项，每个不超过{LONGEST_OPTION}个字，不要重复。"
NO_SUCH_OPTION = "“{option}”不是那一题的选项，请照原文写，每行一个。"
NO_CONDITION_OPTION = "请写选了哪几项才问，每行一项。"


class BallotForm(BaseForm):
    """A ballot; its fields come from the questions of the survey (`make_ballot_form`)."""

    def typed(self, code: str) -> Sequence[str]:
        """Give what was sent for a question, as it came."""
        raw: Sequence[str] = self[f"{PREFIX}{code}"].raw_data or []
        return raw

    def tell(self, errors: Mapping[str, str]) -> None:
        """Put what is missing beside the questions."""
        for code, message in errors.items():
            self[f"{PREFIX}{code}"].errors = [message]

    def fields_in_order(self) -> list[Any]:
        """Give the fields as the questions stand."""
        return [each for each in self if each.name.startswith(PREFIX)]


def make_ballot_form(asked: Sequence[Question]) -> BallotForm:
    """Make the form of a survey: one field for each question."""
    fields = {
        f"{PREFIX}{each.code}": make_field(place, each, asked)
        for place, each in enumerate(asked, start=1)
    }
    form: BallotForm = type("SurveyBallotForm", (BallotForm,), fields)()
    return form


def make_field(place: int, question: Question, asked: Sequence[Question]) -> Any:  # noqa: ANN401 - unbound fields have no type.
    """Make the field of one question."""
    label = f"{place}. {question.text}"
    said = questions.condition_text(question, asked)
    hint = f"{said}，请答这一题。" if said else ""
    must = [InputRequired()] if question.is_required and question.condition is None else []
    if question.kind is QuestionKind.TEXT:
        return TextAreaField(label, must, description=f"{hint}{TEXT_HINT}")
    choices = [SelectChoice(str(at), text) for at, text in enumerate(question.labels)]
    if question.kind is QuestionKind.MULTIPLE:
        return SelectMultipleField(
            label,
            must,
            description=hint,
            choices=choices,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
    return RadioField(label, must, description=hint, choices=choices)


class QuestionnaireForm(VersionedForm):
    """What a version is called, and whether results are told by department too."""

    title = StringField(
        "名称",
        [
            DataRequired("请填写名称。"),
            Length(max=LONGEST_TITLE, message=f"最多{LONGEST_TITLE}个字。"),
        ],
    )
    is_by_department = BooleanField(
        "总体满意度按部门分列",
        description="选了以后，答卷带上部门，填写人在页面上看得到；不足5人的部门并入其他部门。开启以后不能再改。",
    )


class QuestionForm(VersionedForm):
    """One question, where it stands, and of whom it is asked."""

    text = StringField(
        "题目",
        [
            DataRequired("请填写题目。"),
            Length(max=LONGEST_QUESTION, message=f"最多{LONGEST_QUESTION}个字。"),
        ],
        description="一题只问一件事，不带倾向。",
    )
    kind = RadioField(
        "题型",
        [InputRequired("请选择题型。")],
        choices=[SelectChoice(each.value, label) for each, label in KIND_LABELS.items()],
        default=QuestionKind.SCALE.value,
    )
    options = TextAreaField(
        "选项",
        description="单选、多选题用，每行一个。满意度题固定为五档：" + "、".join(SCALE) + "。",
    )
    is_required = BooleanField("必答", default=True)
    place = IntegerField(
        "放在第几题",
        [InputRequired("请填写第几题。"), NumberRange(1, MOST_QUESTIONS, "请填1到20之间的整数。")],
    )
    asked_if = SelectField("出现的条件", description="只问在前面某一题选了某几项的人。")
    asked_of = TextAreaField(
        "选了哪几项才问", description="照那一题的选项写，每行一项；不设条件的不填。"
    )

    def prepare(self, others: Sequence[Question]) -> None:
        """Offer the questions that a condition can look at."""
        self.asked_if.choices = [
            SelectChoice(NO_CONDITION, "不设条件"),
            *(
                SelectChoice(each.code, each.text)
                for each in others
                if each.kind is not QuestionKind.TEXT
            ),
        ]

    def show(self, question: Question, place: int, others: Sequence[Question]) -> None:
        """Fill in what a question says."""
        self.text.data, self.kind.data = question.text, question.kind.value
        self.options.data = "\n".join(question.options)
        self.is_required.data, self.place.data = question.is_required, place
        if question.condition is not None:
            looked_at = find(question.condition.code, others)
            self.asked_if.data = looked_at.code
            labels = [looked_at.labels[each] for each in question.condition.chosen]
            self.asked_of.data = "\n".join(labels)

    def read_question(self, code: str, others: Sequence[Question]) -> Question:
        """Give what was typed; raises RefusedError."""
        kind = QuestionKind(str(self.kind.data))
        return Question(
            code=code,
            kind=kind,
            text=text_in(self.text),
            options=self.read_options(kind),
            is_required=bool(self.is_required.data),
            condition=self.read_condition(others),
        )

    def read_options(self, kind: QuestionKind) -> tuple[str, ...]:
        """Give the options of a question that has its own."""
        if kind in {QuestionKind.SCALE, QuestionKind.TEXT}:
            return ()
        options = lines_of(text_in(self.options))
        if len(options) <= 1:
            raise RefusedError(options=FEW_OPTIONS)
        is_long = any(len(each) > LONGEST_OPTION for each in options)
        if is_long or len(options) > MOST_OPTIONS or len(set(options)) < len(options):
            raise RefusedError(options=MANY_OPTIONS)
        return tuple(options)

    def read_condition(self, others: Sequence[Question]) -> Condition | None:
        """Give of whom the question is asked."""
        if not self.asked_if.data:
            return None
        labels = find(str(self.asked_if.data), others).labels
        wanted = lines_of(text_in(self.asked_of))
        if not wanted:
            raise RefusedError(asked_of=NO_CONDITION_OPTION)
        for each in wanted:
            if each not in labels:
                raise RefusedError(asked_of=NO_SUCH_OPTION.format(option=each))
        return Condition(
            code=str(self.asked_if.data),
            chosen=tuple(sorted({labels.index(each) for each in wanted})),
        )


class ImportForm(UploadForm):
    """Questions out of an Excel file, for a draft."""

    version = VersionField()
    file = FileField(
        "Excel文件",
        description="表头要有“题型”和“题目”；“选项”一行一个，“必答”写是或否。1MB以内。",
    )
    mode = RadioField(
        "放在哪里",
        choices=[
            SelectChoice("add", "加在现有的题后面"),
            SelectChoice("replace", "代替现有的全部题"),
        ],
        default="add",
    )


class CoverForm(BaseForm):
    """Names that are to be covered in answers in words."""

    words = TextAreaField(
        "要遮盖的字词", description="每行一个，例如姓名、窗口号；遮盖成圆圈以后不能恢复。"
    )


def lines_of(text: str) -> list[str]:
    """Give the lines of a text that say anything."""
    return [each.strip() for each in text.splitlines() if each.strip()]


def find(code: str, asked: Sequence[Question]) -> Question:
    """Give a question by its code; raises StopIteration."""
    return next(each for each in asked if each.code == code)
