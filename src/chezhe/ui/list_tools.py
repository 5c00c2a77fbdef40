"""The tool row of a list: saved views, columns, density."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from chezhe.ui import navigation, saved
from chezhe.ui.layout import DENSITIES

if TYPE_CHECKING:
    from chezhe.ui.lists import ListView

# In the address: this list as it is declared, although the person has a view of it that opens by itself.
NO_VIEW = "all"


class Tools:
    """Read by the templates; asks the shelf of views at most once."""

    def __init__(self, view: ListView) -> None:
        self._view, self._request = view, view.request

    @property
    def list_key(self) -> str:
        """The same for every page of one list, whatever its address carries."""
        match = self._request.resolver_match
        return match.view_name if match else self._view.declared.file_name

    @cached_property
    def views(self) -> list[tuple[saved.SavedView, str, bool]]:
        """Each view with its address and whether it is the one in use."""
        found = saved.views_of(self._view.actor, self.list_key)
        return [(one, one.url(self._request.path), one.key == self._view.params["view"]) for one in found]

    @cached_property
    def current(self) -> saved.SavedView | None:
        return next((one for one, _url, is_current in self.views if is_current), None)

    @cached_property
    def default(self) -> saved.SavedView | None:
        return next((one for one, _url, _is_current in self.views if one.is_default), None)

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something else than the view it was opened with."""
        return self.current is not None and saved.lasting(self.current.query) != self.query

    @cached_property
    def query(self) -> str:
        """What a view of this moment would keep."""
        return saved.lasting(self._view.url().partition("?")[2])

    @property
    def plain_url(self) -> str:
        """The list without any condition."""
        return f"{self._request.path}?view={NO_VIEW}" if self.default else self._request.path

    @cached_property
    def elsewhere(self) -> str:
        """Where to go instead: a bare address opens the person's default view, `?view=` alone the whole view."""
        asked = self._request.GET
        if not asked:
            return self.default.url(self._request.path) if self.default else ""
        wanted = self._view.params["view"]
        if not wanted or wanted == NO_VIEW:
            return ""
        if self.current is None:
            words = _("这个视图已删除，或没有共享给您。")
            messages.warning(self._request, words, fail_silently=True)
            return self._view.url(view="") if len(asked) > 1 else f"{self._request.path}?view={NO_VIEW}"
        is_bare = set(asked) == {"view"} and self.current.query
        return self.current.url(self._request.path) if is_bare else ""

    @property
    def save_url(self) -> str:
        return navigation.url_or_none("workbench:save_view") or ""

    @property
    def manage_url(self) -> str:
        return navigation.url_or_none("workbench:views") or ""

    @cached_property
    def sharing(self) -> list[tuple[str, Any]]:
        """The roles one may share a view with; empty for who may not share."""
        return saved.roles_for(self._view.actor)

    @property
    def shared_with(self) -> str:
        """The role that also sees the view in use, when it is the person's own."""
        return self.current.role if self.current and self.current.is_mine else ""

    @property
    def columns(self) -> list[tuple[str, str, bool, bool]]:
        """Every column in the order of the dialog: key, words, shown, pinned."""
        chosen = self._view.layout
        shown = [(c.key, str(c.label), True, c.key in chosen.pinned) for c in chosen.shown]
        return shown + [(c.key, str(c.label), False, False) for c in chosen.hidden]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the dialog of columns sends along."""
        return [(name, value) for name, value in self._view.params.items() if value and name not in ("cols", "pin", "page")]

    @property
    def usual_columns_url(self) -> str:
        return self._view.url(cols="", pin="")

    @property
    def density(self) -> str:
        chosen = self._request.COOKIES.get("density", "")
        return chosen if chosen in DENSITIES else "normal"

    @property
    def densities(self) -> list[tuple[str, str, bool]]:
        words = {"compact": _("紧凑"), "normal": _("适中"), "roomy": _("宽松")}
        return [(key, words[key], key == self.density) for key in DENSITIES]

    @property
    def filters_are_folded(self) -> bool:
        return self._request.COOKIES.get("filters") == "folded"
