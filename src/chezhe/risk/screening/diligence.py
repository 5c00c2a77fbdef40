"""Knowing the customer: who stands behind a company, how risky the relationship is, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer, Relation
from chezhe.finmath.days import month_step
from chezhe.identifiers import masks
from chezhe.kernel import clock, events, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.risk.facts import steps as facts
from chezhe.risk.screening import labels, owning, queries, rules, watching
from chezhe.risk.screening.models import REVIEW_PREFIX, Diligence, Holding

OWNER_SHARE = "UBO_SHARE_MIN"
REVIEW_MONTHS: Final[Mapping[str, str]] = {
    rules.LOW: "CDD_REVIEW_MONTHS_LOW", rules.MEDIUM: "CDD_REVIEW_MONTHS_MEDIUM", rules.HIGH: "CDD_REVIEW_MONTHS_HIGH",
}
COMPANIES_MAX = 200


class SharesTooMany(BusinessError):
    code = "shares_over_whole"
    http_status = 422
    field = "share_rate"
    sentence = gettext_lazy("%(company)s 的持股合计为 %(total)s%%，超过 100%%，请先核对已登记的股东。")


class HoldingTwice(BusinessError):
    code = "holding_twice"
    http_status = 409
    field = "holder_name"
    sentence = gettext_lazy("这位股东已经登记过；比例有变，请先终止原记录再登记。")


class NotACompany(BusinessError):
    code = "not_a_company"
    http_status = 422
    sentence = gettext_lazy("%(customer)s 不是企业客户，没有股东可登记。")


@dataclass(frozen=True, slots=True)
class Shares:
    """One holding as it is recorded: the holder is a customer of ours (`holder_number`) or named; `of_name` is the company in between."""

    share_rate: Decimal
    holder_number: str = ""
    holder_name: str = ""
    holder_kind: str = "person"
    of_name: str = ""
    evidence: str = ""

    @property
    def audit_facts(self) -> dict[str, Any]:
        """Names stay out of the trail."""
        return {"share_rate": self.share_rate, "holder_number": self.holder_number, "holder_kind": self.holder_kind}


def record_holding(company: Customer, shares: Shares, holder: Customer | None, by: Actor) -> Holding:
    """Keep who holds how much. Raises NotACompany, SharesTooMany, Invalid (422) or HoldingTwice (409)."""
    if company.is_person:
        raise NotACompany(customer=company.number)
    _require_shares(shares, holder)
    kind = shares.holder_kind if holder is None else "person" if holder.is_person else "company"
    holding = Holding(
        company=company, holder=holder, holder_name="" if holder else shares.holder_name.strip(), holder_kind=kind,
        of_name=shares.of_name.strip(), share_rate=shares.share_rate, evidence=shares.evidence.strip(), recorded_at=clock.now(),
        recorded_by_name=by.name,
    )
    try:
        with transaction.atomic():
            holding.save(force_insert=True)
    except IntegrityError:
        raise HoldingTwice() from None
    owners_of(company)
    return holding


def _require_shares(shares: Shares, holder: Customer | None) -> None:
    if not 0 < shares.share_rate <= 1:
        raise Invalid(field="share_rate", code="share_range", sentence=_("持股比例须大于 0、不超过 100%。"))
    if (holder is None) == (not shares.holder_name.strip()):
        raise Invalid(field="holder_name", code="holder_one", sentence=_("请填写股东的客户编号或姓名（名称），二者选一。"))
    if shares.holder_kind not in dict(labels.ENTRY_KINDS):
        raise Invalid(field="holder_kind", code="kind_unknown", sentence=_("没有这个选项，请从列表中选择。"))


def owners_of(company: Customer) -> owning.Owners:
    """The beneficial owners of a company customer as recorded now. Raises SharesTooMany (422)."""
    least = parameters.rate(OWNER_SHARE, clock.today())
    holdings, controllers, managers = _standing(company)
    try:
        return owning.beneficial_owners(company.subject, holdings, controllers=controllers, managers=managers, least=least)
    except owning.SharesOverWhole as over:
        raise SharesTooMany(company=shown_party(over.company), total=f"{over.total * 100:.2f}") from None


def standing_behind(company: Customer) -> list[Customer]:
    """Customers of ours who hold so much of a company that they count as its owners, control it or speak for it."""
    least = parameters.rate(OWNER_SHARE, clock.today())
    holdings, _controllers, _managers = _standing(company)
    parties = owning.holders(company.subject, holdings, least=least)
    by_share = Customer.objects.filter(number__in=[one.partition(":")[2] for one in parties if one.startswith("customer:")])
    by_role = [relation.other for kind in ("controller", "legal_representative") for relation in _relations(company, kind)]
    return list({one.pk: one for one in (*by_share.order_by("pk"), *by_role)}.values())


def _standing(company: Customer) -> tuple[list[owning.Holding], list[str], list[str]]:
    """Every holding up the chains, then who controls the company otherwise, then who runs it."""
    found: list[owning.Holding] = []
    waiting, seen = [company], {company.pk}
    while waiting and len(seen) <= COMPANIES_MAX:
        one = waiting.pop()
        for share, above in _holdings_of(one):
            found.append(share)
            if above is not None and not above.is_person and above.pk not in seen:
                seen.add(above.pk)
                waiting.append(above)
    controllers = [relation.other.subject for relation in _relations(company, "controller") if relation.other.is_person]
    if not controllers and company.actual_controller:
        controllers = [named_party(company.actual_controller, "person")]
    managers = [relation.other.subject for relation in _relations(company, "legal_representative") if relation.other.is_person]
    if not managers and company.legal_representative:
        managers = [named_party(company.legal_representative, "person")]
    return found, controllers, managers


def _holdings_of(company: Customer) -> list[tuple[owning.Holding, Customer | None]]:
    """What was recorded here, and owners on the customer's own file whom nobody recorded here."""
    found: list[tuple[owning.Holding, Customer | None]] = []
    for row in Holding.objects.filter(company=company, ended_at__isnull=True).select_related("holder").order_by("id"):
        held = named_party(row.of_name, "company") if row.of_name else company.subject
        holder = row.holder.subject if row.holder else named_party(row.holder_name, row.holder_kind)
        found.append((owning.Holding(held, holder, row.holder_kind == "person", row.share_rate), row.holder))
    known = {share.holder for share, _customer in found if share.company == company.subject}
    for relation in _relations(company, "owner"):
        other = relation.other
        if relation.share_rate and other.subject not in known:
            found.append((owning.Holding(company.subject, other.subject, other.is_person, relation.share_rate), other))
    return found


