"""The shape of what people type about a pair; rules that need the database live in the services."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange

from app.accounts.models import Person
from app.accounts.roster.models import ServiceItem
from app.files.signed_sheets import SheetForm
from app.kernel.forms import BaseForm, RefusedError, VersionedForm, date_in, text_in
from app.mentoring import months
from app.mentoring.models import END_REASON_LABELS, EndReason
from app.mentoring.plans import Plan
from app.mentoring.signing import Assessment, Line

MAX_TEXT = 500
MAX_SHORT = 300
LONGEST_TERM = 24
NOBODY, LEFT_OUT = 0, ""
ADDED = 2
PASSED, NOT_PASSED = "passed", "not_passed"
RESULTS = ((PASSED, "合格"), (NOT_PASSED, "再练"))
TOO_LONG = f"最多{MAX_TEXT}个字。"
MONTH_WITH_ITEM = "请选新增事项的计划月。"
# The 出师考核: what is looked at, and what is right. The hall's office may write others into it.
FINAL_LINES = (
    ("接待与一次性告知", "用文明用语接待，需要的材料一次讲清，讲不清的按首问负责转到人。"),
    ("核对材料与收件", "逐项核对，收件登记准确、完整，不多收、不漏收。"),
    ("系统录入与流转", "用本人账号办理，录入准确，流转到正确的环节。"),
    ("疑难情况处理", "不擅自答复，按手册查找依据或请示，给出下一步和时间。"),
    ("制度与承诺", "说得清本岗位的制度、承诺和不得有的行为。"),
)


class ProposalForm(BaseForm):
    """Proposing a pair: from when, for how long, what for, and who assesses."""

    starts_on = DateField("开始日期", [InputRequired("请填写开始日期。")])
    months = IntegerField(
        "期限（月）",
        [
            InputRequired("请填写期限。"),
            NumberRange(1, LONGEST_TERM, message=f"请填1到{LONGEST_TERM}之间的整数。"),
        ],
    )
    goals = TextAreaField(
        "目标",
        [InputRequired("请写明带教的目标。"), Length(max=MAX_TEXT, message=TOO_LONG)],
        description="到期时徒弟能独立做什么。",
    )
    assessor_id = SelectField(
        "考核人",
        coerce=int,
        description="考核事项和出师，不能是师傅、徒弟、徒弟部门的负责人或其B角。",
    )

    def prepare(self, assessors: Sequence[Person]) -> None:
        """Fill in who may assess."""
        self.assessor_id.choices = assessor_choices(assessors)


def assessor_choices(assessors: Sequence[Person]) -> list[SelectChoice]:
    """Give people by name with 工号."""
    return [
        SelectChoice(NOBODY, "请选考核人"),
        *(SelectChoice(each.id, f"{each.name}（{each.staff_number}）") for each in assessors),
    ]


class PlanForm(VersionedForm):
    """The plan: goals, assessor, a month for each 事项, and some more 事项; see `plan_form`."""

    goals = TextAreaField(
        "目标", [InputRequired("请写明带教的目标。"), Length(max=MAX_TEXT, message=TOO_LONG)]
    )
    assessor_id = SelectField("考核人", coerce=int)
    reason = TextAreaField("变更的原因", [Length(max=MAX_SHORT, message=f"最多{MAX_SHORT}个字。")])

    def months_in(self, present: Sequence[int]) -> dict[int, date]:
        """Read the months by 事项; raises RefusedError for a new 事项 without a month."""
        found = {}
        for service_item_id in present:
            chosen = self[f"month_{service_item_id}"].data
            if chosen != LEFT_OUT:
                found[service_item_id] = date.fromisoformat(chosen)
        for place in range(1, ADDED + 1):
            service_item_id = self[f"item_{place}"].data
            chosen = self[f"item_month_{place}"].data
            if service_item_id == NOBODY:
                continue
            if chosen == LEFT_OUT:
                raise RefusedError(**{f"item_month_{place}": MONTH_WITH_ITEM})
            found[service_item_id] = date.fromisoformat(chosen)
        return found

    def plan(self, present: Sequence[int]) -> Plan:
        """Give what was typed, for the service."""
        return Plan(
            goals=text_in(self.goals),
            assessor_id=self.assessor_id.data,
            months=self.months_in(present),
            reason=text_in(self.reason),
        )


def plan_form(
    present: Sequence[tuple[int, str]],
    within: Sequence[date],
    items: Sequence[ServiceItem],
    assessors: Sequence[Person],
    **given: Any,
) -> PlanForm:
    """Build the form of one plan: a field for each of its 事项, and some for new ones."""
    choices = [SelectChoice(each.isoformat(), months.label(each)) for each in within]
    fields: dict[str, Any] = {}
    for service_item_id, name in present:
        fields[f"month_{service_item_id}"] = SelectField(
            name, choices=[SelectChoice(LEFT_OUT, "不列入计划"), *choices]
        )
    taken = {each for each, _ in present}
    more = [
        SelectChoice(NOBODY, "不加"),
        *(SelectChoice(each.id, f"{each.name}（{each.code}）") for each in items
          if each.id not in taken),
    ]  # fmt: skip
    for place in range(1, ADDED + 1):
        fields[f"item_{place}"] = SelectField(f"新增事项{place}", coerce=int, choices=more)
        fields[f"item_month_{place}"] = SelectField(
            f"新增事项{place}的计划月", choices=[SelectChoice(LEFT_OUT, "请选月份"), *choices]
        )
    form: PlanForm = type("ThisPlanForm", (PlanForm,), fields)(**given)
    form.assessor_id.choices = assessor_choices(assessors)
    return form


class RecordWords(BaseForm):
    """What stands in the 带教记录 of one month."""

    taught = TextAreaField(
        "带教内容",
        [InputRequired("请写本月带教了什么。"), Length(max=MAX_TEXT, message=TOO_LONG)],
        description="哪几个事项，看了、陪了几次，讲了什么。",
    )
    progress = TextAreaField(
        "掌握情况",
        [InputRequired("请写徒弟掌握到什么程度。"), Length(max=MAX_TEXT, message=TOO_LONG)],
    )
    plan_next = TextAreaField("下月安排", [Length(max=MAX_TEXT, message=TOO_LONG)])

    def words(self) -> Mapping[str, str]:
        """Give what was typed, for the workflow."""
        names = ("taught", "progress", "plan_next")
        return {name: text_in(self[name]) for name in names}


class RecordForm(RecordWords, VersionedForm):
    """带教记录 as one of the two writes it."""


class PaperRecordForm(RecordWords, SheetForm):
    """带教记录 that both have signed on paper, with its scan."""

    is_signed_by_both = BooleanField(
        "纸上有师傅、徒弟两人的签字", [InputRequired("要有两人的签字才能代录。")]
    )


class EndForm(VersionedForm):
    """提前结束: a neutral reason, and more words where they are needed."""

    reason = RadioField(
        "原因",
        [InputRequired("请选原因。")],
        choices=[SelectChoice(each, label) for each, label in END_REASON_LABELS.items()],
        coerce=EndReason,
    )
    note = TextAreaField(
        "说明",
        [Length(max=MAX_SHORT, message=f"最多{MAX_SHORT}个字。")],
        description="只写事实，不评价人；可以不填。",
    )


class ItemAssessmentForm(BaseForm):
    """考核 of one item: what was done, what is right, and how it was."""

    held_on = DateField("考核日期", [InputRequired("请填写考核日期。")])
    action = TextAreaField(
        "动作",
        [InputRequired("请写看徒弟做了什么。"), Length(max=MAX_TEXT, message=TOO_LONG)],
        description="如：独立受理一件，从叫号到出收件凭证。",
    )
    standard = TextAreaField(
        "标准",
        [InputRequired("请写做对的标准。"), Length(max=MAX_TEXT, message=TOO_LONG)],
        description="照业务手册写。",
    )
    result = RadioField(
        "结果",
        [InputRequired("请选结果。")],
        choices=[SelectChoice(value, label) for value, label in RESULTS],
        description="再练的，回到“陪”，师傅可以再签独立。",
    )
    opinion = TextAreaField("意见", [Length(max=MAX_SHORT)])

    def assessment(self) -> Assessment:
        """Give what was typed, for the service."""
        line = Line(
            action=text_in(self.action),
            standard=text_in(self.standard),
            is_passed=self.result.data == PASSED,
        )
        return Assessment(
            held_on=date_in(self.held_on), lines=(line,), opinion=text_in(self.opinion)
        )


class FinalLines(BaseForm):
    """What stands in a 出师考核, beside one result for each line; see `final_form`."""

    held_on = DateField("考核日期", [InputRequired("请填写考核日期。")])
    opinion = TextAreaField("意见", [Length(max=MAX_SHORT)])

    @property
    def is_passed(self) -> bool:
        """Tell whether every line was right."""
        places = range(1, len(FINAL_LINES) + 1)
        return all(self[f"result_{place}"].data == PASSED for place in places)

    def assessment(self) -> Assessment:
        """Give what was typed, for the workflow."""
        lines = [
            Line(
                action=action,
                standard=standard,
                is_passed=self[f"result_{place}"].data == PASSED,
            )
            for place, (action, standard) in enumerate(FINAL_LINES, start=1)
        ]
        return Assessment(
            held_on=date_in(self.held_on), lines=tuple(lines), opinion=text_in(self.opinion)
        )


class FinalAssessmentForm(FinalLines, VersionedForm):
    """出师考核 as the assessor holds it."""


class PaperFinalForm(FinalLines, SheetForm):
    """出师考核 that the assessor has signed on paper, with its scan."""


def final_form(**given: Any) -> FinalAssessmentForm:
    """Build the form of the 出师考核, with a result for each of its lines."""
    form: FinalAssessmentForm = type("ThisFinalForm", (FinalAssessmentForm,), results())(**given)
    return form


def paper_final_form(**given: Any) -> PaperFinalForm:
    """Build the form of a 出师考核 that came on paper."""
    form: PaperFinalForm = type("ThisPaperFinalForm", (PaperFinalForm,), results())(**given)
    return form


def results() -> dict[str, RadioField]:
    """Give a field for the result of each line."""
    return {
        f"result_{place}": RadioField(
            f"{place}. {action}",
            [InputRequired("请选结果。")],
            choices=[SelectChoice(value, label) for value, label in RESULTS],
            description=standard,
        )
        for place, (action, standard) in enumerate(FINAL_LINES, start=1)
    }
