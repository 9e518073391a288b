"""What the office may set about 整改: how many working days for what.

The numbers follow the steps of 1, 3, 5 and 15 working days that cities use; each is (核).
"""

from app.kernel.setting import Setting, SettingKind
from app.rectifications.models import Severity
from app.settings import service as settings

GROUP = "整改"
MOST_DAYS = 60


def days(name: str, label: str, default: int, source: str) -> Setting[int]:
    """Declare one number of working days."""
    return Setting[int](
        key=f"rectifications.{name}",
        group=GROUP,
        label=label,
        unit="个工作日",
        kind=SettingKind.INT,
        default=default,
        minimum=1,
        maximum=MOST_DAYS,
        source=source,
        is_unconfirmed=True,
    )


CUSTOM = "大厅惯例"
MEND_MINOR = days("mend_minor_days", "整改时限：一般", 3, "惯例：1、3、5、15个工作日分档")
MEND_SERIOUS = days("mend_serious_days", "整改时限：较重", 5, "惯例：1、3、5、15个工作日分档")
MEND_GRAVE = days("mend_grave_days", "整改时限：严重", 15, "惯例：1、3、5、15个工作日分档")
SIGN_DAYS = days("sign_days", "整改通知单签发", 1, CUSTOM)
RECEIVE_DAYS = days("receive_days", "整改通知单签收", 1, CUSTOM)
RECHECK_DAYS = days("recheck_days", "整改复查", 3, CUSTOM)
CLOSE_DAYS = days("close_days", "整改销号", 2, CUSTOM)
APPEAL_DAYS = days("appeal_days", "申诉期限（签收起）", 3, CUSTOM)
DECIDE_DAYS = days("decide_days", "申诉裁定", 5, CUSTOM)
NO_PHONE = "未填写"
# A telephone of an office, never somebody's own: without one the paper leaves a blank for the pen.
CONTACT_PHONE = Setting[str](
    key="rectifications.contact_phone",
    group=GROUP,
    label="整改通知单上的经办人电话（办公电话；没有填的，打印时留空）",
    kind=SettingKind.TEXT,
    default=NO_PHONE,
    source=CUSTOM,
    is_unconfirmed=True,
)
SETTINGS = (
    MEND_MINOR, MEND_SERIOUS, MEND_GRAVE, SIGN_DAYS, RECEIVE_DAYS, RECHECK_DAYS, CLOSE_DAYS,
    APPEAL_DAYS, DECIDE_DAYS, CONTACT_PHONE,
)  # fmt: skip
BY_SEVERITY = {
    Severity.MINOR: MEND_MINOR,
    Severity.SERIOUS: MEND_SERIOUS,
    Severity.GRAVE: MEND_GRAVE,
}


def contact_phone() -> str:
    """Give the telephone that a notice prints; nothing where the office has entered none."""
    found = settings.get(CONTACT_PHONE)
    return "" if found == NO_PHONE else found


def mend_days(severity: Severity) -> int:
    """Give the working days from the receipt until what was found must be mended."""
    return settings.get(BY_SEVERITY[severity])
