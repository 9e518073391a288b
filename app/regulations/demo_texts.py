"""The rules of the invented hall: every text is made up, and every name says so (演示制度).

Of the seven 工作制度 that the plan names only 首问负责制 has its name there; the others are
名称待中心确认 until the centre gives them.
"""

from dataclasses import dataclass

from app.regulations.models import RuleClass, RuleKind, RulePart

SECTION, HANDLING, COORDINATION = RuleClass
PARTY, BASIC, BUSINESS = RulePart


@dataclass(frozen=True)
class Told:
    """A rule of the demonstration; `department` is that of 进驻部门层面."""

    name: str
    part: RulePart
    class_: RuleClass
    articles: tuple[str, ...]
    kind: RuleKind = RuleKind.RULE
    department: str = ""

    @property
    def text(self) -> str:
        """Put the articles together as somebody would paste them."""
        numbers = "一二三四五六七八九十"
        lines = [f"第{numbers[place]}条　{each}" for place, each in enumerate(self.articles)]
        return "\n".join(lines)


FIRST_ASKED = Told(
    "首问负责制（演示制度）", BUSINESS, HANDLING,
    (
        "首位接待办事群众的工作人员是首问责任人。",
        "首问责任人负责到底，不得推诿。",
        "不属于本窗口的事项，首问责任人引导到承办窗口，并说明需要的材料。",
        "暂时答复不了的，记下联系方式，一个工作日内答复。",
    ),
)  # fmt: skip
FIRST_ASKED_NEXT = Told(
    FIRST_ASKED.name, BUSINESS, HANDLING,
    (
        "首位接待办事群众的工作人员是首问责任人。",
        "首问责任人负责到底，不得以任何理由推诿。",
        "不属于本窗口的事项，首问责任人当面引导到承办窗口，并说明需要的材料。",
        "引导情况当日登记，由窗口负责人每周抽查。",
        "暂时答复不了的，记下联系方式，一个工作日内答复。",
    ),
)  # fmt: skip
CONDUCT = Told(
    "窗口行为规范（演示制度）", BASIC, SECTION,
    (
        "工作时间着工作装，佩戴工牌。",
        "群众到窗口时起身问候，使用文明用语。",
        "办件时不做与工作无关的事。",
        "离开窗口时摆出暂停服务牌，写明替代窗口。",
        "在岗佩戴工牌，离开时摆出暂停服务牌。",
    ),
)  # fmt: skip
CONDUCT_NEXT = Told(
    CONDUCT.name, BASIC, SECTION,
    (
        "工作时间着工作装，佩戴工牌，党员佩戴党员徽章。",
        "群众到窗口时起身问候，使用文明用语。",
        "办件时不做与工作无关的事，不接打私人电话。",
        "离开窗口时摆出暂停服务牌，写明替代窗口。",
        "按取号顺序办理，不为任何人插号。",
    ),
)  # fmt: skip
INTAKE = Told(
    "收件登记办法（演示制度）", BUSINESS, HANDLING,
    (
        "收件当场核对材料，出具收件凭证。",
        "收件信息当日录入系统。",
        "材料不全的，一次写明要补的材料。",
    ),
)  # fmt: skip
INTAKE_NEXT = Told(
    INTAKE.name, BUSINESS, HANDLING,
    (
        "收件当场核对材料，出具收件凭证。",
        "收件信息一小时内录入系统。",
        "材料不全的，一次写明要补的材料，书面交给办事人。",
    ),
)  # fmt: skip
PAPER_SIGN_IN = Told(
    "纸质签到办法（演示制度）", BASIC, SECTION,
    ("到岗、离岗在签到簿上签名。", "签到簿每月交办公室存档。"),
)  # fmt: skip
WAITING = Told(
    "七项工作制度之二（名称待中心确认）", BUSINESS, HANDLING,
    ("名称和正文待中心确认，确认以前不执行。",),
)  # fmt: skip
DRAFTED = Told(
    "七项工作制度之三（名称待中心确认）", BUSINESS, HANDLING,
    ("名称和正文待中心确认，确认以前不执行。",),
)  # fmt: skip

