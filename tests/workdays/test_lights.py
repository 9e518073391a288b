"""Lights: derived from dates, red only after the due day, each with its reason."""

from datetime import datetime, timedelta

import pytest

from app.kernel.clock import SHANGHAI
from app.workdays.calendar import Calendar
from app.workdays.lights import LightKind, light_of

CALENDAR = Calendar()
OPENED = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)  # A Monday.
DUE = datetime(2026, 11, 13, 17, 0, tzinfo=SHANGHAI)


def light(now, *, is_returned=False, opened_at=OPENED, due_at=DUE):
    return light_of(
        opened_at=opened_at, due_at=due_at, is_returned=is_returned, calendar=CALENDAR, now=now
    )


@pytest.mark.parametrize(
    ("day", "hour", "kind", "words"),
    [
        (2, 10, LightKind.GREEN, "还有9个工作日"),
        (9, 10, LightKind.GREEN, "还有4个工作日"),
        (10, 10, LightKind.BLUE, "还有3个工作日"),
        (12, 10, LightKind.BLUE, "还有1个工作日"),
        (13, 10, LightKind.BLUE, "今天到期"),
        (13, 23, LightKind.BLUE, "今天到期"),
        (14, 10, LightKind.RED, "已超过，之后还没有工作日"),
        (17, 10, LightKind.RED, "已超过2个工作日"),
    ],
)
def test_a_light_follows_the_working_days(day, hour, kind, words):
    found = light(datetime(2026, 11, day, hour, tzinfo=SHANGHAI))
    assert found.kind is kind
    assert words in found.reason
    assert "期限11月13日17:00" in found.reason


def test_what_was_sent_back_is_amber_until_it_is_late():
    assert light(OPENED + timedelta(hours=1), is_returned=True).kind is LightKind.AMBER
    assert light(DUE, is_returned=True).kind is LightKind.AMBER
    late = light(DUE + timedelta(days=3), is_returned=True)
    assert (late.kind, late.word) == (LightKind.RED, "逾期")


def test_a_step_of_no_days_is_never_red_on_its_day():
    now = OPENED.replace(hour=16)
    assert light(now, due_at=OPENED.replace(hour=17)).kind is LightKind.BLUE
