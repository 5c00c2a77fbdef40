"""Small cards and generated applications for the tests of this room. Everything comes from a seed."""

from __future__ import annotations

from typing import Any

import numpy as np

from chezhe.scorecards.bins import Bin, Characteristic
from chezhe.scorecards.card import Card
from chezhe.scorecards.features import Feature
from chezhe.scorecards.scaling import Scale


def small_card() -> Card:
    """Two characteristics: loan to value in three bins, employment in two groups."""
    ltv = Characteristic(
        Feature("ltv", "number", ("ltv",)), "+", 1.0,
        (
            Bin("upto", "≤ 0.6", 400, 40, 0.81, -0.81, 23, upto=0.6),
            Bin("upto", "(0.6, 0.8]", 400, 80, 0.0, 0.0, 0, upto=0.8),
            Bin("above", "> 0.8", 190, 75, -0.96, 0.96, -28),
            Bin("missing", "missing", 10, 4, -0.9, 0.9, -26),
        ),
    )  # fmt: skip
    employment = Characteristic(
        Feature("employment", "text", ("employment",)), "", 1.0,
        (
            Bin("group", "salaried", 500, 60, 0.6, -0.6, 17, members=("salaried", "civil servant")),
            Bin("others", "others", 480, 130, -0.4, 0.4, -12),
            Bin("missing", "missing", 20, 9, -1.2, 1.2, -35),
        ),
    )  # fmt: skip
    scale = Scale()
    return Card(scale, -1.4, scale.points(-1.4), (ltv, employment))


def applications(rows: int, seed: int = 7) -> Any:
    """Generated applications with the outcome `bad`: figures, categories, codes, dates, durations, gaps and a column that names rows."""
    import pyarrow as pa  # type: ignore[import-untyped]

    chance = np.random.default_rng(seed)
    ltv = np.round(chance.uniform(0.3, 1.0, rows), 3)
    age_days = chance.integers(19 * 365, 65 * 365, rows)
    bureau = np.where(chance.random(rows) < 0.3, 0, chance.integers(300, 850, rows)).astype(float)
    branch = chance.integers(100, 140, rows)
    employment = np.array(["salaried", "self employed", "farmer", "student"])[chance.integers(0, 4, rows)]
    months = chance.integers(0, 120, rows)
    income = np.round(chance.lognormal(9, 0.5, rows))
    debt = np.round(income * chance.uniform(0, 0.9, rows))
    sold = np.datetime64("2024-01-01") + chance.integers(0, 540, rows)
    risk = (
        -3.2 + 2.5 * (ltv - 0.6) - 0.02 * (age_days / 365 - 40) + np.where(bureau == 0, 0.4, (600 - bureau) / 250) + ((branch * 37) % 11 - 5) / 8
        + np.where(employment == "student", 0.9, 0.0) - months / 120 + 1.6 * debt / income
    )  # fmt: skip
    bad = (chance.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)
    gaps = chance.random(rows) < 0.1
    return pa.table({
        "row_id": pa.array(chance.permutation(rows)), "ltv": ltv, "born": pa.array(sold - age_days), "sold": pa.array(sold),
        "bureau_score": bureau, "branch_id": branch, "employment": pa.array(employment.tolist(), mask=chance.random(rows) < 0.05),
        "history": [f"{m // 12}yrs {m % 12}mon" for m in months], "income": pa.array(income, mask=gaps), "debt": debt,
        "noise": chance.normal(0, 1, rows), "constant": np.ones(rows), "bad": bad,
    })  # fmt: skip


def used_cars(rows: int, seed: int = 11) -> Any:
    """Generated deals with `price` in 10,000 yuan: new price, age, mileage, brand and model codes, dates with a day of sale."""
    import pyarrow as pa

    chance = np.random.default_rng(seed)
    model = chance.integers(0, 60, rows)
    new_price = np.round(8 + model * 0.6 + chance.normal(0, 0.5, rows), 2)
    age_days = chance.integers(200, 12 * 365, rows)
    mileage = np.round(np.maximum(age_days / 365 * chance.uniform(0.5, 2.5, rows), 0.1), 2)
    sold = np.datetime64("2024-01-01") + chance.integers(0, 400, rows)
    fair = np.log(new_price) - 0.11 * age_days / 365 - 0.02 * mileage + ((model * 29) % 13 - 6) / 60
    price = np.round(np.exp(fair + chance.normal(0, 0.06, rows)), 2)
    return pa.table({
        "row_id": pa.array(chance.permutation(rows)), "sold": pa.array(sold), "registered": pa.array(sold - age_days), "newprice": new_price,
        "mileage": pa.array(mileage, mask=chance.random(rows) < 0.03), "model": model + 5000, "colour": pa.array(chance.integers(1, 6, rows)),
        "size": [f"{4500 + each}*{1800 + each % 40}*1480" for each in chance.integers(0, 300, rows)], "price": price,
    })  # fmt: skip


def trained(rows: int = 3000, **options: Any) -> Any:
    """A model trained on generated applications, as `Trained`."""
    from chezhe.scorecards import training
    from chezhe.scorecards.training import Options

    return training.train(applications(rows), Options(**({"kind": "scorecard", "target": "bad"} | options)))
