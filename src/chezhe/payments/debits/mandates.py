"""Signing, stopping and ending mandates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import steps as compliance
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import BankAccount, Customer
from chezhe.finmath.money import Money
from chezhe.identifiers import text
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.payments.debits.models import MANDATE_PREFIX, Mandate
from chezhe.payments.debits.states import MANDATE, STANDING, reason_label

CONSENT = "deduction"


class NotTheHolder(BusinessError):
    code = "mandate_account_not_own"
    http_status = 422
    field = "account_tail"
    sentence = _("代扣账户（尾号 %(tail)s）的户名与客户姓名不一致，须由客户本人账户授权。")


class SignedInFuture(BusinessError):
    code = "mandate_signed_in_future"
    http_status = 422
    field = "signed_on"
    sentence = _("签署日 %(signed_on)s 晚于今天，请核对日期。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What the customer signed: from which account, up to how much at once and a day, with which proof."""

    account_tail: str
    debit_max: Money
    day_max: Money
    signed_on: date
    evidence: str
    channel: str = "paper"

    @property
    def audit_facts(self) -> dict[str, Any]:
        return {"debit_max": self.debit_max, "day_max": self.day_max, "signed_on": self.signed_on}


def sign(customer: Customer, signature: Signature, *, by: Actor) -> Mandate:
    """A mandate in the customer's own words and name; one that stands is replaced by it. `customer` is locked.

    The consent goes into the ledger of consents. Raises Invalid (422), NotTheHolder (422) or SignedInFuture (422).
    """
    account = _account(customer, signature.account_tail.strip())
    _require_limits(signature)
    if signature.signed_on > clock.today():
        raise SignedInFuture(signed_on=signature.signed_on)
    compliance.grant(subject=customer.subject, kind=CONSENT, on=signature.signed_on, channel=signature.channel,
                     evidence=signature.evidence, detail=f"****{account.tail}", by=by)
    number = numbers.next_number(MANDATE_PREFIX, clock.today())
    for standing in Mandate.objects.select_for_update(no_key=True).filter(customer=customer, status__in=STANDING):
        _end(standing, "replace", by=by, reason=number)
    mandate = Mandate.objects.create(
        number=number, customer=customer, account=account, signed_on=signature.signed_on,
        evidence=signature.evidence.strip()[:80], debit_max=signature.debit_max, day_max=signature.day_max, signed_at=clock.now(),
        signed_by_name=by.name,
    )
    moves.record(mandate.subject, "sign", "", mandate.status, by=by)
    events.publish("mandate.signed", mandate.subject, {"number": mandate.number, "customer": customer.number})
    return mandate


def _account(customer: Customer, tail: str) -> BankAccount:
    """The customer's open account with that tail, or the main one; it must be in the customer's name."""
    found = list(customer.accounts.filter(closed_at__isnull=True, tail=tail)) if tail else [customer_queries.main_account(customer)]
    if len(found) != 1 or found[0] is None:
        sentence = _("客户名下没有尾号为 %(tail)s 的有效账户。")
        raise Invalid(field="account_tail", code="account_not_found", sentence=sentence, tail=tail or "—")
    if text.clean(found[0].holder_name) != text.clean(customer.name):
        raise NotTheHolder(tail=found[0].tail)
    return found[0]


def _require_limits(signature: Signature) -> None:
    if signature.debit_max.fen <= 0:
        raise Invalid(field="debit_max", code="limit_not_positive", sentence=_("单笔限额须大于 0。"))
    if signature.day_max < signature.debit_max:
        raise Invalid(field="day_max", code="day_limit_below", sentence=_("单日限额不能小于单笔限额。"))


def suspend(mandate: Mandate, code: str, *, by: Actor) -> None:
    """The channel will not pay from this account for a reason that time does not cure: nothing more is collected until somebody
    has spoken with the customer. `mandate` is locked; one that does not run stays as it is."""
    if MANDATE.allows(mandate.status, "suspend"):
        mandate.stop_code = code
        mandate.save(update_fields=["stop_code"])
        moves.move(mandate, MANDATE, "suspend", by=by, reason=reason_label(code))
        events.publish("mandate.suspended", mandate.subject, {"number": mandate.number, "code": code})


def resume(mandate: Mandate, reason: str, *, by: Actor) -> None:
    """What stopped the mandate is gone. Raises WrongState (409), or ConsentMissing (409) when the customer took it back."""
    MANDATE.require(mandate.status, "resume")
    compliance.require_consent(mandate.customer.subject, CONSENT, clock.today())
    mandate.stop_code = ""
    mandate.save(update_fields=["stop_code"])
    moves.move(mandate, MANDATE, "resume", by=by, reason=reason)


def revoke(mandate: Mandate, reason: str, *, evidence: str, by: Actor) -> None:
    """The customer ends it: at once, whatever is planned. The consent ledger hears of it. Raises WrongState (409)."""
    MANDATE.require(mandate.status, "revoke")
    if compliance.has_consent(mandate.customer.subject, CONSENT, clock.today()):
        compliance.withdraw(subject=mandate.customer.subject, kind=CONSENT, on=clock.today(), channel="paper", evidence=evidence, by=by)
    _end(mandate, "revoke", by=by, reason=reason)
    events.publish("mandate.revoked", mandate.subject, {"number": mandate.number, "customer": mandate.customer.number})


def _end(mandate: Mandate, verb: str, *, by: Actor, reason: str) -> None:
    mandate.ended_at = clock.now()
    mandate.save(update_fields=["ended_at"])
    moves.move(mandate, MANDATE, verb, by=by, reason=reason)
