"""From where a request comes, also behind proxies: for the trail, for sign-ins and for the lock on wrong passwords."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_ip(request: HttpRequest) -> str:
    """The address nearest to us that is not one of our own proxies; "" when the server names none.

    Everybody may write anything into X-Forwarded-For: it is read from the right, and only as far as trusted proxies wrote it.
    """
    nearest = _read(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while nearest is not None and hops and _is_ours(nearest):
        before = _read(hops.pop())
        if before is None:
            break
        nearest = before
    return "" if nearest is None else str(nearest)


def networks(texts: Iterable[str]) -> list[Network]:
    """`10.0.0.7` and `10.0.0.0/8` as networks. Raises ValueError for what is neither."""
    return [ipaddress.ip_network(text.strip(), strict=False) for text in texts if text.strip()]


def _is_ours(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _read(text: str) -> Address | None:
    """`1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1`, `[2001:db8::1]:5678`; a mapped IPv4 address is the IPv4 address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
