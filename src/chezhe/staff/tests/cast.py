"""People for the tests of this room and of those above it."""

from __future__ import annotations

from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment
from chezhe.staff import second_factor, steps
from chezhe.staff.models import Branch, Region, User

AT = moment("2026-03-16 10:00")
PASSWORD = "Lorry-fern-4821"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def region(code: str = "EAST", name: str = "华东区") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name})[0]


def branch(code: str = "SH01", name: str = "上海一店", region_code: str = "EAST") -> Branch:
    return Branch.objects.get_or_create(code=code, defaults={"name": name, "region": region(region_code)})[0]


def person(
    username: str, *roles: str, at: Branch | None = None, reach: Reach | None = None, enrolled: bool = False, is_demo: bool = False
) -> User:
    """A person with roles since 2026-03-16; `enrolled` binds the authenticator with SECRET."""
    user = steps.add_person(
        username=username, name=username.capitalize(), branch=at, roles=roles, password=PASSWORD, at=AT, reach=reach, is_demo=is_demo
    )
    if enrolled:
        second_factor.install(user, SECRET, AT)
    return user


def acting(user: User, at: object = AT) -> Actor:
    """The actor this person is, freshly stepped up."""
    return steps.actor_for(user, at, stepped_up_at=at)  # type: ignore[arg-type]
