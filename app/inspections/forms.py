"""The shape of what people type or tap about rounds; rules with the database live in services."""

import re
import uuid
from collections.abc import Sequence

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from app.accounts.models import Person
from app.files.kept_photos import PhotoForm
from app.inspections.checklists import ItemContent
from app.inspections.findings import Found
from app.inspections.models import (
    DUTY_PERIOD_LABELS,
    INSPECTION_WAY_LABELS,
    OPINION_LABELS,
    DutyPeriod,
    InspectionWay,
    Opinion,
    Track,
)
from app.inspections.rosters import Duty
from app.inspections.rounds import Start
from app.kernel.forms import BaseForm, VersionedForm, date_in, text_in
from app.rectifications.models import SEVERITY_LABELS, Severity
from app.regulations.citing import BasisRequired, CitingForm

MAX_AREAS = 60
MAX_NOTE = 200
MAX_BASIS = 200
MAX_PHRASES = 8
MAX_PHRASE = 60
CLIENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PERIODS = [SelectChoice(each, label) for each, label in DUTY_PERIOD_LABELS.items()]
PHOTO_HINT = "立行立改必须拍，别的可以不拍。JPG、PNG 或 WEBP，10 MB以内；拍摄地点等信息不保留。"


def people_choices(people: Sequence[Person]) -> list[SelectChoice]:
    """Offer people by name and 工号."""
    return [SelectChoice(each.id, f"{each.name}（{each.staff_number}）") for each in people]


class ClientIdField(HiddenField):
    """An id that a form brings along, new for each form that is shown."""

    data: str

    def _value(self) -> str:
        return self.data if CLIENT_ID.fullmatch(self.data or "") else str(uuid.uuid4())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take a well-formed id; anything else counts as a form that was never shown."""
        text = valuelist[0] if valuelist else ""
        if not CLIENT_ID.fullmatch(text):
            self.data = ""
            raise ValueError("这一页已经过期，请再提交一次。")
        self.data = text


class DutyForm(VersionedForm):
    """A duty of the 值班表, over one day or several."""

    since = DateField("开始日期", [InputRequired("请填写开始日期。")])
    until = DateField(
        "结束日期", [InputRequired("请填写结束日期。")], description="大厅不开放的日子自动跳过。"
    )
    period = RadioField("时段", [InputRequired("请选择时段。")], choices=PERIODS)
    first_id = SelectField("巡查人", coerce=int)
    second_id = SelectField("巡查人（第二名）", coerce=int)
    leader_id = SelectField("带班领导", coerce=int)
    areas = StringField(
        "区域", [DataRequired("请填写区域。"), Length(max=MAX_AREAS)], default="全部窗口"
    )

    def prepare(self, inspectors: Sequence[Person], leaders: Sequence[Person]) -> None:
        """Offer who may inspect and who may lead."""
        self.first_id.choices = self.second_id.choices = people_choices(inspectors)
        self.leader_id.choices = people_choices(leaders)

    def read_duty(self) -> Duty:
        """Give what was typed, for the service."""
        return Duty(
            since=date_in(self.since),
            until=date_in(self.until),
            period=DutyPeriod(self.period.data),
            first_id=self.first_id.data,
            second_id=self.second_id.data,
            leader_id=self.leader_id.data,
            areas=text_in(self.areas),
        )


class WeekForm(BaseForm):
    """Into which week the one before is copied."""

    monday = SelectField("复制到", coerce=str)


class ItemForm(CitingForm, VersionedForm):
    """What an item of the checklist says; its version is the number of the checklist."""

    name = StringField("检查项", [DataRequired("请填写检查项。"), Length(max=40)])
    phrases = TextAreaField(
        "常用语",
        [DataRequired("请至少写一句。")],
        description=f"一行一句，最多{MAX_PHRASES}句；只写事实，不写评价。",
    )
    basis = StringField("依据", [BasisRequired("请填写依据。"), Length(max=MAX_BASIS)])
    shows_absence = BooleanField("记录时先显示请假和替岗")
    is_gone = BooleanField("从下一版起不再检查这一项")

    def validate_phrases(self, field: TextAreaField) -> None:
        """Refuse too many sentences, too long ones, and the same one twice."""
        lines = self.read_phrases()
        if len(lines) > MAX_PHRASES or len(set(lines)) < len(lines):
            raise ValidationError(f"最多{MAX_PHRASES}句，不能重复。")
        if any(len(each) > MAX_PHRASE for each in lines):
            raise ValidationError(f"每句最多{MAX_PHRASE}个字。")
        del field

    def read_phrases(self) -> tuple[str, ...]:
        """Give the sentences."""
        lines = (line.strip() for line in text_in(self.phrases).split("\n"))
        return tuple(line for line in lines if line)

    def read_content(self) -> ItemContent:
        """Give what was typed, for the service."""
        return ItemContent(
            code="",
            name=text_in(self.name),
            basis=self.cited_basis(self.basis, MAX_BASIS),
            article_id=self.read_article(),
            phrases=self.read_phrases(),
            shows_absence=self.shows_absence.data,
        )


class StartForm(BaseForm):
    """The start of a round; the duty of the day fills it in."""

    client_id = ClientIdField()
    period = RadioField("时段", [InputRequired("请选择时段。")], choices=PERIODS)
    way = RadioField(
        "方式",
        [InputRequired("请选择方式。")],
        choices=[SelectChoice(each, label) for each, label in INSPECTION_WAY_LABELS.items()],
        default=InspectionWay.ON_SITE,
    )
    second_id = SelectField("另一名巡查人", coerce=int)
    leader_id = SelectField("带班领导", coerce=int)
    areas = StringField(
        "区域", [DataRequired("请填写区域。"), Length(max=MAX_AREAS)], default="全部窗口"
    )
    is_unclassified = BooleanField(
        "这次巡查拍的每张照片都先核对：不含涉密、内部、敏感内容，不拍群众证件",
        [InputRequired("请打勾，再开始巡查。")],
    )

    def prepare(self, inspectors: Sequence[Person], leaders: Sequence[Person]) -> None:
        """Offer who may go along and who may lead."""
        self.second_id.choices = people_choices(inspectors)
        self.leader_id.choices = people_choices(leaders)

    def read_start(self) -> Start:
        """Give what was chosen, for the service."""
        return Start(
            period=DutyPeriod(self.period.data),
            way=InspectionWay(self.way.data),
            second_id=self.second_id.data,
            leader_id=self.leader_id.data,
            areas=text_in(self.areas),
        )


class RoundPhotoForm(PhotoForm):
    """A photo of a round: the tick that it holds nothing confidential was set at its start.

    "four taps and no typing": a tick of its own for each photo would be a fifth one, and one that
    is set already confirms nothing.
    """

    is_unclassified = None  # type: ignore[assignment]


class FindingForm(RoundPhotoForm):
    """A finding: a ready sentence, a photo if there is one, and the button of its track."""

    client_id = ClientIdField()
    phrase = RadioField("事实", [InputRequired("请选择一句事实。")])
    file = FileField("照片", description=PHOTO_HINT)
    addition = StringField(
        "补充（可不填）", [Length(max=MAX_NOTE, message=f"最多{MAX_NOTE}个字。")]
    )
    severity = SelectField(
        "严重程度（只用于整改通知单）",
        choices=[SelectChoice(each, label) for each, label in SEVERITY_LABELS.items()],
        default=Severity.MINOR,
    )
    track = HiddenField("处理方式")

    def prepare(self, phrases: Sequence[str]) -> None:
        """Offer the sentences of the item; the first one is chosen."""
        self.phrase.choices = [SelectChoice(each, each) for each in phrases]
        if not self.phrase.data:
            self.phrase.data = phrases[0]

    def validate_track(self, field: HiddenField) -> None:
        """Ask for one of the three tracks, which are the form's buttons."""
        if field.data not in set(Track):
            raise ValidationError("请按一种处理方式的按钮。")

    def read_found(self, window_id: int, item_id: int) -> Found:
        """Give what was tapped, for the service."""
        return Found(
            window_id=window_id,
            item_id=item_id,
            phrase=text_in(self.phrase),
            addition=text_in(self.addition),
            track=Track(text_in(self.track)),
            severity=Severity(self.severity.data),
        )


