"""A new loan of the house pays off an old one (借新还旧): who may, the payoff of the day, and the one entry that does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import steps as contract_steps
from chezhe.contracts.models import Contract, Refinancing
from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ledger import chart
from chezhe.ledger.bookings import Booking
from chezhe.origination import steps as origination_steps
from chezhe.origination.models import Application
from chezhe.servicing import postings, queries, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.previews import Preview, preview_news
from chezhe.servicing.states import LOAN
from chezhe.servicing.steps import News

EVENT = "refinancing"


class ApplicationUnknown(BusinessError):
    code = "application_unknown"
    http_status = 422
    field = "application"
    sentence = _("没有这个进件，或不在您的范围内。")


class OtherBorrower(BusinessError):
    code = "refinance_other_borrower"
    http_status = 422
    field = "application"
    sentence = _("进件 %(application)s 的借款人不是这笔贷款的借款人，不能借新还旧。")


class AnotherNames(BusinessError):
    code = "refinance_named_already"
    sentence = _("进件 %(application)s 已用于结清这笔贷款，请先撤回它。")


class NotRefinancing(BusinessError):
    code = "not_refinancing"
    sentence = _("合同 %(contract)s 的进件没有指明要结清的贷款。")


class PayoffExceeds(BusinessError):
    code = "refinance_payoff_exceeds"
    sentence = _("旧贷款当日结清金额 %(payoff)s 元，不小于新贷款本金 %(principal)s 元，没有可付给借款人的余额；请先还款或提高新贷款金额。")


@dataclass(frozen=True, slots=True)
class Offer:
    """What paying off `loan` by `contract` comes to on a day; `payoff` is what is still to pay after unapplied cash."""

    loan: Loan
    contract: Contract
    on: date
    payoff: Money

    @property
    def net(self) -> Money:
        """What the bank pays to the borrower."""
        return self.contract.principal - self.payoff

    @property
    def news(self) -> News:
        """The payoff as the old loan takes it in: the new loan's principal on its way, not cash."""
        return News(
            value_on=self.on, reference=f"refinance/{self.contract.number}", amount=self.payoff, source=chart.FUNDS_IN_TRANSIT,
            kind="settled", memo=self.contract.number, facts={"refinanced_by": self.contract.number},
        )


def name(loan: Loan, application_number: str, *, by: Actor) -> Application:
    """Let an application name the locked loan that it is to pay off.

    Raises ApplicationUnknown or OtherBorrower (422), AnotherNames or WrongState (409).
    """
    LOAN.require(loan.status, "refinance")
    try:
        application = origination_steps.lock(application_number.strip().upper(), by)
    except NotFound:
        raise ApplicationUnknown() from None
    if application.customer_id != loan.customer_id:
        raise OtherBorrower(application=application.number)
    other = named_for(loan)
    if other is not None and other.pk != application.pk:
        raise AnotherNames(application=other.number)
    return origination_steps.name_refinanced(application, loan.contract.number, by=by)


def named_for(loan: Loan) -> Application | None:
    """The application that is to pay off the loan, unless it came to nothing."""
    rows = Application.objects.filter(refinances=loan.contract.number)
    return rows.exclude(status__in=["rejected", "withdrawn", "expired"]).order_by("-pk").first()


def application_of(number: str, *, by: Actor) -> Application:
    """An application in the actor's reach that names a loan to pay off. Raises NotFound (404)."""
    found = Application.objects.visible_to(by).fetch(number)
    if not found.refinances:
        raise NotFound(what=number)
    return found


def loan_of(application: Application, *, by: Actor) -> Loan | None:
    """The loan that it pays off, for whoever may see that loan."""
    return Loan.objects.visible_to(by).filter(contract__number=application.refinances).first()


def contract_for(loan: Loan) -> Contract | None:
    """The contract that is to pay off the loan."""
    rows = Contract.objects.filter(application__refinances=loan.contract.number).exclude(status="void")
    return rows.select_related("application", "customer").order_by("-pk").first()


def offer(loan: Loan, contract: Contract, on: date) -> Offer:
    """The figures of a day. Raises NotRefinancing, PayoffExceeds or WrongState (409)."""
    LOAN.require(loan.status, "refinance")
    if contract.refinances != loan.contract.number or contract.customer_id != loan.customer_id:
        raise NotRefinancing(contract=contract.number)
    found = Offer(loan, contract, on, queries.settlement_quote(loan, on).to_pay)
    if found.net.fen <= 0:
        raise PayoffExceeds(payoff=found.payoff, principal=contract.principal)
    return found


def fix(contract_number: str, *, by: Actor) -> Refinancing:
    """Fix today's payoff for the payout of a signed contract; both are locked. Raises what `offer` raises, or PayoutStands (409)."""
    contract = Contract.objects.visible_to(by).select_related("application").lock(contract_number)
    old = Contract.objects.filter(number=contract.refinances).first()
    loan = Loan.objects.filter(contract=old).select_for_update(of=("self",), no_key=True).first() if old else None
    if loan is None:
        raise NotRefinancing(contract=contract.number)
    found = offer(loan, contract, business_date.current())
    return contract_steps.fix_payoff(contract.number, loan_number=loan.number, payoff=found.payoff, on=found.on, by=by)


def preview(found: Offer, today: date) -> Preview:
    """A dry run: the old loan before and after, and the one entry of both loans."""
    said = preview_news(found.loan, found.news, today)
    begun = postings.for_payout(found.contract.principal, f"contract:{found.contract.number}")
    bookings = tuple(
        Booking(booking.on, EVENT, (*begun, *booking.transfers)) if booking.event == EVENT else booking for booking in said.bookings
    )
    return Preview(said.before, said.after, bookings, said.is_replay)


def pay_off(loan: Loan, fixed: Refinancing, *, on: date, by: Actor) -> LoanEvent:
    """The new `loan` begins and pays off the old one in one entry, for the payoff that was fixed before the money left."""
    old = Loan.objects.lock(fixed.loan_number)
    found = Offer(old, loan.contract, fixed.payoff_on, fixed.payoff)
    return steps.take_in(old, found.news, today=on, by=by, beside=postings.for_payout(loan.principal, loan.subject))


def give_back(event: LoanEvent, reason: str, *, today: date, by: Actor) -> LoanEvent | None:
    """The old loan was not to be paid off after all: what was kept for it is the borrower's cash with the new loan, which pays what
    is owed there or is refunded. None for any other event."""
    back = back_of(event, today)
    return steps.take_in(Loan.objects.lock(back[0].number), replace(back[1], memo=reason), today=today, by=by) if back else None


def back_of(event: LoanEvent, today: date) -> tuple[Loan, News] | None:
    """The new loan and what it gets back when the settlement of an old one is reversed; None for any other event."""
    number = event.facts.get("refinanced_by")
    if not number:
        return None
    found = Loan.objects.filter(contract__number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found, News(value_on=max(today, found.as_of), reference=f"refinance/{number}/back", amount=event.amount,
                       source=chart.FUNDS_IN_TRANSIT, facts={"given_back_for": event.loan.number})
