"""Home pages per person, the demonstration's entrance, the gallery of components."""

from app.home import views
from app.kernel.feature import Feature, NavigationEntry, Section
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="home",
    navigation=(
        NavigationEntry(
            section=Section.HOME,
            label="首页",
            endpoint="home.show_home",
            permission=Permission.HOME_PAGE_VIEW,
            position=0,
            endpoints=frozenset({"home.show_first_run", "accounts.list_first_roles"}),
        ),
    ),
    init=views.init,
)
