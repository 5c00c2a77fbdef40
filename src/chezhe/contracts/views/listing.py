"""Lists: contracts, and accepted applications that wait for theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from chezhe.contracts import permissions, queries
from chezhe.contracts.models import Contract, ContractPaper
from chezhe.contracts.states import CONTRACT, MORTGAGE
from chezhe.contracts.vocabulary import CONTRACT_STATUSES, MORTGAGE_STATUSES
from chezhe.kernel import subjects
from chezhe.kernel.doors import needs
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter

TRAIL = [(gettext_lazy("合同与放款"), "")]


def contract_url(found: Contract) -> str:
    return reverse("contracts:contract", args=[found.number])


@needs(permissions.VIEW)
def contracts(request: HttpRequest) -> HttpResponse:
    """Every contract, newest first."""
    return ListPage(
        title=pgettext("list", "合同"), queryset=queries.contracts(request.actor),
        columns=[
            Column("number", _("合同编号"), kind="link", url=contract_url, sortable=True, sort="pk"),
            Column("customer.masked_name", _("借款人")),
            Column("status", _("状态"), kind="status", statuses=CONTRACT_STATUSES),
            Column("product_version.product", _("产品"), phone=False),
            Column("principal", _("本金"), kind="money", sortable=True),
            Column("periods", _("期数"), kind="number", total=False, phone=False),
            Column("all_in_rate", _("综合年化"), kind="rate", sortable=True),
            Column("vehicle.masked_plate", _("车牌"), phone=False),
            Column("mortgage.status", _("抵押"), kind="status", statuses=MORTGAGE_STATUSES),
            Column("prepared_on", _("制作日期"), kind="date", sortable=True, phone=False),
            Column("branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="owner_id", branch="branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=CONTRACT.choices()),
            ChoiceFilter(name="mortgage", label=_("抵押"), choices=MORTGAGE.choices(), field="mortgage__status"),
            DateRangeFilter(name="prepared", label=_("制作日期"), field="prepared_on"),
        ],
        search=_search, search_hint=_("合同编号、原合同编号、进件编号或核验码"), default_sort="-number", breadcrumbs=TRAIL,
        file_name="contracts",
        actions=[(_("待制合同"), reverse("contracts:waiting"), "file-plus")] if request.actor.can(permissions.PREPARE.code) else [],
    ).respond(request)


def _search(rows: Any, text: str) -> Any:
    """By number, by application, or by the code printed on a paper."""
    printed = ContractPaper.objects.filter(code=text.upper()).values("contract_id")
    named = Q(number__icontains=text) | Q(old_number__icontains=text) | Q(application__number__icontains=text)
    return rows.filter(named | Q(pk__in=printed))


@require_GET
@needs(permissions.VIEW)
def contracts_of(request: HttpRequest) -> HttpResponse:
    """Panel on a customer's and an application's page: their contracts."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    found = queries.contracts_of(subject, request.actor)
    rows = [(row, CONTRACT_STATUSES[row.status], MORTGAGE_STATUSES[row.mortgage.status]) for row in found]
    return render(request, "contracts/contracts_of.html", {"rows": rows})


def _prepare_url(application: Any) -> str:
    return reverse("contracts:prepare", args=[application.number])


@needs(permissions.PREPARE)
def waiting(request: HttpRequest) -> HttpResponse:
    """待制合同."""
    rows = queries.accepted_applications(request.actor).select_related("customer", "product_version__product", "branch", "owner")
    return ListPage(
        title=_("待制合同"), subtitle=_("客户已接受批复，尚未制作合同。"), queryset=rows,
        columns=[
            Column("number", _("进件编号"), kind="link", url=_prepare_url, sortable=True, sort="pk"),
            Column("customer.masked_name", _("借款人")), Column("product_version.product", _("产品"), phone=False),
            Column("amount", _("批复金额"), kind="money", sortable=True), Column("periods", _("期数"), kind="number", total=False),
            Column("annual_rate", _("年利率"), kind="rate"), Column("owner.name", _("客户经理"), phone=False),
            Column("approval_expires_on", _("批复到期"), kind="date", sortable=True),
        ],
        search=("number__icontains",), search_hint=_("进件编号"), default_sort="approval_expires_on",
        breadcrumbs=[*TRAIL, (pgettext("list", "合同"), reverse("contracts:contracts"))], file_name="contracts-waiting",
        empty_title=_("没有待制的合同"),
    ).respond(request)