class FixForm(RoundPhotoForm):
    """The photo after, and who of the window confirms it."""

    file = FileField("改后照片", description="必须有。JPG、PNG 或 WEBP，10 MB以内。")
    staff_number = StringField(
        "窗口人员或窗口负责人的工号", [DataRequired("请由窗口人员输入工号。"), Length(max=32)]
    )


class EscalateForm(BaseForm):
    """How grave it is: nobody but the inspector can say, so nothing is chosen already."""

    severity = RadioField(
        "严重程度",
        [InputRequired("请选择严重程度。")],
        choices=[SelectChoice(each, label) for each, label in SEVERITY_LABELS.items()],
    )


class FinishForm(BaseForm):
    """被查人意见 at the end of a round."""

    opinion = RadioField(
        "被查人意见",
        [InputRequired("请选择被查人意见。")],
        choices=[SelectChoice(each, label) for each, label in OPINION_LABELS.items()],
        default=Opinion.AGREED,
    )
    opinion_note = TextAreaField(
        "说明",
        [Length(max=300, message="最多300个字。")],
        description="选“有说明”或“拒签”时填写。",
    )


class RemarkForm(BaseForm):
    """A correction of a finished round."""

    text = TextAreaField(
        "更正内容", [DataRequired("请写明更正内容。"), Length(max=300, message="最多300个字。")]
    )
    reason = StringField(
        "更正原因", [DataRequired("请写明原因。"), Length(max=200, message="最多200个字。")]
    )


class HandoverForm(BaseForm):
    """To whom it is handed over; there is no field for a text, and none is taken."""

    client_id = ClientIdField()
    receiver_id = RadioField("接收人", [InputRequired("请选择接收人。")], coerce=int)

    def prepare(self, receivers: Sequence[Person]) -> None:
        """Offer the named persons; a single one is chosen."""
        self.receiver_id.choices = [SelectChoice(each.id, each.name) for each in receivers]
        if self.receiver_id.data is None and len(receivers) == 1:
            self.receiver_id.data = receivers[0].id
