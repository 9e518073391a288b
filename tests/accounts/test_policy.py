"""Which passwords are taken (AU4): length, kinds, lists, and what whoever guesses begins with."""

import string
from datetime import timedelta

import pytest

from app.accounts.policy import (
    About,
    PasswordProfile,
    SecurityProfile,
    common_passwords,
    is_common,
    problems,
)
from tests.support import common_passwords as generator

ABOUT = About(
    hall_name="清源区政务服务中心", login_name="qy0301", staff_number="QY0301", name="沈知远"
)
DENGBAO = SecurityProfile()
ASVS = SecurityProfile(passwords=PasswordProfile.ASVS)

GOOD = [
    "Harvest-Lantern-88", "harvest lantern 88", "Abcdefghi1-q", "春眠不觉晓Chu1xiao", "zZ9zZ9zZ9!",
    "x7-" * 22, "T" + "0k-" * 40, "correct Horse7", "aB3$eF6&hJ", "  Blank-Ends 1  ",
]  # fmt: skip
BAD = {
    "short": ["aB3$eF6&h", "Ab1!", ""],
    "kinds": ["harvestlantern", "harvestlantern88", "HARVEST-LANTERN", "1234567890987", "春眠不觉晓处处闻啼鸟"],
    "common": ["Woaini1314!", "Password123!", "P@ssw0rd2026!", "Admin@2025!!", "Qwertyuiop1!", "!!Baoshan@2026", "Wang123456!", "－Password123"],
    "personal": ["Qy0301-lantern", "lantern-ＱＹ0301", "Shenzhiyuan-77", "My-沈知远-pass1", "Qingyuan-lamp-7", "清源-Lantern-7", "xX清源区政务服务中心1"],
}  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_good_password_is_taken(password):
    assert problems(password, ABOUT, DENGBAO) == []


@pytest.mark.parametrize(
    ("password", "word"),
    [
        (
            password,
            {"short": "至少10位", "kinds": "四类", "common": "常见", "personal": "不能含有"}[kind],
        )
        for kind, passwords in BAD.items()
        for password in passwords
    ],
)
def test_bad_password_is_refused_with_what_to_do(password, word):
    assert any(word in text for text in problems(password, ABOUT, DENGBAO))


def test_profile_asvs_wants_length_and_lists_only():
    assert problems("harvest lantern in autumn", ABOUT, ASVS) == []
    assert problems("harvestlantern", ABOUT, ASVS) == []
    assert problems("woaini1314", ABOUT, ASVS)
    assert problems("shenzhiyuan-in-town", ABOUT, ASVS)
    assert problems("short", ABOUT, ASVS)
    assert ASVS.renewal is None


def test_renewal_is_ninety_days_and_never_outside_of_what_is_allowed():
    assert DENGBAO.renewal == timedelta(days=90)
    for days in (29, 181):
        with pytest.raises(ValueError, match="between 30 and 180"):
            SecurityProfile(renewal_days=days)


def test_list_is_the_generated_one_and_long_enough():
    assert generator.FILE.read_text(encoding="utf-8") == generator.page()
    assert len(common_passwords()) >= 3000
    assert {"woaini1314", "5201314", "password123", "baoshan123", "1qaz2wsx"} <= common_passwords()


def test_nothing_random_is_common():
    assert not is_common("kV7tq-Lw9zm")
    assert is_common(string.digits)
