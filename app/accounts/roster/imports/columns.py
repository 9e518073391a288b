"""The columns of a roster file: what halls call them, and what belongs there.

"Template and tolerant headers": blanks, line breaks, full-width letters and remarks in brackets
make no difference, and each column is known by several names.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.accounts.models import EMPLOYMENT_LABELS, Employment
from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.kernel.permissions import ROLE_LABELS, Role
from app.kernel.sheet_templates import TemplateColumn

# Blanks of all kinds, and marks that are not seen at all.
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
REMARK = re.compile(r"\(.*?\)|\*")


@dataclass(frozen=True, kw_only=True)
class RosterColumn:
    """One column: its name in the program, its heading in the template, its other headings."""

    name: str
    template: TemplateColumn
    synonyms: Sequence[str] = ()
    limit: int = 40

    @property
    def label(self) -> str:
        """The heading that the template has."""
        return self.template.label


EMPLOYMENT_WORDS: Mapping[str, Employment] = {
    **{label: kind for kind, label in EMPLOYMENT_LABELS.items()},
    "行政": Employment.CIVIL,
    "行政编制": Employment.CIVIL,
    "公务员编制": Employment.CIVIL,
    "事业编": Employment.INSTITUTION,
    "事业编制": Employment.INSTITUTION,
    "事业单位": Employment.INSTITUTION,
    "派驻人员": Employment.STATIONED,
    "劳务派遣": Employment.DISPATCHED,
    "派遣制": Employment.DISPATCHED,
    "派遣人员": Employment.DISPATCHED,
}
GROUP_WORDS: Mapping[str, PostGroup] = {
    **{label: group for group, label in POST_GROUP_LABELS.items()},
    "综合窗口": PostGroup.GENERAL,
    "综合": PostGroup.GENERAL,
    "专业窗口": PostGroup.SPECIAL,
    "专业": PostGroup.SPECIAL,
    "帮办代办": PostGroup.ASSISTANT,
    "代办": PostGroup.ASSISTANT,
    "导办": PostGroup.GUIDE,
    "导服台": PostGroup.GUIDE,
    "后台审批": PostGroup.BACK_OFFICE,
}
# 三员 are no roles that a roster could give.
ROLE_WORDS: Mapping[str, Role] = {
    ROLE_LABELS[role]: role
    for role in Role
    if role not in {Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}
}

COLUMNS = (
    RosterColumn(
        name="staff_number",
        template=TemplateColumn(
            label="工号",
            note="字母和数字，一人一个，长期不变；登录用它。",
            example="QY1001",
            is_required=True,
        ),
        synonyms=("员工编号", "编号", "职工号", "员工号", "职工编号", "人员编号"),
        limit=32,
    ),
    RosterColumn(
        name="name",
        template=TemplateColumn(
            label="姓名", note="全名，不带职务。", example="沈知远", is_required=True
        ),
        synonyms=("员工姓名", "人员姓名", "名字"),
    ),
    RosterColumn(
        name="department",
        template=TemplateColumn(
            label="部门",
            note="大厅里用的全称。没见过的部门，预览时可以新增，也可以对应到已有的部门。",
            example="不动产登记中心",
            is_required=True,
        ),
        synonyms=("部门名称", "所在单位", "进驻单位", "所在部门", "进驻部门", "单位", "科室"),
        limit=60,
    ),
    RosterColumn(
        name="window",
        template=TemplateColumn(
            label="窗口", note="窗口号，一格一个；不在窗口的空着。", example="A01"
        ),
        synonyms=("窗口号", "窗口编号", "所在窗口", "窗口名称"),
        limit=20,
    ),
    RosterColumn(
        name="post",
        template=TemplateColumn(
            label="岗位", note="岗位名称；新的岗位自动添加。", example="专业窗口", is_required=True
        ),
        synonyms=("岗位名称", "所在岗位", "工作岗位"),
    ),
    RosterColumn(
        name="post_group",
        template=TemplateColumn(
            label="岗位类别",
            note="决定抽哪一类岗位题；空着的按岗位名称判断。",
            example="专窗",
            choices=tuple(POST_GROUP_LABELS.values()),
        ),
        synonyms=("岗位类型", "岗位性质", "类别"),
    ),
    RosterColumn(
        name="employment",
        template=TemplateColumn(
            label="用工性质",
            note="空着的不改。",
            example="派驻",
            choices=tuple(EMPLOYMENT_LABELS.values()),
        ),
        synonyms=("用工类型", "编制性质", "人员性质", "编制", "身份"),
    ),
    RosterColumn(
        name="joined_on",
        template=TemplateColumn(
            label="入职日期",
            note="到大厅工作的第一天，如 2024-03-01。",
            example="2024-03-01",
            is_required=True,
        ),
        synonyms=("入职时间", "参加工作日期", "参加工作时间", "进驻日期", "到岗日期", "到岗时间"),
    ),
    RosterColumn(
        name="phone",
        template=TemplateColumn(
            label="手机", note="只用于联系本人；空着的不改。", example="13800000000"
        ),
        synonyms=("联系电话", "手机号码", "手机号", "电话", "联系方式", "移动电话"),
        limit=20,
    ),
    RosterColumn(
        name="left_on",
        template=TemplateColumn(label="离岗日期", note="在岗的最后一天；在岗的人空着。"),
        synonyms=("离岗时间", "离职日期", "离职时间", "离开日期"),
    ),
    RosterColumn(
        name="role",
        template=TemplateColumn(
            label="角色",
            note="只对新增的人有用；空着就是窗口工作人员。别的角色只是申请，由安全管理员授予；窗口负责人管本人所在的部门。",
            example="窗口工作人员",
            choices=tuple(ROLE_WORDS),
        ),
        synonyms=("系统角色", "角色权限"),
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.template.is_required)


def compact(text: str) -> str:
    """Give a text without blanks and unseen marks, full-width letters made ordinary."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if unicodedata.category(c) not in UNSEEN)


HEADINGS = {
    compact(word): column for column in COLUMNS for word in (column.label, *column.synonyms)
}


def column_of(heading: str) -> RosterColumn | None:
    """Give the column that a heading means."""
    word = compact(heading)
    return HEADINGS.get(word) or HEADINGS.get(REMARK.sub("", word).rstrip(":"))
