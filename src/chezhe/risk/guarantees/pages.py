"""View-models of securities, coverage and the path of the loan-to-value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.finmath.money import Money
from chezhe.kernel import moves
from chezhe.risk.guarantees import choices, rules
from chezhe.risk.guarantees.figures import Figures
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.guarantees.queries import Stand, stands_of
from chezhe.risk.guarantees.states import SECURITY
from chezhe.risk.proposals import Proposal
from chezhe.risk.valuing.models import Valuing
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Happening, track_of
from chezhe.ui.status import Status

STATUSES = {
    "offered": Status(SECURITY.labels["offered"], "warning"), "accepted": Status(SECURITY.labels["accepted"], "good"),
    "refused": Status(SECURITY.labels["refused"], "danger"), "withdrawn": Status(SECURITY.labels["withdrawn"], "neutral"),
    "claimed": Status(SECURITY.labels["claimed"], "progress"), "released": Status(SECURITY.labels["released"], "neutral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One security on the page: who or what, what it counts for, and what this person may do with it."""

    security: Security
    what: str
    status: Status
    counts: Money | None
    reason: Any
    stand: Stand | None
    days_left: int | None
    is_others: bool

    @property
    def deadline_tone(self) -> str:
        if self.days_left is None:
            return "neutral"
        return "danger" if self.days_left < 0 else "warning" if self.days_left <= 60 else "neutral"


def lines_of(securities: Sequence[Security], check: CoverageCheck | None, held: Figures, on: date, user_ids: frozenset[int]) -> list[Line]:
    """Every security of a subject, with what the last measurement made of it."""
    counted = {line["number"]: line for line in check.lines} if check else {}
    stands = stands_of(securities, held)
    return [_line(one, counted.get(one.number), stands.get(one.pk), on, user_ids) for one in securities]


def _line(one: Security, counted: dict[str, Any] | None, stand: Stand | None, on: date, user_ids: frozenset[int]) -> Line:
    return Line(
        one, what_of(one), STATUSES[one.status], Money(counted["amount_fen"]) if counted else None,
        choices.REASONS.get(counted["reason"], "") if counted else "", stand,
        (one.claim_until - on).days if one.claim_until and one.status == "accepted" else None,
        not set(one.maker_ids) & set(user_ids),
    )


@dataclass(frozen=True, slots=True)
class CarLine:
    """A further car in the coverage: what it counts for, why not, and its share of all that stands behind the loan."""

    number: str
    counts: Money
    reason: Any
    share: Decimal | None


def cars_of(check: CoverageCheck | None, first: str) -> list[CarLine]:
    """Every car of a loan on several, the `first` before the others; empty for a loan on one car."""
    others = [line for line in check.lines if line["kind"] == rules.VEHICLE] if check else []
    if check is None or not others:
        return []
    known = [(first, check.vehicle_value, ""), *((line["number"], Money(line["amount_fen"]), line["reason"]) for line in others)]
    return [
        CarLine(number, amount, choices.REASONS.get(reason, ""), Decimal(amount.fen) / check.value.fen if check.value else None)
        for number, amount, reason in known
    ]


def what_of(one: Security) -> str:
    """Who stands for it, or what with whom."""
    if one.guarantor is not None:
        return f"{one.guarantor.masked_name} {one.guarantor.number} · {dict(choices.LIABILITIES).get(one.liability, '')}"
    if one.kind == rules.INSURANCE and one.covered_share is not None:
        return f"{one.holder} · {one.covered_share:.0%}"
    return " · ".join(filter(None, (one.thing, one.holder)))


def needed_of(check: CoverageCheck) -> Money:
    """The least that everything together must be worth."""
    return rules.Coverage(check.vehicle_value, (), check.principal + check.interest, check.least_rate).needed


def coverage_chart(check: CoverageCheck) -> Chart:
    """What stands behind the loan beside what is owed to maturity, with the least that is needed as a line."""
    kinds = dict(choices.KINDS)
    behind = [(_("车辆放款价值"), check.vehicle_value)]
    behind += [(f"{kinds.get(line['kind'], _('车辆放款价值'))} {line['number']}", Money(line["amount_fen"])) for line in check.lines]
    owed = [(_("本金"), check.principal), (pgettext("coverage", "到期利息"), check.interest)]
    return Chart(
        id="coverage", kind="stacked", title=_("担保与到期本息"), measure="money", category_label=_("项目"),
        categories=[pgettext("coverage", "担保合计"), pgettext("coverage", "到期本息")], limit=needed_of(check), limit_label=_("至少需要"),
        series=[
            *(Series(label, [amount, None], tone="good" if place == 0 else None) for place, (label, amount) in enumerate(behind)),
            *(Series(label, [None, amount], tone="warning" if place else None) for place, (label, amount) in enumerate(owed)),
        ],
    )


def forward_chart(proposal: Proposal, valuing: Valuing) -> Chart:
    """What is owed against what the car will be worth, month by month."""
    months = range(min(len(proposal.balances), len(valuing.path)))
    return Chart(
        id="forward-ltv", kind="line", title=_("贷款余额与车辆残值"), measure="money", category_label=_("几个月后"),
        categories=list(months),
        series=[
            Series(_("剩余本金"), [proposal.balances[month] for month in months], tone="warning"),
            Series(_("预计残值"), [Money(valuing.path[month]) for month in months], tone="info"),
        ],
    )


def worst_words(check: CoverageCheck) -> str:
    """The month in which the loan stands highest against the car."""
    if check.forward_max is None:
        return ""
    rate = f"{check.forward_max:.2%}"
    if check.forward_month == 0:
        return _("放款当时最高，为 %(rate)s") % {"rate": rate}
    return _("第 %(month)s 个月最高，为 %(rate)s") % {"month": check.forward_month, "rate": rate}



def track(security: Security) -> list[Happening]:
    """Every move with who, when and why."""
    return track_of(moves.history(security.subject), SECURITY, begun=_("登记担保"), icon="shield")
