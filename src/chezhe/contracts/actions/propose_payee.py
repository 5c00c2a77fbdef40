"""Somebody who is not the borrower is to be paid under contracts: where to."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.channels.models import Dealer
from chezhe.contracts import permissions
from chezhe.contracts.models import PayeeAccount
from chezhe.contracts.paying.errors import AccountProposedTwice
from chezhe.contracts.paying.models import PAYEE_PREFIX
from chezhe.contracts.paying.states import PAYEE_KINDS
from chezhe.identifiers import bank_card
from chezhe.kernel import business_date, clock, crypto, events, locks, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayee:
    """What is proposed: a dealer of ours by number, or an insurer or provider by name."""

    kind: str
    dealer_number: str = ""
    name: str = ""
    bank_name: str
    account: str

    @property
    def audit_facts(self) -> dict[str, str]:
        return {"kind": self.kind, "dealer_number": self.dealer_number}


@action(permissions.PROPOSE_PAYEE)
def propose_payee(*, proposed: NewPayee, by: Actor) -> PayeeAccount:
    """Write down an account for somebody else to agree to; until then nobody can be paid by it. Raises Invalid (422), NotFound (404)
    or AccountProposedTwice (409)."""
    dealer = _dealer(proposed, by)
    account = bank_card.normalise(proposed.account)
    for field, value, most in (("bank_name", proposed.bank_name, 60), ("name", proposed.name or (dealer.name if dealer else ""), 100)):
        if not value.strip() or len(value) > most:
            raise Invalid(field=field, code=f"{field}_invalid", sentence=_("请填写，不超过 %(most)s 个字。"), most=most)
    if not account.isascii() or not account.isdigit() or not 8 <= len(account) <= 30:
        raise Invalid(field="account", code="account_invalid", sentence=_("账号须为 8 到 30 位数字。"))
    locks.hold(f"payee-account:{crypto.blind_index(account, kind='account')}")
    rows = PayeeAccount.objects.filter(account_index=crypto.blind_index(account, kind="account"))
    standing = rows.filter(status__in=["proposed", "verified"]).first()
    if standing:
        raise AccountProposedTwice(tail=standing.tail, number=standing.number)
    made = PayeeAccount.objects.create(
        number=numbers.next_number(PAYEE_PREFIX, business_date.current()), kind=proposed.kind, dealer=dealer,
        name=dealer.name if dealer else proposed.name.strip(), bank_name=proposed.bank_name.strip(), account=account, tail=account[-4:],
        branch_id=dealer.branch_id if dealer else by.branch_id, proposed_at=clock.now(), proposed_by_ids=sorted(by.user_ids),
        proposed_by_name=by.name,
    )
    moves.record(made.subject, "propose", "", made.status, by=by)
    events.publish("payee_account.proposed", made.subject, {"number": made.number})
    return made


def _dealer(proposed: NewPayee, by: Actor) -> Dealer | None:
    if proposed.kind not in dict(PAYEE_KINDS):
        raise Invalid(field="kind", code="payee_kind_unknown", sentence=_("请选择收款方类型。"))
    if proposed.kind != "dealer":
        return None
    if not proposed.dealer_number:
        raise Invalid(field="dealer_number", code="dealer_missing", sentence=_("请填写车商编号。"))
    return Dealer.objects.visible_to(by).fetch(proposed.dealer_number)
