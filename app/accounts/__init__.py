"""People, departments, roles and sign-in."""

from app.accounts import cli, demo, service, views
from app.kernel.feature import Feature

FEATURE = Feature(
    name="accounts",
    blueprint=views.blueprint,
    cli=cli.commands,
    demo=demo.fill,
    init=views.init,
    person_names=service.person_names,
    find_persons=service.find_persons,
)
