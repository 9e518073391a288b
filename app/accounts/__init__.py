"""People, departments, roles and sign-in."""

from app.accounts import cli, demo, hall_views, views
from app.accounts.settings import SETTINGS
from app.kernel.feature import Feature, NavigationEntry
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="accounts",
    blueprint=views.blueprint,
    cli=cli.commands,
    demo=demo.fill,
    init=views.init,
    settings=SETTINGS,
    navigation=(
        NavigationEntry(
            label="大厅信息",
            endpoint=f"accounts.{hall_views.edit_hall.__name__}",
            permission=Permission.ACCOUNTS_HALL_EDIT,
            position=84,
        ),
    ),
)
