"""Demonstration questions. They rest on the two plans or on an article of the demonstration's own
rules, and are marked 演示题，未经审核.

No law is quoted here: where a text is not at hand, a question rests on the plans.
"""

from datetime import date
from decimal import Decimal

from app.accounts import service as accounts
from app.accounts.demo_days import BEGUN, at
from app.kernel import clock, db
from app.kernel.permissions import Principal
from app.questions import service
from app.questions.kinds import FALSE, TRUE, QuestionKind
from app.questions.models import QuestionCategory
from app.questions.service import Content, Place
from app.regulations.service import list_articles

DRAFTER = "QY0103"
PLAN_2023 = "2023年清廉窗口创建实施方案"
PLAN_2025 = "2025年效能提升方案"
TEN = Decimal(10)

S, M, T = QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE

# A rule of the demonstration with the number of its article.
Article = tuple[str, str]
FIRST_ASKED: Article = ("首问负责制（演示制度）", "第三条")
INTAKE: Article = ("收件登记办法（演示制度）", "第三条")

# Kind, stem, options, key, plan and number or article, analysis.
QUESTIONS: tuple[tuple[QuestionKind, str, tuple[str, ...], str, str | Article, str], ...] = (
    (S, "某窗口正在拟写摆桌上墙的服务承诺。按照“亮承诺”可操作、可量化的要求，下列哪一条写得合适？",
     ("热情服务，尽快为群众办结", "材料齐全的，15分钟内完成收件", "努力提高业务水平，让群众满意",
      "一般情况下及时答复咨询"),
     "B", f"{PLAN_2023}三（四）10", "承诺要写明做什么和多长时间，群众才能监督。"),
    (M, "“三亮”行动包括下列哪几项？",
     ("亮身份", "亮标准", "亮承诺", "亮成绩"),
     "ABC", f"{PLAN_2023}三（四）10", "“三亮”是亮身份、亮标准、亮承诺。"),
    (T, "党员一律佩戴党员徽章，并在所在窗口铭牌上增设“党员示范岗”标识。", (), TRUE,
     f"{PLAN_2023}三（四）10", "“亮身份”的要求。"),
    (S, "当季“服务明星”获得者应当在哪里摆放相关奖牌？",
     ("部门办公室", "所在窗口", "大厅公示栏", "家中"),
     "B", f"{PLAN_2023}三（四）10", "“亮身份”要求在所在窗口摆放相关奖牌。"),
    (M, "对窗口工作人员业务操作实施效能监察，通过哪些方式进行？",
     ("现场巡查", "电子监察", "投诉反馈", "明察暗访"),
     "ABCD", f"{PLAN_2023}三（三）8", "四种方式都在方案中列明。"),
    (S, "年度“12345”热线、政务服务“好差评”的处置满意率要达到多少以上？",
     ("70%", "80%", "90%", "95%"),
     "C", f"{PLAN_2023}三（四）11", "不属实率控制在20%以内，处置满意率达到90%以上。"),
    (S, "年度“12345”热线、政务服务“好差评”的不属实率要控制在多少以内？",
     ("5%", "10%", "20%", "30%"),
     "C", f"{PLAN_2023}三（四）11", "不属实率控制在20%以内。"),
    (S, "办事群众来问一个不属于本窗口的事项，首位接待的工作人员应当怎样做？",
     ("请群众到导服台再问", "引导到承办窗口，并说明需要的材料", "告诉群众不归这里办",
      "请群众打12345"),
     "B", FIRST_ASKED, "首问责任人负责到底，不让群众多跑、多问。"),
    (M, "“三大课堂”是指下列哪几个课堂？",
     ("业务课堂", "党建课堂", "实践课堂", "网办小课堂"),
     "ABC", f"{PLAN_2025}三（四）11", "三大课堂是业务课堂、党建课堂、实践课堂。"),
    (M, "办好“业务课堂”，从哪几个方面强化对培训成效的评估？",
     ("参训人员满意度", "训后测试反馈", "个人绩效跟踪", "培训时长"),
     "ABC", f"{PLAN_2025}三（四）11", "方案列的是满意度、训后测试、绩效跟踪三方面。"),
    (S, "新增、调整、取消事项，进驻部门应当在几个工作日内以“部门事项调整申请单”告知中心？",
     ("1个", "3个", "5个", "10个"),
     "B", f"{PLAN_2025}三（二）4", "3个工作日内告知，保证线上线下一致。"),
    (S, "首办成功率的目标是多少？",
     ("不低于70%", "不低于80%", "不低于85%", "不低于90%"),
     "D", f"{PLAN_2025}二", "总体目标写明首办成功率不低于90%。"),
    (T, "“优化工作建议单”的落实情况不纳入绩效考核。", (), FALSE,
     f"{PLAN_2025}三（四）10", "落实情况纳入绩效考核。"),
    (S, "“中心咨询投诉工作分析报告”多长时间形成一次？",
     ("每周", "每月", "每季度", "每年"),
     "C", f"{PLAN_2025}三（四）10", "每季度对前一阶段工作进行复盘，形成报告。"),
    (M, "以评促优要全面收集下列哪些渠道的反馈问题？",
     ("线上线下“办不成事”反映窗口", "政务服务“好差评”", "12345市民服务热线", "个人社交账号"),
     "ABC", f"{PLAN_2025}三（四）10", "三类主要渠道在方案中列明。"),
    (T, "事项平均申请时长原则上不超过20分钟。", (), TRUE, f"{PLAN_2025}二", "总体目标的原文要求。"),
    (S, "收件时发现材料不全，应当怎样告知？",
     ("先收下，过几天再说", "一次写明要补的材料", "想起一样说一样", "请群众自己上网查"),
     "B", INTAKE, "一次写明，群众才不用来回跑。"),
    (M, "“亮标准”提炼并公示的内容包括哪几项？",
     ("核心工作标准", "服务内容", "办事程序", "工作人员住址"),
     "ABC", f"{PLAN_2023}三（四）10", "经审定后通过大厅公示栏、宣传屏公示。"),
    (T, "服务承诺只要摆在桌上，不需要上墙公开。", (), FALSE,
     f"{PLAN_2023}三（四）10", "方案要求摆桌上墙予以公开。"),
    (S, "针对高频、共性诉求的长效改进经验，以什么形式记录、保存？",
     ("工作日志", "典型案例库", "会议纪要", "通讯稿"),
     "B", f"{PLAN_2025}三（四）10", "以典型案例库的形式记录、保存。"),
)  # fmt: skip


def fill(day: date) -> None:
    """Put the demonstration questions into the bank, drafted by the 经办人 of the cast."""
    drafter = accounts.find_account(accounts.normalise(DRAFTER))
    if drafter is None:
        return
    with clock.frozen(at(day - BEGUN, 14)), db.write():
        articles = {(each.rule, each.label): each for each in list_articles(clock.today())}
        user = principal(drafter.person_id)
        for kind, stem, options, key, basis, analysis in QUESTIONS:
            cited = None if isinstance(basis, str) else articles[basis]
            service.create_question(
                content=Content(
                    kind=kind,
                    category=QuestionCategory.COMMON,
                    stem=stem,
                    options=options,
                    key=[key] if kind is T else list(key),
                    marks=TEN,
                    basis=cited.name if cited else str(basis),
                    article_id=cited.article_id if cited else None,
                    analysis=analysis,
                ),
                user=user,
                place=Place(is_demonstration=True),
            )


def principal(person_id: int) -> Principal:
    """Give somebody as services see who acts."""
    return Principal(
        account_id=accounts.business_account(person_id).id,
        person_id=person_id,
        name="",
        staff_number="",
        department_id=0,
        department_name="",
        grants=accounts.read_grants(person_id, clock.today()),
        session_id="",
    )
