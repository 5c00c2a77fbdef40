"""How much may leave by one payout, and in a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import PayoutLimit
from chezhe.contracts.paying.models import LIMIT_PREFIX
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, require_reason
from chezhe.staff.models import Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLimit:
    """The sums from a day on, of a branch by its code or of the house; None sets no limit."""

    branch_code: str = ""
    effective_from: date
    per_payout: Money | None
    per_day: Money | None

    @property
    def audit_facts(self) -> dict[str, object]:
        return {
            "branch_code": self.branch_code, "effective_from": self.effective_from, "per_payout": self.per_payout, "per_day": self.per_day,
        }


@action(permissions.PROPOSE_LIMIT)
def propose_payout_limit(*, limit: NewLimit, reason: str, business_date: date, by: Actor) -> PayoutLimit:
    """Propose a limit; it counts once another person agrees. Raises Invalid (422), ReasonRequired (422) or NotFound (404)."""
    kept = require_reason(reason, most=200)
    if limit.effective_from < business_date:
        raise Invalid(field="effective_from", code="day_past", sentence=_("生效日期不能早于业务日期。"))
    for field in ("per_payout", "per_day"):
        value: Money | None = getattr(limit, field)
        if value is not None and value.fen < 0:
            raise Invalid(field=field, code="amount_negative", sentence=_("金额不能为负。"))
    if limit.per_payout and limit.per_day and limit.per_payout.fen > limit.per_day.fen:
        raise Invalid(field="per_payout", code="limit_upside_down", sentence=_("单笔限额不能高于单日限额。"))
    made = PayoutLimit.objects.create(
        number=numbers.next_number(LIMIT_PREFIX, business_date), branch=_branch(limit.branch_code, by), reason=kept,
        effective_from=limit.effective_from, per_payout=limit.per_payout, per_day=limit.per_day, proposed_at=clock.now(),
        proposed_by_ids=sorted(by.user_ids), proposed_by_name=by.name,
    )
    moves.record(made.subject, "propose", "", made.status, by=by)
    events.publish("payout_limit.proposed", made.subject, {"number": made.number})
    return made


def _branch(code: str, by: Actor) -> Branch | None:
    """The house's limit is set by whoever sees the whole house."""
    if not code and by.sees_whole_house:
        return None
    found = Branch.objects.filter(code=code).first()
    if found is None or not (by.sees_whole_house or found.pk in by.branch_ids):
        raise NotFound(what=code or "—")
    return found
