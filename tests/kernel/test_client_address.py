"""Where a request comes from: only trusted proxies may say so for others (AC9)."""

from ipaddress import ip_network

import pytest

from app.kernel import config
from app.kernel.client_address import true_address

PROXIES = (ip_network("10.0.0.1"), ip_network("10.0.1.0/24"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "believed"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "10.9.9.9", "192.0.2.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "10.8.1.5, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "10.8.1.5, 192.0.2.7, 10.0.1.9", "192.0.2.7"),
        ("10.0.0.1", "10.8.1.5 , junk", "10.0.0.1"),
        ("10.0.0.1", "junk, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "10.0.1.4,10.0.1.5", "10.0.1.4"),
        ("10.0.0.1", "192.0.2.7:4711", "10.0.0.1"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "192.0.2.7", ""),
    ],
)
def test_rightmost_address_that_is_no_proxy_counts(peer, forwarded, believed):
    assert true_address(peer, forwarded, PROXIES) == believed


def test_without_trusted_proxies_nobody_is_believed():
    assert true_address("192.0.2.7", "10.8.1.5", ()) == "192.0.2.7"


def test_networks_come_from_the_environment():
    read = config.read_config(
        {
            "CLEAN_WINDOW_TRUSTED_PROXIES": "127.0.0.1, ::1",
            "CLEAN_WINDOW_ADMIN_NETWORKS": "10.8.1.0/24,",
        }
    )
    assert [str(each) for each in read.trusted_proxies] == ["127.0.0.1/32", "::1/128"]
    assert [str(each) for each in read.admin_networks] == ["10.8.1.0/24"]
    assert config.read_config({}).admin_networks == ()


@pytest.mark.parametrize("text", ["10.8.1.0/33", "10.8.1.5/24", "the office", "10.8.1.0;10.8.2.0"])
def test_mistake_is_refused_and_not_left_out(text):
    with pytest.raises(config.ConfigError, match="CLEAN_WINDOW_ADMIN_NETWORKS"):
        config.read_config({"CLEAN_WINDOW_ADMIN_NETWORKS": text})
