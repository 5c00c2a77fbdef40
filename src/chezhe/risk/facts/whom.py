"""What an outside source is told of one of our subjects so that it can answer."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.customers import queries as customers
from chezhe.customers.models import Customer
from chezhe.documents import queries as documents
from chezhe.documents.models import StoredFile
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import NotFound
from chezhe.risk.deciding.models import DecisionRound
from chezhe.risk.facts.gathering import Service, Whom
from chezhe.vehicles.models import Vehicle

# The picture of the person is taken at the interview; until there is one, the picture side of the card serves.
_PHOTOS = ("interview_record", "id_front")
_CUSTOMER = Composed(lambda number: Customer.objects.filter(number=number).select_related("trade"), "?")
_CAR = Composed(lambda number: Vehicle.objects.filter(number=number).select_related("owner"), "?")
_PHOTO = Composed(lambda subject: documents.of(subject).filter(category__in=_PHOTOS)[:1], "?")


@dataclass(frozen=True, slots=True)
class Subject:
    """`of` is the kind of subject as services know it; `told` what they are told; `consenting` whose consent counts."""

    of: str
    told: Whom
    consenting: str

    def lacking(self, service: Service) -> tuple[str, ...]:
        """What the service needs and we do not know."""
        return tuple(name for name in service.needs if not getattr(self.told, name))


def of(subject: str) -> Subject:
    """The subject as sources see it. For code that has opened it; raises NotFound (404) for what cannot be asked about."""
    kind, _colon, number = subject.partition(":")
    if kind == "customer" and (customers_called := _CUSTOMER.objects(number)):
        (customer,) = customers_called
        return _person(customer) if customer.is_person else _company(customer)
    if kind == "vehicle" and (cars_called := _CAR.objects(number)):
        (car,) = cars_called
        owner = car.owner
        told = Whom(name=owner.name, id_number=owner.id_number, uscc=owner.uscc, vin=car.vin, plate=car.plate, mileage_km=car.mileage_km)
        return Subject("vehicle", told, owner.subject)
    raise NotFound(what=subject[:80])


def _photo(subject: str) -> StoredFile | None:
    return next(iter(_PHOTO.objects(subject)), None) if subject else None


def _handed_in(customer: Customer) -> str:
    """The application that they handed in last: a clerk files the papers there."""
    last = DecisionRound.objects.filter(customer=customer).order_by("-id").values_list("subject", flat=True).first()
    return last or ""


def _company(customer: Customer) -> Subject:
    return Subject("company", Whom(name=customer.name, uscc=customer.uscc), customer.subject)


def _person(customer: Customer) -> Subject:
    account = customers.main_account(customer)
    photo = _photo(customer.subject) or _photo(_handed_in(customer))
    return Subject("person", Whom(
        name=customer.name, id_number=customer.id_number, mobile=customers.main_mobile(customer),
        card=account.card_number if account else "", photo_sha256=photo.sha256 if photo else "", born_on=customer.birth_date,
        employer=customer.employer,
        trade_uscc=trade.uscc if (trade := customer.own_trade) else "",
    ), customer.subject)
