"""People for the tests of this room and of those above it."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment
from chezhe.staff import second_factor, sessions, steps
from chezhe.staff.models import Branch, Region, User

AT = moment("2026-03-16 10:00")
PASSWORD = "Lorry-fern-4821"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def region(code: str = "EAST", name: str = "华东区") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name})[0]


def branch(code: str = "SH01", name: str = "上海一店", region_code: str = "EAST") -> Branch:
    return Branch.objects.get_or_create(code=code, defaults={"name": name, "region": region(region_code)})[0]


@cache
def _hashed() -> str:
    """Argon2 is slow on purpose: once is enough for a cast that shares one password."""
    return make_password(PASSWORD)


def person(
    username: str, *roles: str, at: Branch | None = None, reach: Reach | None = None, enrolled: bool = False, is_demo: bool = False
) -> User:
    """A person with roles since 2026-03-16; `enrolled` binds the authenticator with SECRET."""
    user = steps.add_person(
        username=username, name=username.capitalize(), branch=at, roles=roles, password=None, at=AT, reach=reach, is_demo=is_demo
    )
    user.password = _hashed()
    user.save(update_fields=["password"])
    if enrolled:
        second_factor.install(user, SECRET, AT)
    return user


def acting(user: User, at: object = AT) -> Actor:
    """The actor this person is, freshly stepped up."""
    return steps.actor_for(user, at, stepped_up_at=at)  # type: ignore[arg-type]


def signed_in(user: User, *, at: object = AT, stepped_up: bool = True) -> Client:
    """A browser in which this person has signed in, past the second factor when `stepped_up`."""
    client = Client()
    request = RequestFactory().get("/sign-in/", headers={"User-Agent": "Test browser"})
    request.session = client.session
    request.user = AnonymousUser()
    sessions.start(request, user, at, with_second_factor=stepped_up)  # type: ignore[arg-type]
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client
