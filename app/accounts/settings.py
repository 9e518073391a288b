"""What a 安全管理员 may set about sign-in, within the bounds of 等保, and about 政治面貌.

等保: 登录失败处理，限制非法登录次数，超时自动退出. Nobody can make it weaker than the bounds below.
"""

from datetime import timedelta

from app.kernel.setting import Setting, SettingKind
from app.settings import service as settings

GROUP = "登录"

IDLE_MINUTES = Setting[int](
    key="accounts.idle_minutes",
    group=GROUP,
    label="多久不操作自动退出",
    unit="分钟",
    kind=SettingKind.INT,
    default=30,
    minimum=5,
    maximum=30,
    source="等保：超时自动退出；本站最长30分钟",
    is_policy=True,
)
SESSION_HOURS = Setting[int](
    key="accounts.session_hours",
    group=GROUP,
    label="一次登录最长用多久",
    unit="小时",
    kind=SettingKind.INT,
    default=8,
    minimum=1,
    maximum=12,
    source="一个工作日；本站最长12小时",
    is_policy=True,
)
LOCK_AFTER = Setting[int](
    key="accounts.lock_after",
    group=GROUP,
    label="连续输错几次密码后锁定",
    unit="次",
    kind=SettingKind.INT,
    default=5,
    minimum=3,
    maximum=5,
    source="等保：限制非法登录次数；本站最多5次",
    is_policy=True,
)
LOCK_MINUTES = Setting[int](
    key="accounts.lock_minutes",
    group=GROUP,
    label="锁定多久",
    unit="分钟",
    kind=SettingKind.INT,
    default=15,
    minimum=15,
    maximum=1440,
    source="等保：登录失败处理；本站至少15分钟",
    is_policy=True,
)
POLITICAL_STATUS = Setting[bool](
    key="accounts.political_status",
    group="人员",
    label="登记政治面貌",
    kind=SettingKind.BOOL,
    default=False,
    source="默认不登记；确有需要、经批准的，由安全管理员开启",
    is_policy=True,
)
# Under the least time for which the log is kept nobody could explain it any more.
LEAST_TERM = 183

ANONYMISE_AFTER = Setting[int](
    key="accounts.anonymise_after_days",
    group="个人信息",
    label="离岗多久以后匿名",
    unit="天",
    kind=SettingKind.INT,
    default=1095,
    minimum=LEAST_TERM,
    maximum=3660,
    source="个人信息保护法第十九条、第四十七条：保存期限为实现目的所必要的最短时间；本站至少183天",
    is_policy=True,
)
SETTINGS = (
    IDLE_MINUTES,
    SESSION_HOURS,
    LOCK_AFTER,
    LOCK_MINUTES,
    POLITICAL_STATUS,
    ANONYMISE_AFTER,
)


def anonymise_after_days() -> int:
    """Give how many days after the last one a person is anonymised."""
    return settings.get(ANONYMISE_AFTER)


def idle_limit() -> timedelta:
    """Give how long a session lives without a request."""
    return timedelta(minutes=settings.get(IDLE_MINUTES))


def absolute_limit() -> timedelta:
    """Give how long a session lives at all."""
    return timedelta(hours=settings.get(SESSION_HOURS))


def lock_after() -> int:
    """Give how many failures lock a login name."""
    return settings.get(LOCK_AFTER)


def lock() -> timedelta:
    """Give for how long it is locked."""
    return timedelta(minutes=settings.get(LOCK_MINUTES))


def lock_numbers() -> dict[str, int]:
    """Give what messages say about locking: after how many `times`, for how many `minutes`."""
    return {"times": settings.get(LOCK_AFTER), "minutes": settings.get(LOCK_MINUTES)}
