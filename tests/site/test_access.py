"""Who gets which answer where: every row of access.csv is asked, as a page and as a fragment.

The table is written and reviewed by people; nothing here reads the application's own table of
permissions, so that a wrong entry there is found. A cell is a status, or `page/fragment` where the
two differ. `object` names what the address points at (world.py); all of it belongs to `staff`.
"""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import create_app
from app.accounts.models import RoleGrant
from app.kernel import clock, config, db
from tests.site.table import TABLE, WHO, name_of, status_of
from tests.support import cast

# What anybody on the network may call. Short, and argued about whenever it grows.
PUBLIC = {
    "site.serve_static",
    "site.show_health",
    "accounts.sign_in",
    "accounts.sign_in_again",
    "accounts.enter_code",
    "accounts.set_up",
}
ENTRANCE = {"entrance.show_entrance", "entrance.enter_as", "entrance.try_exam"}
DEMONSTRATION = ENTRANCE | {"gallery.show_gallery"}
OPEN = PUBLIC | ENTRANCE
OF_STAFF = {"running", "waiting", "released", "unprinted", "late", "staff_job", "copy"}
SIGN_IN = "/demo/"


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


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_route_answers_everybody_as_the_table_says(row, hall):
    wanted, got = {}, {}
    for who in WHO:
        for is_fragment in (False, True):
            # A read changes nothing (test_reads_write_nothing.py), so the hall stays as it is.
            if row["method"] != "GET":
                hall.put_back()
            answer = hall.visit(who).send(row["method"], hall.url(row), fragment=is_fragment)
            wanted[who, is_fragment] = status_of(row, who, is_fragment=is_fragment)
            got[who, is_fragment] = answer.status_code
            if who == "anon" and row["endpoint"] not in OPEN:
                check_sign_in(answer, is_fragment=is_fragment)
    assert got == wanted


def check_sign_in(answer, *, is_fragment):
    """A page leads to the sign-in page, a fragment tells htmx to, a script gets JSON."""
    if answer.is_json:
        assert answer.get_json() == {"error": "signed_out"}
        return
    target = answer.headers["HX-Redirect" if is_fragment else "Location"]
    assert target.startswith(SIGN_IN)
    assert not is_fragment or answer.data == b""


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
            assert status == 403, name_of(row)
