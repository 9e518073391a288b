"""People, departments, roles and sign-in."""

from datetime import timedelta

from app.accounts import account_views, administration_views, cli, demo, slips, views
from app.kernel.feature import Feature, NavigationEntry, Periodic
from app.kernel.permissions import Permission

__all__ = ["FEATURE", "administration_views"]

FEATURE = Feature(
    name="accounts",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            label="账号",
            endpoint="accounts.list_accounts",
            permission=Permission.ACCOUNTS_ACCOUNT_READ,
            position=60,
            endpoints=frozenset(
                {"accounts.show_account", "accounts.print_slips", "accounts.show_slips"}
            ),
        ),
    ),
    jobs={slips.SLIPS_JOB: slips.make_slips},
    periodic=(
        Periodic(name="accounts.erase-slips", every=timedelta(minutes=5), run=slips.erase_old),
    ),
    cli=cli.commands,
    demo=demo.fill,
    init=account_views.init,
)
