"""The cap engine with the figures of a day. Nobody can override it: no permission for that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import rules
from chezhe.compliance.rules import Finding, Limit, Need, PricingFacts
from chezhe.kernel import parameters
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import Parameter

_MEASURE, _COST_CAP = "CAP_MEASURE", "CAP_ALLIN_24"
# Which figure of the form a refusal belongs to.
_FIELDS = {"ltv": "amount", "term": "term_months", "penalty": "penalty_multiple", "misuse": "misuse_multiple",
           "deducted": "deducted_from_principal", "licence": "licence_type", "annual_rate": "annual_rate"}


class CapExceeded(BusinessError):
    """A legal or licence limit is exceeded; `findings` holds everything that was found, blocks first."""

    code = "cap_exceeded"
    http_status = 409
    sentence = _("%(finding)s 规则 %(rule)s，依据：%(source)s。")

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        self.findings = tuple(findings)
        self.field = _FIELDS.get(first.measure, "annual_rate")
        super().__init__(
            finding=sentence_of(first), rule=first.code, limit=rules.show(first.limit, first.unit),
            actual=rules.show(first.actual, first.unit), source=first.source,
        )


class CostExceeded(BusinessError):
    """What the borrower would pay in all, default charges included, costs more a year than the cap."""

    code = "cost_exceeded"
    field = "amount"
    sentence = _("收取后综合融资成本为年化 %(cost)s，超过上限 %(limit)s（%(source)s）。")


def check_pricing(facts: PricingFacts, on: date) -> list[Finding]:
    """What the rules in force on `on` say of a loan or product: warnings only, since a block raises.

    Raises CapExceeded (409) when a block is hit and ParameterMissing (409) when a figure that is needed has no row.
    """
    return refuse_blocks(findings_for(facts, on))


def refuse_blocks(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, which are warnings only. Raises CapExceeded (409) when a block is among them."""
    if findings and findings[0].is_block:
        raise CapExceeded(findings)
    return list(findings)


def require_cost_within(simple: Decimal | None, compound: Decimal | None, on: date, **scope: str) -> None:
    """That a loan's cost a year, default charges included, stays within the cap of the day, by the measure of the day; `scope` is
    licence_type, region and product. A cost that does not exist is refused. Raises CostExceeded and ParameterMissing (409).
    """
    cap, measure = parameters.require(_COST_CAP, on, **scope), parameters.require(_MEASURE, on, **scope).value
    cost, limit = compound if measure == "compound" else simple, Decimal(cap.value)
    if cost is None or cost > limit:
        shown = rules.show(cost, "rate") if cost is not None else "—"
        raise CostExceeded(cost=shown, limit=rules.show(limit, "rate"), source=cap.source)


def findings_for(facts: PricingFacts, on: date) -> list[Finding]:
    """Everything the rules say, blocks first, for pages that show it. Raises ParameterMissing (409)."""
    figures = _figures_of(facts, on)
    return rules.judge(facts, _limits(facts, figures), measure=figures.require(_MEASURE).value)


def limits_for(facts: PricingFacts, on: date) -> list[Limit]:
    """The limits that apply to the facts on a day, with their figures and sources. Raises ParameterMissing (409)."""
    return _limits(facts, _figures_of(facts, on))


@dataclass(frozen=True, slots=True)
class Bound:
    """The limits of a loan on a day, the annualisation that counts, and the rows that all of it was read from."""

    limits: tuple[Limit, ...]
    measure: str
    rows: tuple[Parameter, ...]


def bound(facts: PricingFacts, on: date) -> Bound:
    """Everything that a decision has to keep to be judged again: read once. Raises ParameterMissing (409)."""
    figures = _figures_of(facts, on)
    rows = {row.pk: row for row in (*figures.scoped.values(), *figures.general.values())}
    return Bound(tuple(_limits(facts, figures)), figures.require(_MEASURE).value, tuple(rows[pk] for pk in sorted(rows)))


def sentence_of(finding: Finding) -> str:
    """The finding in the reader's language; the sentences stand in this room's catalogue."""
    return gettext(finding.text) % {"measured": gettext(finding.measured), **finding.figures}


@dataclass(frozen=True, slots=True)
class _Figures:
    """The rows in force that the rules may ask for: `scoped` ones for this very loan, `general` ones for everybody."""

    on: date
    scoped: Mapping[str, Parameter]
    general: Mapping[str, Parameter]

    def require(self, code: str) -> Parameter:
        return _present(self.scoped, code, self.on)

    def base(self, code: str) -> Decimal:
        return Decimal(_present(self.general, code, self.on).value)


def _present(rows: Mapping[str, Parameter], code: str, on: date) -> Parameter:
    if code not in rows:
        raise parameters.ParameterMissing(code=code, on=on)
    return rows[code]


def _figures_of(facts: PricingFacts, on: date) -> _Figures:
    """Read at once: an application is judged several times on its way, by a dozen figures each time."""
    needs = rules.applicable(facts)
    codes = {_MEASURE, *(need.code for need in needs), *(need.effect for need in needs)}
    scope = {"licence_type": str(facts.licence_type), "region": facts.region, "product": facts.product_code}
    return _Figures(on, parameters.find_all(codes, on, **scope), parameters.find_all({n.times for n in needs if n.times}, on))


def _limits(facts: PricingFacts, figures: _Figures) -> list[Limit]:
    found = (_limit(need, facts, figures) for need in rules.applicable(facts))
    return [limit for limit in found if limit is not None]


def _limit(need: Need, facts: PricingFacts, figures: _Figures) -> Limit | None:
    row, starts = figures.scoped.get(need.code), ""
    if row is None:
        row = _not_in_force(need, facts, figures.on)
        if row is None:
            return None
        starts = row.effective_from.isoformat()
    value, source = Decimal(row.value), row.source
    if need.times:
        base = figures.base(need.times)
        value, source = value * base, f"{source}（{need.times} {rules.show(base, 'rate')}）"
    return Limit(need, value, source, rules.WARN if starts else _effect(need, figures), starts)


_EVER = Composed(lambda code: Parameter.objects.filter(code=code).order_by("effective_from"), "?")


def _not_in_force(need: Need, facts: PricingFacts, on: date) -> Parameter | None:
    """No row counts on the day: refuse, skip a duty that has not begun, or look ahead to the one that will."""
    rows = [] if need.missing == "refuse" else _EVER.objects(need.code)
    if not rows:
        raise parameters.ParameterMissing(code=need.code, on=on)
    if need.missing == "not_yet":
        return None
    scope = {("licence_type", facts.licence_type), ("region", facts.region), ("product", facts.product_code)}
    return next((r for r in rows if r.effective_from > on and all(getattr(r, name) in ("", said) for name, said in scope)), None)


def _effect(need: Need, figures: _Figures) -> str:
    """Block or warn; a rule whose effect is the lender's choice names the parameter that holds it."""
    return need.effect if need.effect in (rules.BLOCK, rules.WARN) else figures.require(need.effect).value
