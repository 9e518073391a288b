"""Who gets which answer where: every row of access.csv is asked, as a page and as a fragment.

The table is written and reviewed by people; nothing here reads the application's own table of
permissions, so that a wrong entry there is found. A cell is a status, or `page/fragment` where the
two differ. `object` names what the address points at (world.py); all of it belongs to `staff`.
"""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app import create_app
from app.accounts.models import RoleGrant
from app.kernel import clock, config, db
from tests.site.visits import visit
from tests.support import cast

WHO = ("anon", "staff", "other", "clerk", "chief")
METHODS = {"GET", "POST"}
# What anybody on the network may call. Short, and argued about whenever it grows.
PUBLIC = {
    "site.serve_static",
    "site.show_health",
    "accounts.sign_in",
    "accounts.sign_in_again",
    "accounts.set_up",
}
DEMONSTRATION = {
    "entrance.show_entrance",
    "entrance.enter_as",
    "entrance.try_exam",
    "gallery.show_gallery",
}
OF_STAFF = {"running", "released", "unprinted", "late", "staff_job"}
SIGN_IN = "/demo/"


def read_table():
    path = Path(__file__).with_name("access.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLE = read_table()


def name_of(row):
    return f"{row['method']} {row['endpoint']} {row['object']}".strip()


def expected(row, who, *, is_fragment):
    page, _, fragment = row[who].partition("/")
    return int(fragment if is_fragment and fragment else page)


def rule_of(app, row):
    rules = app.url_map.iter_rules(row["endpoint"])
    return next(rule for rule in rules if rule.rule == row["rule"])


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
    assert {row["method"] for row in TABLE} == METHODS


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_route_answers_everybody_as_the_table_says(row, app, put_back):
    got, world = {}, put_back()
    for who in WHO:
        for is_fragment in (False, True):
            # A read changes nothing (test_reads_write_nothing.py), so the world stays for the next.
            world = world if row["method"] == "GET" else put_back()
            url = world.url(app, rule_of(app, row), row["object"])
            answer = visit(app, world, who).send(row["method"], url, fragment=is_fragment)
            got[who, is_fragment] = answer.status_code
            if who == "anon" and row["endpoint"] not in PUBLIC | DEMONSTRATION - {"gallery.show_gallery"}:
                check_sign_in(answer, is_fragment=is_fragment)
    wanted = {(who, flag): expected(row, who, is_fragment=flag) for who, flag in got}
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
        is_open = row["endpoint"] in PUBLIC | DEMONSTRATION - {"gallery.show_gallery"}
        assert is_open == (row["anon"] not in {"303/401", "401"}), name_of(row)


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
def test_whoever_lost_his_role_gets_nothing_from_the_next_request_on(app, world, visiting):
    with app.app_context(), db.write():
        yesterday = clock.today() - timedelta(days=1)
        staff = RoleGrant.person_id == cast.person_id("staff")
        db.session.execute(update(RoleGrant).where(staff).values(ends_on=yesterday))
    visitor = visiting("staff")
    for row in TABLE:
        if row["endpoint"] in PUBLIC | DEMONSTRATION and row["endpoint"] != "gallery.show_gallery":
            continue
        url = world.url(app, rule_of(app, row), row["object"])
        assert visitor.send(row["method"], url).status_code == 403, name_of(row)
