"""Words from which the generator makes questions of a hall; each holds a trap for a careless reader."""

from itertools import product

from app.questions.kinds import QuestionKind

DEPARTMENTS = (
    "公安", "税务", "人社", "医保", "民政", "住建", "市场监管", "自然资源", "交通", "卫健",
    "教育", "司法", "文旅", "应急", "水务", "气象", "档案", "公积金", "残联", "烟草",
)  # fmt: skip
MATTERS = (
    "居住证签注", "企业开办", "社保卡补领", "门诊慢病备案", "施工许可", "食品经营许可", "不动产查询", "道路运输证换发",
    "公共场所卫生许可", "律师执业变更", "旅行社备案", "取水许可", "档案查阅", "公积金提取", "残疾人证办理", "个体户注销",
)  # fmt: skip
SCENES = (
    "群众已经等候1.5小时，", "材料于2026.11.20受理，", "该事项（含网办）属于A类事项，", "群众问“答案”是否公布时，",
    "满意率为98.5%的，", "承诺时限为3-5日的，", "群众持第2份复印件的，", "费用合计12.50元的，",
    "窗口编号为B03的，", "涉及《办事指南》（2025年版）的，", "群众要求：当场办结，", "同时办理2项以上事项的，",
    "材料共10页、缺1页的，", "系统提示E类错误的，", "排队号为A1、A2的，", "遇到周六延时服务的，",
)  # fmt: skip
ASKS = (
    "窗口人员应当（　　）。",
    "正确的做法是哪一项？",
    "下列说法正确的是（　　）。",
    "应当由（　　）先行处理。",
)
MANY_ASKS = ("窗口人员应当做到（　　）。", "正确的做法有哪些？", "下列说法正确的有（　　）。")
OPTION_POOLS = (
    ("1.5小时内告知", "2小时内告知", "30分钟内告知", "3日内告知", "10分钟内告知"),
    ("值班长", "首位接待人", "A角", "B角", "窗口负责人"),
    ("A类清单", "B类清单", "第3类清单", "以上清单之外的清单", "C类清单"),
    ("当场说明“答案”", "2次以上电话回访", "登记后转办", "请群众改日再来", "50%以上的材料先收"),
    ("《办事指南》第三条", "《告知单》", "一次性告知单", "收件回执", "12345工单"),
    ("2026年11月20日", "2026.12.1", "受理之日起5日", "次月1日", "当日17:00"),
)
CLAIMS = (
    "窗口人员可以先行受理。",
    "窗口人员应当出具回执。",
    "应当当场答复，不得推诿。",
    "可以由B角代办。",
)
REASONS = ("承诺写明了时限。", "先说明，后登记。", "见流程图2.1。", "A类事项当场办结。")
RULES = ("演示制度第三条", "《演示服务规范》第12条", "演示制度第1.2节")
BLANK_KEYS = (("3", "电话"), ("5", "短信"), ("10", "书面"), ("1.5", "当面"))
POINTS = (
    "一是先行登记；二是说明时限；三是留下电话。",
    "先容缺受理，再告知补正时限。",
    "分流引导、帮办代办、延时服务。",
)

SUBJECTS = tuple(product(DEPARTMENTS, MATTERS, SCENES))


def opening_of(subject):
    department, matter, scene = subject
    return f"{department}窗口办理{matter}，{scene}"


def stem_of(rng, kind, subject):
    """Give a stem; no two subjects give the same."""
    opening = opening_of(subject)
    if kind is QuestionKind.SINGLE:
        return opening + rng.choice(ASKS)
    if kind is QuestionKind.MULTIPLE:
        return opening + rng.choice(MANY_ASKS)
    if kind is QuestionKind.TRUE_FALSE:
        return opening + rng.choice(CLAIMS)
    if kind is QuestionKind.BLANK:
        return opening + "应当在____日内办结，并以____方式告知。"
    return f"简述{opening}怎样处理？"
