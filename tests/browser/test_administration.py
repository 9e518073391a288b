"""The pages of administrators and of whoever keeps the roster: axe, keyboard, policy, phone.

A row of PAGES is a page and the one who uses it. The guard of conftest.py fails a test whose page
broke the Content-Security-Policy or reported anything else.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.accounts import appointments, sessions
from app.accounts.models import AccountKind
from app.kernel import db
from tests.accounts import rosters
from tests.browser.conftest import COOKIE
from tests.browser.keys import SHOWS_FOCUS
from tests.browser.test_pages import faults_of
from tests.support import cast
from tests.support.server import Hall

PAGES = {
    "people": ("clerk", "/people"),
    "person": ("clerk", "/people/{person}"),
    "departments": ("clerk", "/departments"),
    "imports": ("clerk", "/roster/imports"),
    "import": ("clerk", "/roster/imports/{imported}"),
    "roles-clerk": ("clerk", "/roles"),
    "account": ("clerk", "/account"),
    "accounts": ("sysadmin", "/accounts"),
    "hall": ("sysadmin", "/hall"),
    "account-sysadmin": ("sysadmin", "/account"),
    "roles": ("secadmin", "/roles"),
    "settings": ("secadmin", "/settings"),
    "audit": ("auditor", "/audit"),
    "photo": ("clerk", "/people/{person}/photo/edit"),
    "deputies": ("clerk", "/deputies"),
    "deputy-new": ("clerk", "/deputies/new"),
    "authorisations": ("clerk", "/authorisations"),
    "authorisation-new": ("chief", "/authorisations/new"),
    "administrators": ("sysadmin", "/administrators"),
    "appointment-new": ("sysadmin", "/administrators/new"),
    "appointment": ("secadmin", "/administrators/{appointment}"),
    "slips": ("sysadmin", "/accounts/slips/new"),
    "audit-chain": ("auditor", "/audit/chain"),
}
# Numbers everything that Tab should reach; of a group of circles it reaches one.
NUMBER = """
() => {
  const seen = new Set(), found = [];
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  for (const each of document.querySelectorAll(`main :is(${all})`)) {
    const isShut = each.closest('details:not([open])') && each.tagName !== 'SUMMARY';
    const isHidden = !each.getClientRects().length || each.disabled || each.tabIndex < 0;
    const group = each.type === 'radio' ? each.name : '';
    if (isShut || isHidden || (group && seen.has(group))) continue;
    seen.add(group);
    each.closest(group ? 'fieldset, form' : '*').dataset.reach = found.length;
    found.push(each.outerHTML.slice(0, 120));
  }
  return found;
}
"""
REACHED = "() => document.activeElement.closest('[data-reach]')?.dataset.reach"


@pytest.fixture(scope="module")
def addresses(shared_hall: Hall) -> dict[str, object]:
    """Make what the pages show: a person with a role that waits, and an import to look at."""
    with shared_hall.acting():
        newcomer = rosters.line("SY031", "秦望舒", 部门="区民政局")
        imported = rosters.upload(rosters.book([*rosters.whole_cast(), newcomer]))
        with db.write():
            appointment = appointments.ask(
                user=cast.principal("sysadmin"), number="SY002", kind=AccountKind.AUDITOR,
                login_name="shenji-05", reason="主任办公会",
            )  # fmt: skip
        return {
            "person": cast.person_id("staff"),
            "imported": imported,
            "appointment": appointment,
        }


@pytest.fixture
def open_as(hall: Hall, open_window) -> Iterator[Page]:
    """Open a window for a member of the cast with the account that he signs in with."""

    def make(who: str) -> Page:
        page = open_window()
        with hall.acting():
            with db.write():
                signed = sessions.begin_session(cast.account(who))
            serializer = hall.app.session_interface.get_signing_serializer(hall.app)
            value = serializer.dumps({"_user_id": signed.token})
        page.context.add_cookies([{"name": COOKIE, "value": value, "url": hall.base}])
        return page

    return make


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_reached_by_keyboard_and_fits(name, addresses, open_as):
    who, path = PAGES[name]
    page = open_as(who)
    page.goto(path.format(**addresses))
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith(path.format(**addresses)), f"led to {page.url}"
    assert not (faults := unreached(page)), "\n".join(faults)
    assert not (faults := faults_of(page)), "\n".join(faults)


def unreached(page: Page) -> list[str]:
    """Press Tab through the page; give what was not reached, or did not show that it was."""
    wanted: list[str] = page.evaluate(NUMBER)
    reached, faults = set(), []
    around = page.locator("a[href], button, input, select, textarea, summary").count()
    # A field for a date has several stops.
    for _ in range(2 * around + 10):
        if len(reached) == len(wanted):
            break
        page.keyboard.press("Tab")
        place = page.evaluate(REACHED)
        if place is not None and place not in reached:
            reached.add(place)
            if not page.evaluate(SHOWS_FOCUS):
                faults.append(f"nobody sees the focus on {wanted[int(place)]}")
    assert wanted, "a page with nothing to reach"
    missed = [html for place, html in enumerate(wanted) if str(place) not in reached]
    return [*faults, *(f"not reached: {html}" for html in missed)]
