"""The journal of a period and all statements, to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import daybook as books
from chezhe.ledger import pages, permissions
from chezhe.ledger.forms import DaybookForm, statement_days
from chezhe.ui.list_files import stream_out

EXPORTS = {"daybook": (books.daybook, "daybook"), "statements": (books.statements, "account-statements")}


@require_GET
@needs(permissions.VIEW)
def daybook(request: HttpRequest) -> HttpResponseBase:
    """Of which days; `export` names the workbook: daybook or statements."""
    form = DaybookForm({**statement_days(business_date.current()), **{k: request.GET[k] for k in ("first", "last") if request.GET.get(k)}})
    context: dict[str, Any] = {"form": form, "breadcrumbs": [*pages.TRAIL, (_("序时账"), "")]}
    if form.is_valid() and request.GET.get("export") in EXPORTS:
        make, name = EXPORTS[request.GET["export"]]
        try:
            made = make(form.cleaned_data["first"], form.cleaned_data["last"], request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return stream_out(made.file, "xlsx", file_name=name, rows_count=made.lines, actor=request.actor)
    return render(request, "ledger/daybook.html", context, status=422 if form.errors else 200)
