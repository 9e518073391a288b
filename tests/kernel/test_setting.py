"""What a setting takes, shows and stores; its bounds hold whatever is stored."""

from decimal import Decimal

import pytest

from app.kernel.setting import Setting, SettingKind


def setting(kind=SettingKind.INT, default=15, **changes):
    given = {"minimum": 15, "maximum": 60} if kind is SettingKind.INT else {}
    return Setting(
        key="room.name", group="组", label="名", kind=kind, default=default, source="出处",
        **{**given, **changes},
    )  # fmt: skip


MARKS = setting(SettingKind.MARKS, Decimal("60.00"), minimum=0, maximum=100, unit="分")
CHOICE = setting(SettingKind.CHOICE, "a", choices=[("a", "甲"), ("b", "乙")])
SWITCH = setting(SettingKind.BOOL, True)
TEXT = setting(SettingKind.TEXT, "窗口")


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (setting(), " ３０ ", 30),
        (setting(), "15", 15),
        (setting(), "60", 60),
        (MARKS, "59.5", Decimal("59.50")),
        (CHOICE, "b", "b"),
        (SWITCH, "no", False),
        (SWITCH, "yes", True),
        (TEXT, " 综窗 ", "综窗"),
    ],
)
def test_a_value_is_read_as_people_type_it_and_comes_back_from_its_stored_form(of, text, value):
    assert of.parse(text) == value
    assert type(of.parse(text)) is type(value)
    assert of.load(of.dump(value)) == value
    assert of.parse(of.typed(value)) == value


@pytest.mark.parametrize(
    ("of", "text"),
    [
        *((setting(), text) for text in ("", "14", "61", "15.5", "十五", "NaN", "1e999999999", "-1")),
        *((MARKS, text) for text in ("1.234", "100.01", "-0.01", "inf")),
        (CHOICE, "c"),
        (SWITCH, "maybe"),
        (TEXT, ""),
        (TEXT, "长" * 201),
    ],
)  # fmt: skip
def test_what_it_cannot_be_is_refused_with_advice(of, text):
    with pytest.raises(ValueError, match="请"):
        of.parse(text)


@pytest.mark.parametrize(
    ("of", "stored", "value"),
    [
        (setting(), 0, 15),
        (setting(), -(10**12), 15),
        (setting(), 10**12, 60),
        (setting(), "junk", 15),
        (setting(), "NaN", 15),
        (MARKS, "999", Decimal("100.00")),
        (CHOICE, "gone", "a"),
        (TEXT, "", "窗口"),
    ],
)
def test_a_stored_value_never_undercuts_the_bounds(of, stored, value):
    assert of.load(stored) == value


def test_values_are_shown_with_their_unit_and_their_words():
    assert setting(unit="分钟").show(15) == "15分钟"
    assert MARKS.show(Decimal("60.00")) == "60分"
    assert CHOICE.show("b") == "乙"
    assert SWITCH.show(False) == "否"


def test_without_bounds_nothing_negative_and_nothing_endless_is_taken():
    free = setting(minimum=None, maximum=None)
    assert free.parse("0") == 0
    for text in ("-1", "99999999999"):
        with pytest.raises(ValueError, match="请填"):
            free.parse(text)


def test_a_default_outside_of_its_own_bounds_can_not_be_declared():
    with pytest.raises(ValueError, match=r"请填|default"):
        setting(default=14)
