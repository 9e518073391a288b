"""大厅屏: playlists of approved slides, a page that plays them, pictures for a vendor's system."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.screens import demo, packages, tour, views

FEATURE = Feature(
    name="screens",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.COMMITMENTS,
            label="大厅屏",
            endpoint="screens.list_groups",
            permission=Permission.SCREENS_GROUP_READ,
            position=50,
            endpoints=frozenset(
                {
                    "screens.new_group",
                    "screens.show_group",
                    "screens.edit_group",
                    "screens.show_package",
                }
            ),
        ),
    ),
    jobs={packages.PACKAGE_JOB: packages.make_package},
    periodic=(Periodic(name="screens.erase", every=timedelta(hours=1), run=packages.erase_old),),
    demo=demo.fill,
    tour=tour.STOPS,
)
