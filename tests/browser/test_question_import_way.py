"""A file of questions in the browser: uploaded, read, looked at beside its source, mended, taken."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.questions.importing.fixtures import FIXTURES
from tests.support import cast
from tests.support.chromium import DESK, PHONE

SHOTS = os.environ.get("SHOTS")


def shoot(page, name):
    """Keep a picture for whoever wants to look at the pages."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"a2-{name}.png", full_page=True)


@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
def test_a_clerk_brings_a_file_into_the_bank(size, hall, open_window, tmp_path):
    with hall.acting():
        clerk = cast.person_id("clerk")
    made = FIXTURES["options on separate lines"]()
    path = tmp_path / made.name
    path.write_bytes(made.content)
    page = open_window(clerk, size=size)
    page.goto("/questions/imports/new")
    shoot(page, f"upload-{size[0]}")
    page.get_by_label("题目文件").set_input_files(path)
    page.get_by_label("放入哪个题库").fill(f"题库{size[0]}")
    page.get_by_label("我已核对").check()
    page.get_by_role("button", name="上传并读取").click()
    page.get_by_role("link", name="核对读到的题目").click()
    expect(page.locator(".page-head")).to_contain_text("有疑问")
    shoot(page, f"review-{size[0]}")
    page.get_by_role("link", name="修改后采用").first.click()
    shoot(page, f"mend-{size[0]}")
    page.get_by_role("link", name="返回").click()
    page.get_by_role("button", name=re.compile("采用没有疑问的")).click()
    page.get_by_role("link", name="看其余的题").click()
    expect(page.locator(".page-head")).not_to_contain_text("，0题已采用")
