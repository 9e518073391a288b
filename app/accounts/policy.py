"""Which passwords are good enough, and how long they last.

"身份鉴别信息具有复杂度要求并定期更换" (等保). Profile 等保: at least ten characters of three kinds,
renewed after ninety days, none of the last five. Profile asvs asks for length and lists only, as
OWASP ASVS 5.0 wants it. Both refuse what is common, or holds the name of person or hall.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from flask import current_app

from app.accounts import password_settings
from app.settings import service as settings

COMMON_FILE = Path(__file__).with_name("common_passwords.txt")
LEAST_NAME = 2
LEAST_PINYIN = 4
PLACE_ENDS = "区县市旗"


class PasswordProfile(StrEnum):
    """Which rule book the site keeps to; a 安全管理员 chooses."""

    DENGBAO = "dengbao"
    ASVS = "asvs"


@dataclass(frozen=True, kw_only=True)
class SecurityProfile:
    """The rules of passwords as they stand at one moment; see `password_settings`."""

    passwords: PasswordProfile = PasswordProfile.DENGBAO
    min_length: int = 10
    min_kinds: int = 3
    renewal_days: int = 90
    remembered: int = 5
    activation_days: int = 7
    reset_hours: int = 24
    # 等保三级: administrators prove themselves by a second factor, and get nowhere without one.
    is_level_three: bool = False

    def __post_init__(self) -> None:
        """Refuse a renewal outside of what the rule book leaves open."""
        if not 30 <= self.renewal_days <= 180:  # noqa: PLR2004 - AU5 names both ends.
            message = "renewal_days must lie between 30 and 180"
            raise ValueError(message)

    @property
    def in_words(self) -> str:
        """What a new password must be, for whoever chooses one; `problems` checks it."""
        kinds = ""
        if self.passwords is PasswordProfile.DENGBAO:
            kinds = f"，大写字母、小写字母、数字、符号里至少{self.min_kinds}类"
        return f"至少{self.min_length}位{kinds}；不含姓名、工号和大厅名称；不能太常见。"

    @property
    def renewal(self) -> timedelta | None:
        """How long a password lasts; None where it need not be renewed."""
        if self.passwords is PasswordProfile.ASVS:
            return None
        return timedelta(days=self.renewal_days)


@dataclass(frozen=True, kw_only=True)
class About:
    """What a password must not hold: whoever guesses begins with it."""

    hall_name: str
    login_name: str
    staff_number: str
    name: str


def security_profile() -> SecurityProfile:
    """Give the profile that the settings say, by one look at them; tests put another in place."""
    replaced: SecurityProfile | None = current_app.config.get("SECURITY_PROFILE")
    if replaced is not None:
        return replaced
    values = settings.get_all(password_settings.SETTINGS)
    return SecurityProfile(
        passwords=PasswordProfile(values[password_settings.PROFILE.key]),
        min_length=values[password_settings.MIN_LENGTH.key],
        renewal_days=values[password_settings.RENEWAL_DAYS.key],
        remembered=values[password_settings.REMEMBERED.key],
        activation_days=values[password_settings.ACTIVATION_DAYS.key],
        reset_hours=values[password_settings.RESET_HOURS.key],
        is_level_three=values[password_settings.LEVEL_THREE.key],
    )


def problems(password: str, about: About, profile: SecurityProfile) -> list[str]:
    """Say what is wrong with a new password, in words for whoever chose it; [] for a good one."""
    found = []
    if len(password) < profile.min_length:
        found.append(f"至少{profile.min_length}位，现在有{len(password)}位。")
    if profile.passwords is PasswordProfile.DENGBAO and kinds_in(password) < profile.min_kinds:
        found.append(f"大写字母、小写字母、数字、符号四类里至少要有{profile.min_kinds}类。")
    if is_common(password):
        found.append("这个密码太常见，容易被猜到，请换一个。")
    if any(part in folded(password) for part in parts_of(about)):
        found.append("不能含有自己的姓名、工号或者大厅名称（拼音也不行）。")
    return found


def kinds_in(password: str) -> int:
    """Count the kinds of characters: upper case, lower case, digits, everything else."""
    tests = (
        any(c.isupper() for c in password),
        any(c.islower() for c in password),
        any(c.isdigit() for c in password),
        any(not (c.isupper() or c.islower() or c.isdigit()) for c in password),
    )
    return sum(tests)


def folded(text: str) -> str:
    """Give text without differences of width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_common(password: str) -> bool:
    """Tell whether a password, or what is left of it between signs at its ends, is a common one."""
    text = folded(password)
    core = text.strip("".join({c for c in text if not c.isalnum()}))
    return bool({text, core} & common_passwords()) or not core


@cache
def common_passwords() -> frozenset[str]:
    """Read the list once."""
    lines = COMMON_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def parts_of(about: About) -> set[str]:
    """Give what may not stand in a password, folded: as written, and in pinyin."""
    numbers = {folded(each) for each in (about.login_name, about.staff_number)}
    names = {about.name, *stems_of(about.hall_name)}
    parts = {folded(each) for each in names if len(each) >= LEAST_NAME}
    return parts | {each for each in numbers if len(each) > LEAST_NAME} | set(spelled(names))


def stems_of(hall_name: str) -> Iterator[str]:
    """Give a hall's name, and of 宝山区政务服务中心 the 宝山 that people type."""
    yield hall_name
    for place, character in enumerate(hall_name):
        if character in PLACE_ENDS and place >= LEAST_NAME:
            yield hall_name[:place]
            return


def spelled(names: set[str]) -> Iterator[str]:
    """Give names in pinyin, without tones, in one word; short ones stand in too many passwords."""
    # Its tables take a third of a second to load, and only new passwords need them.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    for name in names:
        word = folded("".join(lazy_pinyin(name)))
        if len(word) >= LEAST_PINYIN:
            yield word
