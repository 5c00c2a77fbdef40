"""The further cars of a loan, each asked what the first is asked: the gates hear its own facts in place of the first car's, and its value
has to stand. Pure.

What a gate says of a further car, and would not say without any car, counts against the loan under the car's number: nothing of the
people is counted twice, and nothing of the car is passed over. A car whose value does not stand counts for nothing and refers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from chezhe.risk.deciding import inputs
from chezhe.risk.deciding.tables import CLEAR, ask, only
from chezhe.risk.deciding.values import CARS, REFERRED, Case, Given, Stage, Value

# What is told of the loan by words about its first car: the law chooses its limits by them.
OF_THE_LOAN: Final = ("car_condition", "car_use_kind", "car_energy_kind")
LENDING: Final = "car_value_lending"
CAR, COUNTS = "car", "counted_fen"


def judge(case: Case, known: Mapping[str, Value], gates: Iterable[Stage]) -> tuple[Stage, ...]:
    """What there is to say of every further car, in the order of their numbers: first whether its value counts, then what a gate says."""
    if not case.cars:
        return ()
    of_loan = {code: value for code, value in known.items() if not is_of_car(code)}
    # Beside what each gate says of the loan: what it says of it without any car.
    heard = [(gate, ask(case.strategy, gate.name, of_loan)) for gate in gates]
    return tuple(stage for number in sorted(case.cars) for stage in _of_car(case, number, of_loan, heard))


def _of_car(case: Case, number: str, of_loan: Mapping[str, Value], heard: Sequence[tuple[Stage, Stage]]) -> list[Stage]:
    own = {code: given.value for code, given in inputs.usable(case.cars[number]).items() if given.value is not None}
    said = [_said(case, number, gate, without, ask(case.strategy, gate.name, {**of_loan, **own})) for gate, without in heard]
    return [_value(number, own), *(stage for stage in said if stage.verdict != CLEAR)]


def _value(number: str, own: Mapping[str, Value]) -> Stage:
    counts = own.get(LENDING)
    if not isinstance(counts, int) or counts <= 0:
        return Stage(name=CARS, verdict=REFERRED, outputs=((CAR, number),), unknown=(LENDING,))
    return Stage(name=CARS, verdict=CLEAR, outputs=((CAR, number), (COUNTS, str(counts))))


def _said(case: Case, number: str, gate: Stage, without: Stage, said: Stage) -> Stage:
    """What a gate says of this very car. Of a table in which one row alone is heard, the row that spoke of the loan speaks once."""
    policy = case.strategy.policies.get(gate.name)
    before = {*without.rows, *(() if policy is None or policy.collects else gate.rows)}
    unknown = tuple(code for code in said.unknown if is_of_car(code) or code not in gate.unknown)
    trouble = said.trouble if said.trouble != gate.trouble else ""
    stage = only(case.strategy, said, tuple(row for row in said.rows if row not in before), unknown, trouble)
    return replace(stage, name=CARS, outputs=((CAR, number), *((name, value) for name, value in stage.outputs if name != CAR)))


def is_of_car(code: str) -> bool:
    """Whether a fact is told of a car."""
    return code.startswith("car_") and code not in OF_THE_LOAN


def car_of(stage: Mapping[str, Any]) -> str:
    """The further car that a stage of a record speaks of; empty for one that speaks of the loan."""
    return str(dict(stage["outputs"]).get(CAR, "")) if stage["name"] == CARS else ""


def absent(at: str) -> Given:
    """The value of a car that nobody stands by."""
    return Given(value=None, raw=None, type="money", source="decision", known_at=at, fault="not_proved")
