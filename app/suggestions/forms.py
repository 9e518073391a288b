"""The shape of what people type about ideas; rules that need the database live in the services."""

from collections.abc import Sequence
from datetime import date, timedelta

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Regexp

from app.accounts import service as accounts
from app.accounts.models import Person
from app.files.uploads import UploadForm
from app.kernel.forms import BaseForm, VersionedForm, date_in, text_in
from app.kernel.public_forms import PublicForm
from app.suggestions.ideas import Content
from app.suggestions.models import (
    IDEA_CHANNEL_LABELS,
    IDEA_OUTCOME_LABELS,
    IDEA_RATING_LABELS,
    PUBLIC_CHANNELS,
    RECORDED_CHANNELS,
    IdeaChannel,
    IdeaOutcome,
    IdeaRating,
)

MAX_TITLE = 60
MAX_SOURCE = 40
MAX_LONG = 2000
NOBODY = 0
ANY = "不限"
PHONE = r"[0-9][0-9 \-]{4,18}[0-9]"
TOO_LONG = f"最多{MAX_LONG}个字。"


def read_id(value: object) -> int | None:
    """Give a chosen id; none for 不限."""
    return value if isinstance(value, int) and value else None


def department_choices(none: str = ANY) -> list[SelectChoice]:
    """Give the departments in the hall's 序列, after 不限."""
    return [
        SelectChoice(NOBODY, none),
        *(SelectChoice(each.id, each.name) for each in accounts.list_departments()),
    ]


class IdeaForm(BaseForm):
    """金点子: what is the problem, and what should be done."""

    title = StringField(
        "标题",
        [InputRequired("请写一个标题。"), Length(max=MAX_TITLE, message=f"最多{MAX_TITLE}个字。")],
    )
    problem = TextAreaField(
        "现在有什么问题",
        [InputRequired("请写明现在的问题。"), Length(max=MAX_LONG, message=TOO_LONG)],
        id="what-is-wrong",
    )
    proposal = TextAreaField(
        "建议怎么改",
        [InputRequired("请写明你的建议。"), Length(max=MAX_LONG, message=TOO_LONG)],
    )
    department_id = SelectField("涉及部门", coerce=int)
    service_item_id = SelectField("涉及事项", coerce=int)
    confirmed = HiddenField()

    def content(self) -> Content:
        """Give what was typed, for the service."""
        return Content(
            title=text_in(self.title),
            problem=text_in(self.problem),
            proposal=text_in(self.proposal),
            department_id=read_id(self.department_id.data),
            service_item_id=read_id(self.service_item_id.data),
        )


class PictureForm(UploadForm):
    """A picture beside an idea, or beside what was carried out."""


class PublicIdeaForm(PublicForm):
    """直通车: what somebody without an account wants to say."""

    channel = SelectField(
        "从哪里看到这个页面",
        choices=[SelectChoice(each, IDEA_CHANNEL_LABELS[each]) for each in PUBLIC_CHANNELS],
        coerce=IdeaChannel,
    )
    problem = TextAreaField(
        "你的意见建议",
        [
            InputRequired("请写下你的意见建议。"),
            Length(min=5, max=MAX_LONG, message=f"请写5到{MAX_LONG}个字。"),
        ],
        description="请不要写身份证号，也不要写别人的姓名、电话等个人信息。",
        id="what-is-wrong",
    )
    department_id = SelectField("涉及部门", coerce=int, description="不清楚的，选“不限”。")
    contact = StringField(
        "联系电话",
        [Regexp(f"^({PHONE})?$", message="电话只写数字、空格和短横。")],
        description="可以不留；留了我们才能打电话给你。",
    )
    has_consent = BooleanField("同意中心用这个电话联系我，只用于办理这一件")

    def content(self) -> Content:
        """Give what was typed, for the service."""
        return Content(
            problem=text_in(self.problem),
            department_id=read_id(self.department_id.data),
            contact=text_in(self.contact),
            has_consent=bool(self.has_consent.data),
        )


class FollowForm(PublicForm):
    """Following an opinion by its code, which may be pasted."""

    shortest = timedelta(0)
    code = StringField(
        "查询码",
        [InputRequired("请填写查询码。"), Length(max=40, message="查询码是16位字母和数字。")],
        description="提交意见时给你的16位字母和数字，横线可以不写。",
    )


class PublicReplyForm(PublicForm):
    """What the sender answers to a question, by his code."""

    code = HiddenField()
    text = TextAreaField(
        "你的回答",
        [InputRequired("请写下回答。"), Length(max=MAX_LONG, message=TOO_LONG)],
    )


class PublicRatingForm(PublicForm):
    """What the sender thinks of the answer, by his code."""

    shortest = timedelta(0)
    code = HiddenField()
    rating = RadioField(
        "你对答复",
        [InputRequired("请选一项。")],
        choices=[SelectChoice(each, label) for each, label in IDEA_RATING_LABELS.items()],
        coerce=IdeaRating,
    )


class ReplyForm(BaseForm):
    """A question to the sender, or his answer."""

    text = TextAreaField(
        "内容", [InputRequired("请写明内容。"), Length(max=MAX_LONG, message=TOO_LONG)]
    )


