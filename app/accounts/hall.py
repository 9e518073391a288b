"""The profile of the hall: what papers and pages print about it. "One installation serves one
hall; name, prefixes and plans are its profile, nothing of Baoshan stands in code."

The administrator keeps it; every change is in the log. Other rooms ask `get_profile()`.
"""

import re
from dataclasses import asdict, dataclass

from app.accounts.models import Hall
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import db
from app.kernel.forms import RefusedError, StaleEditError

HOTLINE = "12345"
DISCIPLINE_PHONE = "12388"
PHONE = re.compile(r"[0-9][0-9 \-]{2,18}[0-9]", re.ASCII)
PREFIX = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,8}")
BASE = re.compile(r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?(/[A-Za-z0-9._~\-]+)*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is known of the hall. `qr_base` empty: no QR code is printed anywhere."""

    name: str = ""
    former_name: str = ""
    number_prefix: str = ""
    supervision_phone: str = ""
    hotline: str = HOTLINE
    discipline_phone: str = DISCIPLINE_PHONE
    qr_base: str = ""
    office_hours: str = ""
    version: int = 0

    @property
    def supervision_line(self) -> str:
        """Give the line that stands wherever the public may complain."""
        own = [f"监督电话 {self.supervision_phone}"] if self.supervision_phone else []
        return " · ".join([*own, self.hotline])

    def number_of(self, year: int, number: int) -> str:
        """Give an own number, such as 优建2026-012."""
        return f"{self.number_prefix}{year}-{number:03d}"


def get_profile() -> Profile:
    """Give the profile; an empty one before the hall has been set up."""
    row = db.session.get(Hall, 1)
    return profile_of(row) if row else Profile()


def profile_of(row: Hall) -> Profile:
    """Detach a row from the database."""
    return Profile(**{name: getattr(row, name) for name in asdict(Profile())})


def change_profile(*, profile: Profile, changed_by_id: int | None) -> None:
    """Store a profile; an unchanged one is left alone.

    `profile.version` is the version that was seen: raises StaleEditError on another one,
    RefusedError for what can't be printed or dialled.
    """
    row = db.session.get_one(Hall, 1, with_for_update=True)
    before = profile_of(row)
    if before.version != profile.version:
        raise StaleEditError
    check(profile)
    changed = {
        name: value for name, value in asdict(profile).items() if value != getattr(before, name)
    }
    # The first saving counts, changed or not: somebody has gone through it.
    if not changed and before.version > 1:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    row.version = before.version + 1
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_HALL_CHANGED,
        person_id=changed_by_id,
        object_type="hall",
        object_id=1,
        before={name: getattr(before, name) for name in changed},
        after=changed,
    )


def check(profile: Profile) -> None:
    """Refuse what is no telephone, prefix or address; raises RefusedError with every fault."""
    errors = {}
    if not profile.name:
        errors["name"] = "请填写大厅名称。"
    if profile.number_prefix and not PREFIX.fullmatch(profile.number_prefix):
        errors["number_prefix"] = "请用1到8个汉字或字母，如“优建”。"
    for name in ("supervision_phone", "hotline", "discipline_phone"):
        text = getattr(profile, name)
        is_needed = name != "supervision_phone"
        if (text or is_needed) and not PHONE.fullmatch(text):
            errors[name] = "请填电话号码：数字和短横，如“021-12345678”。"
    if profile.qr_base and not BASE.fullmatch(profile.qr_base):
        errors["qr_base"] = "请填网址，如“https://www.example.gov.cn/window”，末尾不带斜杠。"
    if errors:
        raise RefusedError(**errors)
