"""Who gets which answer where: every row of access.csv is asked, as a page and as a fragment.

The table is written and reviewed by people. A cell is a status, or `page/fragment` where the two
differ. `object` names what the address points at (world.py); all of it belongs to `staff`.

Whom the guard refuses is asked about at one address for each permission and method: it knows nothing
else of an address, and that the table refuses just whom the declared permissions refuse is looked at
cell by cell. Whom a loader refuses is asked about at every address, since each has its own; of those
who get the same somewhere two are, others at each address. With `--long` every cell is asked.

One walk looks at everything that holds for each answer, because a request costs more than a look:
its status, its headers (XS2, XS3, XS6), that text stayed text (XS1), that a page is sound and drawn
by the template of its name, and that reading wrote nothing (SE9) but what records.py names. A failure
lists every cell that is wrong.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from zlib import crc32

import pytest
from sqlalchemy import update

from app import create_app
from app.accounts import sessions
from app.accounts.models import RoleGrant
from app.audit.models import AuditEvent
from app.kernel import clock, config, db
from app.kernel.declared import permission_of
from tests.site.answers import (
    DEVICE,
    DEVICES,
    FILE,
    FILES,
    KEPT,
    OTHERWISE_KEPT,
    SITE,
    check_headers,
)
from tests.site.drawing import drawing_fault, rendered
from tests.site.poison import ESCAPED, RAW, SHOWS, fill_poisoned
from tests.site.records import MARKED, RECORDED
from tests.site.rows import changes, stand
from tests.site.table import GETS, POSTS, TABLE, WHO, name_of, status_of
from tests.support import cast

# What anybody on the network may call. Short, and argued about whenever it grows.
PUBLIC = {
    "site.serve_static",
    "site.show_health",
    "accounts.sign_in",
    "accounts.sign_in_again",
    "accounts.enter_code",
    "accounts.set_up",
    # What hall screens read: published commitments, and the page that shows them.
    "screens.show_player",
    "screens.show_manifest",
    "screens.serve_worker",
    "commitments.list_disclosed",
    "commitments.show_disclosed",
    "commitments.show_duty_photo",
    "suggestions.new_public_idea",
    "suggestions.follow_idea",
    "suggestions.reply_idea",
    "suggestions.rate_idea",
}
ENTRANCE = {
    "entrance.show_entrance", "entrance.enter_as", "entrance.try_exam", "entrance.show_tour",
    "entrance.enter_station",
}  # fmt: skip
DEMONSTRATION = ENTRANCE | {"gallery.show_gallery"}
OPEN = PUBLIC | ENTRANCE
OF_STAFF = {"running", "waiting", "released", "unprinted", "late", "staff_job", "copy"}
# Where `staff` may ask as the B角 of somebody who is away, whatever his own roles are.
STANDS_IN = {"workflow.show_batch", "workflow.decide_batch", "surveys.approve_questionnaire"}
SIGN_IN = "/demo/"
IS_LONG = "LONG" in os.environ
ASKED_OF_THE_SAME = 2
# Answers behind which nothing can have been done.
REFUSED = {401, 403, 404}
PAGES = list(dict.fromkeys(row["endpoint"] for row in GETS))


def routes_of(app):
    return {
        (method, rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def routes_in(table):
    return {(row["method"], row["rule"], row["endpoint"]) for row in table}


def test_table_names_every_route_and_no_other(app):
    assert routes_of(app) - routes_in(TABLE) == set(), "add them to access.csv, and review"
    assert routes_in(TABLE) - routes_of(app) == set(), "take them out of access.csv"


def test_real_hall_has_no_route_of_the_demonstration(tmp_path):
    app = create_app(config.read_config({"CLEAN_WINDOW_VAR": str(tmp_path)}))
    wanted = [row for row in TABLE if row["endpoint"] not in DEMONSTRATION]
    assert routes_of(app) == routes_in(wanted)


def test_table_is_in_order_and_says_nothing_twice():
    keys = [(row["rule"], row["method"], row["object"]) for row in TABLE]
    assert len(keys) == len(set(keys))
    assert [key[0] for key in keys] == sorted(key[0] for key in keys)
    assert {row["method"] for row in TABLE} == {"GET", "POST"}


# ---------- what everybody gets to read


class Doors:
    """Whom the guard lets through where."""

    def __init__(self, hall):
        self.app = hall.app
        with hall.app.app_context():
            found = {who: sessions.load_principal(hall.world.tokens[who]) for who in WHO[1:]}
        self.users = found
        self.first: dict[tuple[str, str, str], str] = {}
        for row in TABLE:
            for who in WHO:
                if not self.may(row, who):
                    self.first.setdefault(self.door(row, who), name_of(row))

    def may(self, row, who) -> bool:
        """Tell whether somebody's permissions let him through to an address."""
        permission = permission_of(self.app, row["endpoint"])
        return permission is None or (who != "anon" and self.users[who].can(permission))

    def door(self, row, who) -> tuple[str, str, str]:
        """Name what the guard decides by."""
        return row["method"], str(permission_of(self.app, row["endpoint"])), who

    def is_asked(self, row, who) -> bool:
        """Tell whether a cell is asked."""
        if IS_LONG or row["endpoint"] in STANDS_IN:
            return True
        if not self.may(row, who):
            return self.first[self.door(row, who)] == name_of(row)
        return row[who].startswith("404") or who in self.some_of(row, row[who])

    def some_of(self, row, answer) -> list[str]:
        """Choose of those who get the same at an address, in turn from one address to the next."""
        same = [who for who in WHO if row[who] == answer and self.may(row, who)]
        turn = crc32(name_of(row).encode()) % len(same)
        return [*same[turn:], *same[:turn]][:ASKED_OF_THE_SAME]

    def asked(self, row) -> list[str]:
        """List whose cells of a row are asked."""
        return [who for who in WHO if self.is_asked(row, who)]

    def first_of_each(self, row) -> set[str]:
        """Give the first asked of those who get the same: he asks in each way for them all."""
        return set({row[who]: who for who in reversed(self.asked(row))}.values())


