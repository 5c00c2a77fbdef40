"""Every figure a person decides on: the plan, what it costs, the ratios, and what the caps say. Reads, never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.rules import Finding, PricingFacts
from chezhe.documents import queries as document_queries
from chezhe.finmath.money import ZERO, Money
from chezhe.finmath.terms import Method
from chezhe.kernel import parameters, values
from chezhe.origination import cars, queries, rules
from chezhe.origination.models import Application
from chezhe.products import judging
from chezhe.products import steps as product_steps
from chezhe.products.models import ProductVersion
from chezhe.products.pages import Sample
from chezhe.vehicles import rules as vehicle_rules
from chezhe.vehicles.models import Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What is asked for on a business date, priced and judged. `dti_limit` is the lender's usual one. `price_base` is what the
    application's own car counts for, `law_base` what the law and the product measure the loan against; `ltv` is of all cars together."""

    on: date
    version: ProductVersion
    vehicle: Vehicle
    sample: Sample
    facts: PricingFacts
    price_base: Money
    ltv: Decimal | None
    dti: Decimal | None
    dti_limit: Decimal | None
    findings: tuple[Finding, ...]
    misfits: tuple[judging.Problem, ...]
    law_base: Money
    further: tuple[cars.Counted, ...] = ()
    further_misfits: tuple[tuple[Vehicle, judging.Problem], ...] = ()

    @property
    def value_base(self) -> Money:
        """What all cars count for together."""
        return rules.value_together(self.price_base, [one.base for one in self.further])

    @property
    def instalment(self) -> Money:
        """What the borrower pays in an ordinary month."""
        return usual_instalment(self.sample)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """(tone, sentence) of everything there is to say, blocks first."""
        said = [("danger", product_steps.sentence_of(problem)) for problem in self.misfits]
        said += [("danger", f"{car.number} {product_steps.sentence_of(problem)}") for car, problem in self.further_misfits]
        return said + [("danger" if f.is_block else "warning", compliance_steps.sentence_of(f)) for f in self.findings]


def assess(application: Application, on: date) -> Assessment | None:
    """The figures of an application on a business date; None while something they need is missing.

    Raises NoPlan (422) for terms that make no plan and ParameterMissing or LenderUnknown (409).
    """
    version, vehicle, method = application.product_version, application.vehicle, application.repayment_method
    base = queries.price_base(application, on)
    amount, periods, annual_rate = application.amount, application.periods, application.annual_rate
    if version is None or vehicle is None or method is None or base is None or amount is None or periods is None or annual_rate is None:
        return None
    further = cars.counted(application, on)
    law_base = cars.law_base(application, base, further)
    misfits = judging.misfits(version.terms, request_of(application, vehicle, method, law_base, on))
    if any(problem.field == "method" for problem in misfits):
        return None
    sample = _sample(version, amount, periods, annual_rate, method, on, application.due_day)
    facts = _facts(application, version, vehicle, sample, law_base)
    limit = parameters.find("DTI_MAX_B", on)
    return Assessment(
        on=on, version=version, vehicle=vehicle, sample=sample, facts=facts, price_base=base, law_base=law_base, further=further,
        ltv=rules.loan_to_value(amount, rules.value_together(base, [one.base for one in further])), dti=_dti(application, sample),
        dti_limit=Decimal(limit.value) if limit else None,
        findings=tuple(compliance_steps.findings_for(facts, on)), misfits=tuple(misfits),
        further_misfits=tuple(cars.misfits(application, version.terms, on)) if further else (),
    )


def request_of(application: Application, vehicle: Vehicle, method: Method, base: Money, on: date) -> judging.Request:
    """What is asked for, as the product judges it."""
    registered = vehicle.first_registered_on
    return judging.Request(
        amount=application.amount, periods=application.periods, annual_rate=application.annual_rate, method=method,
        borrower_kind=application.borrower_kind, purpose=application.purpose, condition=vehicle.condition,
        usage=_usage(vehicle), energy=_energy(vehicle), mileage_km=vehicle.mileage_km, price_base=base,
        age_months=vehicle_rules.age_months(registered, on) if registered else None,
    )


def _usage(vehicle: Vehicle) -> str:
    return "commercial" if vehicle_rules.is_commercial(vehicle.usage_nature) else "private"


def _energy(vehicle: Vehicle) -> str:
    return "nev" if vehicle_rules.is_new_energy(vehicle.energy_type) else "conventional"


def _sample(
    version: ProductVersion, amount: Money, periods: int, annual_rate: Decimal, method: Method, on: date, due_day: int | None
) -> Sample:
    """The plan with all fees, and again with those that count in the all-in cost."""
    asked: dict[str, Any] = {
        "amount": amount, "periods": periods, "annual_rate": annual_rate, "method": method, "start": on, "due_day": due_day,
    }
    charged = product_steps.quoted(version.terms, **asked)
    all_count = all(fee.is_counted for fee in version.terms.fees)
    priced = charged if all_count else product_steps.quoted(version.terms, counted_only=True, **asked)
    return Sample(amount, periods, annual_rate, method, charged, priced)


