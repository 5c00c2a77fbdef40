"""A dealer earns with the payout of a loan, and owes back what the plan says when the loan does not last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.channels import rules as terms
from chezhe.channels.commission import queries as plans
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, events, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, require_reason
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking
from chezhe.servicing import steps
from chezhe.servicing.commission import postings
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.commission.states import ACCRUED, CAR, CLAWBACKS, EARLY, NEVER, RESTORED
from chezhe.servicing.models import Loan, Schedule

ACCRUAL_EVENT, CLAWBACK_EVENT = "commission", "commission_clawback"
DEFAULT_DAYS = "COMMISSION_DEFAULT_DAYS"
# Days whose close was missed are caught up by the ones that follow.
CATCH_UP = timedelta(days=10)
# Between a payout and its first due date there is no more than this.
FIRST_WITHIN = timedelta(days=100)


class NothingToClawBack(BusinessError):
    code = "commission_nothing_to_claw_back"
    sentence = _("贷款 %(number)s 没有可退的返佣：未计返佣，或已退佣。")


@dataclass(frozen=True, slots=True)
class Clawback:
    """What a dealer would owe back for a loan, and why; `held_months` only where they count."""

    earned: CommissionLine
    kind: str
    on: date
    amount: Money
    held_months: int | None = None
    reason: str = ""

    @property
    def owner(self) -> str:
        return postings.owner_of(self.earned.loan.number)

    def booking(self) -> Booking:
        """The entry it would post."""
        return Booking(steps.booking_day(self.on), CLAWBACK_EVENT, postings.for_clawback(self.amount.fen, self.owner))


def accrue(loan: Loan, lent: Money, *, by: Actor) -> CommissionLine | None:
    """What the dealer earns by the money that has been lent, in the transaction that begins the loan; nothing without a dealer, without a
    plan that somebody agreed to, or on a day without a cap in force."""
    application = loan.contract.application
    if application is None or application.dealer_id is None:
        return None
    on, product = loan.paid_out_on, loan.product_version.product.code
    plan, cap = plans.plan_for(application.dealer_id, product, on), plans.cap(product, on)
    if plan is None or cap is None:
        return None
    fen = terms.commission_of(
        lent.fen, plan.rate, cap_rate=cap.rate, most_fen=plan.amount_max.fen if plan.amount_max is not None else None)
    if not fen:
        return None
    line = CommissionLine(
        loan=loan, dealer_id=application.dealer_id, plan=plan, kind=ACCRUED, amount=Money(fen), rate=min(plan.rate, cap.rate), base=lent,
        on=on)
    return _book(line, by=by)


def earned_by(loan: Loan) -> CommissionLine | None:
    """What was accrued when a loan began."""
    return CommissionLine.objects.filter(loan=loan, kind=ACCRUED).select_related("plan", "loan").first()


def standing_clawback(loan: Loan) -> CommissionLine | None:
    """What was taken back for a loan and has not been given again."""
    return CommissionLine.objects.filter(loan=loan, kind__in=CLAWBACKS, undone_by__isnull=True).select_related("plan", "loan").first()


def judge(loan: Loan, kind: str, on: date, reason: str = "") -> Clawback | None:
    """What goes back: pro rata of the minimum hold for an early payoff, everything for a first instalment that was never paid, a car
    that went back or a payout that never was. None when nothing does."""
    earned = earned_by(loan)
    if earned is None or standing_clawback(loan) is not None:
        return None
    if kind != EARLY:
        return Clawback(earned, kind, on, earned.amount, reason=reason)
    held = terms.months_held(loan.paid_out_on, on)
    fen = terms.clawback_of(earned.amount.fen, held, earned.plan.hold_months)
    return Clawback(earned, kind, on, Money(fen), held) if fen else None


def judge_return(loan: Loan, returned_on: date, reason: str, today: date) -> Clawback:
    """A car that went back to the dealer. Raises Invalid, ReasonRequired (422) or NothingToClawBack (409)."""
    if not loan.paid_out_on <= returned_on <= today:
        raise Invalid(
            field="returned_on", code="returned_on_out_of_range", sentence=_("退车日期须在放款日 %(begin)s 与业务日期 %(today)s 之间。"),
            begin=loan.paid_out_on, today=today)
    found = judge(loan, CAR, returned_on, require_reason(reason, most=200))
    if found is None:
        raise NothingToClawBack(number=loan.number)
    return found


def claw_back(found: Clawback, *, by: Actor) -> CommissionLine:
    """Book what a dealer owes back for a locked loan."""
    earned = found.earned
    line = CommissionLine(
        loan=earned.loan, dealer_id=earned.dealer_id, plan=earned.plan, kind=found.kind, amount=-found.amount, on=found.on,
        held_months=found.held_months, base=earned.amount, reason=found.reason)
    return _book(line, by=by)


def restore(loan: Loan, on: date, *, by: Actor) -> CommissionLine | None:
    """An early payoff was taken back: what the dealer owed for it is given again."""
    taken = standing_clawback(loan)
    if taken is None or taken.kind != EARLY:
        return None
    return _book(CommissionLine(
        loan=loan, dealer_id=taken.dealer_id, plan=taken.plan, kind=RESTORED, amount=-taken.amount, on=on, undoes=taken), by=by)


def in_default(day: date) -> list[str]:
    """Loans whose first instalment is unpaid so many days after its due date, on the evening of `day`. Raises ParameterMissing (409)."""
    last = day - timedelta(days=parameters.count(DEFAULT_DAYS, day))
    rows = Schedule.objects.filter(
        version=1, due_dates__0__gt=last - CATCH_UP, due_dates__0__lte=last, loan__commission_lines__kind=ACCRUED,
        loan__settled_on__isnull=True, loan__paid_out_on__gt=last - CATCH_UP - FIRST_WITHIN,
    )
    return [number for number, first, oldest in rows.order_by("loan_id").values_list("loan__number", "due_dates__0", "loan__oldest_due_on")
            if oldest == first]


def _book(line: CommissionLine, *, by: Actor) -> CommissionLine:
    fen, owner = line.amount.fen, postings.owner_of(line.loan.number)
    is_clawback = line.kind in CLAWBACKS
    transfers = postings.for_clawback(-fen, owner) if is_clawback else postings.for_accrual(fen, owner)
    line.posted_on = steps.booking_day(line.on)
    place = CommissionLine.objects.filter(loan=line.loan).count() + 1
    line.entry = ledger_steps.post(
        event=CLAWBACK_EVENT if is_clawback else ACCRUAL_EVENT, reference=f"commission/{line.loan.number}/{place}", transfers=transfers,
        on=line.posted_on, branch_id=line.loan.branch_id, memo=line.loan.number, by=by,
    )
    line.save(force_insert=True)
    events.publish(f"commission.{line.kind}", line.loan.subject, {"loan": line.loan.number, "dealer": line.dealer_id, "amount_fen": fen})
    return line


def never_lent(loan: Loan, *, by: Actor) -> CommissionLine | None:
    """The payout came back for good: nothing was earned."""
    found = judge(loan, NEVER, business_date.current())
    return claw_back(found, by=by) if found else None
