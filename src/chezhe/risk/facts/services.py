"""Every outside source: whom it knows, which consent it takes, what it must be told, and which facts it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings

from chezhe.risk.facts.catalogue import CATALOGUE, asked_of
from chezhe.risk.facts.definitions import SOURCES
from chezhe.risk.facts.gathering import Service, Whom
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.bureau import client as bureau
from chezhe.risk.vendors.bureau import reading as bureau_reading
from chezhe.risk.vendors.courts import client as courts
from chezhe.risk.vendors.courts import reading as courts_reading
from chezhe.risk.vendors.enterprise import client as enterprise
from chezhe.risk.vendors.enterprise import reading as enterprise_reading
from chezhe.risk.vendors.enterprise.answers import Ownership, Registration
from chezhe.risk.vendors.identity import client as identity
from chezhe.risk.vendors.identity import reading as identity_reading
from chezhe.risk.vendors.lenders import client as lenders
from chezhe.risk.vendors.lenders import reading as lenders_reading
from chezhe.risk.vendors.social_insurance import client as social_insurance
from chezhe.risk.vendors.social_insurance import reading as insurance_reading
from chezhe.risk.vendors.vehicle_registry import client as registry
from chezhe.risk.vendors.vehicle_registry import reading as registry_reading
from chezhe.risk.vendors.watchlists import client as watchlists
from chezhe.risk.vendors.watchlists import reading as watchlists_reading

Told = Mapping[str, Any]
_PERSON: Final = ("name", "id_number")
_COMPANY: Final = ("name", "uscc")
TRADE: Final = "trade"
# So many companies are looked through on the way to the people behind one.
OWNERS_ASKED_MAX: Final = 12
_FILED: Final = (
    "revenue_year", "profit_margin", "debt_ratio", "current_ratio", "quick_ratio", "interest_cover", "receivable_turns", "inventory_turns",
)

_OF_TRADE: Final = ("trade_status", "trade_months", "trade_is_own", "trade_tax_arrears")
_INSURED: Final = tuple(definition.code for definition in asked_of("social_insurance") if definition.of == "person")


def services_for(of: str) -> list[Service]:
    """The sources that know a kind of subject (person, company, vehicle)."""
    return [service for service in SERVICES.values() if service.of == of]


def _service(
    code: str, of: str, needs: tuple[str, ...], client: Any, ask: Callable[[Question, Whom], Any], facts: Callable[[Any, Whom, date], Told],
    *, source: str = "", codes: tuple[str, ...] = (), consent: str = "", on_wish: bool = False,
) -> Service:
    """Its facts and its consent are those of the catalogue, unless they are named."""
    told = source or code
    tells = codes or tuple(definition.code for definition in asked_of(told) if definition.of == of)
    agreed = consent or next(CATALOGUE[name].consent for name in tells)
    return Service(
        code=code, title=SOURCES[told], source=told, of=of, consent=agreed, needs=needs, codes=tells,
        timeout_seconds=client.TIMEOUT_SECONDS, ask=ask, facts=facts, on_wish=on_wish,
    )


def _known(read: Callable[[Any], Told], unknown: Told | None = None) -> Callable[[Any, Whom, date], Told]:
    """Facts of an answer; `unknown` are those of a source that has no record of somebody."""
    return lambda answer, whom, on: (unknown or {}) if answer is None else read(answer)


def _identity(answer: Any, whom: Whom, on: date) -> Told:
    """A number that was never given out belongs to nobody. The age stands in the number itself."""
    age = identity_reading.age_facts(whom.born_on, on) if whom.born_on else {}
    return {**age, **({"id_verified": False} if answer is None else identity_reading.identity_facts(answer))}


def _insurance(answer: Any, whom: Whom, on: date) -> Told:
    """Of whom the office knows nothing, nothing is known, whatever it told before."""
    return dict.fromkeys(_INSURED) if answer is None else insurance_reading.insured_facts(answer, whom.employer)


def _trade(answer: Any, whom: Whom, on: date) -> Told:
    """What the register does not tell of this trade is unknown, whatever it told before: that may have been of another one."""
    return {**dict.fromkeys(_OF_TRADE), **({} if answer is None else enterprise_reading.trade_facts(answer, on))}


@dataclass(frozen=True, slots=True)
class Registered:
    """A company as registered, and the owners of every company that was looked through, by code."""

    registration: Registration | None
    owners: dict[str, Ownership]


def _ask_registry(question: Question, whom: Whom) -> Registered | None:
    """Owners that are companies are asked about in turn, until only people are left or too many were asked."""
    registration = enterprise.registration(question, name=whom.name, uscc=whom.uscc)
    if registration is None:
        return None
    owners: dict[str, Ownership] = {}
    ahead = [(whom.name, whom.uscc)]
    while ahead and len(owners) < OWNERS_ASKED_MAX:
        name, uscc = ahead.pop(0)
        found = None if uscc in owners else enterprise.ownership(question, name=name, uscc=uscc)
        if found is not None:
            owners[uscc] = found
            ahead += [(holder.name, holder.number) for holder in found.shareholders if holder.kind == "company"]
    return Registered(registration, owners)


def _registry(answer: Any, whom: Whom, on: date) -> Told:
    if answer is None:
        return {}
    return {
        **enterprise_reading.registration_facts(answer.registration, on), **enterprise_reading.ownership_facts(whom.uscc, answer.owners)}


def _title(answer: Any, whom: Whom, on: date) -> Told:
    return {} if answer is None else registry_reading.title_facts(answer, on)


def _history(answer: Any, whom: Whom, on: date) -> Told:
    return {} if answer is None else registry_reading.history_facts(answer, on, whom.mileage_km)


_ALL: Final = (
    _service(
        "bureau", "person", _PERSON, bureau,
        lambda question, whom: bureau.personal_report(
            question, name=whom.name, id_number=whom.id_number, form=settings.BUREAU_FORM),
        _known(bureau_reading.facts, {"bureau_is_thin": True})),
    _service(
        "identity", "person", _PERSON, identity,
        lambda question, whom: identity.check_identity(question, name=whom.name, id_number=whom.id_number), _identity),
    _service(
        "face", "person", (*_PERSON, "photo_sha256"), identity,
        lambda question, whom: identity.compare_face(question, name=whom.name, id_number=whom.id_number, photo_sha256=whom.photo_sha256),
        _known(identity_reading.face_facts)),
    _service(
        "bank_card", "person", (*_PERSON, "card", "mobile"), identity,
        lambda question, whom: identity.check_card(
            question, name=whom.name, id_number=whom.id_number, card=whom.card, mobile=whom.mobile),
        _known(identity_reading.card_facts)),
    _service(
        "telecom", "person", (*_PERSON, "mobile"), identity,
        lambda question, whom: identity.check_phone(question, name=whom.name, id_number=whom.id_number, mobile=whom.mobile),
        _known(identity_reading.phone_facts)),
    _service(
        "court", "person", _PERSON, courts,
        lambda question, whom: courts.person_entries(question, name=whom.name, id_number=whom.id_number),
        _known(courts_reading.person_facts)),
    _service(
        "multi_lender", "person", (*_PERSON, "mobile"), lenders,
        lambda question, whom: lenders.applications(question, name=whom.name, id_number=whom.id_number, mobile=whom.mobile),
        _known(lenders_reading.lender_facts)),
    _service(
        "watch_list", "person", _PERSON, watchlists,
        lambda question, whom: watchlists.screen(question, name=whom.name, id_number=whom.id_number),
        _known(watchlists_reading.screening_facts)),
    _service(
        "social_insurance", "person", _PERSON, social_insurance,
        lambda question, whom: social_insurance.insured(question, name=whom.name, id_number=whom.id_number), _insurance),
    # A trade is looked at only for whoever borrows as a sole trader.
    _service(
        TRADE, "person", (*_PERSON, "trade_uscc"), enterprise,
        lambda question, whom: enterprise.trade(question, name=whom.name, id_number=whom.id_number, uscc=whom.trade_uscc),
        _trade, source="registry", codes=_OF_TRADE, on_wish=True),
    _service("registry", "company", _COMPANY, enterprise, _ask_registry, _registry),
    _service(
        "tax", "company", _COMPANY, enterprise, lambda question, whom: enterprise.tax(question, name=whom.name, uscc=whom.uscc),
        _known(enterprise_reading.tax_facts), codes=("revenue_taxed_year", "tax_arrears", "vat_rating")),
    _service(
        "invoices", "company", _COMPANY, enterprise, lambda question, whom: enterprise.invoices(question, name=whom.name, uscc=whom.uscc),
        _known(enterprise_reading.invoice_facts), source="tax", codes=("revenue_invoiced_year", "invoice_top_buyer_share")),
    _service(
        "accounts", "company", _COMPANY, enterprise, lambda question, whom: enterprise.statements(question, name=whom.name, uscc=whom.uscc),
        _known(enterprise_reading.statement_facts), codes=_FILED),
    _service(
        "company_watch_list", "company", _COMPANY, watchlists,
        lambda question, whom: watchlists.screen(question, name=whom.name, is_person=False),
        _known(watchlists_reading.screening_facts), source="watch_list", codes=("watch_list_alike",), consent="credit_query"),
    _service(
        "enterprise_bureau", "company", _COMPANY, bureau,
        lambda question, whom: bureau.company_report(question, name=whom.name, uscc=whom.uscc), _known(bureau_reading.company_facts)),
    _service(
        "company_court", "company", _COMPANY, courts,
        lambda question, whom: courts.company_entries(question, name=whom.name, uscc=whom.uscc), _known(courts_reading.company_facts),
        source="court", codes=("company_has_enforcement",), consent="credit_query"),
    _service(
        "vehicle_registry", "vehicle", ("vin",), registry,
        lambda question, whom: registry.title(question, vin=whom.vin, plate=whom.plate, owner_number=whom.id_number or whom.uscc), _title,
        consent="personal_info"),
    _service(
        "vehicle_history", "vehicle", ("vin",), registry, lambda question, whom: registry.history(question, vin=whom.vin), _history,
        codes=("car_mileage_conflict", "car_major_accident", "car_flood", "car_fire", "car_insured"), consent="personal_info"),
)
SERVICES: Final[dict[str, Service]] = {service.code: service for service in _ALL}
