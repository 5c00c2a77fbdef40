"""The cap engine with the figures of a day. Nobody can override it: no permission for that exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import rules
from chezhe.compliance.rules import Finding, Limit, Need, PricingFacts
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import Parameter

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


def check_pricing(facts: PricingFacts, on: date) -> list[Finding]:
    """What the rules in force on `on` say of a loan or product: warnings only, since a block raises.

    Raises CapExceeded (409) when a block is hit and ParameterMissing (409) when a figure that is needed has no row.
    """
    findings = findings_for(facts, on)
    if findings and findings[0].is_block:
        raise CapExceeded(findings)
    return findings


def findings_for(facts: PricingFacts, on: date) -> list[Finding]:
    """Everything the rules say, blocks first, for pages that show it. Raises ParameterMissing (409)."""
    return rules.judge(facts, limits_for(facts, on), measure=parameters.require("CAP_MEASURE", on, **_scope(facts)).value)


def limits_for(facts: PricingFacts, on: date) -> list[Limit]:
    """The limits that apply to the facts on a day, with their figures and sources. Raises ParameterMissing (409)."""
    found = (_limit(need, facts, on) for need in rules.applicable(facts))
    return [limit for limit in found if limit is not None]


def sentence_of(finding: Finding) -> str:
    """The finding in the reader's language; the sentences stand in this room's catalogue."""
    return gettext(finding.text) % {"measured": gettext(finding.measured), **finding.figures}


def _limit(need: Need, facts: PricingFacts, on: date) -> Limit | None:
    row, starts = parameters.find(need.code, on, **_scope(facts)), ""
    if row is None:
        row = _not_in_force(need, facts, on)
        if row is None:
            return None
        starts = row.effective_from.isoformat()
    value, source = Decimal(row.value), row.source
    if need.times:
        base = parameters.require(need.times, on)
        value, source = value * Decimal(base.value), f"{source}（{need.times} {rules.show(Decimal(base.value), 'rate')}）"
    return Limit(need, value, source, rules.WARN if starts else _effect(need, facts, on), starts)


def _not_in_force(need: Need, facts: PricingFacts, on: date) -> Parameter | None:
    """No row counts on the day: refuse, skip a duty that has not begun, or look ahead to the one that will."""
    if need.missing == "refuse" or not Parameter.objects.filter(code=need.code).exists():
        raise parameters.ParameterMissing(code=need.code, on=on)
    if need.missing == "not_yet":
        return None
    ahead = Parameter.objects.filter(
        code=need.code, effective_from__gt=on, licence_type__in=["", facts.licence_type],
        region__in=["", facts.region], product__in=["", facts.product_code],
    )
    return ahead.order_by("effective_from").first()


def _effect(need: Need, facts: PricingFacts, on: date) -> str:
    """Block or warn; a rule whose effect is the lender's choice names the parameter that holds it."""
    if need.effect in (rules.BLOCK, rules.WARN):
        return need.effect
    return parameters.require(need.effect, on, **_scope(facts)).value


def _scope(facts: PricingFacts) -> dict[str, Any]:
    return {"licence_type": str(facts.licence_type), "region": facts.region, "product": facts.product_code}
