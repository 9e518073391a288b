"""How things are written for people."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.kernel import clock, formats

EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


def test_days_and_times_are_those_of_the_hall():
    assert formats.day(date(2026, 11, 21)) == "2026年11月21日"
    assert formats.moment(EVENING) == "2026年11月21日 00:30"
    assert formats.short_moment(EVENING) == "11月21日 00:30"
    assert formats.time_of_day(EVENING) == "00:30"
    assert formats.weekday(date(2026, 11, 21)) == "星期六"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("92.00"), "92"),
        (Decimal("92.50"), "92.5"),
        (Decimal("0.25"), "0.25"),
        (Decimal(100), "100"),
        (Decimal("100.00"), "100"),
        (Decimal(0), "0"),
        (None, "—"),
    ],
)
def test_marks_have_no_needless_zeros(value, written):
    assert formats.marks(value) == written


def test_a_share_never_stands_without_its_denominator():
    assert formats.share(328, 353) == "92.9%（328/353）"
    assert formats.share(0, 0) == "—（0/0）"


def test_a_frozen_clock_stands_and_is_given_back():
    with clock.frozen(EVENING):
        assert clock.now() == EVENING
        assert clock.today() == date(2026, 11, 21)
    assert clock.now() != EVENING


def test_what_a_person_types_is_the_halls_time():
    assert clock.from_local(datetime(2026, 11, 21, 0, 30)) == EVENING  # noqa: DTZ001


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234-5678", "138****5678"),
        ("+8613812345678", "861******5678"),
        ("12345", "***45"),
        ("021-12345678", "021****5678"),
        ("7", "7"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_a_telephone_is_masked_in_the_middle(app, phone, masked):
    assert formats.mask_phone(phone) == masked
    assert app.jinja_env.filters["masked"](phone) == masked
