"""The URL root: each room's own urls under its place."""

from django.urls import include, path

from chezhe.config import rooms
from chezhe.config.api import api

# Rooms whose pages stand at the root; all others stand under their own name.
_AT_ROOT = {"kernel", "ui", "staff", "workbench", "portal"}


def _rooms() -> list[object]:
    found = [room for room in rooms.built() if rooms.has(room, "urls")]
    return [path("" if room in _AT_ROOT else f"{room}/", include(f"chezhe.{room}.urls")) for room in found]


urlpatterns = [path("i18n/", include("django.conf.urls.i18n")), path("api/v1/", api.urls), *_rooms()]

handler400 = "chezhe.ui.views.bad_request"
handler403 = "chezhe.ui.views.forbidden"
handler404 = "chezhe.ui.views.not_found"
handler500 = "chezhe.ui.views.server_error"