RULES = (
    FIRST_ASKED,
    CONDUCT,
    INTAKE,
    PAPER_SIGN_IN,
    Told(
        "窗口学习会制度（演示制度）", PARTY, COORDINATION,
        (
            "窗口学习会每月一次，由党支部安排，不占用开放时段的窗口。",
            "学习会写明主题、时间、主持和发言要点，留一张照片。",
            "因值守没有参加的，由主持人转告要点。",
        ),
    ),
    Told(
        "党员示范岗管理办法（演示制度）", PARTY, SECTION,
        (
            "党员示范岗由窗口申报、支部确认，按季度复核。",
            "示范岗标识随岗不随人，离岗当日摘牌。",
            "群众意见属实的，支部当月复核。",
        ),
    ),
    Told(
        "党支部议事办法（演示制度）", PARTY, COORDINATION,
        ("支部议事先听取窗口意见。", "议定事项写明承办人和期限，下次会议通报。"),
    ),
    Told(
        "一月一考办法（演示制度）", BASIC, SECTION,
        (
            "考试开放两至五个工作日，办件优先。",
            "产假、病假、公差、值守的可以缓考，由窗口负责人申请。",
            "试卷由公共题和岗位题组成，题目写明依据。",
            "成绩只给本人，通报不排名。",
        ),
    ),
    Told(
        "值班巡查办法（演示制度）", BASIC, COORDINATION,
        (
            "巡查由两人进行，按值班表，写事实，不写评价。",
            "能当场改的当场改，改前改后各拍一张照片。",
            "参加巡查的人不复查自己发现的问题。",
        ),
    ),
    Told(
        "考勤与请假办法（演示制度）", BASIC, SECTION,
        ("请假先安排替岗，再离开窗口。", "临时离开不超过十五分钟的，告知相邻窗口。"),
    ),
    Told(
        "印章使用办法（演示制度）", BASIC, SECTION,
        ("印章由专人保管，用印逐件登记。", "不在空白表单上用印。", "交接印章写明时间和件数。"),
    ),
    Told(
        "系统账号管理办法（演示制度）", BASIC, SECTION,
        (
            "账号本人使用，不借给别人，不代别人操作。",
            "离开座位锁屏。",
            "离岗当日停用账号。",
        ),
    ),
    Told(
        "设备巡检与报修办法（演示制度）", BASIC, COORDINATION,
        ("每日开门前查取号机、评价器、自助机。", "故障十分钟内报修，停用的张贴说明。"),
    ),
    Told(
        "一次性告知制度（演示制度）", BUSINESS, HANDLING,
        (
            "要补的材料一次写清楚，书面交给办事人。",
            "告知单写明事项、缺少的材料和咨询电话。",
            "同一事项不得两次告知不同的材料。",
        ),
    ),
    Told(
        "综合窗口运行办法（演示制度）", BUSINESS, HANDLING,
        (
            "综合窗口按取号顺序收件，转后台审查。",
            "前台不承诺审查结果，后台不接收未登记的材料。",
            "需要加急的，由窗口负责人登记理由。",
        ),
    ),
    Told(
        "帮办代办服务办法（演示制度）", BUSINESS, COORDINATION,
        (
            "帮办由群众提出或者主动询问，不收任何费用。",
            "代办前写明委托事项，办结后当面交接。",
            "帮办人员不保管群众的证件和密码。",
        ),
    ),
    Told(
        "投诉反馈处置办法（演示制度）", BUSINESS, COORDINATION,
        ("收到意见先行联系。", "被反映的人不处理对自己的意见。", "答复写明事实、处理和依据。"),
    ),
    Told(
        "办件回避办法（演示制度）", BUSINESS, HANDLING,
        ("办理本人或者近亲属的件，主动报告并由别人办理。", "回避情况记在办件备注里。"),
    ),
    Told(
        "综合窗口岗位标准（演示制度）", BUSINESS, HANDLING,
        ("收件核对做到一次清楚。", "按取号顺序，不插号。", "不承诺审查结果，不代填承诺内容。"),
        kind=RuleKind.POST_STANDARD,
    ),
    Told(
        "专业窗口岗位标准（演示制度）", BUSINESS, HANDLING,
        ("按公开的标准审查，不另提要求。", "退件写明理由和依据。", "超过时限的主动说明。"),
        kind=RuleKind.POST_STANDARD,
    ),
    Told(
        "导服岗位标准（演示制度）", BASIC, SECTION,
        ("站立服务，先问事项再取号。", "老年人和残疾人优先引导。"),
        kind=RuleKind.POST_STANDARD,
    ),
    Told(
        "帮办岗位标准（演示制度）", BUSINESS, COORDINATION,
        ("帮填不代签。", "不推荐任何中介。"),
        kind=RuleKind.POST_STANDARD,
    ),
    Told(
        "灵活就业参保登记窗口手册（演示制度）", BUSINESS, HANDLING,
        ("核对身份和户籍信息。", "当场录入，打印回执请本人核对。", "网上已经提交的不重复收件。"),
        kind=RuleKind.MANUAL, department="区人力资源社会保障局",
    ),
    Told(
        "居住证办理白话指南（演示制度）", BUSINESS, HANDLING,
        ("带好身份证和住处的证明。", "没有住处证明的，先问窗口能用什么代替。"),
        kind=RuleKind.GUIDE, department="区公安分局",
    ),
)  # fmt: skip
NEXT = (FIRST_ASKED_NEXT, CONDUCT_NEXT, INTAKE_NEXT)

