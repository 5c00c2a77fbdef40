"""Reading securities: those of a subject, a guarantor's exposure, and the deadlines that run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from chezhe.customers.models import Customer
from chezhe.finmath.money import ZERO, Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk import proposals
from chezhe.risk.facts import earnings
from chezhe.risk.facts.earning import Earned
from chezhe.risk.guarantees import rules
from chezhe.risk.guarantees.figures import Figures
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.guarantees.states import HOLDING, LIVE

DEADLINE_DAYS = 60


@dataclass(frozen=True, slots=True)
class Stand:
    """How much a guarantor can stand for, how much they do already, and with how many securities. `source` says whence the capacity."""

    capacity: Money | None
    exposure: Money
    count: int

    @property
    def left(self) -> Money | None:
        return None if self.capacity is None else Money(max(0, self.capacity.fen - self.exposure.fen))


def of(subject: str) -> QuerySet[Security]:
    """Every security of a subject, for code that has opened the subject."""
    return Security.objects.filter(subject_text=subject).select_related("guarantor")


def twins_of(security: Security) -> ScopedQuerySet[Security]:
    """What stands by the same paper, or by the same guarantor for the same debt, in whoever's reach."""
    rows = Security.objects.filter(kind=security.kind, status__in=LIVE)
    if security.guarantor is not None:
        return rows.filter(guarantor=security.guarantor, subject_text=security.subject_text)
    return rows.filter(proof_number=security.proof_number, policy_number=security.policy_number)


def latest_check(subject: str) -> CoverageCheck | None:
    """The coverage as it was last measured."""
    return CoverageCheck.objects.filter(subject_text=subject).first()


def guarantors_of(subject: str, *, standing: Collection[str] = HOLDING) -> list[Customer]:
    """Whoever stands surety by a guarantee of this standing (that was accepted, unless told otherwise), in the order in which they were
    offered. Who has since become a debtor adds nothing."""
    rows = [row.guarantor for row in of(subject).filter(kind=rules.GUARANTOR, status__in=standing) if row.guarantor is not None]
    owing = proposals.debtors(subject) if rows else frozenset()
    return [guarantor for guarantor in rows if guarantor.number not in owing]


def last_check(subject: str) -> int:
    """The key of the last measurement, 0 before the first: what was measured after it has a greater one, whatever the clocks say."""
    return CoverageCheck.objects.filter(subject_text=subject).values_list("pk", flat=True).first() or 0


def is_measured_since(subject: str, before: int) -> bool:
    """Whether the coverage was measured after the check of this key."""
    return last_check(subject) > before


def stand_of(security: Security, held: Figures) -> Stand:
    """A guarantor's capacity and what is left of it for this security."""
    return stands_of([security], held)[security.pk]


def stands_of(securities: Iterable[Security], held: Figures) -> dict[int, Stand]:
    """`stand_of` every guarantor among these, by the security's key: two questions for all of them.

    What else a guarantor stands for counts over all loans and applications but the security's own. An offer counts as much as what is
    accepted: two applications must not use the same capacity at once.
    """
    rows = [one for one in securities if one.kind == rules.GUARANTOR and one.guarantor is not None]
    keys = {one.guarantor_id for one in rows}
    given = list(Security.objects.filter(guarantor_id__in=keys, status__in=LIVE).values_list("guarantor_id", "subject_text", "amount"))
    earned = earnings.earned_each(sorted({one.guarantor.subject for one in rows if one.guarantor}), clock.now()) if rows else {}
    stands = {}
    for one in rows:
        elsewhere = [amount for key, subject, amount in given if key == one.guarantor_id and subject != one.subject_text]
        can = rules.capacity(
            income_monthly=_income(one, earned), net_assets=one.net_assets, income_months=held.income_months,
            assets_share=held.assets_share)
        stands[one.pk] = Stand(can, rules.exposure(elsewhere), len(elsewhere))
    return stands


def _income(security: Security, earned: Mapping[str, Earned]) -> Money | None:
    """Verified income goes before what was declared with the offer."""
    assert security.guarantor is not None
    verified = earned[security.guarantor.subject].monthly
    return security.income_monthly if verified is None else Money(verified)


def counted(securities: Iterable[Security], held: Figures) -> list[rules.Security]:
    """The accepted ones of a subject as the sums take them."""
    holding = [one for one in securities if one.status in HOLDING]
    stands = stands_of(holding, held)
    owing = proposals.debtors(holding[0].subject_text) if stands else frozenset()
    return [_counted(one, stands.get(one.pk), owing) for one in holding]


def _counted(one: Security, stand: Stand | None, owing: frozenset[str]) -> rules.Security:
    return rules.Security(
        key=one.number, kind=one.kind, amount=one.amount, liability=one.liability, capacity=stand.capacity if stand else None,
        exposure=stand.exposure if stand else ZERO, is_debtor=one.guarantor is not None and one.guarantor.number in owing,
        covered_share=one.covered_share if one.covered_share is not None else rules.WHOLE, valid_to=one.valid_to,
    )


def deadlines(actor: Actor, on: date, *, within_days: int = DEADLINE_DAYS) -> QuerySet[Security]:
    """Guarantees whose period ends soon or has ended without a claim, in the actor's reach, the most urgent first."""
    return running(actor).filter(claim_until__lte=on + timedelta(days=within_days)).order_by("claim_until", "id")


def running(actor: Actor) -> QuerySet[Security]:
    """Accepted guarantees in the actor's reach that nobody has claimed yet."""
    return Security.objects.visible_to(actor).filter(kind=rules.GUARANTOR, status="accepted", claim_until__isnull=False)