_doors: dict[int, Doors] = {}


def doors_of(hall) -> Doors:
    """Give the doors of a hall; they stay as they were made."""
    if id(hall.world) not in _doors:
        _doors[id(hall.world)] = Doors(hall)
    return _doors[id(hall.world)]


def test_table_refuses_whom_the_declared_permissions_refuse(hall):
    doors = doors_of(hall)
    refused = [(row, who) for row in TABLE for who in WHO if not doors.may(row, who)]
    for row, who in refused:
        wanted = {"303/401", "401"} if who == "anon" else {"403"}
        # The B角 of somebody who is away gets in by another way, or finds nothing there.
        is_other = row["endpoint"] in STANDS_IN
        assert row[who] in wanted or is_other, f"{name_of(row)} for {who}"
    assert len(refused) > len(TABLE)


@pytest.fixture
def poisoned(make_hall):
    return make_hall("poison", fill_poisoned)


@pytest.mark.parametrize("endpoint", PAGES)
def test_page_answers_everybody_as_the_table_says(endpoint, poisoned):
    doors, rows = doors_of(poisoned), [row for row in GETS if row["endpoint"] == endpoint]
    cells = [(row, who) for who in WHO for row in rows if doors.is_asked(row, who)]
    wrong, shown = [], set()
    stand(poisoned)
    for row, who in cells:
        for kind, answer, fault in read(doors, poisoned, row, who):
            wrong += faults_of(row, who, kind, answer, fault)
            if ESCAPED in text_of(answer):
                shown.add(who)
    assert not wrong, "\n".join(wrong)
    assert changes(poisoned) == expected_of(doors, cells)
    allowed = {who for row, who in cells if is_read(row, who)}
    assert endpoint not in SHOWS or allowed <= shown, "a canary that is nowhere proves nothing"


