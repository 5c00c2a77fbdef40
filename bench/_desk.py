"""A desk of any number of applications, without their papers: customers, cars, applications, their approvals with votes, and their clocks.

Two years of work, of which the last days are still open: what a house of that size has before it on a morning. Rows are as the actions
leave them as far as lists read them; what only pages of one case show is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

SEED, AT_ONCE, DAYS = 20260302, 2_000, 730
# Out of a thousand, by status; what is open was begun in the last days.
SHARES = {
    "draft": 20, "checking": 2, "first_review": 30, "final_review": 18, "supplement": 10, "approved": 25, "accepted": 605, "rejected": 200,
    "withdrawn": 60, "expired": 30,
}
OPEN = ("draft", "checking", "first_review", "final_review", "supplement", "approved")
STAGE_OF = {"checking": "machine", "first_review": "review", "final_review": "review", "supplement": "review", "approved": "offer"}
PEOPLE = ("reviewer", "approver")


def load(count: int, at: datetime) -> dict[str, int]:
    """Fill the empty tables; returns how many rows of each kind there are."""
    from chezhe.contracts.lane.models import LaneRun
    from chezhe.staff.models import User

    draws = Random(SEED)
    sellers = list(User.objects.filter(grants__role="sales", is_active=True).exclude(branch=None).distinct().order_by("pk"))
    voters = [User.objects.get(username=name) for name in PEOPLE]
    customers = _filed(_customers(max(count // 2, 1), sellers, draws, at))
    cars = _filed(_cars(count, customers, draws, at))
    requests = _filed(_requests(count, sellers, voters, draws, at))
    by_place = dict(zip(_decided_places(count), requests, strict=True))
    applications = _filed(_applications(count, customers, cars, by_place, draws, at))
    votes = _filed(_votes(requests, voters))
    runs = _filed(_runs(applications, at))
    spans = _filed(_spans(runs))
    _measured()
    return {
        "customers": len(customers), "vehicles": len(cars), "applications": len(applications), "requests": len(requests),
        "votes": len(votes), "runs": LaneRun.objects.count(), "spans": len(spans),
    }


def _filed(rows: Iterator[Any]) -> list[Any]:
    """Every row, in the database."""
    found: list[Any] = []
    while some := list(islice(rows, AT_ONCE)):
        type(some[0]).objects.bulk_create(some)
        found += some
    return found


def _measured() -> None:
    """What the database's own upkeep would know by the morning."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _statuses(count: int) -> Iterator[str]:
    """The status of each place, always the same: shares of every thousand, strewn."""
    thousand = [status for status, share in SHARES.items() for _ in range(share)]
    Random(SEED).shuffle(thousand)
    return (thousand[place % len(thousand)] for place in range(count))


def _decided_places(count: int) -> list[int]:
    """The places whose case went to people."""
    return [place for place, status in enumerate(_statuses(count)) if status not in ("draft", "checking") and place % 5]


def _begun(status: str, place: int, draws: Random, at: datetime) -> datetime:
    """When it was begun: what is open within the last four days, the others any time of two years."""
    seconds = draws.randrange(4 * 86_400) if status in OPEN else draws.randrange(4 * 86_400, DAYS * 86_400)
    return at - timedelta(seconds=seconds + 1)


def _customers(count: int, sellers: list[Any], draws: Random, at: datetime) -> Iterator[Any]:
    from chezhe.customers import steps
    from chezhe.customers.models import Customer
    from chezhe.identifiers import synthetic
    from chezhe.invented import words
    from chezhe.kernel import numbers

    seen: set[str] = set()
    serials = iter(numbers.next_numbers("C", at.date(), count))
    while len(seen) < count:
        born = (at - timedelta(days=draws.randrange(22 * 365, 60 * 365))).date()
        paper = synthetic.invent_id_number(draws, born, draws.choice(("male", "female")))
        if paper in seen:
            continue
        seen.add(paper)
        name = draws.choice(words.SURNAMES) + "".join(draws.sample(words.GIVEN, 2))
        seller = draws.choice(sellers)
        row = Customer(
            number=next(serials), kind="person", name=name, id_number=paper, id_number_tail=paper[-4:], birth_date=born,
            branch=seller.branch, owner=seller, created_at=at, changed_at=at,
        )
        steps.index_name(row)
        yield row


def _cars(count: int, customers: list[Any], draws: Random, at: datetime) -> Iterator[Any]:
    from chezhe.identifiers import synthetic
    from chezhe.kernel import numbers
    from chezhe.vehicles.models import Vehicle

    serials, seen = iter(numbers.next_numbers("V", at.date(), count)), set()
    while len(seen) < count:
        vin = synthetic.invent_vin(draws, draws.randrange(2017, 2026))
        if vin in seen:
            continue
        owner = customers[len(seen) % len(customers)]
        seen.add(vin)
        yield Vehicle(
            number=next(serials), owner=owner, vin=vin, vin_tail=vin[-6:], brand="大众", series="朗逸", model="1.5L 自动",
            energy_type="petrol", condition="used", created_at=at, changed_at=at,
        )


