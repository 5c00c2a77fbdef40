"""The one thing that carries a number, whatever kind it is, for whom its page would open."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals.models import ApprovalRequest, Interest, Limit
from chezhe.compliance.models import Complaint, ContactAttempt, LenderChange, ParameterChange
from chezhe.contracts.models import Signing
from chezhe.customers.values import Hit
from chezhe.identifiers import numbers as own_numbers
from chezhe.identifiers.text import clean_code
from chezhe.kernel import numbers, subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.ledger import queries as ledger
from chezhe.messaging.models import Message
from chezhe.payments.debits.models import ChannelSettlement
from chezhe.risk.numbered import NUMBERED
from chezhe.servicing.early.models import SettlementAsk
from chezhe.servicing.models import FundingRun, Invoice, LoanChange, VatRun
from chezhe.servicing.quality.models import ClassDowngrade, ProvisionRun
from chezhe.servicing.repricing.models import Repricing
from chezhe.staff.models import AccessChange

_BEGUN = re.compile(r"([A-Z]{1,3})([0-9]{2})([0-9]{1,6})")


def numbered(actor: Actor, words: str) -> list[Hit]:
    """The one thing that carries this number, whatever it is, if its page would open for the actor."""
    number = _completed(words) or own_numbers.normalise(words)
    judged = own_numbers.judge(number)
    if not judged.valid or judged.prefix not in numbers.PREFIXES:
        return []
    try:
        subject = _open(numbers.PREFIXES[judged.prefix].replace(" ", "_"), actor, number)
    except NotFound:
        return []
    return [Hit(subject.kind, number, str(subject.label), "", subject.url)] if _opens(subject.url, actor) else []


def _completed(words: str) -> str:
    """A number of a known kind whose zeros and check digit were left out, written in full; empty for anything else."""
    match = _BEGUN.fullmatch(clean_code(words))
    if match is None or match[1] not in numbers.PREFIXES or int(match[3]) == 0:
        return ""
    return own_numbers.format_number(match[1], 2000 + int(match[2]), int(match[3]))


def _open(kind: str, actor: Actor, number: str) -> Subject:
    opener = _UNOPENED.get(kind)
    return opener(actor, number) if opener else subjects.open_subject(f"{kind}:{number}", actor)


def _approval(actor: Actor, number: str) -> Subject:
    request = ApprovalRequest.objects.visible_to(actor).fetch(number)
    return Subject(f"approval_request:{number}", request.title, reverse("approvals:request", args=[number]))


def _interest(actor: Actor, number: str) -> Subject:
    interest = Interest.objects.visible_to(actor).fetch(number)
    return Subject(interest.subject, _("利益关系"), f"{reverse('approvals:interests')}?q={number}")


def _signing(actor: Actor, number: str) -> Subject:
    signing = Signing.objects.visible_to(actor).select_related("contract").fetch(number)
    return Subject(signing.subject, _("签署情况"), reverse("contracts:signing", args=[signing.contract.number]))


def _settlement_ask(actor: Actor, number: str) -> Subject:
    ask = SettlementAsk.objects.visible_to(actor).fetch(number)
    return Subject(ask.subject, _("提前结清申请"), f"{reverse('servicing:settlement_asks')}?q={number}")


def _entry(actor: Actor, number: str) -> Subject:
    entry = ledger.entry_called(number, actor)
    return Subject(f"journal_entry:{number}", entry.memo or number, reverse("ledger:entry", args=[number]))


def _invoice(actor: Actor, number: str) -> Subject:
    invoice = Invoice.objects.visible_to(actor).fetch(number)
    return Subject(f"invoice:{number}", invoice.masked_title, reverse("servicing:invoice", args=[number]))


def _channel_settlement(actor: Actor, number: str) -> Subject:
    row = ChannelSettlement.objects.visible_to(actor).fetch(number)
    return Subject(row.subject, _("渠道清算"), reverse("payments:settlement", args=[number]))


def _repricing(actor: Actor, number: str) -> Subject:
    batch = Repricing.objects.visible_to(actor).fetch(number)
    return Subject(batch.subject, _("利率调整"), reverse("servicing:repricing_batch", args=[number]))


def _message(actor: Actor, number: str) -> Subject:
    message = Message.objects.visible_to(actor).select_related("template").fetch(number)
    return Subject(f"message:{number}", message.template.label, reverse("messaging:message", args=[number]))


def _access_change(actor: Actor, number: str) -> Subject:
    AccessChange.objects.visible_to(actor).fetch(number)
    return Subject(f"access_change:{number}", _("权限变更"), reverse("staff:access_change", args=[number]))


def _of(model: Any, label: Any, url: Callable[[str], str]) -> Callable[[Actor, str], Subject]:
    """For what everybody may see who may open its page."""

    def opener(_actor: Actor, number: str) -> Subject:
        if not model.objects.filter(number=number).exists():
            raise NotFound(what=number)
        return Subject(f"{model._meta.model_name}:{number}", label, url(number))

    return opener


# Numbered, with a page of their own, but no subject that papers or consents could hang on.
_UNOPENED: dict[str, Callable[[Actor, str], Subject]] = {
    "approval_request": _approval, "journal_entry": _entry, "message": _message, "access_change": _access_change,
    "declared_interest": _interest, "signing": _signing, "early_settlement": _settlement_ask,
    "approval_limit": _of(Limit, _("审批权限"), lambda number: f"{reverse('approvals:limits')}?q={number}"),
    "parameter_change": _of(ParameterChange, _("参数调整"), lambda number: reverse("compliance:parameter_change", args=[number])),
    "lender_change": _of(LenderChange, _("机构资料变更"), lambda number: reverse("compliance:lender_change", args=[number])),
    "loan_change": _of(LoanChange, _("贷款变更"), lambda number: reverse("servicing:change", args=[number])),
    "class_downgrade": _of(ClassDowngrade, _("分类下调"), lambda number: reverse("servicing:downgraded", args=[number])),
    "provision_run": _of(ProvisionRun, _("拨备计提"), lambda number: reverse("servicing:provision", args=[number])),
    "invoice": _invoice,
    "channel_settlement": _channel_settlement, "repricing": _repricing,
    "funding_run": _of(FundingRun, _("内部资金成本"), lambda number: reverse("servicing:funding", args=[number])),
    "vat_run": _of(VatRun, _("增值税"), lambda number: reverse("servicing:vat", args=[number])),
    **NUMBERED,
    "complaint": _of(Complaint, _("客户投诉"), lambda number: reverse("compliance:complaint", args=[number])),
    "contact": _of(ContactAttempt, _("联系记录"), lambda number: f"{reverse('compliance:contacts')}?q={number}"),
}


def _opens(url: str, actor: Actor) -> bool:
    """Whether the door behind the address would let the actor in; a door that asks nothing is not trusted."""
    try:
        guard: Any = getattr(resolve(url.partition("?")[0]).func, "needs", None)
    except Resolver404:
        return False
    return guard is not None and actor.can(guard.code)