@pytest.mark.other_db
def test_every_page_opens_on_both_engines(poisoned):
    """One of those who get it asks for each page; who is refused was refused before any query."""
    wrong, doors = [], doors_of(poisoned)
    for row in GETS:
        who = next((who for who in doors.asked(row) if is_read(row, who)), None)
        if who is not None:
            answer = poisoned.visit(who).send("GET", poisoned.url(row))
            wrong += faults_of(row, who, "page", answer, "")
    assert not wrong, "\n".join(wrong)


def is_read(row, who) -> bool:
    """Tell whether somebody gets what stands there."""
    return row[who].startswith("200")


def text_of(answer) -> str:
    """Give a body as text, whatever it is."""
    return answer.get_data().decode(errors="replace")


def kinds_of(doors, row, who) -> dict[str, str]:
    """Give the ways to ask, with their method: for the head only where there is a body to leave.

    Of those who get the same the first asks in each way, the others for the page.
    """
    if who not in doors.first_of_each(row):
        return {"page": "GET"}
    return {"page": "GET", "fragment": "GET"} | ({"head": "HEAD"} if is_read(row, who) else {})


def read(doors, hall, row, who) -> Iterator[tuple[str, object, str]]:
    """Fetch an address in each way, with what is wrong with its templates and its markup."""
    visit, url = hall.visit(who), hall.url(row)
    for kind, method in kinds_of(doors, row, who).items():
        with rendered(hall.app) as names:
            answer = visit.send(method, url, fragment=kind == "fragment")
        fault = drawing_fault(row, kind, names) if is_read(row, who) else ""
        if kind == "page":
            try:
                visit.browser.look_at(url, answer)
            except AssertionError as found:
                fault += str(found)
        yield kind, answer, fault


def faults_of(row, who, kind, answer, fault) -> Iterator[str]:
    """Say what is wrong with the answer in one cell, each time with route, object and role."""
    cell = f"{name_of(row)} for {who}, {kind}"
    wanted = status_of(row, who, is_fragment=kind == "fragment")
    if answer.status_code != wanted:
        yield f"{cell}: {answer.status_code} instead of {wanted}"
    if fault:
        yield f"{cell}: {fault}"
    if kind == "head" and answer.data:
        yield f"{cell}: a head with a body"
    if RAW.search(text_of(answer)):
        yield f"{cell}: text became markup"
    yield from guarded_faults(row, who, kind, answer, cell)


def guarded_faults(row, who, kind, answer, cell) -> Iterator[str]:
    """Say what is wrong with the headers, and with the answer to who is not signed in."""
    try:
        endpoint = row["endpoint"]
        kept = {**FILES, **DEVICES, **OTHERWISE_KEPT} if answer.status_code == 200 else {}
        check_headers(
            answer,
            policy=FILE if endpoint in FILES else DEVICE if endpoint in DEVICES else SITE,
            is_kept=endpoint == KEPT,
            kept_for=kept.get(endpoint, "no-store"),
        )
        if who == "anon" and row["endpoint"] not in OPEN and kind != "head":
            check_sign_in(answer, is_fragment=kind == "fragment")
    except AssertionError as found:
        yield f"{cell}: {found}"


def expected_of(doors, cells) -> list[tuple[str, str, AuditEvent]]:
    """Give the entries that reading leaves: one for each answer, one a minute for refusals."""
    events, refused = [], set()
    for row, who in cells:
        if row[who] == "200" and row["endpoint"] in RECORDED:
            events += [RECORDED[row["endpoint"]]] * len(kinds_of(doors, row, who))
        elif row[who].startswith("403"):
            refused.add(who)
    events += [AuditEvent.ACCESS_REFUSED] * len(refused)
    marked = [MARKED[each] for each in {row["endpoint"] for row, _ in cells} & MARKED.keys()]
    return sorted([*(("audit_entry", "added", event) for event in events), *marked], key=repr)


