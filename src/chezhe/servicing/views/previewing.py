"""What every page shares that shows what it would do before it does it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chezhe.kernel import business_date
from chezhe.ledger import pages as ledger_pages
from chezhe.servicing import pages, previews
from chezhe.servicing.batch_previews import BatchPreview
from chezhe.servicing.models import Loan


def trail_of(loan: Loan, last: Any) -> list[tuple[Any, str]]:
    """The breadcrumbs of a page about a loan."""
    return [
        *pages.TRAIL, (_("贷款"), reverse("servicing:loans")), (loan.number, reverse("servicing:loan", args=[loan.number])), (last, ""),
    ]


LEFT_SHOWN = 200
NOT_SHOWN = gettext_lazy("情况已变，下方是新的预览，请核对后再确认。")


def mark_of(asked: Any, loan: Loan) -> str:
    """What a preview was made for, on which state of the loan."""
    return mark_of_all(asked, loan.number, loan.as_of, loan.principal_left, loan.unapplied, loan.events.count(), business_date.current())


def mark_of_all(*said: Any) -> str:
    """What a preview was made for, by everything on which it stands."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def is_confirmed(request: HttpRequest, mark: str) -> bool:
    """Whether the preview with this mark was shown, and is agreed to."""
    return request.method == "POST" and request.POST.get("seen") == mark and "preview" not in request.POST


def page_of(request: HttpRequest, template: str, loan: Loan, form: Any, preview: previews.Preview | None, **more: Any) -> HttpResponse:
    """The form, and the preview where there is one."""
    context = {"loan": loan, "form": form, "preview": preview, "title": loan.customer.masked_name, **more}
    return render(request, template, context | facts_of(preview), status=422 if form.errors else 200)


def facts_of(preview: previews.Preview | None) -> dict[str, Any]:
    """What `preview.html` shows."""
    if preview is None:
        return {"preview": None}
    return {"preview": preview, "changes": pages.changes_of(preview), "journals": pages.journals_of(preview)}


def batch_facts(said: BatchPreview | None, labels: Mapping[str, Any], addresses: Callable[[str], str]) -> dict[str, Any]:
    """What `batch_preview.html` shows: how many come to what, the entries summed by account, and who is left with which reason."""
    if said is None:
        return {"batch_preview": None}
    moved = said.transfers
    sums = [ledger_pages.preview(None, ngettext("%(count)s 笔分录合计", "%(count)s 笔分录合计", len(said.bookings)) % {
        "count": len(said.bookings)}, moved)] if moved else []
    left = [(one, addresses(one.name)) for one in said.left[:LEFT_SHOWN]]
    return {
        "batch_preview": said, "counts": [(labels[verdict], count, amount) for verdict, count, amount in said.counts()],
        "journals": sums, "left": left, "left_more": len(said.left) - len(left), "mark": said.mark,
    }
