"""People, departments, roles and sign-in."""

from datetime import timedelta

from app.accounts import (
    account_views,
    administration_views,
    appointment_views,
    arrivals,
    card,
    cli,
    demo,
    first_run_views,
    hall_views,
    models,
    own_appointment_views,
    password_settings,
    role_views,
    service,
    slips,
    views,
)
from app.accounts.first_steps import STEPS
from app.accounts.privacy import anonymising, copies, copy_views, own_data, photo_views, photos
from app.accounts.roster import (
    authorisation_views,
    committee_views,
    deputy_views,
    people_views,
    political_views,
    register_views,
)
from app.accounts.roster import models as roster_models
from app.accounts.roster.imports import service as imports
from app.accounts.roster.imports import views as import_views
from app.accounts.roster.registers import REGISTERS
from app.accounts.settings import SETTINGS
from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission

# They add their routes to the room's blueprint.
PAGES = (
    first_run_views,
    appointment_views,
    own_appointment_views,
    administration_views,
    import_views,
    people_views,
    register_views,
    committee_views,
    role_views,
    deputy_views,
    authorisation_views,
    political_views,
    photo_views,
    copy_views,
)

FEATURE = Feature(
    name="accounts",
    blueprint=views.blueprint,
    navigation=[
        NavigationEntry(
            section=Section.PEOPLE,
            label="人员",
            endpoint="accounts.list_people",
            permission=Permission.ACCOUNTS_ROSTER_READ,
            position=60,
            endpoints=frozenset(
                {
                    "accounts.show_person",
                    "accounts.new_person",
                    "accounts.edit_person",
                    "accounts.edit_photo",
                    "accounts.transfer_person",
                    "accounts.leave_person",
                    "accounts.new_absence",
                    "accounts.new_role",
                    "accounts.show_committee",
                    "accounts.list_deputies",
                    "accounts.new_deputy",
                    "accounts.show_deputy",
                    "accounts.list_authorisations",
                    "accounts.new_authorisation",
                    "accounts.show_authorisation",
                    "accounts.edit_political_status",
                    "accounts.list_imports",
                    "accounts.new_import",
                    "accounts.show_import",
                    *(f"accounts.list_{each.word}s" for each in REGISTERS),
                    *(f"accounts.new_{each.word}" for each in REGISTERS),
                    *(f"accounts.edit_{each.word}" for each in REGISTERS),
                }
            ),
        ),
        NavigationEntry(
            section=Section.PEOPLE,
            label="账号",
            endpoint="accounts.list_accounts",
            permission=Permission.ACCOUNTS_ACCOUNT_READ,
            position=62,
            endpoints=frozenset(
                {"accounts.show_account", "accounts.print_slips", "accounts.show_slips"}
            ),
        ),
        NavigationEntry(
            section=Section.PEOPLE,
            label="角色授权",
            endpoint="accounts.list_roles",
            permission=Permission.ACCOUNTS_ROLE_READ,
            position=61,
            endpoints=frozenset({"accounts.show_role", "accounts.end_role"}),
        ),
        NavigationEntry(
            section=Section.PEOPLE,
            label="管理员",
            endpoint="accounts.list_administrators",
            permission=Permission.ACCOUNTS_ADMINISTRATOR_READ,
            position=63,
            endpoints=frozenset({"accounts.new_appointment", "accounts.show_appointment"}),
        ),
        NavigationEntry(
            section=Section.PEOPLE,
            label="大厅信息",
            endpoint=f"accounts.{hall_views.edit_hall.__name__}",
            permission=Permission.ACCOUNTS_HALL_EDIT,
            position=84,
        ),
    ],
    cli=cli.commands,
    jobs={
        imports.READ_JOB: imports.read_roster,
        slips.SLIPS_JOB: slips.make_slips,
        copies.COPY_JOB: copies.make_copy,
    },
    periodic=(
        Periodic(name="erase-rosters", every=timedelta(hours=1), run=imports.erase_old),
        Periodic(name="accounts.erase-slips", every=timedelta(minutes=5), run=slips.erase_old),
        Periodic(
            name="accounts.anonymise",
            every=timedelta(hours=1),
            run=anonymising.anonymise_departed,
        ),
        Periodic(
            name="accounts.erase-arrivals", every=timedelta(minutes=10), run=arrivals.erase_old
        ),
        Periodic(name="accounts.erase-copies", every=timedelta(minutes=5), run=copies.erase_old),
        Periodic(
            name="accounts.erase-photos", every=timedelta(minutes=5), run=photos.erase_departed
        ),
    ),
    demo=demo.fill,
    card=card.show_card,
    init=account_views.init,
    first_steps=STEPS,
    settings=(*SETTINGS, *password_settings.SETTINGS),
    person_names=service.person_names,
    find_persons=service.find_persons,
    personal_data=own_data.tables_of,
    forget_person=anonymising.forget_person,
    triggers=[*models.TRIGGERS, *roster_models.TRIGGERS],
)
