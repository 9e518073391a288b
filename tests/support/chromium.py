"""Debian's Chromium, driven by Playwright, as root and as an ordinary user; nothing is fetched.

Tests use the build without a window: the same engine for a third less work, but no PDF viewer.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

PROGRAM = "/usr/bin/chromium"
SHELL = "/usr/bin/chromium-headless-shell"
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Pictures must not depend on the machine, nor the order of a date field's parts: without the
    # package chromium-l10n it is American, and pages see the language of the context anyway.
    "--lang=en-US",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)
# What people sit at: an office PC, a phone.
DESK, PHONE = (1366, 768), (390, 844)
# The office PC at 200 %, and the narrowest that anybody is promised.
ZOOMED, NARROW = (683, 384), (320, 640)

Size = tuple[int, int]


@contextmanager
def chromium(program: str = PROGRAM, *more: str, **options: Any) -> Iterator[Browser]:
    """Run a browser where there is no driver yet; a process can have one driver only."""
    with sync_playwright() as driver, launched(driver, program, *more, **options) as browser:
        yield browser


@contextmanager
def launched(driver: Playwright, program: str, *more: str, **options: Any) -> Iterator[Browser]:
    """Run a browser; its sandbox needs a user who is not root."""
    flags = [*FLAGS, *more, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    browser = driver.chromium.launch(
        executable_path=program, args=flags, env={**os.environ, "LANGUAGE": "en"}, **options
    )
    yield browser
    browser.close()


def new_context(browser: Browser, size: Size = DESK, **options: Any) -> BrowserContext:
    """Open a window of its own, as a person in the hall has it."""
    width, height = size
    return browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        has_touch=size == PHONE,
        **options,
    )
