"""What people type about assessments; the rows of a scheme are made from the rules known."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Blank
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import EMPLOYMENT_LABELS
from app.assessment.content import MOST_DIMENSIONS, Content, Dimension, Item, Method
from app.assessment.models import OBJECTION_GROUND_LABELS, UNIT_OPINION_LABELS
from app.kernel.evidence import EvidenceKind, EvidenceRule
from app.kernel.forms import BaseForm, MarksField, VersionedForm, text_in

MOST_NAME = 12
METHODS = {
    EvidenceKind.SHARE: Method.SHARE,
    EvidenceKind.FAULT: Method.DEDUCT,
    EvidenceKind.MERIT: Method.MERIT,
}
NO_DIMENSION, BESIDE = "0", "1"


class NewSchemeForm(BaseForm):
    """For which quarter a scheme is drafted."""

    period = SelectField("考核期", [InputRequired("请选择考核期。")])

    def read_period(self) -> tuple[int, int]:
        """Give year and quarter."""
        year, _, quarter = str(self.period.data).partition("-")
        return int(year), int(quarter)


class SchemeForm(VersionedForm):
    """A scheme: its dimensions; the rows of each rule are added by `form_for`."""

    bonus_cap = MarksField("加分合计上限", [InputRequired("请填写。"), NumberRange(0, 20)])
    least_days = IntegerField("至少在岗天数", [InputRequired("请填整数。"), NumberRange(0, 60)])
    least_weight = IntegerField(
        "至少有数据的权重（%）", [InputRequired("请填整数。"), NumberRange(1, 100)]
    )
    scored = SelectMultipleField(
        "在本中心计分的用工性质",
        choices=[SelectChoice(each.value, label) for each, label in EMPLOYMENT_LABELS.items()],
        description="派驻人员由派出单位考核，派遣人员由用人单位考核：没有选中的出情况反馈函。",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


for _row in range(1, MOST_DIMENSIONS + 1):
    setattr(
        SchemeForm,
        f"name_{_row}",
        StringField(f"第{_row}个维度", [Length(max=MOST_NAME, message="最多12个字。")]),
    )
    setattr(
        SchemeForm,
        f"weight_{_row}",
        IntegerField(f"第{_row}个维度的权重（%）", [Blank(), NumberRange(1, 100)]),
    )


def dimension_rows() -> range:
    """Give the numbers of the rows of dimensions."""
    return range(1, MOST_DIMENSIONS + 1)


def scorable(rules: Mapping[str, EvidenceRule]) -> list[EvidenceRule]:
    """Give the rules on persons that a scheme can count, in a fixed order."""
    found = [each for each in rules.values() if each.kind in METHODS and not each.is_department]
    return sorted(found, key=lambda each: each.name)


def prefix_of(rule: EvidenceRule) -> str:
    """Give the beginning of the names of a rule's fields."""
    return rule.name.replace(".", "__")


def grades_of(rule: EvidenceRule) -> list[tuple[str, str]]:
    """Give the grades of a rule with their labels; one without a name where it has none."""
    return list(rule.grades.items()) or [("", "每次")]


def form_for(rules: Mapping[str, EvidenceRule]) -> type[SchemeForm]:
    """Make the form of a scheme with rows for all rules that the site knows."""
    fields: dict[str, Any] = {}
    mentions = [SelectChoice("", "没有")] + [
        SelectChoice(each.name, each.label)
        for each in rules.values()
        if each.kind is EvidenceKind.MENTION and not each.is_department
    ]
    for rule in scorable(rules):
        prefix = prefix_of(rule)
        if rule.kind is EvidenceKind.MERIT:
            choices = [SelectChoice(NO_DIMENSION, "不计"), SelectChoice(BESIDE, "计入加分")]
        else:
            choices = [SelectChoice(NO_DIMENSION, "不计")] + [
                SelectChoice(str(row), f"第{row}个维度") for row in dimension_rows()
            ]
        fields[f"{prefix}__in"] = SelectField(
            f"{rule.label}：计入", choices=choices, default=NO_DIMENSION
        )
        if rule.kind is EvidenceKind.SHARE:
            fields[f"{prefix}__share"] = IntegerField(
                f"{rule.label}：同一维度内的份数", [Blank(), NumberRange(1, 100)], default=1
            )
            continue
        for place, (_, label) in enumerate(grades_of(rule)):
            fields[f"{prefix}__points_{place}"] = MarksField(
                f"{rule.label}：{label}（分）", [Blank(), NumberRange(0, 100)]
            )
        fields[f"{prefix}__event"] = MarksField(
            f"{rule.label}：一件最多（分）", [Blank(), NumberRange(0, 100)]
        )
        fields[f"{prefix}__period"] = MarksField(
            f"{rule.label}：一个季度最多（分）", [Blank(), NumberRange(0, 100)]
        )
        if rule.kind is EvidenceKind.FAULT:
            fields[f"{prefix}__exposure"] = SelectField(
                f"{rule.label}：以什么算有数据", choices=mentions, default=""
            )
        if rule.grades:
            first = next(iter(rule.grades.values()))
            fields[f"{prefix}__free"] = BooleanField(f"{rule.label}：首次{first}免扣")
    return type("RulesForm", (SchemeForm,), fields)