class RatingForm(BaseForm):
    """What the author thinks of the answer."""

    rating = RadioField(
        "你对答复",
        [InputRequired("请选一项。")],
        choices=[SelectChoice(each, label) for each, label in IDEA_RATING_LABELS.items()],
        coerce=IdeaRating,
    )


class RecordForm(BaseForm):
    """直通车 by hand: a paper slip, a telephone call, 反映窗口."""

    channel = SelectField(
        "来源渠道",
        choices=[SelectChoice(each, IDEA_CHANNEL_LABELS[each]) for each in RECORDED_CHANNELS],
        coerce=IdeaChannel,
    )
    received_on = DateField("收到日期", [InputRequired("请填写收到的日期。")])
    problem = TextAreaField(
        "意见建议原文",
        [InputRequired("请照原话录入。"), Length(max=MAX_LONG, message=TOO_LONG)],
        description="照提出人的原话录入；不要录身份证号和别人的个人信息。",
        id="what-is-wrong",
    )
    department_id = SelectField("涉及部门", coerce=int)
    contact = StringField(
        "联系电话", [Regexp(f"^({PHONE})?$", message="电话只写数字、空格和短横。")]
    )
    has_consent = BooleanField("提出人同意用这个电话联系他，只用于办理这一件")

    def content(self) -> Content:
        """Give what was typed, for the service."""
        return Content(
            problem=text_in(self.problem),
            department_id=read_id(self.department_id.data),
            contact=text_in(self.contact),
            has_consent=bool(self.has_consent.data),
        )

    def received(self) -> date:
        """Give the day on which it came."""
        return date_in(self.received_on)


class AcceptForm(VersionedForm):
    """受理: which department it concerns, and whether it is hard."""

    department_id = SelectField("转给哪个部门的事", coerce=int)
    is_hard = BooleanField("疑难，需要较长的办理时间")


class MergeForm(VersionedForm):
    """并案: into which of the open ideas."""

    into = RadioField("并入", [InputRequired("请选一件并入。")], coerce=str)


class HandOverForm(VersionedForm):
    """To whom it is handed over; there is no field for a text, and none is taken."""

    receiver_id = RadioField("接收人", [InputRequired("请选择接收人。")], coerce=int)

    def prepare(self, receivers: Sequence[Person]) -> None:
        """Offer the named persons; a single one is chosen."""
        self.receiver_id.choices = [SelectChoice(each.id, each.name) for each in receivers]
        if self.receiver_id.data is None and len(receivers) == 1:
            self.receiver_id.data = receivers[0].id


class OpinionForm(VersionedForm):
    """What a leader says when he allows an extension."""

    opinion = TextAreaField("意见", [Length(max=MAX_LONG, message=TOO_LONG)])


class ReasonForm(VersionedForm):
    """A refusal, or the wish for an extension, with its reason."""

    reason = TextAreaField(
        "理由", [InputRequired("请写明理由。"), Length(max=MAX_LONG, message=TOO_LONG)]
    )


class AnswerForm(VersionedForm):
    """答复: every part of it, and for what is adopted what the 建议单 asks."""

    outcome = RadioField(
        "办理结果",
        [InputRequired("请选办理结果。")],
        choices=[SelectChoice(each, label) for each, label in IDEA_OUTCOME_LABELS.items()],
        coerce=IdeaOutcome,
    )
    finding = TextAreaField(
        "核实的情况",
        [InputRequired("请写明核实的情况。"), Length(max=MAX_LONG, message=TOO_LONG)],
    )
    answer = TextAreaField(
        "答复意见",
        [InputRequired("请写明答复意见。"), Length(max=MAX_LONG, message=TOO_LONG)],
    )
    reason = TextAreaField(
        "理由",
        [Length(max=MAX_LONG, message=TOO_LONG)],
        description="部分采纳、不采纳的必须写。",
    )
    department_id = SelectField("建议单的承办部门", coerce=int, description="采纳的必须选。")
    order_title = StringField(
        "建议单的事由",
        [Length(max=MAX_TITLE, message=f"最多{MAX_TITLE}个字。")],
        description="采纳的必须写；用自己的话写，不要照抄意见原文。",
    )
    order_problem = TextAreaField(
        "建议单上的问题",
        [Length(max=MAX_LONG, message=TOO_LONG)],
        description="采纳的必须写；写核实过的问题和数据，不写是谁提的。",
    )
    order_cause = TextAreaField(
        "建议单上的原因",
        [Length(max=MAX_LONG, message=TOO_LONG)],
        description="采纳的必须写；为什么会这样。",
    )
    demand = TextAreaField(
        "建议单的改进要求",
        [Length(max=MAX_LONG, message=TOO_LONG)],
        description="采纳的必须写；答复的同时生成一张建议单。",
    )


class ImportForm(UploadForm):
    """A file of an outside form."""

    source = StringField(
        "外部表单的名称",
        [
            InputRequired("请填写外部表单的名称。"),
            Length(max=MAX_SOURCE, message=f"最多{MAX_SOURCE}个字。"),
        ],
        description="同一张表单每次写同一个名称：编号在一张表单里只导入一次。",
    )
