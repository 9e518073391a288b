"""Where a request comes from: the browser's address, also behind a reverse proxy.

`X-Forwarded-For` can be written by anybody. It is read only when a trusted proxy sent the request,
from the right, and the first address that is no trusted proxy counts: what stands further left was
written by whoever it names. Everything else (log, limits, sessions) reads `request.remote_addr`.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from flask import Flask

from app.kernel.config import Config, Network

Address = IPv4Address | IPv6Address
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def init(app: Flask) -> None:
    """Put the true address into every request before anything reads it."""
    inner: Wsgi = app.wsgi_app

    def with_true_address(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        config: Config = app.config["SITE"]
        peer = environ.get("REMOTE_ADDR", "")
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = true_address(peer, forwarded, config.trusted_proxies)
        return inner(environ, start_response)

    app.wsgi_app = with_true_address  # type: ignore[method-assign]


def true_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Give the rightmost address that is no trusted proxy; junk ends the search at the proxy."""
    hops = [peer, *reversed([part.strip() for part in forwarded.split(",") if part.strip()])]
    believed = peer
    for hop in hops:
        address = parse(hop)
        if address is None:
            return believed
        believed = str(address)
        if not is_within(address, trusted):
            return believed
    return believed


def parse(text: str) -> Address | None:
    """Read an address; None for what is none. An IPv4 address in IPv6 clothes is the former."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def is_within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Tell whether an address lies in one of the networks."""
    return address is not None and any(address in network for network in networks)
