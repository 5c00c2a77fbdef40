"""The context processor behind the shell: everything around a page that is not the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from chezhe.kernel import clock, roles
from chezhe.ui import formats, keys, navigation, remembered, watermark

THEMES = ("light", "dark")
# Their pages about one thing show names, numbers and addresses of people.
PERSONAL_ROOMS = ("approvals", "contracts", "customers", "leads", "messaging", "origination", "payments", "servicing", "vehicles")


class Frame:
    """What of the frame depends on who looks, and on nothing that is another on the next page."""

    def __init__(self, actor: Any, help_url: str = "") -> None:
        self.actor, self.help_url = actor, help_url

    @property
    def is_signed_in(self) -> bool:
        return self.actor is not None and not getattr(self.actor, "is_anonymous", False)

    @cached_property
    def groups(self) -> list[navigation.Group]:
        return navigation.items_for(self.actor) if self.is_signed_in else []

    @cached_property
    def quick(self) -> list[navigation.Link]:
        return navigation.quick_for(self.actor) if self.is_signed_in else []

    @cached_property
    def user_menu(self) -> list[navigation.Link]:
        return navigation.user_menu_for(self.actor) if self.is_signed_in else []

    @cached_property
    def business_date(self) -> date | None:
        from chezhe.kernel import business_date

        return business_date.current()

    @cached_property
    def role_label(self) -> str:
        held = [str(roles.LABELS.get(r, r)) for r in roles.ALL if r in getattr(self.actor, "roles", ())]
        return " / ".join(held[:2]) + ("…" if len(held) > 2 else "")

    @cached_property
    def branch_label(self) -> str:
        return navigation.branch_label(self.actor)

    @cached_property
    def hats(self) -> list[tuple[Any, Any]]:
        """Each role to choose and what people call it; empty for somebody who has a single one."""
        held = getattr(self.actor, "hats", ())
        return [(hat, roles.LABELS.get(hat.role, hat.role)) for hat in held] if len(held) > 1 else []

    @property
    def has_chosen_hat(self) -> bool:
        return any(hat.is_chosen for hat, _label in self.hats)

    @cached_property
    def hat_url(self) -> str | None:
        return navigation.url_or_none("staff:work_as")

    @cached_property
    def search_url(self) -> str | None:
        return navigation.url_or_none("workbench:search")

    @cached_property
    def bell_url(self) -> str | None:
        """Answers with the number of waiting tasks (and nothing else) for the bell."""
        return navigation.url_or_none("workbench:bell")

    @cached_property
    def tasks_url(self) -> str | None:
        return navigation.url_or_none("workbench:tasks") or navigation.url_or_none("workbench:home")

    @cached_property
    def home_url(self) -> str:
        return navigation.url_or_none("workbench:home") or "/"

    @cached_property
    def shortcuts(self) -> dict[str, str]:
        """The addresses behind the keys `g` then w/a/l/c/t (UX.md §5), where they exist."""
        names = {
            "w": ("workbench:home",), "a": ("workbench:approvals", "approvals:inbox"), "l": ("servicing:loans",),
            "c": ("collection:cockpit",), "t": ("taskboard:board", "workbench:tasks"),
        }
        found = {key: next(filter(None, map(navigation.url_or_none, options)), None) for key, options in names.items()}
        return {key: url for key, url in found.items() if url}

    @property
    def bindings(self) -> list[keys.Binding]:
        """The single keys that do something here, as the dialog of keys lists and changes them."""
        return keys.bindings(self.shortcuts)

    @property
    def deciding(self) -> tuple[Any, ...]:
        """Everything that decides how the frame reads: whoever agrees in all of it is shown the same."""
        actor = self.actor
        who = (actor.key, actor.kind, actor.name, actor.roles, actor.permissions, actor.hats) if self.is_signed_in else ()
        said = (self.business_date, self.branch_label) if self.is_signed_in else ()
        return (*navigation.state(), bool(self.help_url), *who, *said)


class Shell(Frame):
    """The frame of one page. Computed on first use only, so that fragments fetched by htmx pay nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor = getattr(request, "actor", None)

    @property
    def topbar(self) -> SafeString:
        """Drawn once for everybody who is shown the same."""
        return self._drawn("ui/shell/topbar.html", self.deciding)

    @property
    def dialogs(self) -> SafeString:
        """What the page can open over itself: keys, help, revealing, search."""
        return self._drawn("ui/shell/dialogs.html", (*navigation.state(), bool(self.help_url)))

    @property
    def rail(self) -> SafeString:
        """Drawn once for everybody who may open the same and is at the same place."""
        may = (self.actor.kind, self.actor.permissions) if self.is_signed_in else ()
        template, place = "ui/shell/rail.html", {"current": self.current, "current_group": self.current_group}
        return remembered.kept(
            (template, *navigation.state(), *may, *place.values()), lambda: render_to_string(template, {"groups": self.groups, **place}))

    def _drawn(self, template: str, deciding: tuple[Any, ...]) -> SafeString:
        part = remembered.kept((template, *deciding), lambda: self._draw(template))
        return remembered.filled(part, self._said)

    def _draw(self, template: str) -> SafeString:
        """With nothing of this page: what it says itself stands in the holes."""
        holes = remembered.HOLES
        frame = Frame(self.actor, holes["help"] if self.help_url else "")
        place = {"path": holes["path"], "get_full_path": holes["address"]}
        return render_to_string(template, {"shell": frame, "request": place, "csrf_token": holes["token"]})

    @cached_property
    def _said(self) -> dict[str, str]:
        request = self.request
        return {"token": get_token(request), "path": request.path, "address": request.get_full_path(), "help": self.help_url}

    @cached_property
    def current(self) -> str:
        """The key of the rail line whose address is the longest beginning of this page's address; the root is only itself."""
        path = self.request.path
        links = [link for group in self.groups for link in group.items]
        fitting = [link for link in links if path == link.url or (link.url != "/" and path.startswith(link.url))]
        return max(fitting, key=lambda link: len(link.url)).key if fitting else ""

    @cached_property
    def current_group(self) -> str:
        return next((g.key for g in self.groups for link in g.items if link.key == self.current), "")

    @cached_property
    def theme(self) -> str:
        """`light` or `dark` when the person chose; empty follows the machine (web/src/theme.ts)."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def rail_is_narrow(self) -> bool:
        return self.request.COOKIES.get("rail") == "narrow"

    @cached_property
    def is_about_one(self) -> bool:
        """Whether this page is about one thing that has a number: a loan, a customer, an application."""
        match = self.request.resolver_match
        return self.is_signed_in and match is not None and "number" in match.kwargs

    @cached_property
    def presence(self) -> tuple[str, str] | None:
        """Where the page asks who else has it open, and with which ticket."""
        url = navigation.url_or_none("staff:presence") if self.is_about_one and self.request.method == "GET" else None
        ticket = navigation.presence_ticket(self.request) if url else ""
        return (url, ticket) if url and ticket else None

    @cached_property
    def watermark(self) -> str:
        """The picture to lay over a page with people's data; empty elsewhere."""
        match = self.request.resolver_match
        if not self.is_about_one or match.app_name not in PERSONAL_ROOMS:
            return ""
        return watermark.picture(f"{self.actor.name} {formats.moment(clock.now())}")

    @cached_property
    def help_url(self) -> str:  # type: ignore[override]
        """The manual, opened where it explains this page."""
        url, match = navigation.url_or_none("workbench:help"), self.request.resolver_match
        return f"{url}?for={match.view_name}" if url and match and match.view_name else url or ""

    @property
    def is_demo(self) -> bool:
        return bool(getattr(settings, "DEMO_LOGINS", False))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}
