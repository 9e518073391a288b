"""工作日与开放时间: the two calendars that every deadline, screen and exam batch asks."""

from app.kernel.feature import Feature, NavigationEntry, Section
from app.kernel.permissions import Permission
from app.workdays import cli, demo, views

FEATURE = Feature(
    name="workdays",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.PEOPLE,
            label="工作日与开放时间",
            endpoint="workdays.list_days",
            permission=Permission.WORKDAYS_CALENDAR_EDIT,
            position=80,
            endpoints=frozenset(
                {
                    "workdays.show_deadline",
                    "workdays.edit_day",
                    "workdays.edit_hours",
                    "workdays.import_year",
                }
            ),
        ),
    ),
    cli=cli.commands,
    demo=demo.fill,
)
