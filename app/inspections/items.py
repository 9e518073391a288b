"""The checklist that a hall begins with: the eleven items of 巡查记录表, with phrases and bases.

"items (在岗在位与替岗, 着装工牌党徽, 文明用语, 首问与一次性告知, 收件登记录入, 叫号与最长等候";
"取号机·PAD·自助机, 便民物品与药箱效期, 消防通道". Phrases state facts and no judgement. The hall's
own rules are (核): each basis is the plan's until the hall has put its own in.
"""

from dataclasses import dataclass

PLAN = "清廉窗口创建实施方案 任务举措8"
SHOWN = "清廉窗口创建实施方案 任务举措10"


@dataclass(frozen=True)
class Item:
    """An item as a version of the checklist holds it."""

    code: str
    name: str
    phrases: tuple[str, ...]
    basis: str = PLAN
    shows_absence: bool = False


ITEMS = (
    Item(
        "presence", "在岗在位与替岗",
        ("窗口无人，未摆暂停服务牌", "窗口无人超过10分钟", "替岗人员未佩戴本人工牌"),
        shows_absence=True,
    ),
    Item(
        "dress", "着装工牌党徽",
        ("未佩戴工牌", "未着工作装", "党员未佩戴党员徽章"), basis=SHOWN,
    ),
    Item("words", "文明用语", ("群众到窗口时未起身问候", "答复群众时未使用文明用语")),
    Item(
        "first_asked", "首问与一次性告知",
        ("首问后未引导到承办窗口", "补正材料未一次告知", "未出具一次性告知单"),
    ),
    Item("intake", "收件登记录入", ("收件后未出具收件凭证", "收件未当日录入系统")),
    Item(
        "queue", "叫号与最长等候",
        ("未按号叫号", "最长等候超过30分钟", "过号群众未安排重新叫号"),
    ),
    Item("paused", "暂停服务牌", ("暂停服务未摆牌", "暂停服务牌未写明替代窗口")),
    Item(
        "display", "承诺牌与公示资料",
        ("桌面承诺牌缺失", "承诺牌内容与公开版本不一致", "公示资料过期"), basis=SHOWN,
    ),
    Item(
        "machines", "取号机·PAD·自助机",
        ("取号机不能出号", "评价PAD不亮屏", "自助机停用未张贴说明"),
    ),
    Item("supplies", "便民物品与药箱效期", ("便民药箱有过期药品", "老花镜缺失", "饮水机缺水")),
    Item("fire", "消防通道", ("消防通道堆放物品", "安全出口指示灯不亮")),
)  # fmt: skip
