"""放款工作台: what can be paid, what waits for the second person, what is with the bank."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import casework, permissions, queries, vocabulary
from chezhe.contracts.actions.cancel_disbursement import cancel_disbursement
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.resend_disbursement import resend_disbursement
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.models import Disbursement
from chezhe.contracts.paying import queries as paying_queries
from chezhe.contracts.paying.forms import PayOutForm, ResendForm
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import DISBURSEMENT
from chezhe.contracts.views.page import happening
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, StepUpRequired
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.states import failure_label
from chezhe.staff.models import User


@require_GET
@needs(permissions.VIEW)
def board(request: HttpRequest) -> HttpResponse:
    """The payouts of today, column by column."""
    today = business_date.current()
    labels = {"payable": _("待经办"), "prepared": _("待复核"), "sent": _("银行处理中"), "paid": _("今日已放"), "troubled": _("失败与退回")}
    columns = [(column, labels[column.key]) for column in queries.board(request.actor, today)]
    return render(request, "contracts/board.html", {
        "columns": columns, "today": today, "limits": paying_queries.used_of(request.actor, today),
        "can_prepare": request.actor.can(permissions.PREPARE_DISBURSEMENT.code),
    })


@needs(permissions.PREPARE_DISBURSEMENT)
def pay_out(request: HttpRequest, number: str) -> HttpResponse:
    """Make the payout of a contract ready: the conditions, the sum, who gets what, then one button."""
    found, today = queries.contract(number, request.actor), business_date.current()
    form, refused = PayOutForm(request.POST or None, contract=found), ""
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_disbursement(
                contract_number=number, parts=form.parts(), way=form.chosen_way, business_date=today, by=request.actor)
        except BusinessError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("放款 %(number)s 已提交，请另一位同事复核。") % {"number": made.number})
            return redirect("contracts:disbursement", made.number)
    conditions = queries.standings(found, today)
    context = {
        "contract": found, "conditions": conditions, "refused": refused, "is_ready": all(one.is_met for one in conditions),
        "amount": casework.payout_of(found), "fixed": casework.refinancing_of(found), "form": form,
    }
    return render(request, "contracts/pay_out.html", context, status=409 if refused else 422 if form.errors else 200)


@needs(permissions.VIEW)
def disbursement(request: HttpRequest, number: str) -> HttpResponse:
    """One payout: who did what, where the money is."""
    return _page(request, queries.disbursement(number, request.actor))


def _page(request: HttpRequest, found: Disbursement, *, refused: str = "", cancel: ReasonForm | None = None,
          resend: ResendForm | None = None) -> HttpResponse:
    can_prepare = request.actor.can(permissions.PREPARE_DISBURSEMENT.code)
    leading, can_resend = found.leading, can_prepare and DISBURSEMENT.allows(found.status, "resend")
    legs = [(leg, vocabulary.LEG_STATUSES[leg.status], failure_label(leg.failure_code)) for leg in found.legs.all()]
    context: dict[str, Any] = {
        "disbursement": found, "contract": found.contract, "status": vocabulary.DISBURSEMENT_STATUSES[found.status], "refused": refused,
        "failure": failure_label(found.failure_code), "people": people(found),
        "conditions": queries.standings(found.contract, business_date.current()),
        "track": [happening(move) for move in queries.payout_track(found)],
        "legs": legs, "cancel": cancel or ReasonForm(), "resend": resend or ResendForm(disbursement=found),
        "can_check": found.status == "prepared" and request.actor.can(permissions.CHECK_DISBURSEMENT.code),
        "can_cancel": can_prepare and can_be_given_up(found),
        "can_resend": can_resend and leading is not None and LEG.allows(leading.status, "resend"),
        "can_see_payout": request.actor.can(payment_permissions.VIEW.code),
    }
    is_wrong = refused or (cancel and cancel.errors) or (resend and resend.errors)
    return render(request, "contracts/disbursement.html", context, status=409 if refused else 422 if is_wrong else 200)


def can_be_given_up(found: Disbursement) -> bool:
    """Whether nobody has been paid anything, and nothing is on its way."""
    is_open = DISBURSEMENT.allows(found.status, "cancel") and found.contract.effective_on is None
    return is_open and all(LEG.allows(leg.status, "cancel") for leg in found.legs.all())


def people(found: Disbursement) -> list[tuple[str, str]]:
    """Who held which duty on the case: five different people."""
    duties = casework.duties_before_check(found)
    names = dict(User.objects.filter(pk__in=set().union(*duties.values())).values_list("pk", "name"))
    rows = [(vocabulary.duty_in_words(duty), "、".join(sorted(names.get(pk, "") for pk in ids))) for duty, ids in duties.items()]
    return [*rows, (_("放款复核"), found.checked_by_name or "—")]


@require_POST
@needs(permissions.CHECK_DISBURSEMENT)
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The second person's button."""
    try:
        check_disbursement(disbursement_number=number, business_date=business_date.current(), by=request.actor)
    except StepUpRequired:
        raise
    except BusinessError as refusal:
        return _page(request, queries.disbursement(number, request.actor), refused=str(refusal))
    messages.success(request, _("已复核，付款指令将发往银行。"))
    return redirect("contracts:disbursement", number)


@require_POST
@needs(permissions.PREPARE_DISBURSEMENT)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.carries_out(lambda: cancel_disbursement(disbursement_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("放款已取消。"))
        return redirect("contracts:disbursement", number)
    return _page(request, queries.disbursement(number, request.actor), cancel=form)


@require_POST
@needs(permissions.PREPARE_DISBURSEMENT)
def resend(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.disbursement(number, request.actor)
    form = ResendForm(request.POST, disbursement=found)
    if form.is_valid():
        try:
            resend_disbursement(disbursement_number=number, **form.said(), business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已更换账户，请另一位同事复核。"))
            return redirect("contracts:disbursement", number)
    return _page(request, found, resend=form)
