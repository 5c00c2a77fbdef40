"""Saved views: keeping the list in sight, and the page where they are looked after."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ui import navigation, saved
from chezhe.workbench import permissions, shelf
from chezhe.workbench.actions.choose_default_view import choose_default_view
from chezhe.workbench.actions.edit_view import edit_view
from chezhe.workbench.actions.remove_view import remove_view
from chezhe.workbench.actions.save_view import save_view
from chezhe.workbench.actions.subscribe_view import subscribe_view
from chezhe.workbench.actions.unsubscribe_view import unsubscribe_view
from chezhe.workbench.forms import ViewForm
from chezhe.workbench.models import SavedView


@require_POST
@needs(permissions.KEEP_VIEWS)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list in sight under a name, and open it."""
    path, given = request.POST.get("path", ""), request.POST
    list_key = shelf.list_key(path)
    try:
        view = save_view(
            list_key=list_key, path=path, query=given.get("query", ""), name=given.get("name", ""), role=given.get("role", ""),
            is_default=given.get("is_default") == "yes", by=request.actor,
        )
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{path}?{saved.lasting(given.get('query', ''))}")
    messages.success(request, _("视图“%(name)s”已保存。") % {"name": view.name})
    return redirect(f"{path}?{view.query}&view={view.key}" if view.query else f"{path}?view={view.key}")


@require_GET
@needs(permissions.KEEP_VIEWS)
def views(request: HttpRequest) -> HttpResponse:
    """Every view of mine and those shared with me, by list."""
    labels = {link.url: link.label for group in navigation.items_for(request.actor) for link in group.items}
    rows = [
        (row, shelf.shown(row, request.actor), labels.get(row.path, row.path)) for row in shelf.with_default(request.actor)
        .select_related("owner").order_by("path", "name")
    ]
    return render(request, "workbench/views.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(permissions.KEEP_VIEWS)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Rename it or change who else sees it."""
    view = SavedView.objects.fetch_own(key, request.actor)
    sharing = shelf.Shelf().roles_for(request.actor)
    form = ViewForm(request.POST or None, initial={"name": view.name, "role": view.role}, sharing=sharing)
    if request.method == "POST" and form.is_valid():
        try:
            edit_view(view_key=key, name=form.cleaned_data["name"], role=form.cleaned_data.get("role", view.role), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("workbench:views")
    return render(request, "workbench/view_form.html", {"form": form, "view": view}, status=422 if form.errors else 200)


@require_POST
@needs(permissions.KEEP_VIEWS)
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Throw it away."""
    view = remove_view(view_key=key, by=request.actor)
    messages.success(request, _("视图“%(name)s”已删除。") % {"name": view.name})
    return redirect("workbench:views")


@require_POST
@needs(permissions.KEEP_VIEWS)
def make_default(request: HttpRequest) -> HttpResponse:
    """Open a list with this view from now on, or as it is declared."""
    choose_default_view(list_key=request.POST.get("list", ""), view_key=request.POST.get("view", ""), by=request.actor)
    return redirect("workbench:views")


@require_POST
@needs(permissions.KEEP_VIEWS)
def subscribe(request: HttpRequest, key: str) -> HttpResponse:
    """Have it counted every morning."""
    name = subscribe_view(view_key=key, by=request.actor).view.name
    messages.success(request, _("已订阅“%(name)s”，每天 08:30 统计，结果在工作台。") % {"name": name})
    return redirect("workbench:views")


@require_POST
@needs(permissions.KEEP_VIEWS)
def unsubscribe(request: HttpRequest, key: str) -> HttpResponse:
    """No more news of it."""
    unsubscribe_view(view_key=key, by=request.actor)
    return redirect("workbench:views")
