"""Money has reached the borrower: the loan begins."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.models import Contract, Refinancing
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Row
from chezhe.kernel import business_date, events, moves, numbers, parameters, values
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import lives, permissions, postings, refinancing, rules, schedules, steps
from chezhe.servicing.commission import accruing
from chezhe.servicing.models import PREFIX, Loan
from chezhe.servicing.repricing import batches


class PaidOutDiffers(BusinessError):
    code = "paid_out_differs"
    sentence = _("合同 %(contract)s 的本金是 %(principal)s 元，实际放款 %(paid)s 元，不能建立贷款。")


@action(permissions.ACTIVATE)
def activate_loan(*, contract_number: str, amount: Money, paid_on: date, by: Actor) -> Loan:
    """Open the loan of a contract on the day its money was paid; asking again gives the same loan."""
    contract = Contract.objects.visible_to(by).lock(contract_number)
    standing = Loan.objects.filter(contract=contract).first()
    if standing:
        return standing
    terms = values.from_json(ContractTerms, contract.terms).paid_out(paid_on)
    fixed = getattr(contract, "refinancing", None)
    if terms.plan.principal_fen != amount.fen + (fixed.payoff.fen if fixed else 0):
        raise PaidOutDiffers(contract=contract.number, principal=Money(terms.plan.principal_fen), paid=amount)
    plan = rules.plan(terms)
    loan = _open(contract, terms, plan, paid_on)
    moves.record(loan.subject, "activate", "", loan.status, by=by)
    schedules.keep(loan, plan, effective_on=paid_on, terms=terms)
    steps.store(loan, lives.opening_of(loan))
    if terms.floating is not None:
        batches.begin(loan, terms.floating)
    reference, posted_on = f"{loan.number}/payout", steps.booking_day(paid_on)
    entry = _pay_off(loan, fixed, posted_on, by) if fixed else _book(loan, reference, posted_on, by)
    steps.record(
        loan, "paid_out", value_on=paid_on, posted_on=posted_on, reference=reference, by=by, amount=loan.principal, entry=entry,
        facts={"refinances": fixed.loan_number, "payoff_fen": fixed.payoff.fen} if fixed else None,
    )
    accruing.accrue(loan, amount, by=by)
    events.publish("loan.activated", loan.subject, {
        "number": loan.number, "contract": contract.number, "paid_on": paid_on.isoformat(), "principal_fen": loan.principal.fen,
        "application": contract.application.subject if contract.application else "",
    })
    if plan[0].due_date <= business_date.current():
        steps.bring_up_to(loan, business_date.current(), by=by)
    return loan


def _book(loan: Loan, reference: str, on: date, by: Actor) -> JournalEntry:
    return ledger_steps.post(
        event="payout", reference=reference, transfers=postings.for_payout(loan.principal, loan.subject), on=on,
        branch_id=loan.branch_id, memo=loan.contract.number, by=by,
    )


def _pay_off(loan: Loan, fixed: Refinancing, on: date, by: Actor) -> JournalEntry | None:
    """One entry for both loans: the new one begins, the old one is paid off."""
    return refinancing.pay_off(loan, fixed, on=on, by=by).entry


def _open(contract: Contract, terms: ContractTerms, plan: tuple[Row, ...], paid_on: date) -> Loan:
    principal = Money(terms.plan.principal_fen)
    return Loan.objects.create(
        number=numbers.next_number(PREFIX, paid_on), contract=contract, customer_id=contract.customer_id,
        product_version_id=contract.product_version_id, branch_id=contract.branch_id, owner_id=contract.owner_id,
        principal=principal, annual_rate=terms.plan.annual_rate or terms.plan.flat_annual_rate,
        periods=len(plan), paid_out_on=paid_on, matures_on=plan[-1].due_date, as_of=paid_on,
        principal_left=principal, runs_on=rules.runs_on(terms), off_book_after_days=parameters.count("OFF_BOOK_DPD", paid_on),
    )
