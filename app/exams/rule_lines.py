"""What the site itself adds to the 须知 of a paper: rules that it carries out, so they are true.

The text of the 须知 is the clerk's. How a part of a 多选题 is marked, who marks what is written,
and which mark of a 补考 counts are settings of the paper; a line that the clerk wrote too stands
once.
"""

from collections.abc import Collection

from app.exams.kinds import MAKEUP_RULE_LABELS, write_part_rule
from app.exams.marking import BY_HAND
from app.exams.models import Exam
from app.questions.kinds import QuestionKind

BY_PEOPLE = "简答题、论述题由人评分，不显示姓名；全部评完后公布成绩。"


def rule_lines(exam: Exam, kinds: Collection[QuestionKind]) -> list[str]:
    """Give the lines for a paper with questions of these kinds."""
    lines = []
    if QuestionKind.MULTIPLE in kinds:
        lines.append(write_part_rule(exam.part_rule, exam.option_marks))
    if not BY_HAND.isdisjoint(kinds):
        lines.append(BY_PEOPLE)
    if exam.makeup_rule is not None:
        lines.append(f"这是补考，{MAKEUP_RULE_LABELS[exam.makeup_rule]}。")
    written = exam.notice.split("\n")
    return [line for line in lines if line not in written]
