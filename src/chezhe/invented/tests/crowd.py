"""Many invented numbers, the same ones for every test."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

from chezhe.identifiers import synthetic
from chezhe.invented import PersonLife, person

ON = date(2026, 3, 16)


@cache
def id_numbers(n: int = 300) -> tuple[str, ...]:
    rng = Random(26)
    return tuple(
        synthetic.invent_id_number(rng, date(rng.randrange(1968, 2003), rng.randrange(1, 13), rng.randrange(1, 29)), rng.choice(("male", "female")))
        for _ in range(n))


@cache
def people(n: int = 300) -> tuple[PersonLife, ...]:
    return tuple(person(number) for number in id_numbers(n))


@cache
def vins(n: int = 200) -> tuple[str, ...]:
    rng = Random(27)
    return tuple(synthetic.invent_vin(rng, rng.randrange(2015, 2025), rng.choice(("LSV", "LGX", "LHG", "LRW", "LFW"))) for _ in range(n))


@cache
def company_codes(n: int = 120) -> tuple[str, ...]:
    rng = Random(28)
    return tuple(synthetic.invent_uscc(rng) for _ in range(n))
