"""The grid editor, lint while one types, and tables in files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.policies import judging, pages, permissions, queries, reading, wording
from chezhe.policies.actions.draft_version import draft_version
from chezhe.policies.actions.edit_version import edit_version
from chezhe.policies.actions.import_table import import_table
from chezhe.policies.errors import NotADraft
from chezhe.policies.forms import FileForm, TableForm
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import DRAFT
from chezhe.ui.list_files import CONTENT_TYPES


@require_POST
@needs(permissions.EDIT_VERSION)
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """A new draft that begins with this version."""
    policy = queries.version_called(number).policy
    made = draft_version(policy_code=policy.code, from_number=number, business_date=business_date.current(), by=request.actor)
    return redirect("policies:edit", made.number)


@needs(permissions.EDIT_VERSION)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The editor of a draft."""
    found = queries.version_called(number)
    if request.method != "POST" and found.status != DRAFT:
        raise NotADraft(version=found.number)
    form = TableForm(found, request.POST or None)
    if request.method == "POST" and form.carries_out(lambda: _save(request, found, form)):
        messages.success(request, _("草稿已保存。"))
        return redirect("policies:version", number)
    return render(request, "policies/edit.html", _editor(found, form), status=422 if form.errors else 200)


def _save(request: HttpRequest, found: PolicyVersion, form: TableForm) -> None:
    given = form.cleaned_data
    edit_version(
        version_number=found.number, table=form.table, effective_from=given["effective_from"], note=given["note"],
        based_on=given["based_on"], by=request.actor,
    )


def _editor(found: PolicyVersion, form: TableForm, file_form: FileForm | None = None) -> dict[str, Any]:
    trail = pages.trail((found.number, reverse("policies:version", args=[found.number])), (_("编辑"), ""))
    table = form.table or found.table
    findings = judging.judge(found.policy, table)
    return {
        "form": form, "file_form": file_form or FileForm(), "version": found, "grid": pages.grid(found.policy, table, findings),
        "hit_policies": pages.hit_policies(found.policy, table), "lines": pages.lines(found.policy, table), "breadcrumbs": trail,
    }


@require_POST
@needs(permissions.EDIT_VERSION)
def lint(request: HttpRequest, number: str) -> JsonResponse:
    """What there is to say about the table in the editor; nothing is kept."""
    policy = queries.version_called(number).policy
    try:
        table = reading.table_in_text(request.POST.get("content", ""), policy)
    except BusinessError as refusal:
        return JsonResponse({"findings": [pages.whole_table(str(refusal))]})
    return JsonResponse({"findings": [wording.told(policy, table, one) for one in judging.judge(policy, table)]})


@require_POST
@needs(permissions.EDIT_VERSION)
def take_file(request: HttpRequest, number: str) -> HttpResponse:
    """A table out of a workbook."""
    found = queries.version_called(number)
    form = FileForm(request.POST, request.FILES)
    if form.carries_out(lambda: import_table(
        version_number=number, content=form.cleaned_data["file"].read(reading.FILE_MAX + 1), based_on=request.POST.get("based_on", "")[:64],
        by=request.actor,
    )):
        messages.success(request, _("已从文件读入，请核对。"))
        return redirect("policies:edit", number)
    return render(request, "policies/edit.html", _editor(found, TableForm(found), form), status=422)


@require_GET
@needs(permissions.VIEW)
def workbook(request: HttpRequest, number: str) -> HttpResponse:
    """The table as XLSX."""
    return _file(reading.as_workbook(queries.version_called(number)), CONTENT_TYPES["xlsx"], f"{number}.xlsx")


@require_GET
@needs(permissions.VIEW)
def text(request: HttpRequest, number: str) -> HttpResponse:
    """The table as JSON, as the command line reads it."""
    return _file(reading.as_text(queries.version_called(number)), "application/json", f"{number}.json")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
