"""What acts of several rooms send: files, signed sheets, passwords."""

from app.accounts.roster.imports import template
from app.kernel.spreadsheets import write_table
from app.training import figure_files
from tests.site.moves.move import Upload
from tests.site.world import photo
from tests.support import cast

ROSTER = Upload(template.sample_file())


PHOTO = Upload(photo(), "照片.png")


OPINIONS = Upload("外部编号,内容\nWJ-9,希望有放大镜。\n".encode(), "意见.csv")


QUESTION_SHEET = Upload(
    write_table("题目", ("题型", "题目"), [("满意度", "您对讲义满意吗？")]), "题目.xlsx"
)


FIGURES = Upload(figure_files.template_file(), "绩效.xlsx")


TASK_TABLE = Upload(
    write_table(
        "任务分解表",
        ("序号", "举措", "牵头部门", "配合部门", "完成期限"),
        [("7", "探索AI化应用场景", cast.DEPARTMENTS[0], "", "2026-12-31")],
    ),
    "分解表.xlsx",
)


ORDER = {
    "title": "等候偏长",
    "problem": "等候超时。",
    "cause": "无人引导。",
    "demand": "安排引导。",
}


SIGNED = {
    "signed_by": "SY010",
    "signed_on": "2026-11-20",
    "meeting": "主任办公会",
    "file": Upload(photo(), "签批单.png"),
    "is_unclassified": "y",
}


PASSWORD = {"staff_number": "SY001", "password": cast.PASSWORD}


NEW_PASSWORD = {
    "present": cast.PASSWORD,
    "password": "Harvest-Lantern-88",
    "repeated": "Harvest-Lantern-88",
}


REASON = {"reason": "当面核对过身份。"}


QUESTION = {
    "stem": "首问责任人要做什么？",
    "options": "接待\n推诿",
    "key": "A",
    "marks": "5",
    "tags": "首问与告知",
    "basis": "首问负责制",
    "analysis": "接待到底。",
}


QUESTION_TEXTS = ("stem", "basis", "analysis")


PAPER = {
    "title": "新的考试",
    "opens_at": "2026-12-01T09:00",
    "closes_at": "2026-12-02T18:00",
    "minutes": "30",
    "pass_marks": "6",
    "department_ids": "1",
    "notice": "办件优先。",
}


PAPER_TEXTS = ("title", "notice")


NEW_PERSON = {
    "staff_number": "SY041",
    "name": "程子衿",
    "department_id": "1",
    "window_id": "0",
    "post_id": "1",
    "joined_on": "2026-11-20",
}


ENTRIES = {
    "department": {"name": "区档案局", "position": "30"},
    "window": {"number": "B01", "name": "税务窗口", "department_id": "1"},
    "post": {"name": "引导岗", "post_group": "guide"},
    "service_item": {"code": "SX-002", "name": "新办企业", "department_id": "1"},
    "committee": {"name": "清廉窗口建设工作小组", "duty": "落实方案"},
}


ENTRY_TEXTS = {
    "department": ("name",),
    "window": ("name",),
    "post": ("name",),
    "service_item": ("name", "depth", "manual_version"),
    "committee": ("name", "duty"),
}
