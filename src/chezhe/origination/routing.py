"""What those who agree to an application are told of it: the figures that limits read, whose bias counts, what would be let pass."""

from __future__ import annotations

from chezhe.approvals import conflicts
from chezhe.approvals.steps import About
from chezhe.kernel import clock
from chezhe.origination.models import Application
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding import reasons
from chezhe.risk.screening.silence import spoken


def about(application: Application) -> About:
    """As it stands now; a list is in none of it."""
    decision = deciding_queries.latest(application.subject)
    wanting = decision.reasons if decision is not None and decision.outcome != "approved" else []
    product = application.product_version.product.code if application.product_version else ""
    ratios = {name: str(value) for name in ("ltv", "dti") if (value := getattr(application, name)) is not None}
    return About(
        facts={"product": product, "tier": application.tier, **ratios}, concerns=concerns(application),
        exceptions=[(code, str(title)) for code, title in reasons.titled(spoken(wanting))],
    )


def concerns(application: Application) -> list[str]:
    """Everybody who stands for the loan, and the dealer: nobody with an interest in one of them votes."""
    people = [application.customer.subject, *(party.customer.subject for party in application.parties.select_related("customer"))]
    return [*people, f"dealer:{application.dealer.number}"] if application.dealer is not None else people


def way(application: Application, route: str) -> str:
    """The way that a decision takes; a case of a colleague or of a close relative goes to the committee (回避, DOMAIN.md §7)."""
    return "committee" if conflicts.has_insider(concerns(application), clock.today()) else route
