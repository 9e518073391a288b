"""下载模板 and 示例文件: what people fill in, and thirty invented people to look at."""

import itertools

from app.accounts.models import EMPLOYMENT_LABELS
from app.accounts.roster.imports.columns import COLUMNS
from app.accounts.roster.models import POST_GROUP_LABELS
from app.kernel.sheet_templates import TemplateColumn, write_template
from app.kernel.spreadsheets import write_table

RULES = (
    "一人一行，从第二行填起；第二行是示例，请改成本大厅的人。",
    "工号用来认人：工号在系统里有的，比较差别；没有的，算新增。请不要换工号。",
    "名单是大厅全体在岗人员。名单里没有的人只是列为“离岗”供勾选，不勾不动。",
    "有一处错误就一行也不导入；改好以后重新上传。",
    "日期写成 2024-03-01；手机、用工性质空着的保留原来的内容。",
    "不要有公式；从别的表复制来的，请“选择性粘贴—数值”。",
    "严禁上传涉密、内部、敏感内容。",
)
NUMBER = TemplateColumn(label="序号", note="不读取，方便核对人数。", example="1")
SAMPLE_DEPARTMENTS = ("不动产登记中心", "区税务局", "区市场监管局")
# Letters that few halls have used up: a window belongs to one department.
SAMPLE_LETTERS = "LMN"
SAMPLE_POSTS = (("综合窗口", "综窗"), ("专业窗口", "专窗"), ("帮办", "帮办"), ("导服", "导服"))
SURNAMES = "沈陆顾梁秦许曾任邵倪"
GIVEN_NAMES = ("知远", "静怡", "晓岚")
SAMPLE_PEOPLE = 30


def template_file() -> bytes:
    """Write the empty file."""
    return write_template("人员名单", (NUMBER, *(each.template for each in COLUMNS)), RULES)


def sample_file() -> bytes:
    """Write a filled-in file; everybody in it is invented."""
    header = [NUMBER.label, *(each.label for each in COLUMNS)]
    return write_table("人员名单", header, sample_rows())


def sample_rows() -> list[list[object]]:
    """Invent thirty people in three departments."""
    names = (last + first for first, last in itertools.product(GIVEN_NAMES, SURNAMES))
    employments, groups = [*EMPLOYMENT_LABELS.values()], [*POST_GROUP_LABELS.values()]
    rows: list[list[object]] = []
    for place, name in enumerate(itertools.islice(names, SAMPLE_PEOPLE), start=1):
        department = (place - 1) % len(SAMPLE_DEPARTMENTS)
        post, group = SAMPLE_POSTS[place % len(SAMPLE_POSTS)]
        window = (
            f"{SAMPLE_LETTERS[department]}{(place + 2) // 3:02d}" if group in groups[:2] else ""
        )
        rows.append(
            [
                str(place),
                f"SL{place:04d}",
                name,
                SAMPLE_DEPARTMENTS[department],
                window,
                post,
                group,
                employments[place % len(employments)],
                f"2024-{place % 12 + 1:02d}-01",
                f"1380000{place:04d}",
                "",
                "",
            ]
        )
    return rows
