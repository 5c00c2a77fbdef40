"""Applications by the million, drawn column by column: not lives, only figures in the ranges in which a strategy decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as files

from chezhe.compliance.rules import Limit, Need
from chezhe.risk.deciding.values import Bounds, Cover
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab import bulk_caps, bulk_coverage, rows

SEED = 20260301
WANTING = 0.004
# Whole numbers: lowest, usual, highest, drawn as a triangle.
WHOLE: dict[str, tuple[int, int, int]] = {
    "age_years": (17, 34, 68), "car_age_months": (2, 48, 125), "car_mileage_km": (500, 60_000, 260_000), "phone_months": (0, 50, 200),
    "bureau_score": (380, 660, 850), "bureau_missed_in_row_24m": (0, 0, 4), "bureau_missed_total_24m": (0, 0, 8),
    "bureau_missed_12m": (0, 0, 6),
    "bureau_hard_inquiries_3m": (0, 1, 8), "lenders_applied_30d": (0, 0, 6), "lenders_applied_90d": (0, 1, 15),
    "bureau_overdue_amount_now": (0, 0, 200_000), "employer_months": (0, 40, 300), "flow_gambling_amount": (0, 0, 900_000),
    "amount": (2_000_000, 6_000_000, 40_000_000), "instalment": (60_000, 300_000, 1_500_000),
    "counted_income_monthly": (300_000, 1_200_000, 6_000_000), "income_verified_monthly": (300_000, 1_200_000, 6_000_000),
    "counted_debt_monthly": (0, 60_000, 900_000), "monthly_debt": (0, 60_000, 900_000), "price_base": (9_000_000, 14_000_000, 60_000_000),
    "coverage_value": (6_000_000, 13_000_000, 50_000_000), "owed_to_maturity": (2_200_000, 7_500_000, 46_000_000),
    "same_phone_people": (0, 0, 3), "same_address_people": (0, 0, 4), "same_device_people": (0, 0, 3), "same_card_people": (0, 0, 2),
    "same_employer_phone_people": (0, 0, 6), "ring_size": (0, 0, 6), "same_vin_applications": (0, 0, 2), "upfront_fees": (0, 0, 200_000),
    "guarantor_applications": (0, 0, 4), "plate_other_vins": (0, 0, 2), "employer_bad_people": (0, 0, 4),
}
# Fractions of ten thousand, in the same way.
RATES: dict[str, tuple[int, int, int]] = {
    "dti": (500, 3000, 8500), "ltv": (2000, 5500, 9000), "annual_rate": (880, 1288, 1800), "all_in_simple": (900, 1350, 2450),
    "all_in_compound": (920, 1400, 2700), "income_gap_rate": (0, 300, 6000), "forward_ltv_max": (3000, 6000, 9900),
    "ring_bad_rate": (0, 0, 5000), "employer_bad_rate": (0, 0, 5000),
}
FIXED: dict[str, str] = {
    "penalty_multiple": "1.5", "misuse_multiple": "2", "product_rate_usual": "0.1288", "product_rate_min": "0.0880",
    "product_rate_max": "0.1800", "product_ltv_max": "0.8",
}
# How often a thing is true, and which texts there are.
TRUE: dict[str, float] = {
    "id_verified": 0.998, "face_verified": 0.99, "card_verified": 0.99, "phone_name_match": 0.99, "is_local": 0.9, "flow_interest_ok": 0.99,
    "flow_is_continuous": 0.99, "car_title_clear": 0.99, "car_vin_match": 0.998, "car_plate_match": 0.998, "car_insured": 0.98,
}
TEXTS: dict[str, tuple[str, ...]] = {
    "borrower_kind": ("person",), "purpose": ("consumption", "purchase", "business"), "product": ("P02", "P03"),
    "channel": ("direct",), "car_condition": ("used",), "car_use_kind": ("private",), "car_energy_kind": ("conventional", "nev"),
    "car_usage": ("non_commercial", "non_commercial", "commercial"),
}
LIMITS = (
    Limit(Need("CAP_ALLIN_24", "cost"), rows.Decimal("0.24"), "bench"), Limit(Need("LTV_SECURED", "ltv"), rows.Decimal("0.85"), "bench"),
    Limit(Need("TERM_MAX_CONSUMER", "term"), rows.Decimal(60), "bench"),
    Limit(Need("PENALTY_MULT_OVERDUE", "penalty"), rows.Decimal("1.5"), "bench"),
    Limit(Need("PENALTY_MULT_MISUSE", "misuse"), rows.Decimal(2), "bench"),
)
BOUNDS = Bounds(licence_type="mcc", region="", limits=LIMITS)
COVER = Cover(least_rate=rows.Decimal("1.2"))


def write(count: int, codes: list[str], path: Path) -> None:
    """So many applications with these facts, always the same, as a Parquet file in blocks as a backtest writes them."""
    draws = np.random.default_rng(SEED)
    columns: dict[str, Any] = {"id": pa.array(np.arange(count)), "bad": pa.array((draws.random(count) < 0.06).astype(np.int64))}
    for code in sorted(codes):
        columns[code] = _column(code, count, draws)
    limits = bulk_caps.bounds_of(BOUNDS) | bulk_coverage.bounds_of(COVER)
    schema = rows.schema(sorted(codes), {"id": rows.COUNT, "bad": rows.COUNT})
    for name, value in limits.items():
        columns[name] = pa.repeat(pa.scalar(value, type=schema.field(name).type), count)
    table = pa.table({field.name: columns[field.name].cast(field.type) for field in schema}, schema=schema)
    files.write_table(table, path, row_group_size=rows.ROWS_AT_ONCE)


def _column(code: str, count: int, draws: Any) -> Any:
    wanting = draws.random(count) < WANTING
    if code in WHOLE:
        return pa.array(_triangle(WHOLE[code], count, draws), mask=wanting)
    if code in RATES:
        return _rates(_triangle(RATES[code], count, draws), wanting)
    if code in FIXED:
        return pa.repeat(pa.scalar(rows.Decimal(FIXED[code]), type=pa.decimal128(18, 10)), count)
    if code == "periods":
        return pa.array(draws.choice([12, 24, 36], count), mask=wanting)
    if code in TEXTS:
        return pa.array(draws.choice(list(TEXTS[code]), count), type=pa.string(), mask=wanting)
    kind = CATALOGUE[code].type
    if kind == "boolean":
        return pa.array(draws.random(count) < TRUE.get(code, 0.004), mask=wanting)
    # What only companies and dealers have.
    return pa.nulls(count, rows.schema([code]).field(code).type)


def _triangle(bounds: tuple[int, int, int], count: int, draws: Any) -> Any:
    low, usual, high = bounds
    return np.floor(draws.triangular(low, usual, high + 0.999, count)).astype(np.int64)


def _rates(ten_thousandths: Any, wanting: Any) -> Any:
    """Whole ten thousandths as decimals with ten places."""
    whole = pa.array(ten_thousandths, mask=wanting).cast(pa.decimal128(19, 0)).cast(pa.decimal128(24, 4))
    scaled = pa.compute.multiply(whole, pa.scalar(rows.Decimal("0.0001"), type=pa.decimal128(5, 4)))
    return scaled.cast(pa.decimal128(18, 10))
