"""参数设置: business numbers with effective dates, declared by the rooms that use them."""

from app.kernel.feature import Feature, NavigationEntry
from app.kernel.permissions import Permission
from app.settings import own_data, views
from app.settings.models import TRIGGERS

FEATURE = Feature(
    name="settings",
    blueprint=views.blueprint,
    triggers=TRIGGERS,
    personal_data=own_data.tables_of,
    navigation=(
        NavigationEntry(
            label="参数设置",
            endpoint="settings.list_settings",
            permission=Permission.SETTINGS_VALUE_READ,
            position=85,
            endpoints=frozenset({"settings.edit_setting"}),
        ),
    ),
)
