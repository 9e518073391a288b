"""A browser in plain words, so that a person knows his own: Windows 电脑 · Chrome 浏览器."""

SYSTEMS = (
    ("Windows NT", "Windows 电脑"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("HarmonyOS", "鸿蒙设备"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
# The first that fits: many call themselves Chrome and Safari besides.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
)
UNKNOWN = "不认识的浏览器"


def in_words(user_agent: str) -> str:
    """Say what kind of machine and browser this is, as far as it says so itself."""
    found = (
        next((words for mark, words in marks if mark in user_agent), "")
        for marks in (SYSTEMS, BROWSERS)
    )
    return " · ".join(part for part in found if part) or UNKNOWN
