"""From the answers to a value: every source's estimate, the vote, the lending value, and what the car will be worth later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.kernel import appending, bulk, clock, moves
from chezhe.kernel.actor import Actor
from chezhe.risk.valuing import bias, blending, curves, figures, haircuts, own, own_model, recording, selling, shadowing, steps, witnesses
from chezhe.risk.valuing.blending import Blended, Opinion
from chezhe.risk.valuing.choices import OUTSIDE
from chezhe.risk.valuing.figures import Figures
from chezhe.risk.valuing.models import AppraiserRatio, Estimate, MarketDeal, Valuing
from chezhe.risk.valuing.own import Said, Seen
from chezhe.risk.valuing.states import VALUING
from chezhe.risk.valuing.told import Answers
from chezhe.vehicles import rules as vehicle_rules

PATH_MONTHS, OFFER_DAYS = 84, 3 * 365
# Asked price ÷ market value.
PRICES = ("0.80", "0.90", "1.00", "1.10", "1.20")
# Formulas support the others: they have not seen this car, and invoices are written by people.
SUPPORTING = ("cost", "market", "invoice")
_VERBS = {blending.AGREED: "agree", blending.RECHECK: "recheck", blending.REFER: "refer"}


def record_answers(valuing: Valuing, answers: Answers, *, by: Actor) -> Valuing:
    """Write down what every source said and what it comes to. The row is locked by the caller; one that was answered stays as it is."""
    if valuing.status != "gathering":
        return valuing
    held = figures.on(valuing.valued_on)
    testimony = witnesses.heard(valuing.vehicle, answers.registered, valuing.valued_on)
    car = own.seen(valuing.vehicle, valuing.valued_on, held, transfers=testimony.transfers)
    estimates = _write_estimates(valuing, answers, own.all_said(car, held))
    blended = _blend(estimates, held)
    _fill(valuing, car, blended, estimates, held)
    valuing.checked = testimony.as_json
    valuing.answered_at = clock.now()
    valuing.save()
    moves.move(valuing, VALUING, _VERBS[blended.outcome], by=by)
    steps.overtake(valuing, by=by)
    recording.record_words(valuing.vehicle.subject, testimony.words, by=by)
    recording.record_readings(valuing.vehicle.subject, testimony.readings, by=by)
    _remember_appraiser(valuing, estimates, held)
    shadowing.answer(valuing, estimates)
    if valuing.status == "agreed":
        recording.take_effect(valuing, by=by)
    steps.announce(valuing)
    return valuing


def _write_estimates(valuing: Valuing, answers: Answers, house: Iterable[Said]) -> list[Estimate]:
    day = valuing.valued_on
    rows = [
        Estimate(
            valuing=valuing, source=quote.source, amount=quote.amount, low=quote.low, high=quote.high, told=quote.amount,
            failure=quote.failure, valued_on=day, evidence={"reference": quote.reference, "milliseconds": quote.milliseconds},
        )
        for quote in answers.quotes
    ]
    rows += [
        Estimate(
            valuing=valuing, source=said.source, amount=said.amount, low=said.low, high=said.high, told=said.told or said.amount,
            failure=said.failure, valued_on=said.report.valued_on if said.report else day, inputs=said.inputs, report=said.report,
        )
        for said in house
    ]
    return Estimate.objects.bulk_create(rows)


def _blend(estimates: Sequence[Estimate], held: Figures, *, without: str = "") -> Blended:
    opinions = [
        Opinion(
            source=row.source, amount=row.amount, weight=held.weights[row.source], is_witness=row.source not in SUPPORTING, low=row.low,
            high=row.high,
        )
        for row in estimates if row.amount is not None and row.source != without and held.weights[row.source] > 0
    ]
    return blending.blend(opinions, outlier_rate=held.outlier_rate, recheck_rate=held.recheck_rate)


def _fill(valuing: Valuing, car: Seen, blended: Blended, estimates: Sequence[Estimate], held: Figures) -> None:
    valuing.age_months, valuing.mileage_km = car.age_months, car.mileage_km
    valuing.voices = [
        {"source": v.opinion.source, "amount_fen": v.opinion.amount.fen, "weight": v.opinion.weight, "is_kept": v.is_kept,
         "deviation": str(round(v.deviation_rate, 6))}
        for v in blended.voices
    ]
    if blended.value is None:
        return
    valuing.value, valuing.low, valuing.high, valuing.spread_rate = blended.value, blended.low, blended.high, blended.spread_rate
    age, usage = car.age_months or 0, valuing.vehicle.usage_nature
    is_commercial = vehicle_rules.is_commercial(usage)
    cut = haircuts.haircut(
        held.haircuts, age_months=age, is_new_energy=car.energy == curves.NEW_ENERGY, is_commercial=is_commercial)
    kept = {opinion.source: opinion.amount for opinion in blended.kept}
    lent = haircuts.lending_value(
        blend=blended.value, outside=[kept[name] for name in OUTSIDE if name in kept], invoice=kept.get("invoice"), cut=cut)
    valuing.lending_value, valuing.basis, valuing.bound_by = lent.amount, lent.basis, lent.bound_by
    valuing.haircut = {code: str(rate) for code, rate in cut.parts.items()}
    valuing.path = [value.fen for value in _path(car, blended.value)]
    valuing.selling = _selling("commercial" if is_commercial else car.energy, valuing)


def _path(car: Seen, value: Money) -> Sequence[Money]:
    """As the own model sees the car grow old; without one, or without what it needs, down the house's curve."""
    row = car.row
    if row is not None:
        shares = own_model.yearly_shares(row, years=PATH_MONTHS // 12)
        if shares is not None:
            return curves.path_along(value, shares, PATH_MONTHS)
    return curves.residual_path(value, age_months=car.age_months or 0, months=PATH_MONTHS, energy=car.energy)


def _selling(segment: str, valuing: Valuing) -> dict[str, Any]:
    """Days to sell at five prices against the market; `median` and its bounds are those at the market's price."""
    table = selling.hazards(_offers(valuing))
    at = {price: selling.days_to_sell(table, segment=segment, position=Decimal(price)) for price in PRICES}
    found = at["1.00"]
    return {
        "segment": segment, "median": found.median, "low": found.low, "high": found.high, "offers": found.offers,
        "by_price": {price: [one.median, one.low, one.high] for price, one in at.items()},
    }


def _offers(valuing: Valuing) -> Iterable[selling.Offer]:
    since = valuing.valued_on - timedelta(days=OFFER_DAYS)
    for deal in MarketDeal.objects.filter(market_value__gt=0, listed_on__gte=since, listed_on__lte=valuing.valued_on):
        is_commercial = vehicle_rules.is_commercial(deal.usage_nature)
        segment = "commercial" if is_commercial else "nev" if vehicle_rules.is_new_energy(deal.energy_type) else "conventional"
        end = min(deal.sold_on or valuing.valued_on, valuing.valued_on)
        yield selling.Offer(
            segment, Decimal(deal.price.fen) / deal.market_value.fen, (end - deal.listed_on).days, deal.sold_on is not None and
            deal.sold_on <= valuing.valued_on)


def _remember_appraiser(valuing: Valuing, estimates: Sequence[Estimate], held: Figures) -> None:
    """Hold the appraiser's own figure, before any correction, against what the others agree on without it."""
    said = next((row for row in estimates if row.source == "appraiser" and row.report is not None), None)
    if said is None or said.told is None or said.report is None:
        return
    others = _blend(estimates, held, without="appraiser")
    if others.value is None:
        return
    ratio = AppraiserRatio(
        report=said.report, against="blend", appraiser_id=said.report.appraiser_id, truth=others.value, measured_on=valuing.valued_on,
        ratio=round(Decimal(said.told.fen) / others.value.fen, 10),
    )
    if not appending.append_once(ratio):
        ratio.pk = AppraiserRatio.objects.values_list("pk", flat=True).get(report=said.report, against="blend")
        bulk.update([ratio], ("appraiser", "truth", "ratio", "measured_on"))


def biases(appraisers: Iterable[int]) -> dict[int, bias.Bias]:
    """The bias of each appraiser as it stands."""
    return {appraiser: bias.measure(own.ratios_of(appraiser)) for appraiser in appraisers}
