"""The applications of a backtest as a Parquet file: past ones as they were known then, or invented ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as files  # type: ignore[import-untyped]
from django.db.models import QuerySet

from chezhe.compliance.rules import PERSON
from chezhe.kernel import clock
from chezhe.risk.deciding import champion, record, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import Bounds, Case, Cover, Given, Strategy
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab import generating, rows
from chezhe.risk.lab.models import Backtest
from chezhe.risk.relations import queries as relations

INVENTED_ROWS, INVENTED_SEED = 20_000, 20260101
BAD, GOOD = 1, 0
# What is lent on an invented car of what it is worth: nobody stands surety beside it.
LENT_PERCENT: Final = 90
_NOTHING: Final = Strategy(policies={}, scorer=None)
OWN: Final = {"id": rows.COUNT, "decision": rows.COUNT, "bad": rows.COUNT}


@dataclass(frozen=True, slots=True)
class Book:
    """A file, how many applications stand in it, and how many were left out: companies, loans on several cars, altered records, figures
    no column holds."""

    path: Path
    applications: int
    set_aside: int


def write_past(decisions: Iterable[Decision], codes: Sequence[str], path: Path) -> Book:
    """Every decision with the facts of its record: what was known then, and nothing that came later."""
    return _write(_past(decisions), codes, path)


def _past(decisions: Iterable[Decision]) -> Iterator[dict[str, Any] | None]:
    for decision in decisions:
        try:
            kept = replaying.told(decision)
            case = Case(
                facts=record.facts_of(kept), strategy=_NOTHING, bounds=record.bounds_of(kept), cover=record.cover_of(kept),
            )
            is_person = champion.scored_as(str(case.value("borrower_kind") or "")) == PERSON
            # No column holds what is known of a second car.
            is_told = is_person and not record.cars_of(kept)
            yield {"decision": decision.pk, "bad": _fate(decision)} | rows.row_of(case) if is_told else None
        except (replaying.Altered, ValueError, KeyError):
            yield None


def _fate(decision: Decision) -> int | None:
    """What became of the customer's loans since; None while nobody has said."""
    told = relations.told_by(clock.now()).filter(subject=decision.customer.subject, on__gte=decision.business_date)
    kinds = set(told.values_list("kind", flat=True))
    return BAD if "bad" in kinds else GOOD if "good" in kinds else None


def invented(bounds: Bounds, cover: Cover, path: Path, count: int) -> Book:
    """People who never were, with what became of their loans; what no invented source tells is as a good case has it.
    Made once and kept, under the legal limits and the least coverage of the day on which it was made."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = path.with_suffix(".begun")
        _write((_invented(told, bounds, cover) for told in generating.applications(count, INVENTED_SEED)), list(CATALOGUE), begun)
        begun.rename(path)
    return Book(path, files.ParquetFile(str(path)).metadata.num_rows, 0)


def usual_facts() -> dict[str, Given]:
    """The words of an invented application, for the limits that it stands under."""
    raw = {**_GIVEN, "amount": 6_000_000, "price_base": 10_000_000, "periods": 24, "annual_rate": "0.12", "purpose": "purchase",
           "borrower_kind": "person", "product": "P02", "all_in_simple": "0.12", "all_in_compound": "0.13"}
    return {code: given for code, value in raw.items() if code in CATALOGUE and (given := _given(code, value)) is not None}


# What the generator leaves to the application, the product and our own records.
_GIVEN: Final = {
    "channel": "direct", "car_condition": "used", "car_use_kind": "private", "car_energy_kind": "conventional", "penalty_multiple": "1.5",
    "misuse_multiple": "2", "upfront_fees": 0, "product_rate_usual": "0.1288", "product_rate_min": "0.088", "product_rate_max": "0.18",
    "product_ltv_max": "0.8", "forward_ltv_max": "0.7", "car_usage": "non_commercial", "car_insured": True, "car_plate_match": True,
    "watch_list_hit": False, "same_card_people": 0, "same_vin_applications": 0, "ring_bad_rate": "0", "ring_size": 0,
    "guarantor_applications": 0, "plate_other_vins": 0, "employer_bad_people": 0, "employer_bad_rate": "0",
}
_PURPOSES: Final = {"vehicle_purchase": "purchase", "turnover": "consumption"}


def _invented(told: dict[str, Any], bounds: Bounds, cover: Cover) -> dict[str, Any] | None:
    raw = {**_GIVEN, **told, "purpose": _PURPOSES.get(told["purpose"], told["purpose"])}
    rate, periods, amount = Decimal(raw["annual_rate"]), raw["periods"], raw["amount"]
    monthly = float(rate) / 12
    raw["instalment"] = int(amount * monthly / (1 - (1 + monthly) ** -periods))
    raw |= {"all_in_simple": str(rate), "all_in_compound": f"{(1 + monthly) ** 12 - 1:.6f}"}
    raw["owed_to_maturity"] = raw["instalment"] * periods
    if "income_verified_monthly" in raw:
        raw |= {"counted_income_monthly": raw["income_verified_monthly"], "counted_debt_monthly": raw["monthly_debt"]}
    if "car_value_market" in raw:
        raw |= {"price_base": raw["car_value_market"], "coverage_value": raw["car_value_market"] * LENT_PERCENT // 100}
    facts = {code: given for code, value in raw.items() if code in CATALOGUE and (given := _given(code, value)) is not None}
    try:
        return {"bad": told[generating.TARGET]} | rows.row_of(Case(facts=facts, strategy=_NOTHING, bounds=bounds, cover=cover))
    except rows.NoRow:
        return None


def _given(code: str, raw: Any) -> Given | None:
    try:
        value = CATALOGUE[code].read(raw)
    except ValueError:
        return None
    return Given(value=value, raw=raw, type=CATALOGUE[code].type, source="", known_at="")


def _write(told: Iterable[dict[str, Any] | None], codes: Sequence[str], path: Path) -> Book:
    """The file in blocks, so that no more than a block is in memory."""
    wanted = sorted({code for code in codes if code in CATALOGUE} | {"amount", "periods", "annual_rate"})
    schema = rows.schema(wanted, OWN)
    block: list[dict[str, Any]] = []
    written, left_out = 0, 0
    with files.ParquetWriter(str(path), schema) as writer:
        for row in told:
            if row is None:
                left_out += 1
                continue
            block.append({"id": written + len(block)} | row)
            if len(block) == rows.ROWS_AT_ONCE:
                written += _flushed(writer, block, schema)
        written += _flushed(writer, block, schema)
    return Book(path, written, left_out)


def _flushed(writer: Any, block: list[dict[str, Any]], schema: pa.Schema) -> int:
    count = len(block)
    if count:
        writer.write_table(rows.table(block, schema))
    block.clear()
    return count


def period(test: Backtest) -> QuerySet[Decision]:
    """The decisions of a period, each application's first: appeals and shadows are the same application once more."""
    rows_of_period = Decision.objects.filter(kind="live", business_date__gte=test.from_on, business_date__lt=test.to_on)
    return rows_of_period.select_related("customer").order_by("id")
