"""The two portals: whom each is for, where it stands, and the bar at the bottom of its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.actor import BORROWER, DEALER


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the bottom bar; `url_name` without the portal's letter and underline."""

    url_name: str
    label: Any
    icon: str


@dataclass(slots=True)
class Portal:
    """`letter` begins every address and every name of an address (`portal:m_home`)."""

    kind: str
    letter: str
    name: Any
    bar: list[Place] = field(default_factory=list)

    @property
    def root(self) -> str:
        return f"/{self.letter}/"

    @property
    def cookie(self) -> str:
        return f"{'__Host-' if settings.IS_PRODUCTION else ''}portal-{self.letter}"

    def url(self, name: str, *parts: str) -> str:
        """The address of this portal's page `name`."""
        return reverse(f"portal:{self.letter}_{name}", args=parts)

    def lines(self, path: str) -> list[tuple[Place, str, bool]]:
        """The bar for a page: each place, its address, and whether the page is there."""
        found = [(place, self.url(place.url_name)) for place in self.bar]
        here = max((url for _place, url in found if path.startswith(url)), key=len, default="")
        return [(place, url, url == here) for place, url in found]


_HOME, _ME = Place("home", _("首页"), icon="home"), Place("me", pgettext_lazy("portal", "我的"), icon="user")
# A package of pages puts its place into the bar here.
CUSTOMERS: Final = Portal(BORROWER, "m", _("客户服务"), [_HOME, Place("apply", pgettext_lazy("portal", "申请"), icon="file-plus"), _ME])
DEALERS: Final = Portal(DEALER, "d", _("车商服务"), [
    _HOME, Place("new", _("提单"), icon="plus"), Place("payouts", _("放款"), icon="building-bank"),
    Place("commission", _("返佣"), icon="coin-yuan"), _ME,
])
PORTALS: Final = {portal.kind: portal for portal in (CUSTOMERS, DEALERS)}


def of_path(path: str) -> Portal | None:
    """The portal whose pages begin like this one."""
    return next((portal for portal in PORTALS.values() if path.startswith(portal.root)), None)