def fill(form: SchemeForm, content: Content, rules: Mapping[str, EvidenceRule]) -> None:
    """Show what is stored."""
    form.bonus_cap.data, form.least_days.data = content.bonus_cap, content.least_days
    form.least_weight.data, form.scored.data = content.least_weight, list(content.scored)
    places: dict[str, str] = {}
    for row, dimension in zip(dimension_rows(), content.dimensions, strict=False):
        form[f"name_{row}"].data, form[f"weight_{row}"].data = dimension.name, dimension.weight
        places |= {item.rule: str(row) for item in dimension.items}
    places |= {item.rule: BESIDE for item in content.merits}
    for rule in scorable(rules):
        item = content.item_of(rule.name)
        if item is not None:
            form[f"{prefix_of(rule)}__in"].data = places[rule.name]
            fill_item(form, rule, item)


def fill_item(form: SchemeForm, rule: EvidenceRule, item: Item) -> None:
    """Show how one rule counts."""
    prefix = prefix_of(rule)
    if item.method is Method.SHARE:
        form[f"{prefix}__share"].data = item.share
        return
    for place, (grade, _) in enumerate(grades_of(rule)):
        form[f"{prefix}__points_{place}"].data = item.points.get(grade)
    form[f"{prefix}__event"].data = item.event_cap
    form[f"{prefix}__period"].data = item.period_cap
    if rule.kind is EvidenceKind.FAULT:
        form[f"{prefix}__exposure"].data = item.exposure
    if rule.grades:
        form[f"{prefix}__free"].data = bool(item.first_free)


def read_content(form: SchemeForm, rules: Mapping[str, EvidenceRule]) -> Content:
    """Give what was typed; rows without a name are no dimension."""
    items: dict[str, list[Item]] = {}
    merits = []
    for rule in scorable(rules):
        where = str(form[f"{prefix_of(rule)}__in"].data)
        if where == NO_DIMENSION:
            continue
        if rule.kind is EvidenceKind.MERIT:
            merits.append(read_item(form, rule))
        else:
            items.setdefault(where, []).append(read_item(form, rule))
    return Content(
        dimensions=tuple(
            Dimension(
                name=text_in(form[f"name_{row}"]),
                weight=form[f"weight_{row}"].data or 0,
                items=tuple(items.get(str(row), ())),
            )
            for row in dimension_rows()
            if text_in(form[f"name_{row}"])
        ),
        merits=tuple(merits),
        bonus_cap=form.bonus_cap.data or Decimal(0),
        least_days=form.least_days.data or 0,
        least_weight=form.least_weight.data or 1,
        scored=tuple(form.scored.data or ()),
    )


def read_item(form: SchemeForm, rule: EvidenceRule) -> Item:
    """Give how one rule counts."""
    prefix = prefix_of(rule)
    if rule.kind is EvidenceKind.SHARE:
        return Item(rule=rule.name, method=Method.SHARE, share=form[f"{prefix}__share"].data or 1)
    grades = grades_of(rule)
    is_free = bool(rule.grades) and bool(form[f"{prefix}__free"].data)
    is_fault = rule.kind is EvidenceKind.FAULT
    return Item(
        rule=rule.name,
        method=METHODS[rule.kind],
        points={
            grade: form[f"{prefix}__points_{place}"].data or Decimal(0)
            for place, (grade, _) in enumerate(grades)
        },
        event_cap=or_whole(form[f"{prefix}__event"].data),
        period_cap=or_whole(form[f"{prefix}__period"].data),
        first_free=grades[0][0] if is_free else "",
        exposure=str(form[f"{prefix}__exposure"].data or "") if is_fault else "",
    )


def or_whole(value: Decimal | None) -> Decimal:
    """Give a cap that was typed; none is the whole hundred."""
    return Decimal(100) if value is None else value


def fields_by_rule(
    form: SchemeForm, rules: Mapping[str, EvidenceRule]
) -> Sequence[tuple[EvidenceRule, list[Any]]]:
    """Give the fields of each rule, for the page."""
    return [
        (rule, [each for each in form if each.name.startswith(f"{prefix_of(rule)}__")])
        for rule in scorable(rules)
    ]


class CommentForm(VersionedForm):
    """人工评语."""

    text = TextAreaField(
        "评语",
        [DataRequired("请写评语。"), Length(max=200, message="最多200个字，纸上写得下。")],
        description="写事实和改进建议，署你的姓名。不写等次，不写廉洁评价。",
    )


class OpinionForm(VersionedForm):
    """科室意见."""

    opinion = RadioField(
        "科室意见",
        choices=[SelectChoice(each.value, label) for each, label in UNIT_OPINION_LABELS.items()],
        validators=[InputRequired("请选择。")],
    )
    text = TextAreaField("说明", [Length(max=120, message="最多120个字。")])


class OwnOpinionForm(VersionedForm):
    """本人意见."""

    text = TextAreaField(
        "本人意见",
        [DataRequired("请写本人意见。"), Length(max=120, message="最多120个字。")],
        description="对某一条有异议的，请在那一条上提出，会有人答复。",
    )


class ObjectionForm(BaseForm):
    """异议 to one row."""

    ground = RadioField(
        "异议",
        choices=[
            SelectChoice(each.value, label) for each, label in OBJECTION_GROUND_LABELS.items()
        ],
        validators=[InputRequired("请选择。")],
    )
    reason = TextAreaField(
        "理由",
        [DataRequired("请写明理由。"), Length(max=500, message="最多500个字。")],
        description="写明时间、当时的情况，可以找谁核实。",
    )
