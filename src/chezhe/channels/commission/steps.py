"""Judging and writing plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.channels import errors, rules
from chezhe.channels.commission import offers, queries
from chezhe.channels.models import PLAN_PREFIX, CommissionPlan, Dealer
from chezhe.channels.states import DEALER
from chezhe.finmath.money import Money
from chezhe.kernel import clock, moves, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, SamePerson
from chezhe.ui import formats


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """What a plan says: `rate` is a fraction of the money lent, `amount_max` the most for one loan (None: only the cap limits it)."""

    product_code: str = ""
    rate: Decimal
    amount_max: Money | None = None
    hold_months: int
    effective_from: date
    effective_to: date | None = None

    @property
    def audit_facts(self) -> dict[str, object]:
        return {
            "product_code": self.product_code, "rate": self.rate, "amount_max": self.amount_max, "hold_months": self.hold_months,
            "effective_from": self.effective_from, "effective_to": self.effective_to,
        }


def propose(dealer: Dealer, terms: PlanTerms, reason: str, *, on: date, by: Actor) -> CommissionPlan:
    """Write a plan down for another person to agree to. Raises DealerClosed, ParameterMissing (409), Invalid or
    CommissionAboveCap (422)."""
    if dealer.status != "active":
        raise errors.DealerClosed(number=dealer.number, status=DEALER.label(dealer.status))
    _refuse(terms, on)
    require_below_cap(terms.rate, terms.product_code, terms.effective_from)
    plan = CommissionPlan.objects.create(
        number=numbers.next_number(PLAN_PREFIX, on), dealer=dealer, product_code=terms.product_code, rate=terms.rate,
        amount_max=terms.amount_max, hold_months=terms.hold_months, effective_from=terms.effective_from, effective_to=terms.effective_to,
        reason=reason, proposed_at=clock.now(), proposed_by_ids=sorted(by.user_ids), proposed_by_name=by.name,
    )
    moves.record(plan.subject, "propose", "", plan.status, by=by)
    return plan


def _refuse(terms: PlanTerms, on: date) -> None:
    if not 0 < terms.rate < 1:
        raise Invalid(field="rate", code="rate_out_of_range", sentence=_("返佣比例须大于 0、小于 100%。"))
    if terms.amount_max is not None and terms.amount_max.fen <= 0:
        raise Invalid(field="amount_max", code="amount_not_positive", sentence=_("单笔上限须大于 0；不设上限请留空。"))
    if not 0 <= terms.hold_months <= rules.HOLD_MONTHS_MAX:
        raise Invalid(field="hold_months", code="hold_months_out_of_range", sentence=_("最短持有期须在 0 到 120 个月之间。"))
    if terms.effective_from < on:
        raise Invalid(field="effective_from", code="day_past", sentence=_("生效日期不能早于业务日期。"))
    if terms.effective_to is not None and terms.effective_to < terms.effective_from:
        raise Invalid(field="effective_to", code="end_before_begin", sentence=_("截止日期不能早于生效日期。"))
    if terms.product_code and terms.product_code not in dict(offers.products()):
        raise Invalid(field="product_code", code="product_unknown", sentence=_("没有这个产品。"))


def require_below_cap(rate: Decimal, product_code: str, on: date) -> None:
    """Raises CommissionAboveCap (422), or ParameterMissing (409): a cap that nobody wrote down is no leave to pay more."""
    cap = queries.cap(product_code, on)
    if cap is None:
        raise parameters.ParameterMissing(code=queries.CAP, on=on)
    if rate > cap.rate:
        raise errors.CommissionAboveCap(cap=formats.rate(cap.rate), source=cap.source)


def require_another(plan: CommissionPlan, by: Actor, verb: str) -> None:
    """Raises SamePerson (409) for whoever proposed it."""
    if by.user_ids & set(plan.proposed_by_ids):
        raise SamePerson(name=by.name, verb=verb)