def _facts(application: Application, version: ProductVersion, vehicle: Vehicle, sample: Sample, base: Money) -> PricingFacts:
    lender, rates, penalty = compliance_queries.lender(), sample.priced.rates, version.terms.penalty
    return PricingFacts(
        licence_type=lender.licence_type, region=lender.region, product_code=version.product.code,
        borrower_kind=application.borrower_kind, purpose=application.purpose or version.terms.purposes[0],
        vehicle_condition=vehicle.condition, usage=_usage(vehicle), energy=_energy(vehicle), amount=sample.amount,
        price_base=base, term_months=sample.periods, annual_rate=sample.annual_rate, all_in_simple=rates.all_in_simple,
        all_in_compound=rates.all_in_compound, penalty_multiple=penalty.multiple, misuse_multiple=penalty.misuse_multiple,
        upfront_fees=Money(sample.priced.totals.upfront_fee_fen),
    )


def usual_instalment(sample: Sample) -> Money:
    """What the borrower pays in an ordinary month, fees included."""
    return rules.usual_instalment([row.total_fen for row in sample.charged.rows])


def _dti(application: Application, sample: Sample) -> Decimal | None:
    if application.monthly_income is None:
        return None
    return rules.debt_to_income(application.monthly_debt or ZERO, usual_instalment(sample), application.monthly_income)


def shown(application: Application, on: date) -> dict[str, Any] | None:
    """The figures that were decided on, or today's while it is being written; None while something they need is missing.

    Raises what `assess` raises.
    """
    return told(application, on)[0]


def told(application: Application, on: date) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    """The same with what product and caps say of it, as (tone, sentence)."""
    if application.snapshot and not application.is_editable:
        return application.snapshot, sentences_of(application.snapshot)
    assessment = assess(application, on)
    return (snapshot(application, assessment), assessment.sentences) if assessment else (None, [])


def sentences_of(kept: dict[str, Any]) -> list[tuple[str, str]]:
    """(tone, sentence) of what the caps said, from a snapshot."""
    found = [values.from_json(Finding, stored) for stored in kept["findings"]]
    return [("danger" if f.is_block else "warning", compliance_steps.sentence_of(f)) for f in found]


def snapshot(application: Application, assessment: Assessment) -> dict[str, Any]:
    """Every figure of the decision as JSON: sums in fen, rates and days as text."""
    totals, rates = assessment.sample.charged.totals, assessment.sample.priced.rates
    return {
        "on": assessment.on.isoformat(), "customer": application.customer.number, "purpose": application.purpose,
        "product_version": assessment.version.number, "product_hash": assessment.version.content_hash,
        "vehicle": assessment.vehicle.number, "mileage_km": assessment.vehicle.mileage_km,
        "price_fen": _fen(application.price), "price_base_fen": assessment.value_base.fen, "amount_fen": assessment.sample.amount.fen,
        "periods": assessment.sample.periods, "annual_rate": str(assessment.sample.annual_rate),
        "method": assessment.sample.method.value, "due_day": application.due_day,
        "monthly_income_fen": _fen(application.monthly_income), "monthly_debt_fen": _fen(application.monthly_debt),
        "instalment_fen": assessment.instalment.fen, "interest_fen": totals.interest_fen, "fee_fen": totals.fee_fen,
        "upfront_fee_fen": totals.upfront_fee_fen, "total_fen": totals.total_fen, "ltv": _text(assessment.ltv),
        "dti": _text(assessment.dti), "dti_limit": _text(assessment.dti_limit), "all_in_simple": _text(rates.all_in_simple),
        "all_in_compound": _text(rates.all_in_compound), "all_in_xirr": _text(rates.all_in_xirr),
        "licence_type": str(assessment.facts.licence_type), "findings": [values.to_json(finding) for finding in assessment.findings],
        "parties": [{"customer": p.customer.number, "role": p.role} for p in application.parties.select_related("customer")],
        "documents": _documents(application),
    } | _several(assessment)


def _several(assessment: Assessment) -> dict[str, Any]:
    """The further cars with what each counts for; nothing of an application that has none."""
    if not assessment.further:
        return {}
    bases = {one.vehicle.number: _fen(one.base) for one in assessment.further}
    return {"further_vehicles": list(bases), "car_bases_fen": {assessment.vehicle.number: assessment.price_base.fen, **bases}}


def _documents(application: Application) -> list[dict[str, str]]:
    """Which papers were there, by their content, so that a later exchange shows."""
    subjects = [application.subject, application.customer.subject]
    if application.vehicle is not None:
        subjects.append(application.vehicle.subject)
    subjects += [car.subject for car in cars.of(application)]
    return [
        {"subject": subject, "category": file.category, "sha256": file.sha256}
        for subject in subjects for file in document_queries.of(subject)
    ]


def _fen(money: Money | None) -> int | None:
    return None if money is None else money.fen


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def is_over(value: str | None, limit: str | None) -> bool:
    """Whether a ratio of a snapshot lies over its limit."""
    return value is not None and limit is not None and Decimal(value) > Decimal(limit)
