"""What those who agree to an application are told of it: the figures that limits read, whose bias counts, what would be let pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from chezhe.approvals import conflicts
from chezhe.approvals.steps import About
from chezhe.decisiontables.results import Outcome
from chezhe.kernel import clock
from chezhe.kernel.errors import BusinessError
from chezhe.origination import staging
from chezhe.origination.models import Application
from chezhe.origination.staging import Staged
from chezhe.policies import queries as policy_queries
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding import reasons
from chezhe.risk.screening.silence import spoken

TABLE: Final = "approval"


def about(application: Application, staged: Mapping[str, Any]) -> About:
    """As it stands now, with which table said who agrees; a list is in none of it."""
    decision = deciding_queries.latest(application.subject)
    wanting = decision.reasons if decision is not None and decision.outcome != "approved" else []
    product = application.product_version.product.code if application.product_version else ""
    ratios = {name: str(value) for name in ("ltv", "dti") if (value := getattr(application, name)) is not None}
    return About(
        facts={"product": product, "tier": application.tier, **ratios, **staged}, concerns=concerns(application),
        exceptions=[(code, str(title)) for code, title in reasons.titled(spoken(wanting))],
    )


def concerns(application: Application) -> list[str]:
    """Everybody who stands for the loan, and the dealer: nobody with an interest in one of them votes."""
    people = [application.customer.subject, *(party.customer.subject for party in application.parties.select_related("customer"))]
    return [*people, f"dealer:{application.dealer.number}"] if application.dealer is not None else people


def way(application: Application, route: str) -> str:
    """The way that a decision takes; a case of a colleague or of a close relative goes to the committee (回避, DOMAIN.md §7)."""
    return "committee" if conflicts.has_insider(concerns(application), clock.today()) else route


def stages(application: Application, route: str, on: date) -> Staged:
    """Who has to agree, by the table of approval stages in force on `on`; the strictest where it cannot say."""
    try:
        version = policy_queries.current(TABLE, on)
    except BusinessError as refusal:
        return staging.strictest(refusal.code)
    return _asked(version, facts(application, way(application, route)))


def facts(application: Application, route: str) -> dict[str, Any]:
    """What the table may ask about; what is not known is left out."""
    product = application.product_version.product.code if application.product_version else None
    known = {
        "asked_route": route, "amount": application.amount.fen if application.amount is not None else None, "ltv": application.ltv,
        "tier": application.tier or None, "exceptions": application.exceptions, "product": product, "branch": application.branch.code,
    }
    return {name: value for name, value in known.items() if value is not None}


def _asked(version: PolicyVersion, known: dict[str, Any]) -> Staged:
    try:
        result = policy_queries.compiled(version).evaluate(known)
        if result.outcome is not Outcome.MATCHED:
            return staging.strictest(str(result.outcome), version.number)
        return Staged(stages=staging.read(result.outputs), version=version.number, row=result.rows_hit[0])
    except Exception as broken:  # a published table that fails is a fault of ours: nobody gets an easier way by it
        return staging.strictest(f"table_broken:{type(broken).__name__}", version.number)
