"""Where the bank calls back. Signed, idempotent, quick; whoever cannot prove to be the bank leaves only a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chezhe.finmath.money import parse
from chezhe.kernel import outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.payments.actions.accept_debit_notice import accept_debit_notice
from chezhe.payments.actions.accept_notice import accept_notice
from chezhe.payments.actions.report_refused_callback import report_refused_callback
from chezhe.payments.debits.notices import Notice as DebitNotice
from chezhe.payments.steps import Notice
from chezhe.payments.vendors.debit import client as debit_client

# The bank repeats what was not answered with 2xx: only what a repetition could change is refused so.
_HTTP_STATUS = {"applied": 200, "stale": 200, "contradicts": 409, "wrong_amount": 422, "unknown": 404}
_LIMITS = {"notice_id": 80, "reference": 60, "status": 20, "amount": 20}


@csrf_exempt
@require_POST
def bank(request: HttpRequest) -> HttpResponse:
    """One notice of the bank about a payout."""
    return _received(request, "bank", _notice, lambda notice: accept_notice(notice=notice, by=SYSTEM))


@csrf_exempt
@require_POST
def debit(request: HttpRequest) -> HttpResponse:
    """One notice of the direct-debit channel about an order to collect."""
    return _received(request, "debit", _debit_notice, lambda notice: accept_debit_notice(notice=notice, by=SYSTEM))


def _received(
    request: HttpRequest, service: str, read: Callable[[dict[str, Any]], Any], accept: Callable[[Any], Any]
) -> HttpResponse:
    """Whoever is not the service leaves a trace; what the service says is kept, and answered by what we made of it."""
    try:
        notice = read(outside.read_callback(service, request))
    except outside.CallbackRefused as refusal:
        report_refused_callback(service=service, reason_code=str(refusal.facts.get("reason", "")), by=SYSTEM)
        return _answer(refusal)
    except BusinessError as refusal:
        return _answer(refusal)
    kept = accept(notice)
    return JsonResponse({"verdict": kept.verdict}, status=_HTTP_STATUS[kept.verdict])


def _debit_notice(said: dict[str, Any]) -> DebitNotice:
    """The notice if it can be read. Raises Invalid (422)."""
    notice_id = said.get("notice_id")
    if not isinstance(notice_id, str) or not 1 <= len(notice_id) <= _LIMITS["notice_id"]:
        raise Invalid(field="notice_id", code="notice_invalid", sentence=_("通知缺少字段，或字段过长。"))
    try:
        return DebitNotice(notice_id, debit_client.read_answer(said))
    except (ValueError, TypeError):
        raise Invalid(field="status", code="notice_invalid", sentence=_("通知的内容无法识别。")) from None


def _notice(said: dict[str, Any]) -> Notice:
    """The notice if every field is there, is text and has a sane length. Raises Invalid (422)."""
    values = {name: said.get(name) for name in _LIMITS}
    for name, value in values.items():
        if not isinstance(value, str) or not value or len(value) > _LIMITS[name]:
            raise Invalid(field=name, code="notice_invalid", sentence=_("通知缺少字段，或字段过长。"))
    try:
        amount = parse(said["amount"])
    except ValueError:
        raise Invalid(field="amount", code="notice_invalid", sentence=_("通知中的金额无法识别。")) from None
    return Notice(
        notice_id=said["notice_id"], bank_reference=said["reference"], outcome=said["status"], amount=amount,
        bank_serial=str(said.get("serial", ""))[:64], failure_code=str(said.get("code", ""))[:40],
    )


def _answer(refusal: BusinessError) -> HttpResponse:
    return JsonResponse({"code": refusal.code}, status=refusal.http_status)
