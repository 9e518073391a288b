"""Acts of the rooms that have few: days and hours, screens, notices, settings, the entrance."""

from tests.site.moves.move import Move

MOVES = {
    "deadlines.recount_deadlines": Move(who="clerk", page="deadlines.recount_deadlines"),
    "inbox.read_notices": Move(who="staff", page="inbox.list_notices"),
    "entrance.enter_as": Move(who="anon", values={"staff_number": "QY0301"}),
    "entrance.try_exam": Move(who="anon", page="entrance.show_entrance"),
    "entrance.enter_station": Move(who="anon", name="tour_station", page="entrance.show_tour"),
    "audit.verify_chain": Move(who="auditor", page="audit.show_chain"),
    "settings.edit_setting": Move(
        who="secadmin",
        name="policy",
        page="settings.edit_setting",
        values={"value": "20", "reason": "例会决定"},
        texts=("reason",),
    ),
    "screens.new_group": Move(
        who="clerk",
        page="screens.new_group",
        values={"name": "二楼大屏", "slug": "hall-2", "inches": "65"},
        texts=("name",),
    ),
    "screens.edit_group": Move(
        who="clerk",
        name="screen",
        page="screens.edit_group",
        values={"name": "二楼大屏", "metres": "8"},
        texts=("name",),
    ),
    "screens.stop_group": Move(
        who="clerk", name="screen", page="screens.show_group", values={"confirmed": "yes"}
    ),
    "screens.reopen_group": Move(who="clerk", name="stopped_screen", page="screens.show_group"),
    "screens.order_package": Move(
        who="clerk", name="screen", page="screens.show_group", values={"width": "1920"}
    ),
    "workdays.edit_day": Move(
        who="clerk",
        name="day",
        page="workdays.edit_day",
        values={"kind": "off", "hall": "closed", "name": "停电"},
        texts=("name",),
    ),
    "workdays.edit_hours": Move(
        who="clerk",
        page="workdays.edit_hours",
        values={"valid_from": "2026-12-01", "monday": "9:00-12:00"},
    ),
    "workdays.import_year": Move(
        who="clerk",
        name="year",
        page="workdays.import_year",
        values={"notice": "国办发明电〔2025〕7号"},
        texts=("notice",),
    ),
}
