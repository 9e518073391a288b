"""Administrators work from named networks only (AC9), and nobody can write himself into one."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from app.audit.models import AuditEvent
from tests.accounts.factories import WRONG, events, faceless, sessions, try_sign_in
from tests.support.pages import Browser, sign_in

OFFICE, STREET, PROXY = "10.8.1.5", "203.0.113.9", "10.0.0.1"


@pytest.fixture
def guarded(app, monkeypatch):
    """The site with one network for administrators, behind one proxy."""
    site = replace(
        app.config["SITE"],
        admin_networks=(ip_network("10.8.1.0/24"),),
        trusted_proxies=(ip_network(PROXY),),
    )
    monkeypatch.setitem(app.config, "SITE", site)
    return app


def visitor(app, address, **headers):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Browser(app=app, client=client, headers=headers)


@pytest.mark.db
def test_administrator_signs_in_from_the_office_and_not_from_the_street(guarded):
    assert try_sign_in(visitor(guarded, OFFICE), "xt-zhai").location == "/"
    try_sign_in(visitor(guarded, STREET), "xt-zhai", status=403)
    with guarded.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_NETWORK_REFUSED)
        assert entry.address == STREET
        assert len(sessions()) == 1


def test_wrong_password_from_the_street_tells_nothing(guarded):
    refused = try_sign_in(visitor(guarded, STREET), "xt-zhai", WRONG, status=422)
    unknown = try_sign_in(visitor(guarded, STREET), "nobody", WRONG, status=422)
    assert faceless(refused, "xt-zhai") == faceless(unknown, "nobody")


def test_everybody_else_signs_in_from_anywhere(guarded):
    assert try_sign_in(visitor(guarded, STREET), "SY001").location == "/"


@pytest.mark.db
def test_living_session_of_an_administrator_opens_nothing_from_the_street(guarded):
    browser = sign_in(guarded, "sysadmin")
    for address, status in ((OFFICE, 200), (STREET, 403), (OFFICE, 200)):
        browser.client.environ_base["REMOTE_ADDR"] = address
        for path in ("/accounts", "/account", "/"):
            assert browser.client.get(path).status_code == status
    with guarded.app_context():
        assert len(events(AuditEvent.ACCOUNTS_NETWORK_REFUSED)) == 3


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        (STREET, OFFICE, 403),
        (STREET, f"{OFFICE}, {PROXY}", 403),
        (PROXY, OFFICE, 200),
        (PROXY, f"{OFFICE}, {STREET}", 403),
        (PROXY, STREET, 403),
        (PROXY, "", 403),
    ],
)
def test_address_in_a_header_counts_only_from_the_proxy(guarded, peer, forwarded, status):
    browser = sign_in(guarded, "sysadmin")
    browser.client.environ_base["REMOTE_ADDR"] = peer
    answer = browser.client.get("/accounts", headers={"X-Forwarded-For": forwarded})
    assert answer.status_code == status


def test_log_names_the_browser_behind_the_proxy(guarded):
    client = visitor(guarded, PROXY, **{"X-Forwarded-For": "198.51.100.4"})
    try_sign_in(client, "SY001")
    with guarded.app_context():
        assert [each.address for each in sessions()] == ["198.51.100.4"]
