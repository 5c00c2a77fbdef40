"""The register of seals and of their uses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.ask_seal import ask_seal
from chezhe.contracts.actions.refuse_seal import refuse_seal
from chezhe.contracts.actions.register_seal import register_seal
from chezhe.contracts.actions.stamp_paper import stamp_paper
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.forms_seals import AskSealForm, SealForm
from chezhe.contracts.models import SealUse
from chezhe.contracts.printing import sealing
from chezhe.contracts.printing.states import SEAL_USE
from chezhe.contracts.views.counter import counter_form
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.status import Status

STATUSES = {code: Status(label, {"asked": "info", "stamped": "good", "refused": "neutral"}[code]) for code, label in SEAL_USE.choices()}


@needs(permissions.VIEW_SEALS)
def register(request: HttpRequest) -> HttpResponse:
    """Every use of a seal, newest first."""
    return ListPage(
        title=pgettext("list", "用印登记"), queryset=sealing.uses(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("contracts:seal_use", args=[row.number]), sortable=True,
                   sort="pk"),
            Column("seal.name", _("印章")), Column("paper.label", _("文本种类")),
            Column("paper.contract.number", _("合同编号"), phone=False),
            Column("copies", _("份数"), kind="number", total=False), Column("status", _("状态"), kind="status", statuses=STATUSES),
            Column("asked_by_name", _("申请人"), phone=False), Column("stamped_by_name", _("用印人"), phone=False),
        ],
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=SEAL_USE.choices())],
        search=("number__icontains", "paper__contract__number__icontains"), search_hint=_("编号或合同编号"), default_sort="-number",
        file_name="seal-uses", actions=[(pgettext("list", "印章"), reverse("contracts:seals"), "list-check")],
    ).respond(request)


@needs(permissions.VIEW_SEALS)
def seals(request: HttpRequest) -> HttpResponse:
    """The seals and who keeps them; compliance registers one or takes it out of use."""
    form, may = SealForm(request.POST or None), request.actor.can(permissions.REGISTER_SEAL.code)
    if request.method == "POST":
        require(request, permissions.REGISTER_SEAL)
    if request.method == "POST" and form.carries_out(lambda: register_seal(by=request.actor, **form.cleaned_data)):
        messages.success(request, _("印章已登记。"))
        return redirect("contracts:seals")
    context = {"seals": sealing.seals(request.actor), "form": form, "may": may}
    return render(request, "contracts/seals.html", context, status=422 if form.errors else 200)


@needs(permissions.ASK_SEAL)
def ask(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Ask for a seal on a paper."""
    kept = [seal for seal in sealing.seals(request.actor) if seal.is_kept]
    form = AskSealForm(request.POST or None, seals=kept)
    return counter_form(
        request, number, form, lambda said: ask_seal(
            contract_number=number, paper_code=code, business_date=business_date.current(), by=request.actor, **said),
        title=_("申请用印"), submit=_("提交"), done=_("已提交门店经理用印。"),
    )


@needs(permissions.VIEW_SEALS)
def seal_use(request: HttpRequest, number: str) -> HttpResponse:
    """One use of a seal."""
    return _shown(request, sealing.uses(request.actor).fetch(number), ReasonForm())


def _shown(request: HttpRequest, use: SealUse, form: ReasonForm, refused: str = "", status: int = 200) -> HttpResponse:
    may = use.status == "asked" and request.actor.can(permissions.USE_SEAL.code)
    context = {
        "use": use, "status": STATUSES[use.status], "form": form, "refused": refused, "may_refuse": may,
        "may_stamp": may and not set(use.asked_by_ids) & request.actor.user_ids, "counts": queries.counts(use.paper),
    }
    return render(request, "contracts/seal_use.html", context, status=status)


@require_POST
@needs(permissions.USE_SEAL)
def stamp(request: HttpRequest, number: str) -> HttpResponse:
    try:
        stamp_paper(use_number=number, by=request.actor)
    except BusinessError as refusal:
        return _shown(request, sealing.uses(request.actor).fetch(number), ReasonForm(), str(refusal), refusal.http_status)
    messages.success(request, _("已登记用印。"))
    return redirect("contracts:seal_use", number)


@require_POST
@needs(permissions.USE_SEAL)
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.carries_out(lambda: refuse_seal(use_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("已登记不予用印。"))
        return redirect("contracts:seal_use", number)
    return _shown(request, sealing.uses(request.actor).fetch(number), form, status=422)
