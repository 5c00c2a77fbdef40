"""Whoever writes into X-Forwarded-For is believed only as far as our own proxies wrote it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings

from chezhe.kernel.client_address import client_ip, networks

PROXIES = networks(["10.0.0.0/8", "127.0.0.1", "2001:db8::/64"])
HOME, SPOOFED = "203.0.113.9", "198.51.100.1"


def seen(peer: str, forwarded: str = "") -> str:
    return client_ip(RequestFactory().get("/", REMOTE_ADDR=peer, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})))


def test_nobody_is_believed_unless_a_proxy_is_named() -> None:
    assert seen("127.0.0.1", HOME) == "127.0.0.1" and seen(HOME, SPOOFED) == HOME and seen("") == ""


@pytest.mark.parametrize(("peer", "forwarded", "client"), [
    ("10.0.0.1", HOME, HOME), ("10.0.0.1", "", "10.0.0.1"),
    ("10.0.0.1", f"{SPOOFED}, {HOME}", HOME), ("10.0.0.1", f"127.0.0.1, {HOME}, 10.2.3.4", HOME),
    (HOME, SPOOFED, HOME), ("10.0.0.1", f"10.9.9.9, {SPOOFED}, {HOME}, 127.0.0.1", HOME),
    ("10.0.0.1", "unknown", "10.0.0.1"), ("10.0.0.1", f"{SPOOFED}, <script>, 10.0.0.2", "10.0.0.2"), ("10.0.0.1", f"{HOME}, ", "10.0.0.1"),
    ("10.0.0.1", f"{HOME}:4711", HOME), ("::ffff:10.0.0.1", HOME, HOME), ("2001:db8::1", "[2001:db9::7]:443", "2001:db9::7"),
    ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
])
def test_it_is_read_from_the_right_past_our_own(peer: str, forwarded: str, client: str) -> None:
    with override_settings(TRUSTED_PROXIES=PROXIES):
        assert seen(peer, forwarded) == client


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError):
        networks(["proxy.internal"])
