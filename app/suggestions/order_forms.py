"""The shape of what people type about 建议单; rules that need the database live in the services."""

from decimal import Decimal

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.kernel.forms import MarksField, VersionedForm, date_in, text_in
from app.suggestions.forms import MAX_LONG, MAX_TITLE, TOO_LONG, read_id
from app.suggestions.order_effects import Feedback, Visit
from app.suggestions.order_models import (
    ORDER_SOURCE_LABELS,
    ORDER_VERDICT_LABELS,
    VISIT_RESULT_LABELS,
    VISIT_WAY_LABELS,
    OrderSource,
    OrderVerdict,
    VisitResult,
    VisitWay,
)
from app.suggestions.orders import Content

MOST_CASES = 100_000
MOST_DAYS = 120
MOST_POINTS = 1000


class OrderForm(VersionedForm):
    """拟制: everything that stands above the signature of a 建议单."""

    title = StringField(
        "事由",
        [InputRequired("请写明事由。"), Length(max=MAX_TITLE, message=f"最多{MAX_TITLE}个字。")],
    )
    department_id = SelectField("派发给哪个部门", coerce=int)
    addressee_number = StringField(
        "派发给个人的，填工号",
        [Length(max=32)],
        description="不针对个人的不填；签收由部门负责人办理。",
    )
    problem = TextAreaField(
        "问题（数据）",
        [InputRequired("请写明问题和数据。"), Length(max=MAX_LONG, message=TOO_LONG)],
        id="what-is-wrong",
    )
    cause = TextAreaField("原因", [Length(max=MAX_LONG, message=TOO_LONG)])
    demand = TextAreaField(
        "改进要求", [InputRequired("请写明改进要求。"), Length(max=MAX_LONG, message=TOO_LONG)]
    )
    carry_days = IntegerField(
        "承办时限（工作日）",
        [
            InputRequired("请填写承办时限。"),
            NumberRange(1, MOST_DAYS, message=f"请填1到{MOST_DAYS}之间的整数。"),
        ],
    )
    source = SelectField(
        "来源渠道",
        choices=[SelectChoice(each, label) for each, label in ORDER_SOURCE_LABELS.items()],
        coerce=OrderSource,
    )
    source_number = StringField(
        "来源单号", [Length(max=120)], description="有几个单号的，用顿号隔开。"
    )
    case_count = IntegerField(
        "件数",
        [
            InputRequired("请填写件数。"),
            NumberRange(1, MOST_CASES, message="件数请填1以上的整数。"),
        ],
    )
    period_from = DateField("期间：从", [Optional()])
    period_until = DateField("期间：到", [Optional()])
    indicator = StringField("指标", [Length(max=60)], description="如“平均等候时间”；没有的不填。")
    current_value = StringField("现值", [Length(max=40)])
    target_value = StringField("目标值", [Length(max=40)])
    clause = StringField("计入考核的条款", [Length(max=120)], description="不计入考核的不填。")
    points = MarksField(
        "分值", [Optional(), NumberRange(0, MOST_POINTS, message=f"请填0到{MOST_POINTS}。")]
    )

    def content(self, addressee_id: int | None) -> Content:
        """Give what was typed, for the service."""
        return Content(
            title=text_in(self.title),
            source=self.source.data,
            source_number=text_in(self.source_number),
            case_count=self.case_count.data or 1,
            period_from=self.period_from.data,
            period_until=self.period_until.data,
            department_id=read_id(self.department_id.data),
            addressee_id=addressee_id,
            problem=text_in(self.problem),
            cause=text_in(self.cause),
            demand=text_in(self.demand),
            indicator=text_in(self.indicator),
            current_value=text_in(self.current_value),
            target_value=text_in(self.target_value),
            carry_days=self.carry_days.data or 1,
            clause=text_in(self.clause),
            points=self.points.data if isinstance(self.points.data, Decimal) else None,
        )


class FeedbackForm(VersionedForm):
    """承办反馈: 采纳, 部分采纳, 不采纳, with reasons; and what will be done by whom until when."""

    verdict = RadioField(
        "承办反馈",
        [InputRequired("请选承办反馈。")],
        choices=[SelectChoice(each, label) for each, label in ORDER_VERDICT_LABELS.items()],
        coerce=OrderVerdict,
    )
    reason = TextAreaField(
        "理由",
        [Length(max=MAX_LONG, message=TOO_LONG)],
        description="部分采纳、不采纳的必须写；不采纳由签发人确认。",
    )
    measures = TextAreaField(
        "措施", [Length(max=MAX_LONG, message=TOO_LONG)], description="采纳的必须写。"
    )
    responsible = StringField("责任人", [Length(max=40)])
    finish_on = DateField("完成日", [Optional()])

    def feedback(self) -> Feedback:
        """Give what was typed, for the workflow."""
        is_declined = self.verdict.data is OrderVerdict.DECLINED
        return Feedback(
            verdict=self.verdict.data,
            reason=text_in(self.reason),
            measures="" if is_declined else text_in(self.measures),
            responsible="" if is_declined else text_in(self.responsible),
            finish_on=None if is_declined else self.finish_on.data,
        )


class FinishForm(VersionedForm):
    """报核验: what was done."""

    result = TextAreaField(
        "落实情况", [InputRequired("请写明落实情况。"), Length(max=MAX_LONG, message=TOO_LONG)]
    )


class VisitForm(VersionedForm):
    """回访: 日期, 方式, 结果."""

    on = DateField("回访日期", [InputRequired("请填写回访日期。")])
    way = RadioField(
        "方式",
        [InputRequired("请选回访方式。")],
        choices=[SelectChoice(each, label) for each, label in VISIT_WAY_LABELS.items()],
        coerce=VisitWay,
    )
    result = RadioField(
        "结果",
        [InputRequired("请选回访结果。")],
        choices=[SelectChoice(each, label) for each, label in VISIT_RESULT_LABELS.items()],
        coerce=VisitResult,
        description="没有解决的，退回承办部门落实。打了几次没有打通，选未联系上。",
    )
    note = TextAreaField(
        "对方的原话",
        [Length(max=MAX_LONG, message=TOO_LONG)],
        description="照原话记，不要写身份证号。",
    )

    def visit(self) -> Visit:
        """Give what was typed, for the workflow."""
        return Visit(
            on=date_in(self.on), way=self.way.data, result=self.result.data, note=text_in(self.note)
        )
