"""The forty-two departments of the demonstration hall, in its fixed 序列, with windows and 事项.

The hall is invented; departments and 事项 bear the names that they usually have in a district.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from app.accounts.models import DepartmentKind

ONLINE, ONCE, VISIT = "全程网办", "一次办好", "现场办理"


@dataclass(frozen=True)
class Home:
    """A department: how many work there, and its windows in one zone of the hall.

    `items` are its 事项, each with how far it can be done without coming, and whether it is 高频.
    """

    name: str
    size: int
    zone: str = ""
    windows: int = 0
    items: tuple[tuple[str, str, bool], ...] = ()

    @property
    def kind(self) -> DepartmentKind:
        """Tell the centre's own sections from 进驻部门."""
        return DepartmentKind.SECTION if self.name in SECTIONS else DepartmentKind.STATIONED


MIXED = "综合窗口管理科"
SECTIONS = ("办公室", "业务科", MIXED, "督查科")

# 中心科室, then 进驻部门: government, what is led from above, institutions, public utilities.
DEPARTMENTS = (
    Home("办公室", 9),
    Home("业务科", 6),
    Home(MIXED, 12, "F", 8),
    Home("督查科", 5),
    Home("区发展改革委", 5, "G", 2, (
        ("企业投资项目备案", ONLINE, True), ("固定资产投资项目节能审查", ONCE, False),
    )),
    Home("区经济信息化委", 5, "G", 1, (("企业技术改造项目备案", ONLINE, False),)),
    Home("区商务委", 5, "H", 1, (
        ("单用途商业预付卡备案", ONLINE, False), ("成品油零售经营资格变更", ONCE, False),
    )),
    Home("区教育局", 5, "H", 2, (("民办学校设立", ONCE, False), ("教师资格认定", ONCE, True))),
    Home("区科委", 5, "H", 1, (("科技型中小企业入库登记", ONLINE, False),)),
    Home("区民族宗教办", 4, "H", 1, (("宗教活动场所登记", ONCE, False),)),
    Home("区公安分局", 10, "A", 7, (
        ("户口迁移", ONCE, True), ("居民身份证换领", VISIT, True),
        ("居住证办理", ONLINE, True), ("普通护照换发", VISIT, True),
    )),
    Home("区民政局", 3, "B", 2, (
        ("社会团体成立登记", ONCE, False), ("婚姻登记预约", ONLINE, True),
    )),
    Home("区司法局", 5, "H", 2, (
        ("法律援助申请", ONCE, True), ("基层法律服务所变更", ONCE, False),
    )),
    Home("区财政局", 5, "H", 1, (("代理记账机构执业许可", ONLINE, False),)),
    Home("区人力资源社会保障局", 8, "B", 6, (
        ("灵活就业参保登记", ONLINE, True), ("养老保险关系转移接续", ONLINE, True),
        ("职业技能提升补贴申领", ONLINE, True), ("劳务派遣经营许可", ONCE, False),
    )),
    Home("区规划资源局", 6, "G", 3, (
        ("建设工程规划许可", ONCE, False), ("建设用地规划许可", ONCE, False),
    )),
    Home("区生态环境局", 5, "G", 1, (
        ("排污许可", ONLINE, False), ("建设项目环境影响报告表审批", ONCE, False),
    )),
    Home("区建设管理委", 5, "G", 2, (
        ("建筑工程施工许可", ONLINE, True), ("建设工程竣工验收备案", ONCE, False),
    )),
    Home("区房屋管理局", 5, "D", 2, (
        ("公共租赁住房申请", ONCE, True), ("商品房预售许可", ONCE, False),
    )),
    Home("区交通委", 5, "G", 2, (
        ("道路货物运输经营许可", ONLINE, True), ("网络预约出租汽车驾驶员证", ONCE, False),
    )),
    Home("区水务局", 5, "G", 1, (("取水许可", ONCE, False), ("污水排入排水管网许可", ONCE, False))),
    Home("区农业农村委", 5, "H", 1, (("动物诊疗许可", ONCE, False), ("农药经营许可", ONCE, False))),
    Home("区文化旅游局", 5, "H", 2, (
        ("营业性演出许可", ONLINE, False), ("娱乐场所经营许可", ONCE, False),
    )),
    Home("区卫生健康委", 5, "H", 2, (
        ("公共场所卫生许可", ONCE, True), ("医疗机构执业登记", ONCE, False),
    )),
    Home("区退役军人局", 5, "B", 1, (("退役军人优待证申领", ONCE, True),)),
    Home("区应急管理局", 5, "H", 1, (("危险化学品经营许可", ONCE, False),)),
    Home("区市场监管局", 10, "E", 8, (
        ("企业设立登记", ONLINE, True), ("个体工商户登记", ONLINE, True),
        ("食品经营许可", ONCE, True), ("特种设备使用登记", ONCE, False),
    )),
    Home("区体育局", 5, "H", 1, (("经营高危险性体育项目许可", ONCE, False),)),
    Home("区绿化市容局", 5, "G", 1, (
        ("户外广告设施设置", ONCE, False), ("建筑垃圾处置核准", ONLINE, False),
    )),
    Home("区城管执法局", 5, "H", 1, (("占道施工作业备案", ONCE, False),)),
    Home("区医疗保障局", 6, "B", 5, (
        ("异地就医备案", ONLINE, True), ("基本医疗保险关系转移", ONLINE, True),
        ("生育医疗费用报销", ONCE, True),
    )),
    Home("区残联", 5, "B", 1, (("残疾人证新办", ONCE, True),)),
    Home("区税务局", 11, "C", 8, (
        ("发票领用", ONLINE, True), ("契税申报", ONCE, True), ("个体工商户定额核定", ONCE, False),
    )),
    Home("区气象局", 2, "G", 1, (("雷电防护装置设计审核", ONCE, False),)),
    Home("区消防救援支队", 5, "G", 1, (("公众聚集场所消防安全检查", ONCE, False),)),
    Home("区烟草专卖局", 4, "E", 1, (("烟草专卖零售许可", ONLINE, True),)),
    Home("不动产登记中心", 12, "D", 9, (
        ("不动产登记（买卖转移）", ONCE, True), ("不动产抵押登记", ONLINE, True),
        ("不动产登记资料查询", ONLINE, True), ("居住权登记", ONCE, False),
    )),
    Home("公积金管理部", 6, "D", 4, (
        ("住房公积金提取", ONLINE, True), ("住房公积金贷款申请", ONCE, True),
    )),
    Home("公证处", 5, "J", 2, (("委托公证", ONCE, True), ("继承公证", VISIT, False))),
    Home("供水公司", 5, "J", 2, (("用水报装", ONLINE, False), ("用水过户", ONLINE, True))),
    Home("供电公司", 5, "J", 2, (("低压用电报装", ONLINE, True), ("用电过户", ONLINE, True))),
    Home("燃气公司", 5, "J", 2, (("用气报装", ONLINE, False), ("用气过户", ONLINE, True))),
)  # fmt: skip

# Who has left since, beyond those who are counted above: where, as what, and how long ago.
LEFT = (("区税务局", "专业窗口", 52), (MIXED, "综合窗口", 4))


def window_numbers() -> Iterator[tuple[Home, str]]:
    """Number the windows of each zone along the 序列: each department with each of its windows."""
    counters = {home.zone: itertools.count(1) for home in DEPARTMENTS}
    for home in DEPARTMENTS:
        for _ in range(home.windows):
            yield home, f"{home.zone}{next(counters[home.zone]):02d}"
