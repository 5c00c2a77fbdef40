"""The demo's strip: one click to be somebody else. It does not exist outside demos."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chezhe.kernel import clock
from chezhe.staff import demo


def demo_bar(request: HttpRequest) -> HttpResponse:
    """Everybody of the demo under their role, and who I am now."""
    if not settings.DEMO_LOGINS:
        raise Http404
    groups = demo.people_by_role(clock.today())
    return render(request, "staff/demo_bar.html", {"demo_groups": groups, "current_id": request.actor.user_id})