def check_sign_in(answer, *, is_fragment):
    """A page leads to the sign-in page, a fragment tells htmx to, a script gets JSON."""
    if answer.is_json:
        assert answer.get_json() == {"error": "signed_out"}
        return
    target = answer.headers.get("HX-Redirect" if is_fragment else "Location", "")
    assert target.startswith(SIGN_IN), f"leads to {target or 'nowhere'}, not to sign in"
    assert not is_fragment or answer.data == b"", "a refused fragment has a body"


# ---------- what everybody gets to do


@pytest.mark.parametrize("row", POSTS, ids=name_of)
def test_act_answers_everybody_as_the_table_says(row, hall):
    """First whoever is refused, all in one hall, which stays as it is; then each in a fresh one."""
    everybody, first = doors_of(hall).asked(row), doors_of(hall).first_of_each(row)
    cells = [
        *((who, False) for who in everybody),
        *((who, True) for who in everybody if who in first),
    ]
    wrong: list[str] = []
    stand(hall)
    for who, is_fragment in cells:
        if is_refused(row, who, is_fragment=is_fragment):
            wrong += act(hall, row, who, is_fragment=is_fragment)
    left = set(changes(hall))
    for who, is_fragment in cells:
        if not is_refused(row, who, is_fragment=is_fragment):
            hall.put_back()
            wrong += act(hall, row, who, is_fragment=is_fragment)
    assert not wrong, "\n".join(wrong)
    assert left <= {("audit_entry", "added", AuditEvent.ACCESS_REFUSED)}


def is_refused(row, who, *, is_fragment):
    """Tell whether nothing may have happened behind this cell."""
    status = status_of(row, who, is_fragment=is_fragment)
    return status in REFUSED or (who == "anon" and row["endpoint"] not in OPEN)


def act(hall, row, who, *, is_fragment) -> Iterator[str]:
    """Send the bare form of a row, and say what is wrong with the answer."""
    answer = hall.visit(who).send("POST", hall.url(row), fragment=is_fragment)
    yield from faults_of(row, who, "fragment" if is_fragment else "page", answer, "")


# ---------- what the table itself has to say


def test_without_sign_in_only_the_public_list_answers():
    for row in TABLE:
        is_refused = row["anon"] in {"303/401", "401"}
        assert is_refused == (row["endpoint"] not in OPEN), name_of(row)


def test_objects_of_staff_do_not_exist_for_his_colleague():
    rows = [row for row in TABLE if row["object"] in OF_STAFF and row["staff"] != "403"]
    assert len(rows) > 20
    for row in rows:
        assert row["other"] == "404", name_of(row)


def test_nobody_but_its_owner_gets_at_a_sitting():
    for row in TABLE:
        if "/sittings/" in row["rule"]:
            assert [row[who] for who in ("other", "clerk", "chief")] == ["404", "403", "403"]


def test_what_is_recorded_or_shows_texts_is_a_page_of_the_table():
    assert RECORDED.keys() <= set(PAGES)
    assert {row["endpoint"] for row in GETS for who in WHO if is_read(row, who)} >= SHOWS


@pytest.mark.db
def test_whoever_lost_his_role_gets_nothing_from_the_next_request_on(hall):
    with hall.app.app_context(), db.write():
        yesterday = clock.today() - timedelta(days=1)
        staff = RoleGrant.person_id == cast.person_id("staff")
        db.session.execute(update(RoleGrant).where(staff).values(ends_on=yesterday))
    visitor = hall.visit("staff")
    for row in TABLE:
        if row["endpoint"] not in OPEN:
            status = visitor.send(row["method"], hall.url(row)).status_code
            is_other = row["endpoint"] in STANDS_IN and status in {200, 404, 422}
            assert status == 403 or is_other, name_of(row)
