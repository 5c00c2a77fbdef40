"""How customers pay, over REST."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.customers.models import Customer
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import PAGE_SIZE, Fraction, In, Out, Page, Text, page_of
from chezhe.risk.actions.review_warning import review_warning
from chezhe.risk.profiles import pages, permissions, queries, tagging
from chezhe.risk.profiles.models import BehaviourScore, Profile, WarningReview

router = Router()


class ProfilePartOut(Out):
    """`fact` is a code of the catalogue. Of a score: points it adds; of a warning: points it costs."""

    fact: str
    points: int


class ProfileScoreOut(Out):
    on: date
    score: int
    probability: Fraction
    level: str


class ProfileOut(ProfileScoreOut):
    """`probability` of being thirty days late within ninety days; 1 for who is so already (level `late`)."""

    customer: str
    branch: str
    level_since: date


class ProfileWholeOut(ProfileOut):
    """`base` and `parts` make the score. `model` and `warning_model` are the hashes of what judged."""

    base: int
    parts: list[ProfilePartOut]
    reasons: list[ProfilePartOut]
    model: str
    warning_model: str
    tags: list[str]
    months: list[ProfileScoreOut]


def _score(row: BehaviourScore | Profile) -> dict[str, Any]:
    return {"on": row.on, "score": row.score, "probability": row.probability, "level": row.level}


def _row(row: Profile) -> ProfileOut:
    return ProfileOut(**_score(row), customer=row.customer.number, branch=row.customer.branch.code, level_since=row.level_since)


def _parts(pairs: list[Any]) -> list[ProfilePartOut]:
    return [ProfilePartOut(fact=code, points=points) for code, points in pairs]


@router.get("/profiles", response=Page[ProfileOut], summary="Customers with a running loan, as they stand")
@needs(permissions.VIEW_WARNINGS)
def profiles(
    request: HttpRequest, level: Literal["", "low", "watch", "high", "late"] = "", branch: str = "", cursor: str = "",
    limit: int = PAGE_SIZE,
) -> dict[str, Any]:
    rows = queries.profiles(request.actor)
    rows = rows.filter(level=level) if level else rows
    return page_of(rows.filter(customer__branch__code=branch) if branch else rows, cursor, limit, _row)


class WarningReviewIn(In):
    """`measure`: called, visited, agreed, collection, observed, unfounded."""

    measure: Text[10]
    note: Text[1000]


class WarningReviewOut(Out):
    customer: str
    level: str
    probability: Fraction
    measure: str
    reviewed_on: date
    reviewed_by: str


def _review(row: WarningReview) -> WarningReviewOut:
    return WarningReviewOut(
        customer=row.customer.number, level=row.level, probability=row.probability, measure=row.measure, reviewed_on=row.reviewed_on,
        reviewed_by=row.reviewed_by_name,
    )


@router.get("/profiles/{number}/reviews", response=Page[WarningReviewOut], summary="What was done about a customer's warnings")
@needs(permissions.VIEW)
def reviews(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    return page_of(queries.reviews_of(customer), cursor, limit, _review)


@router.post("/profiles/{number}/reviews", response={201: WarningReviewOut}, summary="Say what was done about a warning")
@needs(permissions.REVIEW_WARNING)
def review(request: HttpRequest, number: str, payload: WarningReviewIn) -> tuple[int, WarningReviewOut]:
    made = review_warning(
        customer_number=number, measure=payload.measure, note=payload.note, business_date=business_date.current(), by=request.actor)
    return 201, _review(made)


@router.get("/profiles/{number}", response=ProfileWholeOut, summary="How one customer pays, with the reasons")
@needs(permissions.VIEW)
def profile(request: HttpRequest, number: str) -> ProfileWholeOut:
    customer = Customer.objects.visible_to(request.actor).select_related("branch").fetch(number)
    found = queries.profile_of(customer)
    if found is None:
        raise NotFound(what=number)
    newest, known = found.newest, queries.known_of(customer, clock.now(), pages.CODES).values
    return ProfileWholeOut(
        **_score(found), customer=number, branch=customer.branch.code, level_since=found.level_since, base=newest.base,
        parts=_parts(newest.parts), reasons=_parts(newest.reasons), model=newest.card_hash, warning_model=newest.warning_hash,
        tags=[rule.tag for rule in tagging.tags_of(known)], months=[ProfileScoreOut(**_score(row)) for row in queries.by_month(customer)],
    )
