"""People, departments, roles and sign-in."""

from app.accounts import cli, demo, views
from app.accounts.roster import models
from app.kernel.feature import Feature

FEATURE = Feature(
    name="accounts",
    blueprint=views.blueprint,
    cli=cli.commands,
    demo=demo.fill,
    init=views.init,
    triggers=models.TRIGGERS,
)
