"""演示路线: every station leads its person to the very record, and what was promised is there."""

from datetime import datetime

import pytest

from app import create_app
from app.accounts import demo
from app.home.tour import list_stations, list_stops
from app.kernel import clock, config
from app.kernel.feature import features
from tests.support.pages import sign_in

MORNING = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.
ADDRESS = "/demo/tour"


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(MORNING):
        yield


def test_every_station_opens_for_its_person_and_shows_what_it_promises(hall):
    visitor = sign_in(hall.app, None)
    page = visitor.get(ADDRESS)
    with hall.app.test_request_context():
        stations = list_stations(list_stops())
        # Nothing of the script is missing in the demonstration.
        declared = {stop.name for room in features(hall.app) for stop in room.tour}
    assert {each.stop.name for each in stations} == declared
    assert [each.get("action") for each in page.all("form")] == [
        f"{ADDRESS}/{each.stop.name}" for each in stations
    ]
    assert 13 * 60 <= sum(each.stop.seconds for each in stations) <= 17 * 60
    for each in stations:
        answer = visitor.submit(page, form=f'form[action="{ADDRESS}/{each.stop.name}"]')
        assert answer.location == each.url
        found = visitor.follow(answer)
        page = visitor.get(ADDRESS)
        for words in each.stop.shows:
            assert words in found.text, (each.stop.name, words)
        if each.member is not None:
            assert each.member.name in found.text_of("header")
            assert f'href="{ADDRESS}"' in found.body


def test_stations_name_the_cast_and_say_two_sentences(hall):
    numbers = {each.staff_number for each in demo.CAST}
    names = []
    for room in features(hall.app):
        for stop in room.tour:
            names.append(stop.name)
            assert stop.staff_number in numbers | {""}, stop.name
            assert stop.says.count("。") == 2, stop.name
    assert len(names) == len(set(names))


def test_a_real_hall_has_no_tour(tmp_path):
    app = create_app(config.read_config({"CLEAN_WINDOW_VAR": str(tmp_path)}))
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert not any(rule.startswith("/demo") for rule in rules)


def test_stations_without_a_record_are_left_out_and_lead_nowhere(browse):
    visitor = browse(None)
    page = visitor.get(ADDRESS)
    offered = {each.get("action").rpartition("/")[2] for each in page.all("form")}
    assert "case" not in offered
    token = page.all("[name=csrf_token]")[0].get("value")
    visitor.post(f"{ADDRESS}/case", {"csrf_token": token}, status=404)
    visitor.post(f"{ADDRESS}/no-such-station", {"csrf_token": token}, status=404)


def test_another_machine_finds_no_tour(browse):
    far = {"REMOTE_ADDR": "10.1.2.3"}
    assert browse(None).client.get(ADDRESS, environ_overrides=far).status_code == 404
