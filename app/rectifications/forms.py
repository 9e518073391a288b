"""The shape of what people type about an order; rules that need the database live in service.py."""

from collections.abc import Sequence

from wtforms import DateField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.files import scans
from app.files.kept_photos import PhotoForm
from app.files.uploads import UploadForm
from app.kernel.forms import VersionedForm, VersionField, date_in, text_in
from app.rectifications.models import CAUSE_LABELS, SEVERITY_LABELS, Cause, Severity
from app.rectifications.service import Content, Reply
from app.regulations.citing import BasisRequired, CitingForm

MAX_WORDS = 500
MAX_BASIS = 300
PHOTO_HINT = "JPG、PNG 或 WEBP，10 MB以内；拍摄地点等信息不保留。"
HAS_PHOTO = "这次整改已经加过照片的，可以不再选。"


class OrderForm(CitingForm, VersionedForm):
    """What a 整改通知单 says."""

    department_id = SelectField("送达部门", coerce=int)
    window_id = SelectField("窗口", coerce=int, description="不是某个窗口的问题，选“整个部门”。")
    severity = RadioField(
        "严重程度",
        [InputRequired("请选择严重程度。")],
        choices=[SelectChoice(each, label) for each, label in SEVERITY_LABELS.items()],
        default=Severity.MINOR,
    )
    fact = TextAreaField(
        "事实",
        [DataRequired("请写明事实。"), Length(max=MAX_WORDS, message=f"最多{MAX_WORDS}个字。")],
        description="时间、地点、人员、事实，不写评价。",
    )
    basis = StringField(
        "违反依据",
        [BasisRequired("请写明依据。"), Length(max=MAX_BASIS, message=f"最多{MAX_BASIS}个字。")],
        description="制度、条、版本。",
    )
    requirement = TextAreaField(
        "整改要求",
        [DataRequired("请写明要求。"), Length(max=MAX_WORDS, message=f"最多{MAX_WORDS}个字。")],
    )

    def prepare(self, departments: Sequence[Department], windows: Sequence[ServiceWindow]) -> None:
        """Offer departments in their 序列, and windows by number."""
        self.department_id.choices = [SelectChoice(each.id, each.name) for each in departments]
        self.window_id.choices = [
            SelectChoice(0, "整个部门"),
            *(SelectChoice(each.id, f"{each.number} {each.name}") for each in windows),
        ]

    def read_content(self) -> Content:
        """Give what was typed, for the service."""
        return Content(
            department_id=self.department_id.data,
            window_id=self.window_id.data or None,
            severity=Severity(self.severity.data),
            fact=text_in(self.fact),
            basis=self.cited_basis(self.basis, MAX_BASIS),
            article_id=self.read_article(),
            requirement=text_in(self.requirement),
        )


class EvidenceForm(UploadForm):
    """A photo of what was mended."""

    file = FileField("整改后的照片", description=PHOTO_HINT)


class ReplyForm(PhotoForm):
    """The 回执, with a photo; where there is one already no further one is needed."""

    version = VersionField()
    file = FileField("整改后的照片", description=f"{PHOTO_HINT}{HAS_PHOTO}")
    cause = RadioField(
        "原因",
        [InputRequired("请选择原因。")],
        choices=[SelectChoice(each, label) for each, label in CAUSE_LABELS.items()],
    )
    measure = TextAreaField(
        "整改措施",
        [DataRequired("请写明措施。"), Length(max=MAX_WORDS, message=f"最多{MAX_WORDS}个字。")],
    )
    responsible_number = StringField(
        "责任人工号", [DataRequired("请写责任人的工号。"), Length(max=32)]
    )
    done_on = DateField("完成日期", [InputRequired("请写完成日期。")])

    def read_reply(self) -> Reply:
        """Give what was typed, for the service."""
        return Reply(
            cause=Cause(self.cause.data),
            measure=text_in(self.measure),
            responsible_number=text_in(self.responsible_number),
            done_on=date_in(self.done_on),
        )


class PaperReplyForm(ReplyForm):
    """The 回执 that came on paper: what stands on it, its scan, and the photo of what is mended."""

    file = FileField("回执扫描件", description=scans.HINT)
    photo = FileField("整改后的照片", description=f"{PHOTO_HINT}{HAS_PHOTO}")
    signed_by = StringField(
        "签字人工号",
        [InputRequired("请填签字人的工号。"), Length(max=32)],
        description="在回执上签字的人，不是代录的人。",
    )
    signed_on = DateField("签字日期", [InputRequired("请填回执上写的日期。")])
