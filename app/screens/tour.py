"""What the demonstration's tour shows of this room: what plays above the windows, and pictures."""

from flask import url_for
from sqlalchemy import select

from app.kernel import db
from app.kernel.feature import TourStop
from app.screens.models import ScreenGroup

# The screen that demo.py hangs above the windows.
WINDOWS = ScreenGroup.slug == "windows"


def find_player() -> str | None:
    """Give the screen as its machine sees it."""
    found = db.session.scalar(select(ScreenGroup.slug).where(WINDOWS))
    return None if found is None else url_for("screens.show_player", slug=found)


def find_group() -> str | None:
    """Give the page where its pictures are packed."""
    found = db.session.scalar(select(ScreenGroup.id).where(WINDOWS))
    return None if found is None else url_for("screens.show_group", group_id=found)


STOPS = (
    TourStop(
        name="screen",
        position=43,
        title="大厅屏上播的就是这份承诺",
        says="这是大厅屏看到的页面，不用登录，五米外也看得清。断网以后，接着播最后一次的内容。",
        seconds=30,
        staff_number="",
        find=find_player,
        shows=("窗口上方屏",),
    ),
    TourStop(
        name="screen-package",
        position=44,
        title="厂家的屏：图片打成一个压缩包",
        says="装了厂家信息发布系统的屏，按屏的尺寸点“制作图片包”，下载一组PNG。起止日期和应撤下的清单在同一个包里。",
        seconds=30,
        staff_number="QY0103",
        find=find_group,
        shows=("正在播放的内容", "制作图片包"),
    ),
)