# Post, 环节, 风险表现, 等级, 防控措施, 依据: rule and number of its article.
RISKS = (
    (
        "综合窗口", "accept", "不按取号顺序，为熟人先办。", "high",
        "叫号系统按号放行，窗口负责人每周抽查叫号记录。", "综合窗口岗位标准（演示制度）", 2,
    ),
    (
        "综合窗口", "accept", "材料不全仍收件，事后单独联系补件。", "high",
        "补正一律出具告知单，系统留痕。", INTAKE, 3,
    ),
    (
        "综合窗口", "accept", "收件不当场登记，先放在手边。", "medium",
        "下班前核对取号数和收件数。", INTAKE, 2,
    ),
    (
        "综合窗口", "apply", "口头告知材料，前后不一。", "medium",
        "使用勾选好的材料清单，书面交给办事人。", "一次性告知制度（演示制度）", 1,
    ),
    (
        "综合窗口", "examine", "向办事人承诺审查结果。", "low",
        "前台话术统一，结果由后台答复。", "综合窗口运行办法（演示制度）", 2,
    ),
    (
        "综合窗口", "deliver", "证照由他人代领，没有核对委托。", "medium",
        "代领核验委托和身份，登记签名。", "综合窗口运行办法（演示制度）", 1,
    ),
    (
        "专业窗口", "accept", "在公开标准之外另提材料要求。", "high",
        "材料清单公示，窗口负责人每月抽查退件。", "专业窗口岗位标准（演示制度）", 1,
    ),
    (
        "专业窗口", "examine", "审查时限前松后紧，选择性加快。", "high",
        "系统按受理时间排序，插件写明理由。", "综合窗口运行办法（演示制度）", 3,
    ),
    (
        "专业窗口", "examine", "办理近亲属的件没有回避。", "high",
        "受理时提示回避，由别人办理。", "办件回避办法（演示制度）", 1,
    ),
    (
        "专业窗口", "decide", "退件不写理由，或者理由含糊。", "medium",
        "退件必填依据条款，每月抽查。", "专业窗口岗位标准（演示制度）", 2,
    ),
    (
        "专业窗口", "decide", "裁量幅度前后不一。", "medium",
        "同类事项对照清单，异常件集体会商。", "专业窗口岗位标准（演示制度）", 1,
    ),
    (
        "专业窗口", "deliver", "结果出来不及时送达。", "low",
        "系统到期提醒，逾期写明原因。", "专业窗口岗位标准（演示制度）", 3,
    ),
    (
        "帮办", "apply", "代填代签，事后说不清。", "high",
        "帮填不代签，提交前请本人核对。", "帮办岗位标准（演示制度）", 1,
    ),
    (
        "帮办", "apply", "向群众推荐中介。", "high",
        "公示帮办不收费，意见箱随时可投。", "帮办岗位标准（演示制度）", 2,
    ),
    (
        "帮办", "accept", "代为保管证件和密码。", "high",
        "证件当面交还，密码由本人输入。", "帮办代办服务办法（演示制度）", 3,
    ),
    (
        "帮办", "deliver", "代办办结没有当面交接。", "medium",
        "交接单写明时间和件数，双方签名。", "帮办代办服务办法（演示制度）", 2,
    ),
    (
        "帮办", "accept", "以帮办名义收取费用或者物品。", "high",
        "岗位牌写明不收费，窗口负责人随机回访。", "帮办代办服务办法（演示制度）", 1,
    ),
    (
        "导服", "apply", "为熟人多取号、提前取号。", "medium",
        "取号实名，多取的号自动作废。", "综合窗口岗位标准（演示制度）", 2,
    ),
    (
        "导服", "apply", "引导时对不同的人说法不一。", "low",
        "使用统一的引导卡。", "导服岗位标准（演示制度）", 1,
    ),
    (
        "导服", "apply", "把群众引向场外的收费服务。", "high",
        "大厅不设收费引导，发现即报。", "导服岗位标准（演示制度）", 1,
    ),
    (
        "导服", "deliver", "代群众取件没有登记。", "low",
        "取件一律本人或者持委托。", "综合窗口运行办法（演示制度）", 1,
    ),
    (
        "后台", "examine", "审查意见没有留痕，口头退回。", "medium",
        "退回一律在系统里写明。", "综合窗口运行办法（演示制度）", 2,
    ),
    (
        "后台", "examine", "使用他人账号操作。", "high",
        "账号本人使用，离开锁屏，每月核对登录。", "系统账号管理办法（演示制度）", 1,
    ),
    (
        "后台", "decide", "在空白表单上用印。", "high",
        "用印逐件登记，空白表单不用印。", "印章使用办法（演示制度）", 2,
    ),
    (
        "后台", "decide", "值班表和办件分配长期固定在少数人手里。", "medium",
        "每季度轮换，分配记录可查。", "值班巡查办法（演示制度）", 1,
    ),
    (
        "后台", "deliver", "办件资料外泄。", "high",
        "资料不出办公区，打印件当日销毁。", "系统账号管理办法（演示制度）", 2,
    ),
    (
        "窗口负责人", "accept", "加急没有登记理由。", "high",
        "加急写明理由，每月汇总给业务科。", "综合窗口运行办法（演示制度）", 3,
    ),
    (
        "窗口负责人", "examine", "对意见反映的处理由本人承办。", "high",
        "被反映的人回避，由另一人处理。", "投诉反馈处置办法（演示制度）", 2,
    ),
    (
        "窗口负责人", "decide", "排班长期不轮换重点窗口。", "medium",
        "重点窗口每季度轮换一次。", "值班巡查办法（演示制度）", 1,
    ),
    (
        "窗口负责人", "deliver", "请假没有先安排替岗。", "low",
        "请假单写明替岗人才准假。", "考勤与请假办法（演示制度）", 1,
    ),
)  # fmt: skip
