"""People, departments, roles and sign-in."""

from datetime import timedelta

from app.accounts import cli, demo, views
from app.accounts.roster import models
from app.accounts.roster.imports import service as imports
from app.accounts.roster.imports import views as _import_views  # noqa: F401 - it adds its routes.
from app.kernel.feature import Feature, NavigationEntry, Periodic
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="accounts",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            label="名单导入",
            endpoint="accounts.list_imports",
            permission=Permission.ACCOUNTS_ROSTER_IMPORT,
            position=75,
            endpoints=frozenset({"accounts.new_import", "accounts.show_import"}),
        ),
    ),
    cli=cli.commands,
    jobs={imports.READ_JOB: imports.read_roster},
    periodic=(Periodic(name="erase-rosters", every=timedelta(hours=1), run=imports.erase_old),),
    demo=demo.fill,
    init=views.init,
    triggers=models.TRIGGERS,
)
