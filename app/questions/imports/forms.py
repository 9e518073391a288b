"""The shape of an upload: a file of questions, perhaps a second one with the key, and where to."""

from wtforms import FileField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.files.uploads import UploadForm
from app.kernel.forms import RefusedError, text_in
from app.questions.imports.conversion import Audience
from app.questions.models import (
    MAX_BANK,
    QUESTION_CATEGORY_LABELS,
    USUAL_BANK,
    QuestionCategory,
)

NO_GROUP = "公共题不分岗位，请选“不分岗位”，或者把类别改为岗位题。"


class QuestionUploadForm(UploadForm):
    """A file of questions."""

    file = FileField(
        "题目文件",
        description="Word、Excel、文本或 JSON 文件（.docx .xlsx .txt .json），20MB以内。",
    )
    answers = FileField(
        "答案文件（答案另有一个文件的才选）", description="格式同上；题号要和题目文件的对得上。"
    )
    bank = StringField(
        "放入哪个题库",
        [DataRequired("请写题库的名称。"), Length(max=MAX_BANK, message=f"最多{MAX_BANK}个字。")],
        default=USUAL_BANK,
        description="写已有的名称，就放入那个题库；写新的名称，就新建一个。",
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
        description="文件里的题都按这里的类别和岗位采用，采用以后可以逐题修改。",
    )

    def read_bank(self) -> str:
        """Give the bank's name with single blanks."""
        return " ".join(text_in(self.bank).split())

    def audience(self) -> Audience:
        """Give for whom the questions are meant; raises RefusedError."""
        category = QuestionCategory(self.category.data)
        if self.post_group.data and category is QuestionCategory.COMMON:
            raise RefusedError(post_group=NO_GROUP)
        group = PostGroup(self.post_group.data) if self.post_group.data else None
        return Audience(category=category, post_group=group)