def _requests(count: int, sellers: list[Any], voters: list[Any], draws: Random, at: datetime) -> Iterator[Any]:
    """One approval for each case that went to people: two stages, of which those in final review have done the first."""
    from chezhe.approvals.models import ApprovalRequest
    from chezhe.approvals.rules import Stage
    from chezhe.finmath.money import Money
    from chezhe.kernel import numbers, roles

    stages = [Stage(role=role).as_json() for role in (roles.REVIEWER, roles.APPROVER)]
    places, statuses = _decided_places(count), list(_statuses(count))
    serials = iter(numbers.next_numbers("AP", at.date(), len(places)))
    for place in places:
        status, seller = statuses[place], draws.choice(sellers)
        opened = _begun(status, place, draws, at)
        is_open, stage = status in ("first_review", "final_review"), int(status != "first_review")
        verdict = {"rejected": "rejected", "supplement": "returned"}.get(status, "withdrawn" if status == "withdrawn" else "approved")
        spent = [] if status == "first_review" else [voters[0].pk]
        yield ApprovalRequest(
            number=next(serials), kind="origination.application", subject_text=f"application:bench-{place}",
            title=f"客户*{place % 97} · P03", amount=Money(draws.randrange(2, 40) * 1_000_000), branch=seller.branch, opened_by=seller,
            opened_by_name=seller.name,
            maker_ids=[seller.pk], stages=stages, stage=stage, stage_role=stages[stage]["role"], stage_roles=[stages[stage]["role"]],
            spent_ids=spent, status="open" if is_open else verdict, opened_at=opened,
            due_at=opened + timedelta(hours=24), decided_at=None if is_open else opened + timedelta(hours=5),
        )


def _applications(
    count: int, customers: list[Any], cars: list[Any], requests: dict[int, Any], draws: Random, at: datetime,
) -> Iterator[Any]:
    from chezhe.finmath.money import Money
    from chezhe.kernel import numbers
    from chezhe.origination.models import Application
    from chezhe.products.models import ProductVersion

    version = ProductVersion.objects.filter(product__code="P03", status="published").latest("version")
    serials = iter(numbers.next_numbers("A", at.date(), count))
    for place, status in enumerate(_statuses(count)):
        request, car = requests.get(place), cars[place]
        begun = request.opened_at if request else _begun(status, place, draws, at)
        owner = car.owner.owner
        yield Application(
            number=next(serials), status=status, customer=car.owner, vehicle=car, product_version=version, branch=car.owner.branch,
            owner=owner, approval=request, purpose="consumption", amount=Money(draws.randrange(2, 40) * 1_000_000), periods=24,
            annual_rate=Decimal("0.12"), method="equal_instalment", maker_ids=[owner.pk], bound="paid" if status == "accepted" else "",
            **(_grades(place, draws) if status not in ("draft", "checking") else {}),
            created_at=begun - timedelta(hours=2), submitted_at=None if status == "draft" else begun,
            decided_at=begun + timedelta(hours=5) if status in ("approved", "accepted", "rejected") else None,
            approval_expires_on=(at + timedelta(days=20)).date() if status in ("approved", "accepted") else None, changed_at=begun,
        )


def _grades(place: int, draws: Random) -> dict[str, Any]:
    """What the machine made of it."""
    return {
        "ltv": Decimal(draws.randrange(20, 85)) / 100, "dti": Decimal(draws.randrange(5, 70)) / 100, "tier": draws.choice("AABBBCD"),
        "score": draws.randrange(520, 720), "exceptions": draws.choice((0, 0, 0, 1, 2)), "is_prime": place % 6 == 0,
    }


def _votes(requests: Iterable[Any], voters: list[Any]) -> Iterator[Any]:
    from chezhe.approvals.models import Vote

    for request in requests:
        given = 0 if request.status == "open" and request.stage == 0 else 1 if request.status == "open" else 2
        for stage in range(given):
            voter, said = voters[stage], "reject" if request.status == "rejected" and stage else "agree"
            yield Vote(
                request=request, stage=stage, user=voter, voter_name=voter.name, role=PEOPLE[stage], verdict=said, opinion="核实无误",
                voted_at=request.opened_at + timedelta(hours=1 + stage),
            )


def _runs(applications: Iterable[Any], at: datetime) -> Iterator[Any]:
    from chezhe.contracts.lane.models import LaneRun

    for place, row in enumerate(applications):
        if row.submitted_at is None:
            continue
        is_open, began = row.status in OPEN, row.submitted_at
        over = None if is_open else began + timedelta(hours=3 + place % 30)
        yield LaneRun(
            application=row, status="running" if is_open else "sent" if row.status == "accepted" else "left",
            stage=STAGE_OF.get(row.status, "payout"), is_prime=row.is_prime, began_at=began, promised_seconds=86_400,
            due_at=began + timedelta(days=1), stage_due_at=began + timedelta(hours=2), ended_at=over,
        )


def _spans(runs: Iterable[Any]) -> Iterator[Any]:
    """Four stages of what is over, two of what is open."""
    from chezhe.contracts.lane.models import LaneSpan

    for run in runs:
        stages = ("machine", "review", "contract", "payout") if run.ended_at else ("machine", run.stage)
        for place, stage in enumerate(dict.fromkeys(stages)):
            began = run.began_at + timedelta(minutes=30 * place)
            is_last = place == len(dict.fromkeys(stages)) - 1
            yield LaneSpan(
                run=run, stage=stage, began_at=began, budget_seconds=3_600,
                ended_at=run.ended_at if is_last else began + timedelta(minutes=30),
            )
