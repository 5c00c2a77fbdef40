"""What stands in the left rail, under 快捷新增 and in the user menu. Rooms register; nobody lists rooms here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _


class CanDo(Protocol):
    """Whatever answers `can(code)`: `chezhe.kernel.actor.Actor` does."""

    def can(self, code: str) -> bool: ...


# UX.md §3: the groups of the left rail, in the order in which a loan lives.
GROUPS: dict[str, tuple[Any, str]] = {
    "workbench": (_("工作台"), "layout-dashboard"),
    "customers": (_("获客与客户"), "users"),
    "origination": (_("进件与审批"), "file-check"),
    "risk": (_("风控"), "scale"),
    "contracts": (_("合同与放款"), "writing-sign"),
    "servicing": (_("还款与账务"), "receipt-2"),
    "monitoring": (_("贷后与预警"), "radar-2"),
    "collection": (_("催收与处置"), "phone-call"),
    "goals": (_("目标与团队"), "target-arrow"),
    "reports": (_("报表"), "chart-bar"),
    "compliance": (_("合规"), "shield-check"),
    "settings": (_("设置"), "settings"),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the rail: `permission` None shows it to everybody who is signed in."""

    key: str
    group: str
    label: Any
    url_name: str
    permission: str | None = None
    icon: str = "point"
    order: int = 100


@dataclass(frozen=True, slots=True)
class QuickItem:
    """One entry of 快捷新增 or of the user menu; `post` sends it as a form (signing out changes something)."""

    label: Any
    url_name: str
    permission: str | None = None
    icon: str = "plus"
    order: int = 100
    post: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its address found, ready for the template."""

    key: str
    label: Any
    url: str
    icon: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    label: Any
    icon: str
    items: tuple[Link, ...]


_items: dict[str, NavItem] = {}
_quick: dict[str, QuickItem] = {}
_user_menu: dict[str, QuickItem] = {}
_branch_label: list[Callable[[Any], Any]] = []
_presence: list[Callable[[Any], str]] = []


def register(item: NavItem) -> NavItem:
    """Put a page in the rail. Call it in `AppConfig.ready`; registering a key again replaces it."""
    if item.group not in GROUPS:
        raise ValueError(f"unknown navigation group {item.group!r}; known: {', '.join(GROUPS)}")
    _items[item.key] = item
    _groups_of.cache_clear()
    return item


def register_quick(label: Any, url_name: str, permission: str | None = None, *, icon: str = "plus", order: int = 100) -> None:
    """Put a creating page under 快捷新增."""
    _quick[url_name] = QuickItem(label, url_name, permission, icon, order)


def register_user_menu(
    label: Any, url_name: str, permission: str | None = None, *, icon: str = "user", order: int = 100, post: bool = False
) -> None:
    """Put a page (or with `post`, an act such as signing out) in the user menu."""
    _user_menu[url_name] = QuickItem(label, url_name, permission, icon, order, post)


def register_branch_label(describe: Callable[[Any], Any]) -> None:
    """Tell the shell how to name an actor's branch: the staff room knows, the shell does not."""
    _branch_label[:] = [describe]


def branch_label(actor: Any) -> str:
    """The branch shown in the role chip; empty when nobody knows."""
    return str(_branch_label[0](actor) or "") if _branch_label else ""


def register_presence(ticket: Callable[[Any], str]) -> None:
    """Tell the shell with which ticket a page asks who else has it open."""
    _presence[:] = [ticket]


def presence_ticket(request: Any) -> str:
    """Empty when nobody keeps who looks at what."""
    return _presence[0](request) if _presence and getattr(request, "staff_session", None) else ""


def items_for(actor: CanDo | None) -> list[Group]:
    """The rail of one person: groups in order, only what the person may open, empty groups left out."""
    if actor is None:
        return []
    mine = frozenset(i.key for i in _items.values() if not i.permission or actor.can(i.permission))
    return list(_groups_of(mine, len(_items), *_site()))


@lru_cache(maxsize=256)
def _groups_of(mine: frozenset[str], _known: int, _urlconf: str, _prefix: str) -> tuple[Group, ...]:
    """The rail of everybody who may open the same entries; on another site the addresses are others."""
    groups = []
    for key, (label, icon) in GROUPS.items():
        ordered = sorted((i for i in _items.values() if i.group == key and i.key in mine), key=lambda i: (i.order, i.key))
        links = tuple(link for i in ordered if (link := _address_of(i.key, i)))
        if links:
            groups.append(Group(key, label, icon, links))
    return tuple(groups)


def quick_for(actor: CanDo | None) -> list[Link]:
    """What the person may create from anywhere."""
    return _links(_quick.values(), actor)


def user_menu_for(actor: CanDo | None) -> list[Link]:
    return _links(_user_menu.values(), actor)


def broken() -> list[str]:
    """Registered entries whose address does not exist: a test keeps this empty."""
    entries: list[NavItem | QuickItem] = [*_items.values(), *_quick.values(), *_user_menu.values()]
    return [entry.url_name for entry in entries if url_or_none(entry.url_name) is None]


def url_or_none(name: str, *args: Any) -> str | None:
    """The address of a page that may not be built in this installation."""
    return _reversed(name, args, *_site())


def state() -> tuple[Any, ...]:
    """What decides about the entries and their addresses, besides what a person may."""
    return *_site(), len(_items), len(_quick), len(_user_menu)


def _site() -> tuple[str, str]:
    """What decides how addresses read."""
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


@lru_cache(maxsize=512)
def _reversed(name: str, args: tuple[Any, ...], urlconf: str, prefix: str) -> str | None:
    """The rail asks for the same eighty addresses on every page."""
    try:
        return reverse(name, urlconf, args)
    except NoReverseMatch:
        return None


def _links(entries: Iterable[QuickItem], actor: CanDo | None) -> list[Link]:
    ordered = sorted(entries, key=lambda e: (e.order, e.url_name))
    return [link for e in ordered if (link := _link(e.url_name, e, actor))]


def _link(key: str, entry: NavItem | QuickItem, actor: CanDo | None) -> Link | None:
    if actor is None or (entry.permission and not actor.can(entry.permission)):
        return None
    return _address_of(key, entry)


def _address_of(key: str, entry: NavItem | QuickItem) -> Link | None:
    url = url_or_none(entry.url_name)
    return Link(key, entry.label, url, entry.icon, getattr(entry, "post", False)) if url else None
