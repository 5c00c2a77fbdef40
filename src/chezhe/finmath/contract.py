"""What a signed contract fixes about money: the plan asked for, and the rules for everything after payout."""

from dataclasses import dataclass, replace
from datetime import date

from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.repricing import Floating
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import QuoteTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """A product version applied to one borrower. The plan's start is the expected payout day until money flows; the rate stays
    unless it is `floating`. A loan that pays off an older one is watched for `observed_months`."""

    plan: QuoteTerms
    penalty: PenaltyRule
    allocation: AllocationRule
    settlement: SettlementRule
    floating: Floating | None = None
    observed_months: int | None = None

    def paid_out(self, on: date) -> "ContractTerms":
        """The same terms from the day the money really arrived; a first due date not after it is recomputed."""
        first = self.plan.first_due_date
        keeps_first = first is not None and first > on
        return replace(self, plan=replace(self.plan, start_date=on, first_due_date=first if keeps_first else None))
