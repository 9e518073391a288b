"""A class from the year's plan to its two papers, from an empty hall, by clicks and typing alone.

The 组织委员 makes it from the plan with at most eight clicks, test and survey included; another of the
branch decides; the lead books; people sign in by the code on the wall, by tick and from the printed
sheet; the survey opens by itself and is answered without a name, the test is sat. What was typed is
found in the text of 成效评估表, and of the 学习会记录 of a meeting that is held the same day.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Account, Person
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.faults.papers import write_questions
from tests.support import cast
from tests.support.chromium import DESK, PHONE
from tests.support.server import Hall, make_hall, make_template, wait_until

# "at most eight clicks" (HALL.md 7).
MOST_CLICKS = 8
CROWD = 7
FIRST, SECOND = "首问负责怎么做实", "一次性告知怎么讲清"
TEACHER, PLACE, MEETING_PLACE = "区委党校 常老师", "三楼党员活动室", "一楼休息区"
CONCLUSION = "满意率和测试都好，下期增加演练。"
RECORD = {
    "主持": "葛书宁",
    "内容": "学习首问负责制，对照本窗口上月的三件转办。",
    "发言要点": "先接待，再转办；转办要跟到底。",
}
NO_ICON = r"status of 404 .*/favicon.ico"


@dataclass
class Clicks:
    """Somebody before a page, whose clicks are counted."""

    page: Page
    count: int = 0

    def click(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def write(self, label: str, text: str) -> None:
        """Write into a field: one click to get there, then typing."""
        self.count += 1
        self.page.get_by_label(label, exact=True).fill(text)


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Give a hall of its own: weeks pass here. Its day is a Monday morning."""
    folder = tmp_path_factory.mktemp("training-way")
    hall = make_hall(make_template(folder / "template"), folder / "var")
    hall.start()
    yield hall
    hall.stop()