def _relations(company: Customer, kind: str) -> list[Relation]:
    rows = Relation.objects.filter(customer=company, kind=kind, ended_at__isnull=True).select_related("other")
    return list(rows.order_by("id"))


def named_party(name: str, kind: str) -> str:
    """The text of somebody who is no customer of ours."""
    return f"{kind}:{name.strip()}"


def shown_party(party: str) -> str:
    """A party as a screen may show it: a person's name with stars."""
    kind, _colon, rest = party.partition(":")
    return masks.mask_name(rest) if kind == "person" else rest


def record_review(customer: Customer, answers: rules.Answers, note: str, on: date, by: Actor) -> Diligence:
    """Grade the relationship and say when to look again. The newest review counts; facts are written with it.

    Raises Invalid (422) for an answer that does not exist, SharesTooMany (422).
    """
    _require_answers(answers)
    owners = None if customer.is_person else owners_of(customer)
    hit = queries.watch_hit([customer], clock.now()).get(customer.pk)
    graded = rules.grade(
        answers, watch_hit=bool(hit), owners_unknown=bool(owners and owners.is_unknown), layers=owners.layers if owners else 0, on=on,
    )
    months = parameters.count(REVIEW_MONTHS[graded.grade], on)
    review = Diligence.objects.create(
        number=numbers.next_number(REVIEW_PREFIX, on), customer=customer, occupation=answers.occupation, region=answers.region,
        purpose=answers.purpose, is_pep=answers.is_pep, has_agent=answers.has_agent, is_remote=answers.is_remote, watch_hit=bool(hit),
        owners=[
            {"party": owner.person, "basis": owner.basis, "share_rate": f"{owner.share_rate:f}"} for owner in owners.owners
        ] if owners else [],
        owners_known_rate=owners.known_rate if owners else None, owners_unknown=owners.is_unknown if owners else None,
        grade=graded.grade, points=graded.points, factors=[list(factor) for factor in graded.factors], note=note.strip(),
        next_review_on=month_step(on, months, on.day), reviewed_on=on, recorded_at=clock.now(), recorded_by_name=by.name,
    )
    _write_facts(customer, owners)
    events.publish("diligence.reviewed", customer.subject, {"number": review.number, "grade": review.grade})
    return review


def _require_answers(answers: rules.Answers) -> None:
    for field, known in (("occupation", rules.OCCUPATIONS), ("region", rules.REGIONS), ("purpose", rules.PURPOSES)):
        if getattr(answers, field) not in known:
            raise Invalid(field=field, code=f"{field}_unknown", sentence=_("没有这个选项，请从列表中选择。"))


def _write_facts(customer: Customer, owners: owning.Owners | None) -> None:
    at = clock.now()
    if owners is not None:
        facts.record_facts(customer.subject, {
            "beneficial_owner_unknown": owners.is_unknown, "owners_known_rate": f"{min(owners.known_rate, Decimal(1)):f}",
        }, source="diligence", known_at=at)
    watching.write_watch_fact(customer)
