"""What the demonstration's tour shows of this room: the rows that are late, and one of them."""

from flask import url_for

from app.kernel.feature import TourStop
from app.measures.board import list_rows, read_statuses, reds

OFFICE = "QY0102"


def find_home() -> str:
    """Give the home page, where the reds stand."""
    return url_for("home.show_home")


def find_red() -> str | None:
    """Give the row that has been late for longest."""
    late = reds(read_statuses(list_rows()), most=1)
    return url_for("measures.show_task", record_id=late[0].row.measure.id) if late else None


STOPS = (
    TourStop(
        name="office-home",
        position=10,
        title="办公室首页：三个红灯和原因",
        says="首页先列等你办的事和逾期的任务，每个红灯后面一句话说明为什么。点开一项，就到那条任务。",
        seconds=45,
        staff_number=OFFICE,
        find=find_home,
        shows=("逾期",),
    ),
    TourStop(
        name="late-task",
        position=11,
        title="一条逾期的任务：原文、读数、督办",
        says="上面是方案的原文，下面是指标和每次读数，灯由时间和进度算出，谁也不能手填。督促整改和宣传引导记在同一页。",
        seconds=30,
        staff_number=OFFICE,
        find=find_red,
        shows=("逾期", "督促整改"),
    ),
)
