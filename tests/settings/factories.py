"""Values for tests, set through the room's own service."""

from datetime import date

from app.kernel import db
from app.settings import service

TODAY = date(2026, 11, 20)
TOMORROW = date(2026, 11, 21)


def find(key):
    """Give a declared setting."""
    return next(each for each in service.list_settings() if each.key == key)


def set_value(key, text, valid_from=TODAY, version=0, reason="例会决定"):
    """Set a value as the office or the 安全管理员 does."""
    with db.write():
        service.change_setting(
            setting=find(key),
            change=service.Change(text=text, valid_from=valid_from, reason=reason, version=version),
            set_by_id=None,
            set_by="任语桐",
        )
