"""参数设置: business numbers with effective dates, declared by the rooms that use them."""

from flask import Flask

from app.kernel.feature import READ_SETTING, Feature, NavigationEntry, Section
from app.kernel.permissions import Permission
from app.settings import own_data, service, views
from app.settings.models import TRIGGERS


def init(app: Flask) -> None:
    """Let rooms below this one read what they declare."""
    app.extensions[READ_SETTING] = service.get


FEATURE = Feature(
    name="settings",
    blueprint=views.blueprint,
    triggers=TRIGGERS,
    init=init,
    personal_data=own_data.tables_of,
    navigation=(
        NavigationEntry(
            section=Section.PEOPLE,
            label="参数设置",
            endpoint="settings.list_settings",
            permission=Permission.SETTINGS_VALUE_READ,
            position=85,
            endpoints=frozenset({"settings.edit_setting"}),
        ),
    ),
)
