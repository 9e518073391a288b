"""The demonstration's roster: every state to be seen, and the sample file goes in without a fault."""

from collections import Counter
from datetime import date, datetime

import pytest
from flask_migrate import Migrate

from app import create_app
from app.accounts import demo
from app.accounts.models import Account
from app.accounts.roster import periods
from app.accounts.roster.imports import service as imports
from app.accounts.roster.imports import template
from app.accounts.roster.imports.compare import compare
from app.accounts.roster.imports.known import read_known
from app.accounts.roster.imports.parse import parse_sheet
from app.accounts.roster.models import Authorisation, Deputy
from app.home.commands import MIGRATIONS, bring_up_to_date
from app.kernel import clock, config, db
from app.kernel.sheets_in import read_sheet
from tests.support.database import MODE

DAY = date(2026, 11, 20)
NOW = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory):
    """Give a site that holds the people of the demonstration, and nothing else."""
    var = tmp_path_factory.mktemp("demo-var")
    settings = config.read_config({**MODE, "CLEAN_WINDOW_VAR": str(var)})
    config.prepare_var(settings)
    site = create_app(settings)
    with site.app_context(), clock.frozen(NOW):
        Migrate(site, db.database, directory=str(MIGRATIONS))
        bring_up_to_date()
        demo.fill(DAY)
        yield site
        db.session.remove()
        db.database.engine.dispose()


@pytest.mark.parametrize("model", [Deputy, Authorisation])
def test_there_is_something_in_every_state(demo_site, model):
    states = Counter(periods.state_of(row, DAY)[0] for row in db.session.query(model))
    assert set(states) == {"有效", "未开始", "已结束", "已取消"}
    assert states["有效"] >= 3


def test_the_sample_file_goes_in_without_a_fault(demo_site):
    sheet = read_sheet(template.sample_file(), max_rows=imports.MAX_ROWS)
    importer = db.session.query(Account).first().person_id
    found = compare(
        parse_sheet(sheet, effective_on=DAY),
        read_known(imported_by_id=importer),
        effective_on=DAY,
        choices={},
    )
    assert found.problems == []
    assert found.unknown_departments == []
    assert len(found.joined) == template.SAMPLE_PEOPLE
